// What `analyze` writes: the daemon's summaries, or a table of the worst streams.
import { type Block, type CounterValues, KIND_STREAM } from '../native/block.js';
import { captureSummary } from '../summary/build-capture.js';
import type { SummaryContext } from '../summary/context.js';
import { JoinedRows } from '../summary/joined-rows.js';
import { joinLines, lineOf, type SummaryLine } from '../summary/line.js';
import { SummaryPipeline } from '../summary/pipeline.js';
import { streamRow } from '../summary/stream-row.js';
import type { Output } from './output.js';
import { hasColours, StreamTable } from './stream-table.js';
import { counted, type WorstRows } from './worst-rows.js';

/** What both reports remember: the last totals and the span of all windows. */
export abstract class Report {
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

  /** Takes what it shows of a block. */
  abstract consume(block: Block): Promise<void>;
  abstract end(): Promise<void>;
}

export class JsonReport extends Report {
  readonly #pipeline: SummaryPipeline;

  constructor(
    output: Output,
    private readonly windows: boolean,
    context: SummaryContext,
  ) {
    super(output, context);
    this.#pipeline = new SummaryPipeline(context, {
      wants: ({ kind }) => windows || kind === KIND_STREAM,
      // Those of the capture are of windows too.
      sink: (lines) => this.#write(windows ? lines : lines.filter(({ kind }) => kind === 'stream')),
      workerLoad: () => null,
    });
  }

  consume(block: Block): Promise<void> {
    return this.#pipeline.consume(block);
  }

  async end(): Promise<void> {
    const whole = this.whole();
    if (!this.windows && whole !== null) await this.#write([lineOf(whole)]);
  }

  async #write(lines: readonly SummaryLine[]): Promise<void> {
    if (lines.length > 0) await this.output.write(joinLines(lines));
  }
}

/** Makes no summaries, only what the table shows. */
export class TableReport extends Report {
  readonly #rows: JoinedRows;

  constructor(
    output: Output,
    private readonly windows: boolean,
    private readonly worst: WorstRows,
    context: SummaryContext,
  ) {
    super(output, context);
    this.#rows = new JoinedRows(context.oneWayAudioMs);
  }

  consume(block: Block): Promise<void> {
    return this.#rows.visit(block, this.context.oneWayAudioMs, {
      row: (record, joined) => {
        const isWindow = record.kind !== KIND_STREAM;
        if (isWindow === this.windows) this.worst.add(streamRow(record, joined, block, this.context));
      },
    });
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
