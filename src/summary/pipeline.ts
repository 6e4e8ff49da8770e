// Blocks in, summary lines out.
import type { Block, CounterValues } from '../native/block.js';
import type { RecordView } from '../native/record.gen.js';
import { RecordLines } from './build.js';
import { captureSummary } from './build-capture.js';
import type { SummaryContext } from './context.js';
import { JoinedRows } from './joined-rows.js';
import { lineOf, type SummaryLine } from './line.js';

export interface PipelineOptions {
  /** Takes lines as they are made; may return a promise to slow the pipeline down. */
  sink: (lines: readonly SummaryLine[]) => Promise<void> | void;
  /** Load of the capture thread, or null for files. */
  workerLoad: () => number | null;
  /** Which records become summaries; default: all. */
  wants?: (record: RecordView) => boolean;
}

export class SummaryPipeline {
  #before: CounterValues | null = null;
  readonly #rows: JoinedRows;
  readonly #lines = new RecordLines();

  /** @param context may be replaced between blocks (reload) */
  constructor(
    public context: SummaryContext,
    private readonly options: PipelineOptions,
  ) {
    this.#rows = new JoinedRows(context.oneWayAudioMs);
  }

  /** Makes the summaries of one block: its windows, its ended streams, then the capture. */
  async consume(block: Block): Promise<void> {
    const { context } = this;
    const { sink, wants, workerLoad } = this.options;
    this.#lines.begin(block, context);
    let lines: SummaryLine[] = [];
    await this.#rows.visit(block, context.oneWayAudioMs, {
      row: (record, joined) => {
        if (wants === undefined || wants(record)) lines.push(this.#lines.of(record, joined));
      },
      pause: () => {
        const made = lines;
        lines = [];
        return made.length > 0 ? sink(made) : undefined;
      },
    });
    lines.push(lineOf(captureSummary(block.counters, this.#before, block, workerLoad(), context)));
    this.#before = block.counters;
    await sink(lines);
  }
}
