// What `analyze` writes: the daemon's summaries, or a table of the worst streams.
import type { Block, CounterValues } from '../native/block.js';
import { captureSummary, OF_FILES } from '../summary/build-capture.js';
import type { SummaryContext } from '../summary/context.js';
import { toLine } from '../summary/pipeline.js';
import type { Summary } from '../summary/schema.js';
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
    const summary = captureSummary(this.totals, null, window, OF_FILES, this.context);
    // Not that of the first window, which begins at the same time.
    return { ...summary, id: `${summary.id}-whole` };
  }

  abstract add(summaries: readonly Summary[]): Promise<void>;
  abstract end(): Promise<void>;
}

export class JsonReport extends Report {
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

export class TableReport extends Report {
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
