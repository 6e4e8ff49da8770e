// What a lane counts. At every moment
// offered + recovered = filtered + queued + inFlight + delivered + droppedQueueFull + droppedSpoolFull
//   + droppedTooOld + droppedDamaged + droppedRejected + setAside + droppedAtClose.

/** Records since start, each in exactly one place. */
export interface LaneCounts {
  /** Records handed to the lane. */
  offered: number;
  /** Not of a kind that this exporter includes. */
  filtered: number;
  /** Taken by the collector. */
  delivered: number;
  /** Gave way because the queue was full. */
  droppedQueueFull: number;
  /** Found in the spool at the start. */
  recovered: number;
  /** Discarded, oldest first, because the spool had reached its bound. */
  droppedSpoolFull: number;
  /** Discarded from the spool because they had waited too long. */
  droppedTooOld: number;
  /** Could not be read back from the spool. */
  droppedDamaged: number;
  /** Refused by the collector for good, and nowhere kept. */
  droppedRejected: number;
  /** Refused by the collector for good, and kept as dead letters in the spool. */
  setAside: number;
  /** Not delivered when the time to close was over, or offered after that. */
  droppedAtClose: number;
  /** Batches taken by the collector. */
  batches: number;
  /** Failed attempts that are or will be repeated with the same records. */
  retries: number;
}

export interface LaneStats extends LaneCounts {
  /** Name of the exporter. */
  name: string;
  /** Records waiting, without those in flight. */
  queued: number;
  /** Bytes waiting and in flight, newlines included. */
  queuedBytes: number;
  /** Records of the batch that is being delivered or waits for its retry. */
  inFlight: number;
  /** Whether deliveries succeed, or the last one failed and is tried again. */
  state: 'delivering' | 'retrying';
  /** Wall clock of the next attempt while retrying, ms; else null. */
  nextAttemptAt: number | null;
  /** Whether what waits is on disk, in memory, or in memory because the disk fails. */
  store: 'disk' | 'memory' | 'disk-fails';
  /** Wall clock when the oldest record that is not delivered came, ms; null when there is none. */
  oldestMs: number | null;
  /** Last failure as `message (CODE)`; null before the first. */
  lastError: string | null;
  /** Wall clock, ms; null before the first. */
  lastErrorAt: number | null;
  /** Wall clock of the last batch taken, ms; null before the first. */
  lastSuccessAt: number | null;
}

export function emptyCounts(): LaneCounts {
  return {
    offered: 0,
    filtered: 0,
    delivered: 0,
    droppedQueueFull: 0,
    recovered: 0,
    droppedSpoolFull: 0,
    droppedTooOld: 0,
    droppedDamaged: 0,
    droppedRejected: 0,
    setAside: 0,
    droppedAtClose: 0,
    batches: 0,
    retries: 0,
  };
}

/** Records that left the lane without being delivered, by whatever way. */
export function droppedOf(counts: LaneCounts): number {
  return (
    counts.droppedQueueFull +
    counts.droppedSpoolFull +
    counts.droppedTooOld +
    counts.droppedDamaged +
    counts.droppedRejected +
    counts.setAside +
    counts.droppedAtClose
  );
}
