// What extended reports say of one stream, worked out from all that its receiver
// saw: over the interval since the last report, and since the beginning.
import { narrowband } from '../quality/emodel-narrowband.js';
import { type BurstsAndGaps, burstsAndGaps, type Stretch, total } from './burst-gap.js';
import type { FarEnd } from './far-end.js';
import { bufferMs, packetState, type ReceptionTrace } from './reception-trace.js';
import { Spread, type SpreadFacts } from './spread.js';
import type { NtpTime, WallClock } from './wall-clock.js';

/** Received packets that separate bursts (RFC 3611 4.7.2). */
export const gmin = 16;
/** Robustness of the codec against random loss with concealment (G.113), for the rating. */
const bpl = 25.1;

/** Packets of a stretch of sequence numbers, by what became of them. */
export interface Tally {
  expected: number;
  lost: number;
  late: number;
  early: number;
  /** Numbers that came more than once. */
  copied: number;
  /** By losses alone, by discards alone, and by both. */
  lossBursts: BurstsAndGaps;
  discardBursts: BurstsAndGaps;
  bursts: BurstsAndGaps;
}

export interface XrFacts {
  ssrc: number;
  isIpv6: boolean;
  trace: ReceptionTrace;
  /** Sequence numbers with cycles: from the first of the interval up to but not including the last. */
  begin: number;
  end: number;
  pattern: Uint8Array;
  copies: Uint8Array;
  interval: Tally;
  whole: Tally;
  /** Length of the interval, and of all reception, ns by the clock of the receiver. */
  intervalNs: number;
  wholeNs: number;
  now: NtpTime;
  /** Round-trip times known in the interval, ms; null for none. */
  roundTripMs: SpreadFacts | null;
  lastRoundTripMs: number | null;
  /** Delay variation against the first packet in the interval, ms; null without packets. */
  delayMs: SpreadFacts | null;
  /** Relative transit times in the interval, ticks; null without. */
  stepTicks: SpreadFacts | null;
  /** Delay of the end system: its buffer and one packet, ms. */
  endSystemMs: number;
  /** Transmission rating 0..93, and opinion scores 1..4.5 without and with delay. */
  rating: { r: number; mosLq: number; mosCq: number };
}

export interface XrOccasion {
  ssrc: number;
  isIpv6: boolean;
  far: FarEnd;
  clock: WallClock;
  nowNs: number;
  roundTripsMs: readonly number[];
  lastRoundTripMs: number | null;
  /** First number not yet reported, and when that was, ns by the clock of the receiver; null for the first report. */
  since: { end: number; localNs: number } | null;
}

export function xrFacts(occasion: XrOccasion): XrFacts | null {
  const { far, clock, nowNs, since, ssrc, isIpv6 } = occasion;
  const { trace, receiver } = far;
  if (trace === null || !receiver.isValid) return null;
  const localNs = clock.elapsedNs(nowNs);
  const end = receiver.extendedHighest + 1;
  const isGoingOn = since !== null && since.end >= trace.base && since.end <= end;
  const begin = isGoingOn ? since.end : trace.base;
  const pattern = trace.pattern(begin, end);
  const copies = trace.copiesOf(begin, end);
  const whole = tally(trace.pattern(trace.base, end), trace.copiesOf(trace.base, end));
  return {
    ...{ ssrc, isIpv6, trace, begin, end, pattern, copies, whole },
    interval: tally(pattern, copies),
    intervalNs: localNs - (isGoingOn ? since.localNs : trace.beginNs),
    wholeNs: localNs - trace.beginNs,
    now: clock.ntp(nowNs),
    roundTripMs: spreadOf(occasion.roundTripsMs),
    lastRoundTripMs: occasion.lastRoundTripMs,
    delayMs: spreadOf(trace.delaysMs),
    stepTicks: spreadOf(trace.steps),
    endSystemMs: bufferMs + trace.ptimeMs,
    rating: rate(whole, occasion.lastRoundTripMs ?? 0, bufferMs + trace.ptimeMs),
  };
}

function tally(pattern: Uint8Array, copies: Uint8Array): Tally {
  const states = [...pattern];
  const count = (state: number): number => states.filter((other) => other === state).length;
  const isLost = states.map((state) => state === packetState.lost);
  const isDiscarded = states.map((state) => state === packetState.late || state === packetState.early);
  return {
    expected: states.length,
    lost: count(packetState.lost),
    late: count(packetState.late),
    early: count(packetState.early),
    copied: copies.filter((number) => number > 0).length,
    lossBursts: burstsAndGaps(isLost, gmin),
    discardBursts: burstsAndGaps(isDiscarded, gmin),
    bursts: burstsAndGaps(
      states.map((state) => state !== packetState.received),
      gmin,
    ),
  };
}

function spreadOf(values: readonly number[]): SpreadFacts | null {
  const spread = new Spread();
  for (const value of values) spread.add(value);
  return spread.facts;
}

function rate(whole: Tally, roundTripMs: number, endSystemMs: number): XrFacts['rating'] {
  const bad = whole.lost + whole.late + whole.early;
  const Ppl = whole.expected === 0 ? 0 : (100 * bad) / whole.expected;
  const conversational = narrowband({ Bpl: bpl, Ppl, Ta: roundTripMs / 2 + endSystemMs });
  const listening = narrowband({ Bpl: bpl, Ppl });
  const score = (mos: number): number => Math.min(4.5, Math.max(1, mos));
  const r = Math.max(0, Math.round(conversational.R));
  return { r, mosLq: score(listening.MOS), mosCq: score(conversational.MOS) };
}

/** Share of bad packets in stretches, in 1/256, as RFC 3611 4.7.2 rounds it. */
export function density(stretches: readonly Stretch[]): number {
  const { packets, bad } = total(stretches);
  return packets === 0 ? 0 : Math.min(255, Math.floor((256 * bad) / packets));
}
