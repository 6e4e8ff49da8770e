// A sealed block as TypeScript reads it: typed views over memory that the engine
// owns. Nothing is copied until somebody looks at a row.
import { RtpsondeError } from '../ops/errors.js';
import { type CounterName, counters } from './counters.gen.js';
import {
  BLOCK_MAGIC,
  BlockHeaderView,
  HEADER_BYTES,
  LAYOUT_HASH,
  RECORD_BYTES,
  REPORT_BYTES,
  RecordView,
  ReportView,
} from './record.gen.js';

const PARTIAL = 1;
const GAP_BEFORE = 2;
const LAST = 4;

/** Kind of a record as the engine marks it. */
export const KIND_WINDOW = 1;
export const KIND_STREAM = 2;

/** Totals since start by name. */
export type CounterValues = Record<CounterName, number>;

/** Names the values of a block or of `stats()`. */
export function nameCounters(values: Float64Array): CounterValues {
  const named = {} as CounterValues;
  for (const [i, { name }] of counters.entries()) named[name] = values[i]!;
  return named;
}

export class Block {
  readonly rows: number;
  readonly reports: number;
  readonly windowStartNs: bigint;
  readonly windowEndNs: bigint;
  /** The window was closed before its end. */
  readonly partial: boolean;
  /** Blocks before this one were discarded because nobody took them in time. */
  readonly gapBefore: boolean;
  /** The worker seals no further block. */
  readonly last: boolean;
  readonly counters: CounterValues;
  readonly #records: RecordView;
  readonly #recordsAt: number;
  readonly #reports: ReportView;
  readonly #reportsAt: number;

  /** @throws RtpsondeError ERR_ADDON_LAYOUT when the memory is not a block of this layout */
  constructor(readonly buffer: ArrayBuffer) {
    const view = new DataView(buffer);
    const header = new BlockHeaderView(view);
    if (
      buffer.byteLength < HEADER_BYTES ||
      header.magic !== BLOCK_MAGIC ||
      header.layoutHash !== LAYOUT_HASH ||
      header.recordBytes !== RECORD_BYTES ||
      header.reportBytes !== REPORT_BYTES
    ) {
      throw new RtpsondeError('ERR_ADDON_LAYOUT', 'a sealed block has another layout than this program');
    }
    this.rows = header.rows;
    this.reports = header.reports;
    this.windowStartNs = header.windowStartNs;
    this.windowEndNs = header.windowEndNs;
    this.partial = (header.flags & PARTIAL) !== 0;
    this.gapBefore = (header.flags & GAP_BEFORE) !== 0;
    this.last = (header.flags & LAST) !== 0;
    this.counters = nameCounters(new Float64Array(buffer, HEADER_BYTES, header.counterCount));
    this.#recordsAt = header.headerBytes;
    this.#records = new RecordView(view);
    this.#reportsAt = this.#recordsAt + this.rows * RECORD_BYTES;
    this.#reports = new ReportView(view);
  }

  /** Row `i`, 0..rows-1: one view that the next call moves on. */
  record(i: number): RecordView {
    this.#records.base = this.#recordsAt + i * RECORD_BYTES;
    return this.#records;
  }

  /** What RTCP said of the stream of a record; null when nothing. One view that the next call moves on. */
  reportOf(record: RecordView): ReportView | null {
    if (record.reportRow >= this.reports) return null;
    this.#reports.base = this.#reportsAt + record.reportRow * REPORT_BYTES;
    return this.#reports;
  }
}
