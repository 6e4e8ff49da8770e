// What the other direction, the neighbours of a stream and its own earlier windows say about it.
import type { SkewDrift } from './skew-rows.js';

/** Times that decide what is joined and how. */
export interface DirectionLimits {
  /** Silence of the other direction from which on audio is one-way, ms. */
  readonly oneWayAudioMs: number;
  /** Silence after which a stream has ended, ms. */
  readonly idleMs: number;
}

/** Round-trip times between tap and receiver, as RTCP gave them (RFC 3550 6.4.1). */
export interface RoundTrips {
  /** How many; 0 makes the others meaningless. */
  count: number;
  meanMs: number;
  minMs: number;
  maxMs: number;
}

/** Of one stream: those of the window that was joined last, and all so far. */
export interface StreamRoundTrips {
  window: RoundTrips;
  total: RoundTrips;
  /** The last one of the stream, ms. */
  lastMs: number;
}

/** Of one row. Read it before the next row is asked for. */
export interface DirectionFacts {
  /** A stream of the opposite direction was seen. */
  readonly hasReverse: boolean;
  /** Its id, upper and lower half. */
  readonly reverseIdHigh: number;
  readonly reverseIdLow: number;
  /** Its packets in this window. */
  readonly reverseWindowPackets: number;
  /** Its packets so far. */
  readonly reverseTotalPackets: number;
  /** Its round-trip times between tap and receiver: the leg before the tap, as this stream sees it. */
  readonly reverseRoundTrips: StreamRoundTrips | null;
  /** Those of this stream. */
  readonly roundTrips: StreamRoundTrips | null;
  /** How long the opposite direction had been silent at the last packet of this one, ms; NaN when it is no audio. */
  readonly silentMs: number;
  /** The longest of all windows so far, ms. */
  readonly silentMaxMs: number;
  /** One-way audio at the end of the window; null when that cannot be told. */
  readonly oneWayAudio: boolean | null;
  /** The same of any window so far. */
  readonly oneWayAudioEver: boolean | null;
  /** Another SSRC of the same source and destination had stopped before this one began. */
  readonly hasPrevious: boolean;
  readonly previousIdHigh: number;
  readonly previousIdLow: number;
  /** How often the SSRC had changed so before this stream. */
  readonly ssrcChanges: number;
  /** The same SSRC came from elsewhere at the same time in this window. */
  readonly ssrcCollision: boolean;
  readonly ssrcCollisionEver: boolean;
  /** How its clock skew changed so far; null when it was not known for five minutes. */
  readonly skewDrift: SkewDrift | null;
}
