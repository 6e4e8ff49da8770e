// Blocks about times and quality: types 11 to 16, 23 and 27 to 29.
import { bufferMs } from './reception-trace.js';
import type { RtcpWire } from './rtcp-wire.js';
import { middle32, ntpSpan } from './wall-clock.js';
import type { XrFacts } from './xr-facts.js';
import {
  cumulativeFlag,
  intervalFlag,
  limited,
  s11_4,
  sampledFlag,
  seconds16_16,
  spanNtp,
} from './xr-values.js';

/** Simple join that went well (RFC 6332 7.3, 7.5), and how long it took. */
const simpleJoin = 1;
const joined = 1;
const joinMs = 35;
/** Identifier of a group that is synchronized (RFC 7272). */
const syncGroup = 42;
/** 100 % as 8:8. */
const allPackets = 100 << 8;
/** Reference to the algorithm of the scores (RFC 7266 4.1). */
const algorithm = 1;

/** Multicast acquisition (RFC 6332 4.1) with the two elements that success asks for. */
export function writeAcquisition(wire: RtcpWire, { ssrc, trace }: XrFacts): void {
  wire.block(11, simpleJoin, () => {
    wire.u32(ssrc).u16(joined).u16(0);
    wire
      .u8(1)
      .u8(0)
      .u16(2)
      .u16(trace.base & 0xffff)
      .u16(0);
    wire.u8(2).u8(0).u16(4).u32(joinMs);
  });
}

/** Inter-destination synchronization (RFC 7272 6): the newest packet, and when it is played. */
export function writeSynchronization(wire: RtcpWire, facts: XrFacts): void {
  const { ssrc, end, trace, now } = facts;
  const timestamp = trace.receipts.get(end - 1)?.timestamp ?? 0;
  // A synchronization client; the time of playing is there.
  wire.block(12, (1 << 4) | 1, () => {
    wire
      .u8(trace.payloadType << 1)
      .u24(0)
      .u32(syncGroup)
      .u32(ssrc)
      .u32(now.seconds)
      .u32(now.fraction);
    wire.u32(timestamp >>> 0).u32((middle32(now) + ntpSpan(bufferMs * 1e6)) >>> 0);
  });
}

/** ECN summary (RFC 6679 5.2): no packet is marked. */
export function writeEcnSummary(wire: RtcpWire, { ssrc, whole }: XrFacts): void {
  wire.block(13, 0, () => {
    wire
      .u32(ssrc)
      .u32(0)
      .u32(0)
      .u16(0)
      .u16((whole.expected - whole.lost) & 0xffff);
    wire.u16(whole.lost & 0xffff).u16(whole.copied & 0xffff);
  });
}

/** Measurement information (RFC 6776 4.1), which all interval metrics lean on. */
export function writeMeasurement(wire: RtcpWire, facts: XrFacts): void {
  const { ssrc, begin, end, trace } = facts;
  const [seconds, fraction] = spanNtp(facts.wholeNs);
  wire.block(14, 0, () => {
    wire
      .u32(ssrc)
      .u16(0)
      .u16(trace.base & 0xffff)
      .u32(begin >>> 0)
      .u32((end - 1) >>> 0);
    wire.u32(ntpSpan(facts.intervalNs)).u32(seconds).u32(fraction);
  });
}

/** Packet delay variation (RFC 6798 3.1): 2-point, peaks of all packets. */
export function writeDelayVariation(wire: RtcpWire, { ssrc, delayMs }: XrFacts): void {
  const percentile = delayMs === null ? 0xffff : allPackets;
  wire.block(15, intervalFlag | (1 << 2), () => {
    wire
      .u32(ssrc)
      .u16(s11_4(delayMs?.max ?? null))
      .u16(percentile);
    wire
      .u16(s11_4(delayMs?.min ?? null))
      .u16(percentile)
      .u16(s11_4(delayMs?.mean ?? null))
      .u16(0);
  });
}

/** Delay (RFC 6843 3.1): round trips, and the delay in the end system. */
export function writeDelay(wire: RtcpWire, { ssrc, roundTripMs, endSystemMs }: XrFacts): void {
  const [seconds, fraction] = spanNtp(endSystemMs * 1e6);
  wire.block(16, intervalFlag, () => {
    wire
      .u32(ssrc)
      .u32(seconds16_16(roundTripMs?.mean ?? null))
      .u32(seconds16_16(roundTripMs?.min ?? null));
    wire
      .u32(seconds16_16(roundTripMs?.max ?? null))
      .u32(seconds)
      .u32(fraction);
  });
}

/** De-jitter buffer (RFC 7005 4.1): one of fixed size, C 0. */
export function writeBuffer(wire: RtcpWire, { ssrc }: XrFacts): void {
  wire.block(23, sampledFlag, () => {
    wire
      .u32(ssrc)
      .u16(bufferMs)
      .u16(2 * bufferMs)
      .u16(bufferMs)
      .u16(bufferMs);
  });
}

/** Initial synchronization delay (RFC 7244 3.1): unknown, as there is one medium. */
export function writeInitialSync(wire: RtcpWire, { ssrc }: XrFacts): void {
  wire.block(27, 0, () => wire.u32(ssrc).u32(0xffff_ffff));
}

/** Synchronization offset (RFC 7244 4.1): none. */
export function writeSyncOffset(wire: RtcpWire, { ssrc }: XrFacts): void {
  wire.block(28, intervalFlag, () => wire.u32(ssrc).u32(0).u32(0));
}

/** Opinion score (RFC 7266 3.1) of one channel, as 7:9. */
export function writeScore(wire: RtcpWire, { ssrc, trace, rating }: XrFacts): void {
  const segment = (algorithm << 7) | trace.payloadType;
  wire.block(29, cumulativeFlag, () => {
    wire
      .u32(ssrc)
      .u16(segment)
      .u16(limited(rating.mosLq * 512, 16));
  });
}
