// Where summaries wait for delivery. Today the memory store stands behind this
// interface; the durable spool (segment files that survive a crash) takes its
// place later without a change in the lane.
import type { SummaryLine } from './exporter.js';

/** How much may wait, peeked records included. */
export interface StoreLimit {
  /** 1 or more. */
  maxRecords: number;
  /** Newlines included. */
  maxBytes: number;
}

/** How much one batch may hold. */
export interface BatchLimit {
  /** 1 or more. */
  maxRecords: number;
  /** UTF-8 with newlines; one line alone may be larger. */
  maxBytes: number;
}

export interface PendingSize {
  /** What is waiting, peeked records included. */
  records: number;
  bytes: number;
  /** Wall clock when the oldest record came, ms since the Unix epoch; null when empty. */
  oldestMs: number | null;
}

/**
 * A bounded first-in-first-out store with one reader. A batch that was peeked
 * stays, whole and in order, until it is acknowledged: nothing is forgotten
 * before the collector has it, and a retry sends the same records. A store
 * deals with its own faults: no call rejects. Lines come retained, and the store
 * releases them when it forgets them.
 */
export interface PendingStore {
  /**
   * Appends. When that is too much, the oldest records that are not peeked
   * give way. Never waits and never throws.
   * @returns how many records were dropped, old or new
   */
  push(lines: readonly SummaryLine[], nowMs: number): number;
  /**
   * The oldest records, at least one unless empty. While peeked records are not
   * acknowledged, it gives only those, or fewer of them from the front.
   */
  peekBatch(limit: BatchLimit): readonly SummaryLine[] | Promise<readonly SummaryLine[]>;
  /** Forgets the first `count` of the peeked records. `size` is right as soon as it returns. */
  ack(count: number): void | Promise<void>;
  size(): PendingSize;
  /**
   * Sets another limit.
   * @returns how many records were dropped for it
   */
  resize(limit: StoreLimit): number;
  /**
   * The end of this process.
   * @returns how many records are lost with it; a durable store answers 0
   */
  close(): number | Promise<number>;
}
