// Where summaries wait for delivery: in memory, or in the spool on disk.

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

/** Why records that waited were given up: no more room, too old, cannot be read back. */
export type DiscardReason = 'full' | 'old' | 'damaged';

/** Why a collector refused records for good. */
export interface Rejection {
  code: string;
  /** Without secrets. */
  message: string;
}

/** What a store tells of its own accord. */
export interface StoreEvents {
  /** Records gave way, not counted by `push`. */
  discarded(records: number, why: DiscardReason): void;
  /** Less may wait for the disk than before, or the disk has failed. */
  written?(): void;
  /** Records of an earlier run wait. */
  recovered(records: number): void;
}

/**
 * A bounded first-in-first-out store with one reader. A batch that was peeked
 * stays, whole and in order, until it is acknowledged: nothing is forgotten
 * before the collector has it, and a retry sends the same records. A store
 * deals with its own faults: no call rejects. Lines come retained, and the store
 * releases them when it forgets them.
 */
export interface PendingStore {
  /** Whether what waits survives the end of this process. */
  readonly isDurable: boolean;
  /** Before anything else. */
  attach?(events: StoreEvents): void;
  /** Makes it ready; not needed before other calls, but what was left from before is told then. */
  open?(): Promise<void>;
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
  /**
   * As `ack`, for records that the collector refused; a durable store sets them aside.
   * @returns whether they are kept
   */
  reject(count: number, why: Rejection): boolean | Promise<boolean>;
  size(): PendingSize;
  /** Whether it is at most half full. */
  hasRoom(): boolean;
  /** Whether much of its memory is taken by what a sound disk has still to write; never for one in memory. */
  readonly isBehind?: boolean;
  /** What is wrong with the disk; null for nothing. */
  readonly fault: string | null;
  /**
   * Sets another limit.
   * @returns how many records were dropped for it
   */
  resize(limit: StoreLimit): number;
  /**
   * The end of this process.
   * @returns how many records are lost with it; for a durable store what it could not write
   */
  close(): number | Promise<number>;
}
