// Blocks in, summary lines out. Rows become objects a few at a time, and the
// event loop gets its turn between, so that 100,000 streams hold up nothing.
import { type Block, type CounterValues, KIND_STREAM } from '../native/block.js';
import { Directions } from '../windows/directions.js';
import { streamSummary, windowSummary } from './build.js';
import { type CaptureCondition, captureSummary, OF_FILES } from './build-capture.js';
import type { SummaryContext } from './context.js';
import type { Joined } from './joined.js';
import type { Summary } from './schema.js';

/** One summary with its JSON, as exporters take it. */
export interface SummaryLine {
  kind: Summary['kind'];
  id: string;
  json: string;
}

export interface PipelineOptions {
  /** Takes summaries as they are made; may return a promise to slow the pipeline down. */
  sink: (summaries: readonly Summary[]) => Promise<void> | void;
  /** How the capture is; default: that of files. */
  condition?: () => CaptureCondition;
  /** False leaves the windows of streams out; default: true. */
  windows?: boolean;
}

/** Rows that are made and handed on before others get their turn: about 2 ms of work, JSON included. */
const ROWS_PER_SLICE = 64;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

export class SummaryPipeline {
  #before: CounterValues | null = null;
  readonly #directions: Directions;

  /** @param context may be replaced between blocks (reload) */
  constructor(
    public context: SummaryContext,
    private readonly options: PipelineOptions,
  ) {
    this.#directions = new Directions(context.oneWayAudioMs);
  }

  /** Makes the summaries of one block: its windows, its ended streams, then the capture. */
  async consume(block: Block): Promise<void> {
    const { context } = this;
    this.#directions.oneWayAudioMs = context.oneWayAudioMs;
    await this.#directions.take(block);
    let summaries: Summary[] = [];
    for (let row = 0; row < block.rows; row++) {
      const record = block.record(row);
      const joined: Joined = { report: block.reportOf(record), direction: this.#directions.of(row) };
      if (record.kind === KIND_STREAM) summaries.push(streamSummary(record, context, joined));
      else if (this.options.windows !== false) summaries.push(windowSummary(record, block, context, joined));
      if (summaries.length === ROWS_PER_SLICE) {
        await this.options.sink(summaries);
        summaries = [];
        await nextTurn();
      }
    }
    const condition = this.options.condition?.() ?? OF_FILES;
    summaries.push(captureSummary(block.counters, this.#before, block, condition, context));
    this.#before = block.counters;
    await this.options.sink(summaries);
  }
}

/** The line that leaves the probe. */
export function toLine(summary: Summary): SummaryLine {
  return { kind: summary.kind, id: summary.id, json: JSON.stringify(summary) };
}
