// The per-source blocks of RFC 3611 (types 1, 2, 3, 6 and 7), and the run length
// encodings made in their likeness.
import { total } from './burst-gap.js';
import { bufferMs, packetState } from './reception-trace.js';
import type { RtcpWire } from './rtcp-wire.js';
import { density, gmin, type XrFacts } from './xr-facts.js';
import { chunksOf } from './xr-values.js';

/** Most receipt times in one block. */
const mostReceipts = 16;
/** Of what comes from 64 hops, past the gateway and the tap. */
const hopLimit = 62;
/** Levels in dBm0 that suit a quiet line. */
const signalLevel = -19;
const noiseLevel = -65;
const unavailable = 127;
/** Standard concealment, buffer of fixed size, rate 0 (RFC 3611 4.7.6). */
const receiverConfig = (0b11 << 6) | (0b10 << 4);

/** A trace of bits over the packets of the interval. */
function writeTrace(wire: RtcpWire, facts: XrFacts, type: number, specific: number, bits: boolean[]): void {
  wire.block(type, specific, () => {
    wire
      .u32(facts.ssrc)
      .u16(facts.begin & 0xffff)
      .u16(facts.end & 0xffff);
    for (const chunk of chunksOf(bits)) wire.u16(chunk);
  });
}

/** Loss RLE (RFC 3611 4.1), and the same after repair, of which there is none (RFC 5725): 1 for received. */
export function writeLossTrace(wire: RtcpWire, facts: XrFacts, type: 1 | 10): void {
  writeTrace(
    wire,
    facts,
    type,
    0,
    Array.from(facts.pattern, (state) => state !== packetState.lost),
  );
}

/** Duplicate RLE (RFC 3611 4.2): 0 where copies came. */
export function writeDuplicateTrace(wire: RtcpWire, facts: XrFacts): void {
  writeTrace(
    wire,
    facts,
    2,
    0,
    Array.from(facts.copies, (number) => number === 0),
  );
}

/** Discard RLE (RFC 7097): 1 for discarded; late ones with E 0, early ones with E 1. */
export function writeDiscardTrace(wire: RtcpWire, facts: XrFacts): void {
  for (const [specific, wanted] of [
    [0, packetState.late],
    [1 << 4, packetState.early],
  ] as const) {
    const bits = Array.from(facts.pattern, (state) => state === wanted);
    if (specific === 0 || bits.includes(true)) writeTrace(wire, facts, 25, specific, bits);
  }
}

/** Packet receipt times (RFC 3611 4.3) of the newest packets without a loss between them. */
export function writeReceipts(wire: RtcpWire, { ssrc, begin, end, trace }: XrFacts): void {
  let first = end;
  while (first > begin && end - first < mostReceipts && trace.receipts.has(first - 1)) first -= 1;
  if (first === end) return;
  wire.block(3, 0, () => {
    wire
      .u32(ssrc)
      .u16(first & 0xffff)
      .u16(end & 0xffff);
    for (let number = first; number < end; number += 1) {
      const { localNs } = trace.receipts.get(number)!;
      wire.u32(Math.round((localNs * trace.clockRate) / 1e9) % 2 ** 32);
    }
  });
}

/** Statistics summary (RFC 3611 4.6); without two packets there is no jitter to tell of. */
export function writeSummary(wire: RtcpWire, facts: XrFacts): void {
  const { interval, stepTicks, trace, isIpv6 } = facts;
  const mean = stepTicks?.mean ?? 0;
  const square = trace.steps.reduce((sum, step) => sum + (step - mean) ** 2, 0);
  const deviation = stepTicks === null ? 0 : Math.sqrt(square / trace.steps.length);
  const flags = (0b11 << 6) | (stepTicks === null ? 0 : 1 << 5) | ((isIpv6 ? 2 : 1) << 3);
  wire.block(6, flags, () => {
    wire
      .u32(facts.ssrc)
      .u16(facts.begin & 0xffff)
      .u16(facts.end & 0xffff);
    wire.u32(interval.lost).u32(facts.copies.reduce((sum, number) => sum + number, 0));
    wire.u32(Math.round(stepTicks?.min ?? 0)).u32(Math.round(stepTicks?.max ?? 0));
    wire.u32(Math.round(mean)).u32(Math.round(deviation));
    wire.u8(hopLimit).u8(hopLimit).u8(hopLimit).u8(0);
  });
}

/** Network quality of BT (RFC 5093 3): delay variation in ticks, times of degradation in ms; it names no stream. */
export function writeNetworkQuality(
  wire: RtcpWire,
  { begin, end, interval, stepTicks, trace }: XrFacts,
): void {
  const widest = Math.min(0xffff, Math.round(stepTicks?.max ?? 0));
  const lostMs = Math.round(interval.lost * trace.ptimeMs);
  const lateMs = Math.round((interval.late + interval.early) * trace.ptimeMs);
  wire.block(8, 0, () => {
    wire.u16(begin & 0xffff).u16(end & 0xffff);
    wire.u16(widest).u16(widest).u32(widest).u16(1).u16(0);
    for (const value of [lostMs, lateMs, Math.ceil(lostMs / 1000), 0])
      wire.u8(0).u24(Math.min(0xff_ffff, value));
  });
}

/** VoIP metrics (RFC 3611 4.7) since the beginning. */
export function writeVoipMetrics(wire: RtcpWire, facts: XrFacts): void {
  const { whole, rating, trace, endSystemMs } = facts;
  const { bursts, gaps } = whole.bursts;
  const rate = (bad: number): number =>
    whole.expected === 0 ? 0 : Math.min(255, Math.floor((256 * bad) / whole.expected));
  const meanMs = (stretches: typeof bursts): number => {
    const packets = total(stretches).packets;
    return stretches.length === 0
      ? 0
      : Math.min(0xffff, Math.round((packets * trace.ptimeMs) / stretches.length));
  };
  wire.block(7, 0, () => {
    wire.u32(facts.ssrc);
    wire
      .u8(rate(whole.lost))
      .u8(rate(whole.late + whole.early))
      .u8(density(bursts))
      .u8(density(gaps));
    wire.u16(meanMs(bursts)).u16(meanMs(gaps));
    wire.u16(Math.round(facts.lastRoundTripMs ?? 0)).u16(Math.round(endSystemMs));
    wire
      .u8(signalLevel & 0xff)
      .u8(noiseLevel & 0xff)
      .u8(unavailable)
      .u8(gmin);
    wire
      .u8(rating.r)
      .u8(unavailable)
      .u8(Math.round(rating.mosLq * 10))
      .u8(Math.round(rating.mosCq * 10));
    wire
      .u8(receiverConfig)
      .u8(0)
      .u16(bufferMs)
      .u16(2 * bufferMs)
      .u16(2 * bufferMs);
  });
}
