// `rtpsonde analyze`: capture files measured by the engine of the daemon, as a
// table for people or as the daemon's own summaries.
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import cliProgress from 'cli-progress';
import type { Command } from 'commander';
import { defaults } from '../config/defaults.gen.js';
import { toEngineOptions } from '../config/engine-options.js';
import type { Block, CounterValues } from '../native/block.js';
import type { Engine } from '../native/engine.js';
import { createEngine } from '../native/load.js';
import { errorCodes } from '../ops/errors.js';
import { captureSummary } from '../summary/build-capture.js';
import { type SummaryContext, staticPayloadTypeOptions, summaryContext } from '../summary/context.js';
import { SummaryPipeline, toLine } from '../summary/pipeline.js';
import type { Summary } from '../summary/schema.js';
import { BlockPump } from '../windows/block-pump.js';
import { parsePayloadTypes, parseProbe, parseSeconds, parseSort, parseTop } from './analyze-options.js';
import { Output } from './output.js';
import { hasColours, StreamTable } from './stream-table.js';
import { counted, sortKeys, WorstRows, worstFirst } from './worst-rows.js';

interface AnalyzeOptions {
  json?: boolean;
  windows?: boolean;
  window: string;
  idle: string;
  top: string;
  sort: string;
  probe?: string;
  payloadType?: string[];
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
    .option('--window <time>', 'width of a window', '10s')
    .option('--idle <time>', 'a stream ends after so much silence', '60s')
    .option('--top <n>', 'how many rows the table shows; 0 shows all', '50')
    .option('--sort <key>', `worst first by ${sortKeys.join(', ')}`, 'mos')
    .option('--probe <name>', 'name of the probe in summaries (default: the host name)')
    .option(
      '--payload-type <n=NAME/CLOCK>',
      'what a dynamic payload type means, for example 96=opus/48000; may be repeated',
      (value: string, before: string[] = []) => [...before, value],
    )
    .addHelpText(
      'after',
      '\nExamples:\n  rtpsonde analyze call.pcap\n  rtpsonde analyze --json --windows call.pcap | jq .mos.cq',
    )
    .action((files: string[], options: AnalyzeOptions) => analyze(files, options));
}

async function analyze(files: string[], options: AnalyzeOptions): Promise<void> {
  const sort = parseSort(options.sort);
  const top = parseTop(options.top);
  // The daemon's own defaults, so that both give the same summaries.
  const config = {
    ...defaults,
    measure: {
      ...defaults.measure,
      windowSeconds: parseSeconds('--window', options.window, 0.1, 900),
      idleTimeoutSeconds: parseSeconds('--idle', options.idle, 1, 86_400),
      payloadTypes: await parsePayloadTypes(options.payloadType ?? []),
    },
    capture: { ...defaults.capture, files },
    probe: { name: options.probe === undefined ? hostname() : await parseProbe(options.probe) },
  };
  const engine = createEngine({
    ...toEngineOptions({ ...config, capture: { ...config.capture, files: [] } }, staticPayloadTypeOptions),
    source: { kind: 'files', paths: files, follow: false, followPattern: '', replaySpeed: 0 },
  });
  const context = summaryContext(config, null);
  const output = new Output();
  const windows = options.windows === true;
  const report = options.json
    ? new JsonReport(output, windows, context)
    : new TableReport(output, windows, new WorstRows(top, worstFirst(sort)), context);
  engine.start();
  const progress = showProgress(files, engine);
  const pipeline = new SummaryPipeline(context, {
    sink: (summaries) => report.add(summaries),
    workerLoad: () => null,
    windows,
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

/** What both reports remember: the last totals and the span of all windows. */
abstract class Report {
  protected totals: CounterValues | null = null;
  protected startNs = 0n;
  protected endNs = 0n;

  constructor(
    protected readonly output: Output,
    protected readonly context: SummaryContext,
  ) {}

  noteBlock(block: Block): void {
    if (this.totals === null) this.startNs = block.windowStartNs;
    this.endNs = block.windowEndNs;
    this.totals = block.counters;
  }

  /** One capture summary over everything. */
  protected whole() {
    const window = { windowStartNs: this.startNs, windowEndNs: this.endNs, partial: true, gapBefore: false };
    if (this.totals === null) return null;
    const summary = captureSummary(this.totals, null, window, null, this.context);
    // Not that of the first window, which begins at the same time.
    return { ...summary, id: `${summary.id}-whole` };
  }

  abstract add(summaries: readonly Summary[]): Promise<void>;
  abstract end(): Promise<void>;
}

class JsonReport extends Report {
  constructor(
    output: Output,
    private readonly windows: boolean,
    context: SummaryContext,
  ) {
    super(output, context);
  }

  async add(summaries: readonly Summary[]): Promise<void> {
    const wanted = this.windows ? summaries : summaries.filter(({ kind }) => kind === 'stream');
    if (wanted.length > 0)
      await this.output.write(wanted.map((summary) => `${toLine(summary).json}\n`).join(''));
  }

  async end(): Promise<void> {
    const whole = this.whole();
    if (!this.windows && whole !== null) await this.output.write(`${toLine(whole).json}\n`);
  }
}

class TableReport extends Report {
  constructor(
    output: Output,
    private readonly windows: boolean,
    private readonly worst: WorstRows,
    context: SummaryContext,
  ) {
    super(output, context);
  }

  async add(summaries: readonly Summary[]): Promise<void> {
    const wanted = this.windows ? 'window' : 'stream';
    for (const summary of summaries) {
      if (summary.kind !== 'capture' && summary.kind === wanted) this.worst.add(summary);
    }
  }

  async end(): Promise<void> {
    const { stdout } = process;
    const rows = this.worst.rows();
    const width = stdout.isTTY ? stdout.columns : null;
    const table = new StreamTable({ width, colours: hasColours(stdout), windows: this.windows });
    const lines = rows.length === 0 ? [] : [...table.lines(rows), ''];
    const whole = this.whole();
    const used = whole?.used ?? {};
    const reasons = Object.entries(whole?.reasons ?? {}).sort(([, a], [, b]) => b - a);
    const { seen } = this.worst;
    const what = counted(seen, this.windows ? 'window' : 'stream');
    lines.push(
      `${what}${this.windows ? ' of streams' : ''}${rows.length < seen ? `, the worst ${rows.length} shown (--top 0 shows all)` : ''}`,
      `${whole?.packets ?? 0} packets: ${used.rtp ?? 0} RTP, ${used.rtcp ?? 0} RTCP${
        reasons.length > 0 ? `, not used: ${reasons.map(([name, n]) => `${name} ${n}`).join(', ')}` : ''
      }`,
    );
    if (table.hidden > 0)
      lines.push(`${table.hidden} columns have no room here; a wider terminal or \`| less -S\` shows them`);
    await this.output.write(`${lines.join('\n')}\n`);
  }
}
