// `rtpsonde analyze`: capture files measured by the engine of the daemon, as a
// table for people or as the daemon's own summaries.
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import cliProgress from 'cli-progress';
import type { Command } from 'commander';
import { defaults } from '../config/defaults.gen.js';
import { fileWorkers, toEngineOptions } from '../config/engine-options.js';
import type { Engine } from '../native/engine.js';
import { createEngine } from '../native/load.js';
import { errorCodes } from '../ops/errors.js';
import { staticPayloadTypeOptions, summaryContext } from '../summary/context.js';
import { SummaryPipeline } from '../summary/pipeline.js';
import { BlockPump } from '../windows/block-pump.js';
import {
  parsePayloadTypes,
  parseProbe,
  parseSeconds,
  parseSort,
  parseTop,
  parseWorkers,
} from './analyze-options.js';
import { JsonReport, TableReport } from './analyze-reports.js';
import { Output } from './output.js';
import { StoryReport } from './story-report.js';
import { StreamChoice } from './stream-choice.js';
import { sortKeys, WorstRows, worstFirst } from './worst-rows.js';

interface AnalyzeOptions {
  json?: boolean;
  windows?: boolean;
  stream?: string;
  window?: string;
  idle: string;
  top: string;
  sort: string;
  probe?: string;
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
    .option('--window <time>', 'width of a window (default: 10s, with --stream 5s)')
    .option('--idle <time>', 'a stream ends after so much silence', '60s')
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
  const choice = options.stream === undefined ? null : new StreamChoice(options.stream);
  const width = options.window ?? (choice === null ? '10s' : '5s');
  // The daemon's own defaults, so that both give the same summaries.
  const config = {
    ...defaults,
    measure: {
      ...defaults.measure,
      windowSeconds: parseSeconds('--window', width, 0.1, 900),
      idleTimeoutSeconds: parseSeconds('--idle', options.idle, 1, 86_400),
      payloadTypes: await parsePayloadTypes(options.payloadType ?? []),
    },
    capture: { ...defaults.capture, files, workers: parseWorkers(options.workers) },
    probe: { name: options.probe === undefined ? hostname() : await parseProbe(options.probe) },
  };
  const engine = createEngine({
    ...toEngineOptions({ ...config, capture: { ...config.capture, files: [] } }, staticPayloadTypeOptions),
    workers: fileWorkers(config.capture),
    source: { kind: 'files', paths: files, follow: false, followPattern: '', replaySpeed: 0 },
  });
  const context = summaryContext(config, null);
  const output = new Output();
  const windows = options.windows === true;
  const json = options.json === true;
  const report =
    choice !== null
      ? new StoryReport(output, context, choice, { json, windows })
      : json
        ? new JsonReport(output, windows, context)
        : new TableReport(output, windows, new WorstRows(top, worstFirst(sort)), context);
  engine.start();
  const progress = showProgress(files, engine);
  const pipeline = new SummaryPipeline(context, {
    sink: (summaries) => report.add(summaries),
    workerLoad: () => null,
    windows: windows || choice !== null,
  });
  const pump = new BlockPump(engine, async (block) => {
    report.noteBlock(block);
    await pipeline.consume(block);
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

function showProgress(files: readonly string[], engine: Engine): { stop(): void } {
  const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!process.stderr.isTTY || total < PROGRESS_FROM_BYTES) return { stop() {} };
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
