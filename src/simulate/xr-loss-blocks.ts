// Blocks about losses, discards and their bursts: types 17 to 21, 24, 26, 30,
// 31, 33 and 35.
import { type Stretch, total } from './burst-gap.js';
import { packetState } from './reception-trace.js';
import type { RtcpWire } from './rtcp-wire.js';
import { gmin, type XrFacts } from './xr-facts.js';
import { cumulativeFlag, intervalFlag, limited } from './xr-values.js';

/** Enhanced concealment (RFC 7294 3.2), in the bits behind the interval flag. */
const concealment = 0b11 << 4;
/** A second with this much concealment (ms) is severely concealed (RFC 7294 4.2). */
const severeMs = 50;
/** Discard types of RFC 7002, in the bits behind the interval flag. */
const discardTypes = { duplicate: 0, early: 1 << 4, late: 2 << 4 } as const;

const durations = (stretches: readonly Stretch[], ptimeMs: number): number[] =>
  stretches.map(({ packets }) => Math.round(packets * ptimeMs));

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Burst/gap loss (RFC 6958 3.1): the number of bursts has 12 bits in its figure, the sum of squares 36. */
export function writeBurstLoss(wire: RtcpWire, { ssrc, interval, trace }: XrFacts): void {
  const { bursts } = interval.lossBursts;
  const { packets, bad } = total(bursts);
  const lengthsMs = durations(bursts, trace.ptimeMs);
  const squares = sum(lengthsMs.map((ms) => ms * ms));
  wire.block(20, intervalFlag, () => {
    wire
      .u32(ssrc)
      .u8(gmin)
      .u24(limited(sum(lengthsMs), 24))
      .u24(limited(bad, 24))
      .u24(limited(packets, 24));
    const number = Math.min(0xffe, bursts.length);
    wire.u16((number << 4) | Math.floor(squares / 2 ** 32)).u32(squares % 2 ** 32);
  });
}

/** Burst/gap discard (RFC 7003 3.1). */
export function writeBurstDiscard(wire: RtcpWire, { ssrc, interval }: XrFacts): void {
  const { packets, bad } = total(interval.discardBursts.bursts);
  wire.block(21, intervalFlag, () => {
    wire.u32(ssrc).u8(gmin).u24(limited(bad, 24)).u24(limited(packets, 24)).u8(0);
  });
}

/** Independent burst/gap discard (RFC 8015 4.1). */
export function writeIndependentDiscard(wire: RtcpWire, { ssrc, interval, trace }: XrFacts): void {
  const { bursts } = interval.discardBursts;
  const { packets, bad } = total(bursts);
  wire.block(35, intervalFlag, () => {
    wire
      .u32(ssrc)
      .u8(gmin)
      .u24(limited(sum(durations(bursts, trace.ptimeMs)), 24));
    wire.u24(limited(bad, 24)).u16(limited(bursts.length, 16)).u24(limited(packets, 24));
    wire.u32(limited(interval.late + interval.early, 32));
  });
}

const share = (bad: number, expected: number): number =>
  expected === 0 ? 0xffff : Math.floor((bad / expected) * 0x8000);

/** Burst/gap loss summary (RFC 7004 3.1): rates in 1/32768, mean and variance of the durations in ms. */
export function writeLossSummary(wire: RtcpWire, { ssrc, whole, trace }: XrFacts): void {
  const { bursts } = whole.lossBursts;
  const { packets, bad } = total(bursts);
  const lengthsMs = durations(bursts, trace.ptimeMs);
  const number = lengthsMs.length;
  const mean = number === 0 ? null : sum(lengthsMs) / number;
  const squares = sum(lengthsMs.map((ms) => (ms - (mean ?? 0)) ** 2));
  wire.block(17, cumulativeFlag, () => {
    wire
      .u32(ssrc)
      .u16(share(bad, packets))
      .u16(share(whole.lost - bad, whole.expected - packets));
    wire.u16(limited(mean, 16)).u16(limited(number < 2 ? null : squares / (number - 1), 16));
  });
}

/** Burst/gap discard summary (RFC 7004 3.2). */
export function writeDiscardSummary(wire: RtcpWire, { ssrc, whole }: XrFacts): void {
  const { packets, bad } = total(whole.discardBursts.bursts);
  const discarded = whole.late + whole.early;
  wire.block(18, cumulativeFlag, () => {
    wire
      .u32(ssrc)
      .u16(share(bad, packets))
      .u16(share(discarded - bad, whole.expected - packets));
  });
}

/** Frame impairment (RFC 7004 4.1) of derived frames, each packet taken for a frame. */
export function writeFrameImpairment(wire: RtcpWire, { ssrc, begin, end, interval }: XrFacts): void {
  wire.block(19, 1 << 7, () => {
    wire
      .u32(ssrc)
      .u16(begin & 0xffff)
      .u16(end & 0xffff);
    wire
      .u32(interval.late + interval.early)
      .u32(interval.copied)
      .u32(interval.lost)
      .u32(0);
  });
}

/** Discard counts (RFC 7002 3.1), one block for each reason. */
export function writeDiscardCount(wire: RtcpWire, { ssrc, interval }: XrFacts): void {
  for (const [type, count] of [
    [discardTypes.duplicate, interval.copied],
    [discardTypes.early, interval.early],
    [discardTypes.late, interval.late],
  ] as const) {
    wire.block(24, intervalFlag | type, () => wire.u32(ssrc).u32(limited(count, 32)));
  }
}

/** Octets discarded (RFC 7243 3.1) for being late, E 0. */
export function writeOctetsDiscarded(wire: RtcpWire, { ssrc, begin, pattern, trace }: XrFacts): void {
  let octets = 0;
  pattern.forEach((state, i) => {
    if (state === packetState.late) octets += trace.receipts.get(begin + i)?.octets ?? 0;
  });
  wire.block(26, intervalFlag, () => wire.u32(ssrc).u32(limited(octets, 32)));
}

/** Loss concealment durations (RFC 7294 3.1) in ticks. */
export function writeConcealment(wire: RtcpWire, { ssrc, interval, trace }: XrFacts): void {
  const ticks = (trace.ptimeMs * trace.clockRate) / 1000;
  const { bad } = total([...interval.bursts.bursts, ...interval.bursts.gaps]);
  wire.block(30, intervalFlag | concealment, () => {
    wire
      .u32(ssrc)
      .u32(limited((interval.expected - bad) * ticks, 32))
      .u32(limited(bad * ticks, 32))
      .u32(0);
    wire.u16(limited(interval.bursts.bursts.length, 16)).u16(0);
    const interruptions = durations(interval.bursts.bursts, (trace.ptimeMs * trace.clockRate) / 1000);
    wire.u32(limited(interruptions.length === 0 ? 0 : sum(interruptions) / interruptions.length, 32));
  });
}

/** Concealed seconds (RFC 7294 4.1), each second a fixed number of packets. */
export function writeConcealedSeconds(wire: RtcpWire, { ssrc, pattern, trace }: XrFacts): void {
  const perSecond = Math.max(1, Math.round(1000 / trace.ptimeMs));
  const seconds = { fine: 0, concealed: 0, severe: 0 };
  for (let at = 0; at < pattern.length; at += perSecond) {
    const bad = pattern.subarray(at, at + perSecond).filter((state) => state !== packetState.received).length;
    if (bad === 0) seconds.fine += 1;
    else seconds.concealed += 1;
    if (bad * trace.ptimeMs > severeMs) seconds.severe += 1;
  }
  wire.block(31, intervalFlag | concealment, () => {
    wire.u32(ssrc).u32(seconds.fine).u32(seconds.concealed);
    wire.u16(limited(seconds.severe, 16)).u8(0).u8(severeMs);
  });
}

/** Losses after repair (RFC 7509 3), of which there is none; as long as its figure, 3. */
export function writePostRepair(wire: RtcpWire, { ssrc, begin, end, interval }: XrFacts): void {
  wire.block(33, 0, () => {
    wire
      .u32(ssrc)
      .u16(begin & 0xffff)
      .u16(end & 0xffff);
    wire.u16(Math.min(0xffff, interval.lost)).u16(0);
  });
}
