// How a lane works: what it takes, how much may wait, when it sends and tries again.
import type { BackoffOptions } from './backoff.js';
import type { SummaryKind } from './exporter.js';
import type { StoreLimit } from './pending-store.js';

export interface LaneOptions {
  /** Kinds to deliver; undefined delivers all. */
  include?: readonly SummaryKind[] | undefined;
  /** What may wait, the batch in flight included. */
  queue: StoreLimit;
  /** A batch is sent when it is full or its oldest record has waited `maxAgeMs`. */
  batch: { maxRecords: number; maxBytes: number; maxAgeMs: number };
  retry: BackoffOptions;
  /** Least wait when somebody has to change something first (credentials), ms. */
  slowRetryMs: number;
  /** At most one log line of a kind in this time, ms. */
  logPeriodMs: number;
}

/** The kinds to deliver; null for all. */
export function includeOf({ include }: LaneOptions): ReadonlySet<SummaryKind> | null {
  return include === undefined ? null : new Set(include);
}
