// What a lane counts. At every moment
// offered = filtered + queued + inFlight + delivered + droppedQueueFull + droppedRejected + droppedAtClose.

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
  /** Refused by the collector for good. */
  droppedRejected: number;
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
    droppedRejected: 0,
    droppedAtClose: 0,
    batches: 0,
    retries: 0,
  };
}
