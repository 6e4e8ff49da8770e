// `analyze` without options: a table of the worst streams. Makes no summaries, only what the table shows.
import { type Block, KIND_STREAM } from '../native/block.js';
import type { SummaryContext } from '../summary/context.js';
import { JoinedRows } from '../summary/joined-rows.js';
import { streamRow } from '../summary/stream-row.js';
import type { Output } from './output.js';
import { Report } from './report.js';
import { hasColours, StreamTable } from './stream-table.js';
import { counted, type WorstRows } from './worst-rows.js';

export class TableReport extends Report {
  readonly #rows: JoinedRows;

  constructor(
    output: Output,
    private readonly windows: boolean,
    private readonly worst: WorstRows,
    context: SummaryContext,
  ) {
    super(output, context);
    this.#rows = new JoinedRows(context);
  }

  consume(block: Block): Promise<void> {
    return this.#rows.visit(block, this.context, {
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
    if (whole !== null && whole.confidence.level !== 'full') lines.push(whole.confidence.text);
    if (table.hidden > 0)
      lines.push(`${table.hidden} columns have no room here; a wider terminal or \`| less -S\` shows them`);
    await this.output.write(`${lines.join('\n')}\n`);
  }
}
