// `rtpsonde spool`: what waits on disk for which collector, and its replay.
import type { Command } from 'commander';
import { loadConfig } from '../config/load.js';
import type { Config, ExporterConfig } from '../config/schema.js';
import { batchLimit } from '../export/create.js';
import { replay } from '../export/replay.js';
import { hasSpool, type LaneContents, laneContents, spooledExporters } from '../export/spool/inspect.js';
import { laneFolder } from '../export/spool/settings.js';
import { systemClock } from '../ops/clock.js';
import { RtpsondeError, systemReason } from '../ops/errors.js';
import { createLog } from '../ops/logger.js';
import { oneExporter } from './one-exporter.js';
import { Output } from './output.js';

interface ReplayArguments {
  config: string;
  from: string;
  to: string;
}

/** Adds the `spool` command. */
export function registerSpool(program: Command): void {
  const spool = program
    .command('spool')
    .description('show what waits on disk for collectors, or send it again')
    .requiredOption('-c, --config <file>', 'configuration (YAML)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nIt only reads, also beside a running probe.\n\nExamples:\n  rtpsonde spool -c /etc/rtpsonde/rtpsonde.yaml\n  rtpsonde spool replay collector -c /etc/rtpsonde/rtpsonde.yaml --from 2026-11-21T10:00Z --to 2026-11-21T11:00Z',
    )
    .action(async (options: { config: string; json?: boolean }) =>
      show(options.config, options.json === true),
    );
  spool
    .command('replay')
    .description('send summaries of a stretch of time to one exporter again, delivered or not')
    .argument('<exporter>', 'name of the exporter')
    .requiredOption('--from <time>', 'first moment, as 2026-11-21T10:00Z')
    .requiredOption('--to <time>', 'end, not included')
    .action(async (name: string, _options: object, command: Command) => {
      await replayOne(name, command.optsWithGlobals<ReplayArguments>());
    });
}

function spoolOf(file: string): { config: Config; path: string } {
  const { config } = loadConfig(file);
  const { path } = config.spool;
  if (path === undefined)
    throw new RtpsondeError(
      'ERR_USAGE',
      `${file} has no spool: set \`spool.path\` to keep summaries on disk`,
    );
  return { config, path };
}

async function show(file: string, asJson: boolean): Promise<void> {
  const { config, path } = spoolOf(file);
  const found = await readSpool(path);
  const configured = new Set(config.export.map(({ name }) => name));
  const output = new Output();
  if (asJson) {
    const exporters = found.map((lane) => ({ ...lane, isConfigured: configured.has(lane.name) }));
    await output.write(`${JSON.stringify({ path, exporters }, null, 2)}\n`);
  } else {
    await output.write(`${spoolText(path, found, configured, systemClock.now())}\n`);
  }
  await output.flush();
}

async function readSpool(path: string): Promise<LaneContents[]> {
  if (!(await hasSpool(path))) return [];
  try {
    const names = await spooledExporters(path);
    return await Promise.all(names.map((name) => laneContents(path, name)));
  } catch (error) {
    throw new RtpsondeError('ERR_SPOOL', `${path}: ${systemReason(error)}`, { cause: error });
  }
}

/** One paragraph an exporter. */
export function spoolText(
  path: string,
  found: readonly LaneContents[],
  configured: ReadonlySet<string>,
  nowMs: number,
): string {
  if (found.length === 0) return `${path}: nothing yet`;
  const lines = found.map(({ name, waiting, oldestMs, delivered, bytes, deadLetters }) => {
    const since = oldestMs === null ? '' : `, the oldest for ${duration(nowMs - oldestMs)}`;
    const parts = [
      waiting === 0 ? 'nothing waits' : `${waiting} summaries wait${since}`,
      ...(delivered > 0 ? [`${delivered} delivered ones can be replayed`] : []),
      ...(deadLetters > 0 ? [`${deadLetters} refused for good, in dead-letters.ndjson`] : []),
      `${(bytes / 1024 / 1024).toFixed(1)} MiB`,
      ...(configured.has(name) ? [] : ['no exporter of this name is configured: they go nowhere']),
    ];
    return `  ${name}: ${parts.join('; ')}`;
  });
  return [path, ...lines].join('\n');
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

async function replayOne(name: string, { config: file, from, to }: ReplayArguments): Promise<void> {
  const { config, path } = spoolOf(file);
  const options = exporterNamed(config, name, file);
  const range = { fromMs: moment('--from', from), toMs: moment('--to', to) };
  if (range.fromMs >= range.toMs) throw new RtpsondeError('ERR_USAGE', '--to must be later than --from');
  const exporter = oneExporter(options, createLog({ ...config.log, level: 'silent' }).logger);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  let sent = 0;
  try {
    await exporter.reopen?.();
    await replay(exporter, {
      ...range,
      folder: laneFolder(path, name),
      batch: batchLimit(options),
      signal: stop.signal,
      progress: (records) => (sent = records),
    });
  } finally {
    process.off('SIGINT', onSignal);
    await exporter.close();
    const output = new Output();
    await output.write(`${name}: ${sent} summaries sent again\n`);
    await output.flush();
  }
}

function exporterNamed({ export: exporters }: Config, name: string, file: string): ExporterConfig {
  const found = exporters.find((exporter) => exporter.name === name);
  if (found !== undefined) return found;
  const names = exporters.map((exporter) => exporter.name).join(', ');
  throw new RtpsondeError('ERR_USAGE', `${file} has no exporter ${name}; it has ${names}`);
}

function moment(option: string, text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new RtpsondeError('ERR_USAGE', `${option} ${text}: expected a time as 2026-11-21T10:00Z`);
  return ms;
}
