// `rtpsonde analyze`: capture files measured by the engine of the daemon, as a
// table for people or as the daemon's own summaries.
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { defaults } from '../config/defaults.gen.js';
import { fileWorkers, toEngineOptions } from '../config/engine-options.js';
import type { Engine } from '../native/engine.js';
import { createEngine } from '../native/load.js';
import { errorCodes } from '../ops/errors.js';
import { type SummaryContext, staticPayloadTypeOptions, summaryContext } from '../summary/context.js';
import { BlockPump } from '../windows/block-pump.js';
import {
  parseFilter,
  parsePayloadTypes,
  parseProbe,
  parseSeconds,
  parseSort,
  parseTop,
  parseWorkers,
} from './analyze-options.js';
import { Output } from './output.js';
import type { Report } from './report.js';
import { type SortKey, sortKeys, WorstRows, worstFirst } from './worst-rows.js';

interface AnalyzeOptions {
  json?: boolean;
  windows?: boolean;
  stream?: string;
  window?: string;
  config?: string;
  idle?: string;
  top: string;
  sort: string;
  probe?: string;
  filter?: string;
  payloadType?: string[];
  workers: string;
}

/** Files from this size on get a progress bar. */
const PROGRESS_FROM_BYTES = 32 * 1024 * 1024;

/** Adds the `analyze` command. */
export function registerAnalyze(program: Command): void {
  program
    .command('analyze')
    .description('measure capture files (pcap, pcapng) and show their RTP streams')
    .argument('<file...>', 'capture files, merged in time order; - reads standard input')
    .option('--json', 'summaries as NDJSON, the form that the daemon ships')
    .option('--windows', 'the windows of each stream: with --json they too, in the table they instead')
    .option('--stream <id>', 'the story of one stream: its id, its SSRC (0x...), or the beginning of either')
    .option('--config <file>', 'measure and rate as this configuration of the daemon says')
    .option(
      '--window <time>',
      'width of a window (default: 10s, with --stream 5s; with --config that of the file)',
    )
    .option('--idle <time>', 'a stream ends after so much silence (default: 60s, or that of the file)')
    .option(
      '--filter <expression>',
      'only these packets, in the language of tcpdump, for example "host 10.0.0.1"',
    )
    .option('--top <n>', 'how many rows the table shows; 0 shows all', '50')
    .option('--sort <key>', `worst first by ${sortKeys.join(', ')}`, 'mos')
    .option('--workers <n>', 'threads that measure, 1 to 4; the result is the same', '1')
    .option('--probe <name>', 'name of the probe in summaries (default: the host name)')
    .option(
      '--payload-type <n=NAME/CLOCK>',
      'what a dynamic payload type means, for example 96=opus/48000; may be repeated',
      (value: string, before: string[] = []) => [...before, value],
    )
    .addHelpText(
      'after',
      '\nExamples:\n  rtpsonde analyze call.pcap\n  rtpsonde analyze --stream 0x1a2b3c4d call.pcap\n  rtpsonde analyze --json --windows call.pcap | jq .mos.cq',
    )
    .action((files: string[], options: AnalyzeOptions) => analyze(files, options));
}

async function analyze(files: string[], options: AnalyzeOptions): Promise<void> {
  const sort = parseSort(options.sort);
  const top = parseTop(options.top);
  const filter = parseFilter(options.filter);
  const config = await configOf(files, options);
  const engine = createEngine({
    ...toEngineOptions({ ...config, capture: { ...config.capture, files: [] } }, staticPayloadTypeOptions),
    workers: fileWorkers(config.capture),
    source: { kind: 'files', paths: files, follow: false, followPattern: '', replaySpeed: 0, filter },
  });
  const context = summaryContext(config, null);
  const output = new Output();
  const report = await createReport(options, output, context, sort, top);
  engine.start();
  const progress = await showProgress(files, engine);
  const pump = new BlockPump(engine, (block) => {
    report.noteBlock(block);
    return report.consume(block);
  });
  try {
    const stats = await pump.run();
    progress.stop();
    await report.end();
    await output.flush();
    for (const problem of stats.problems) process.stderr.write(`rtpsonde: ${problem}\n`);
    if (stats.problems.length > 0) process.exitCode = errorCodes.ERR_CAPTURE_FILE_TYPE.exitCode;
  } finally {
    progress.stop();
    engine.stop();
  }
}

/** The daemon's own defaults or its configuration, so that both give the same summaries; options go before it. */
async function configOf(files: string[], options: AnalyzeOptions) {
  const { window, idle, probe, payloadType = [], stream } = options;
  // Reading a configuration takes longer than measuring a small capture.
  const base =
    options.config === undefined
      ? null
      : (await import('../config/load.js')).loadConfig(options.config, { lookUpSecrets: false }).config;
  const { measure, quality } = base ?? defaults;
  const usualWidth = stream === undefined ? '10s' : '5s';
  const named = await parsePayloadTypes(payloadType);
  const isNamed = new Set(named.map((type) => type.payloadType));
  return {
    ...defaults,
    quality,
    measure: {
      ...measure,
      windowSeconds:
        window === undefined && base !== null
          ? measure.windowSeconds
          : parseSeconds('--window', window ?? usualWidth, 0.1, 900),
      idleTimeoutSeconds:
        idle === undefined ? measure.idleTimeoutSeconds : parseSeconds('--idle', idle, 1, 86_400),
      payloadTypes: [...named, ...measure.payloadTypes.filter((type) => !isNamed.has(type.payloadType))],
    },
    capture: { ...defaults.capture, files, workers: parseWorkers(options.workers) },
    probe: { name: probe === undefined ? (base?.probe.name ?? hostname()) : await parseProbe(probe) },
  };
}

/** Loads what is asked for: all of them together take longer than a small capture. */
async function createReport(
  { stream, json = false, windows = false }: AnalyzeOptions,
  output: Output,
  context: SummaryContext,
  sort: SortKey,
  top: number,
): Promise<Report> {
  if (stream !== undefined) {
    const { StreamChoice } = await import('./stream-choice.js');
    const { StoryReport } = await import('./story-report.js');
    return new StoryReport(output, context, new StreamChoice(stream), { json, windows });
  }
  if (json) return new (await import('./json-report.js')).JsonReport(output, windows, context);
  const { TableReport } = await import('./table-report.js');
  return new TableReport(output, windows, new WorstRows(top, worstFirst(sort)), context);
}

async function showProgress(files: readonly string[], engine: Engine): Promise<{ stop(): void }> {
  const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!process.stderr.isTTY || total < PROGRESS_FROM_BYTES) return { stop() {} };
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: '{bar} {percentage} %  {value}/{total} MB  {eta} s left',
    clearOnComplete: true,
  });
  const MB = 1e6;
  bar.start(Math.round(total / MB), 0);
  const timer = setInterval(() => bar.update(Math.round(engine.stats().bytesRead / MB)), 200);
  return {
    stop() {
      clearInterval(timer);
      bar.stop();
    },
  };
}
