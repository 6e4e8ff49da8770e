// Blocks in, summary lines out.
import type { Block, CounterValues } from '../native/block.js';
import type { InterfaceStats } from '../native/engine.js';
import type { RecordView } from '../native/record.gen.js';
import { RecordLines } from './build.js';
import { type CaptureCondition, captureSummary, OF_FILES } from './build-capture.js';
import type { SummaryContext } from './context.js';
import { JoinedRows } from './joined-rows.js';
import { lineOf, type SummaryLine } from './line.js';

export interface PipelineOptions {
  /** Takes lines as they are made; may return a promise to slow the pipeline down. What it keeps beyond that it retains. */
  sink: (lines: readonly SummaryLine[]) => Promise<void> | void;
  /** How the capture is; default: that of files. */
  condition?: () => CaptureCondition;
  /** Which records become summaries; default: all. */
  wants?: (record: RecordView) => boolean;
}

export class SummaryPipeline {
  #before: CounterValues | null = null;
  #interfacesBefore: readonly InterfaceStats[] = [];
  readonly #rows: JoinedRows;
  readonly #lines = new RecordLines();

  /** @param context may be replaced between blocks (reload) */
  constructor(
    public context: SummaryContext,
    private readonly options: PipelineOptions,
  ) {
    this.#rows = new JoinedRows(context);
  }

  /** Makes the summaries of one block: its windows, its ended streams, then the capture. */
  async consume(block: Block): Promise<void> {
    const { context } = this;
    const { sink, wants, condition } = this.options;
    this.#lines.begin(block, context);
    let lines: SummaryLine[] = [];
    await this.#rows.visit(block, context, {
      row: (record, joined) => {
        if (wants === undefined || wants(record)) lines.push(this.#lines.of(record, joined));
      },
      pause: async () => {
        const made = lines;
        lines = [];
        if (made.length > 0) await sink(made);
        this.#lines.settle();
      },
    });
    const now = condition?.() ?? OF_FILES;
    const { interfaces } = now;
    const capture = captureSummary(block.counters, this.#before, block, now, context, this.#interfacesBefore);
    lines.push(lineOf(capture));
    this.#interfacesBefore = interfaces;
    this.#before = block.counters;
    await sink(lines);
    this.#lines.settle();
  }
}
