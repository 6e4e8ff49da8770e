// `rtpsonde check-config FILE`: says what a configuration would do, or
// everything that is wrong with it.
import type { Command } from 'commander';
import { ConfigError, formatProblem } from '../config/config-error.js';
import { interfacesOf } from '../config/interfaces.js';
import { type LoadedConfig, loadConfig } from '../config/load.js';
import type { Config, ExporterConfig } from '../config/schema.js';
import { secretsIn } from '../config/secret-paths.js';
import { exporterWords } from '../export/collectors.js';
import { checkFilter } from '../native/load.js';
import { describeError, toRtpsondeError } from '../ops/errors.js';

/** Where the command writes; tests put their own here. */
export interface CommandOutput {
  out(text: string): void;
  error(text: string): void;
  exit(code: number): void;
}

const processOutput: CommandOutput = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  // Not process.exit(), which would cut off what is still being written.
  exit: (code) => {
    process.exitCode = code;
  },
};

/** Adds the command to the program. */
export function registerCheckConfig(program: Command, output: CommandOutput = processOutput): void {
  program
    .command('check-config')
    .description('check a configuration file and say what it would do')
    .argument('<file>', 'YAML file')
    .option('--no-secrets', 'do not look up tokens, for a check away from where the daemon runs')
    .action((file: string, options: { secrets: boolean }) => checkConfig(file, options.secrets, output));
}

function checkConfig(file: string, lookUpSecrets: boolean, output: CommandOutput): void {
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig(file, { lookUpSecrets, checkFilter });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    output.error(`${describeError(error)}\n`);
    output.exit(toRtpsondeError(error).exitCode);
    return;
  }
  const { config, warnings } = loaded;
  for (const warning of warnings)
    output.error(`${formatProblem(file, { ...warning, message: `warning: ${warning.message}` })}\n`);
  const lines = summaryOf(config).map(([what, text]) => `  ${what.padEnd(8)} ${text}`);
  output.out(`${file}: valid\n${lines.join('\n')}\n`);
}

/** What the daemon would do, in a few lines. */
export function summaryOf(config: Config): [what: string, text: string][] {
  const { probe, measure, quality, log, metrics } = config;
  const own = measure.payloadTypes.map(
    ({ payloadType, name, clockRate }) => `${payloadType} ${name}/${clockRate}`,
  );
  return [
    ['probe', probe.name],
    ['capture', captureWords(config)],
    [
      'measure',
      `windows of ${measure.windowSeconds} s, up to ${measure.maxStreams} streams, ended after ${measure.idleTimeoutSeconds} s of silence`,
    ],
    ...(own.length === 0 ? [] : [['', `payload types ${own.join(', ')}`] as [string, string]]),
    [
      'quality',
      `${quality.model === 'g107' ? `G.107, echo ${quality.echo}` : 'simplified model'}, jitter buffer ${quality.jitterBufferMs} ms, packet loss concealment ${quality.packetLossConcealment ? 'on' : 'off'}`,
    ],
    ...config.export.map((exporter): [string, string] => ['export', exportLine(exporter)]),
    ['spool', spoolWords(config.spool)],
    [
      'log',
      `${log.level}, ${log.format}; ${metrics.intervalSeconds === 0 ? 'no metrics' : `metrics every ${metrics.intervalSeconds} s`}`,
    ],
  ];
}

function captureWords({ capture }: Config): string {
  const filter = capture.filter === undefined ? [] : [`filter ${capture.filter}`];
  const interfaces = interfacesOf(capture);
  if (interfaces.length === 0) {
    const follow = capture.follow ? ['followed as they grow'] : [];
    return [...(capture.files ?? []), ...follow, ...filter].join(', ');
  }
  const isXdp = capture.method === 'xdp';
  const parts = [
    `${interfaces.length > 1 ? 'interfaces' : 'interface'} ${interfaces.join(' and ')}`,
    ...(isXdp ? [`AF_XDP (${capture.xdp.mode}, ${capture.xdp.copy})`] : []),
    `ring of ${capture.ringMiB} MiB`,
    isXdp || capture.snapLength === 0 ? 'whole packets' : `${capture.snapLength} bytes of each packet`,
    ...(capture.promiscuous ? ['promiscuous'] : []),
    ...(capture.udpOnly ? ['UDP only'] : []),
    ...filter,
  ];
  return parts.join(', ');
}

function exportLine(exporter: ExporterConfig): string {
  const secrets = secretsIn(exporter, []).map(
    ({ path, secret }) => `, ${path.map(String).join('.')} from ${secret.origin}`,
  );
  return `${exporter.name}: ${exporterWords(exporter)}${secrets.join('')} (${exporter.include.join(', ')})`;
}

function spoolWords({ path, maxMiB, maxAgeHours }: Config['spool']): string {
  if (path === undefined) return 'none: what waits for a collector is in memory';
  return `${path}, up to ${maxMiB} MiB and ${maxAgeHours} h of each exporter over the network`;
}
