// `rtpsonde export-test NAME -c CONFIG`: sends one summary that says that it is a
// test through an exporter, without queue and repetitions, and tells what came back.
import type { Command } from 'commander';
import { loadConfig } from '../config/load.js';
import type { Config, ExporterConfig } from '../config/schema.js';
import { attempt, closeExporter } from '../export/attempt.js';
import { exporterWords } from '../export/collectors.js';
import type { ExportLogger } from '../export/dependencies.js';
import { DeliveryError, type Exporter, type Remedy } from '../export/exporter.js';
import { testSummary } from '../export/test-summary.js';
import { systemClock } from '../ops/clock.js';
import { errorCodes, RtpsondeError, toRtpsondeError } from '../ops/errors.js';
import { lineOf } from '../summary/line.js';
import { oneExporter } from './one-exporter.js';

/** What came back. */
interface Outcome {
  exporter: string;
  type: string;
  /** Where it sends to, in words. */
  to: string;
  /** Of the summary that was sent. */
  kind: string;
  id: string;
  delivered: boolean;
  /** From the start to the answer, connecting included. */
  ms: number;
  /** What the collector or the exporter had to say besides. */
  warnings: string[];
  error: { code: string; message: string; remedy: Remedy; whatToDo: string } | null;
}

/** Longer than the time-outs of exporters, which have the better words. */
const GRACE_SECONDS = 5;
const LOCAL_TIMEOUT_SECONDS = 10;

/** Adds the command to the program. */
export function registerExportTest(program: Command): void {
  program
    .command('export-test')
    .description('send one summary, marked as a test, and say what came back')
    .argument('<name>', 'name of the exporter, as in the configuration')
    .requiredOption('-c, --config <file>', 'configuration (YAML)')
    .option('--json', 'the outcome as JSON')
    .addHelpText(
      'after',
      '\nThe summary has an id that begins with test-, and measures nothing. It goes past queue and spool; a running daemon is not touched.',
    )
    .action(async (name: string, { config: file, json }: { config: string; json?: boolean }) => {
      const { config } = loadConfig(file);
      const { outcome, exitCode } = await exportTest(config, name);
      process.stdout.write(json === true ? `${JSON.stringify(outcome)}\n` : outcomeWords(outcome));
      if (exitCode !== 0) process.exitCode = exitCode;
    });
}

/** @throws ERR_USAGE when no exporter has the name, ERR_CONFIG_INVALID when its options contradict themselves */
export async function exportTest(
  config: Config,
  name: string,
): Promise<{ outcome: Outcome; exitCode: number }> {
  const options = config.export.find((exporter) => exporter.name === name);
  if (options === undefined) {
    const names = config.export.map((exporter) => exporter.name).join(', ');
    throw new RtpsondeError('ERR_USAGE', `no exporter is named ${name}; there are: ${names}`);
  }
  const warnings: string[] = [];
  const keep = (_fields: object, message: string) => void warnings.push(message);
  const logger: ExportLogger = { info: () => {}, warn: keep, error: keep };
  const exporter = oneExporter(options, logger);
  const summary = testSummary(kindFor(options), config.probe.name, systemClock.now());
  const startNs = systemClock.monotonicNs();
  const fault = await tryOnce(exporter, options, summary);
  const ms = Math.round(Number(systemClock.monotonicNs() - startNs) / 1e6);
  const closing = await closeExporter(exporter, systemClock);
  if (closing !== null) warnings.push(`at the end: ${closing.message}`);
  const outcome: Outcome = {
    exporter: name,
    type: options.type,
    to: exporterWords(options),
    kind: summary.kind,
    id: summary.id,
    delivered: fault === null,
    ms,
    warnings,
    error: fault === null ? null : errorOf(fault),
  };
  return { outcome, exitCode: fault?.exitCode ?? 0 };
}

/** The kind that disturbs least: a capture is no stream in anybody's statistics. */
function kindFor({ include }: ExporterConfig): 'capture' | 'stream' | 'window' {
  const kinds = ['capture', 'stream', 'window'] as const;
  return kinds.find((kind) => (include as readonly string[]).includes(kind)) ?? 'capture';
}

/** Null when the collector has it. */
async function tryOnce(
  exporter: Exporter,
  options: ExporterConfig,
  summary: ReturnType<typeof testSummary>,
): Promise<RtpsondeError | null> {
  const seconds =
    ('timeoutSeconds' in options ? options.timeoutSeconds : LOCAL_TIMEOUT_SECONDS) + GRACE_SECONDS;
  const signal = AbortSignal.timeout(seconds * 1000);
  try {
    await exporter.reopen?.();
  } catch (error) {
    return toRtpsondeError(error, 'ERR_OUTPUT');
  }
  const fault = await attempt(exporter, [lineOf(summary)], signal);
  if (fault === null || !signal.aborted) return fault;
  return new RtpsondeError('ERR_EXPORT_UNAVAILABLE', `no answer in ${seconds} s`);
}

function errorOf(fault: RtpsondeError): NonNullable<Outcome['error']> {
  const { code, message } = fault;
  const remedy = fault instanceof DeliveryError ? fault.remedy : 'retry';
  return { code, message, remedy, whatToDo: errorCodes[code].whatToDo };
}

const remedyWords: Readonly<Record<Remedy, string>> = {
  retry: 'The daemon would try again.',
  'retry-slowly': 'The daemon would keep the summary, and try again once a minute.',
  split: 'The daemon would drop the summary and count it.',
  drop: 'The daemon would drop the summary and count it.',
};

function outcomeWords({ exporter, to, kind, id, ms, warnings, error }: Outcome): string {
  const head = `${exporter}: ${to}\n`;
  const said = warnings.map((warning) => `  ${warning}\n`).join('');
  if (error === null) return `${head}  delivered in ${ms} ms: ${kind} summary ${id}\n${said}`;
  const { code, message, remedy, whatToDo } = error;
  return `${head}  not delivered after ${ms} ms: ${message} (${code})\n${said}  ${remedyWords[remedy]} ${whatToDo}\n`;
}
