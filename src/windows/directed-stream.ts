// What is remembered of one stream for the join of directions: numbers only, one
// object for the life of the stream, nothing made per window.
import type { Pair } from './pair.js';

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

/** What the other direction and the neighbours of a stream say about it. Read it before the next block is taken. */
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
}

const none = (): RoundTrips => ({ count: 0, meanMs: Number.NaN, minMs: Number.NaN, maxMs: Number.NaN });

/** A stream within its pair of addresses and ports. */
export class DirectedStream implements DirectionFacts {
  /** Number of the block that spoke of it last. */
  block = -1;
  ended = false;
  /** The next older stream of the same direction. */
  older: DirectedStream | null = null;
  /** A stream of another source with the same destination and SSRC. */
  rival: DirectedStream | null = null;
  firstMs = Number.NaN;
  lastMs = Number.NaN;
  windowPackets = 0;
  totalPackets = 0;
  /** The predecessor has been looked for. */
  isPlaced = false;

  hasReverse = false;
  reverseIdHigh = 0;
  reverseIdLow = 0;
  reverseWindowPackets = 0;
  reverseTotalPackets = 0;
  reverseRoundTrips: StreamRoundTrips | null = null;
  roundTrips: StreamRoundTrips | null = null;
  silentMs = Number.NaN;
  silentMaxMs = Number.NaN;
  oneWayAudio: boolean | null = null;
  oneWayAudioEver: boolean | null = null;
  hasPrevious = false;
  previousIdHigh = 0;
  previousIdLow = 0;
  ssrcChanges = 0;
  ssrcCollision = false;
  ssrcCollisionEver = false;

  constructor(
    readonly idHigh: number,
    readonly idLow: number,
    readonly ssrc: number,
    readonly startMs: number,
    /** As in the record: 0 unknown, 1 audio, 2 video. */
    public mediaKind: number,
    readonly pair: Pair,
    readonly isForward: boolean,
  ) {}

  /** Whether packets of both came within one stretch of time in this window. */
  overlaps(other: DirectedStream): boolean {
    return (
      other.block === this.block &&
      other.windowPackets > 0 &&
      this.windowPackets > 0 &&
      other.firstMs <= this.lastMs &&
      this.firstMs <= other.lastMs
    );
  }

  /** Takes the round-trip times of a window. */
  addRoundTrips(window: RoundTrips, lastMs: number): void {
    this.roundTrips ??= { window: none(), total: none(), lastMs };
    const { total } = this.roundTrips;
    const count = total.count + window.count;
    const known = total.count > 0;
    total.meanMs = known
      ? (total.meanMs * total.count + window.meanMs * window.count) / count
      : window.meanMs;
    total.minMs = known ? Math.min(total.minMs, window.minMs) : window.minMs;
    total.maxMs = known ? Math.max(total.maxMs, window.maxMs) : window.maxMs;
    total.count = count;
    this.roundTrips.window = window;
    this.roundTrips.lastMs = lastMs;
  }

  /** Begins a window. */
  begin(block: number): void {
    this.block = block;
    this.windowPackets = 0;
    this.ssrcCollision = false;
    if (this.roundTrips !== null) this.roundTrips.window = none();
  }
}
