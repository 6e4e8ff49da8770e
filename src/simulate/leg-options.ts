// Options of the network on both sides of the tap. A direction of a call has
// two legs: upstream from the sender to the tap, downstream from the tap to the
// receiver. What is lost upstream is not in the capture; what is lost
// downstream is in it, and missing at the receiver all the same.
import type { MediaOptions } from './options.js';

/** Options that the two directions of a call may have each for itself. */
export type DirectionOptions = Pick<
  MediaOptions,
  | 'lossRatio'
  | 'meanLossRun'
  | 'duplicateRatio'
  | 'jitterMs'
  | 'skewPpm'
  | 'skewDriftPpmPerHour'
  | 'upstreamDelayMs'
  | 'downstreamDelayMs'
  | 'downstreamLossRatio'
  | 'downstreamMeanLossRun'
  | 'downstreamDuplicateRatio'
  | 'downstreamJitterMs'
  | 'wallSkewPpm'
>;

export interface LegOptions {
  /** One-way delay from the sender to the tap, ms; null for that of `legDelayMs`. */
  upstreamDelayMs: number | null;
  /** One-way delay from the tap to the receiver, ms; null for that of `legDelayMs`. */
  downstreamDelayMs: number | null;
  /** Share of packets lost between the tap and the receiver, 0..1. */
  downstreamLossRatio: number;
  /** Mean length of a loss run there in packets; null for independent losses. */
  downstreamMeanLossRun: number | null;
  /** Share of packets that come to the receiver twice though they passed the tap once, 0..1. */
  downstreamDuplicateRatio: number;
  /** As `jitterMs`, behind the tap. */
  downstreamJitterMs: number;
  /** How much faster than true the wall clocks of the ends run (NTP times, LSR, DLSR), parts per million. */
  wallSkewPpm: number;
  /** What differs in the direction from the called to the calling end; null for nothing. */
  reverse: Partial<DirectionOptions> | null;
}

/** Gaps in which the tap misses everything, as a mirror port with full buffers does. */
export interface SpanDrops {
  /** Mean time from the end of a gap to the next, ms. */
  everyMs: number;
  /** Length of a gap, ms. */
  lengthMs: number;
}

export interface TapOptions {
  /** Share of packets that pass the tap and are missing in the capture, at random, 0..1. */
  captureLossRatio: number;
  /** Gaps in the capture over all streams at once; null for none. */
  spanDrops: SpanDrops | null;
}

export const defaultLegOptions: Readonly<LegOptions> = {
  upstreamDelayMs: null,
  downstreamDelayMs: null,
  downstreamLossRatio: 0,
  downstreamMeanLossRun: null,
  downstreamDuplicateRatio: 0,
  downstreamJitterMs: 0,
  wallSkewPpm: 0,
  reverse: null,
};

export const defaultTapOptions: Readonly<TapOptions> = { captureLossRatio: 0, spanDrops: null };
