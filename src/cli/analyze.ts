// `rtpsonde analyze`: capture files measured by the engine of the daemon, as a
// table for people or as the daemon's own summaries.
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import cliProgress from 'cli-progress';
import type { Command } from 'commander';
import { defaults } from '../config/defaults.gen.js';
import { toEngineOptions } from '../config/engine-options.js';
import type { ConfiguredPayloadType } from '../config/payload-types.js';
import type { Block, CounterValues } from '../native/block.js';
import type { Engine } from '../native/engine.js';
import { createEngine } from '../native/load.js';
import { RtpsondeError } from '../ops/errors.js';
import { captureSummary, type SummaryContext } from '../summary/build.js';
import { staticPayloadTypeOptions, summaryContext } from '../summary/context.js';
import { SummaryPipeline, toLine } from '../summary/pipeline.js';
import type { Summary } from '../summary/schema.js';
import { BlockPump } from '../windows/block-pump.js';
import { Output } from './output.js';
import { hasColours, type SortKey, sortKeys, streamTable, WorstRows, worstFirst } from './stream-table.js';

interface AnalyzeOptions {
  json?: boolean;
  windows?: boolean;
  window: string;
  idle: string;
  top: string;
  sort: string;
  probe: string;
  payloadType: string[];
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
    .option('--windows', 'also the windows of each stream, not only the whole (with --json)')
    .option('--window <time>', 'width of a window', '10s')
    .option('--idle <time>', 'a stream ends after so much silence', '60s')
    .option('--top <n>', 'how many streams the table shows; 0 shows all', '50')
    .option('--sort <key>', `worst first by ${sortKeys.join(', ')}`, 'mos')
    .option('--probe <name>', 'name of the probe in summaries', hostname())
    .option(
      '--payload-type <n=NAME/CLOCK>',
      'what a dynamic payload type means, for example 96=opus/48000; may be repeated',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .addHelpText(
      'after',
      '\nExamples:\n  rtpsonde analyze call.pcap\n  rtpsonde analyze --json --windows call.pcap | jq .mos.cq',
    )
    .action((files: string[], options: AnalyzeOptions) => analyze(files, options));
}

function usage(message: string): RtpsondeError {
  return new RtpsondeError('ERR_USAGE', message);
}

/** `10s`, `500ms`, `2m` in seconds. */
function parseSeconds(option: string, text: string, least: number, most: number): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  const factor = { ms: 0.001, s: 1, m: 60 }[match?.[2] ?? 's'] ?? 1;
  const value = match === null ? Number.NaN : Number(match[1]) * factor;
  if (!(value >= least && value <= most)) {
    throw usage(`${option} ${text}: expected a time such as 10s or 500ms, ${least} to ${most} seconds`);
  }
  return value;
}

function parseTop(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw usage(`--top ${text}: expected a whole number, 0 or more`);
  return text === '0' ? Number.MAX_SAFE_INTEGER / 8 : Number(text);
}

async function parsePayloadTypes(items: readonly string[]): Promise<ConfiguredPayloadType[]> {
  if (items.length === 0) return [];
  // The schema library costs more time to load than a small capture to measure.
  const { payloadTypesSchema } = await import('../config/payload-types.js');
  const pairs = items.map((item) => {
    const at = item.indexOf('=');
    return [item.slice(0, at), item.slice(at + 1)];
  });
  const parsed = payloadTypesSchema.safeParse(Object.fromEntries(pairs));
  if (!parsed.success) {
    throw usage(`--payload-type: ${parsed.error.issues[0]?.message ?? 'expected for example 96=opus/48000'}`);
  }
  return parsed.data;
}

function parseSort(text: string): SortKey {
  const key = sortKeys.find((candidate) => candidate === text);
  if (key === undefined) throw usage(`--sort ${text}: expected one of ${sortKeys.join(', ')}`);
  return key;
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
      payloadTypes: await parsePayloadTypes(options.payloadType),
    },
    capture: { ...defaults.capture, files },
    probe: { name: options.probe },
  };
  const engine = createEngine({
    ...toEngineOptions({ ...config, capture: { ...config.capture, files: [] } }, staticPayloadTypeOptions),
    source: { kind: 'files', paths: files, follow: false, followPattern: '', replaySpeed: 0 },
  });
  const context = summaryContext(config, null);
  const output = new Output();
  const report = options.json
    ? new JsonReport(output, options.windows === true, context)
    : new TableReport(output, new WorstRows(top, worstFirst(sort)), context);
  engine.start();
  const progress = showProgress(files, engine);
  const pipeline = new SummaryPipeline(context, {
    sink: (summaries) => report.add(summaries),
    workerLoad: () => null,
    windows: options.json === true && options.windows === true,
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
    if (stats.problems.length > 0) process.exitCode = 65;
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
    return this.totals === null ? null : captureSummary(this.totals, null, window, null, this.context);
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
    private readonly worst: WorstRows,
    context: SummaryContext,
  ) {
    super(output, context);
  }

  async add(summaries: readonly Summary[]): Promise<void> {
    for (const summary of summaries) if (summary.kind === 'stream') this.worst.add(summary);
  }

  async end(): Promise<void> {
    const rows = this.worst.rows();
    const whole = this.whole();
    const used = whole?.used ?? {};
    const reasons = Object.entries(whole?.reasons ?? {}).sort(([, a], [, b]) => b - a);
    const lines = [
      ...(rows.length > 0 ? [streamTable(rows, hasColours(process.stdout)), ''] : []),
      `${this.worst.seen} streams${rows.length < this.worst.seen ? `, the worst ${rows.length} shown (--top 0 shows all)` : ''}`,
      `${whole?.packets ?? 0} packets: ${used.rtp ?? 0} RTP, ${used.rtcp ?? 0} RTCP${
        reasons.length > 0 ? `, not used: ${reasons.map(([name, n]) => `${name} ${n}`).join(', ')}` : ''
      }`,
    ];
    await this.output.write(`${lines.join('\n')}\n`);
  }
}
