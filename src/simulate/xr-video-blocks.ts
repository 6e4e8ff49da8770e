// Blocks about video: types 22, 32 and 34. Every packet is taken for a frame.
import { total } from './burst-gap.js';
import type { RtcpWire } from './rtcp-wire.js';
import type { XrFacts } from './xr-facts.js';
import { intervalFlag, limited } from './xr-values.js';

/** Words of counters behind the range. Readers step over these blocks by their length. */
const decodabilityCounters = 10;
const psiCounters = 7;

/** Decodability of an MPEG2 transport stream (RFC 6990 3): SSRC, range and counters, no errors. */
export function writeDecodability(wire: RtcpWire, facts: XrFacts): void {
  writeCounters(wire, facts, 22, decodabilityCounters);
}

/** The same of its tables (RFC 7380 3). */
export function writePsiDecodability(wire: RtcpWire, facts: XrFacts): void {
  writeCounters(wire, facts, 32, psiCounters);
}

function writeCounters(wire: RtcpWire, { ssrc, begin, end }: XrFacts, type: number, counters: number): void {
  wire.block(type, 0, () => {
    wire
      .u32(ssrc)
      .u16(begin & 0xffff)
      .u16(end & 0xffff);
    for (let i = 0; i < counters; i += 1) wire.u32(0);
  });
}

/** V 10, frame freeze, in the bits behind the interval flag (RFC 7867 4). */
const freeze = 0b10 << 4;

/** Video loss concealment (RFC 7867 4) by freezing: durations in ticks, shares in 1/256. */
export function writeVideoConcealment(wire: RtcpWire, { ssrc, interval, trace }: XrFacts): void {
  const ticks = (trace.ptimeMs * trace.clockRate) / 1000;
  const { bad } = total([...interval.bursts.bursts, ...interval.bursts.gaps]);
  const freezes = interval.bursts.bursts.length;
  const share = interval.expected === 0 ? 0 : Math.min(255, Math.floor((256 * bad) / interval.expected));
  wire.block(34, intervalFlag | freeze, () => {
    wire
      .u32(ssrc)
      .u32(limited(bad * ticks, 32))
      .u32(limited(bad * ticks, 32))
      .u32(limited(freezes === 0 ? 0 : (total(interval.bursts.bursts).packets * ticks) / freezes, 32));
    wire.u8(share).u8(share).u8(share).u8(0);
  });
}
