// Extended reports of one end (RFC 3611 2): as many of the wanted blocks as fit.
import type { MediaOptions } from './options.js';
import type { RtcpHearing, RtcpMessage } from './rtcp-hearing.js';
import { RtcpWire } from './rtcp-wire.js';
import type { SimulatedStream } from './stream.js';
import { middle32, type WallClock } from './wall-clock.js';
import { answerType, referenceType, streamBlocks, writeUnknown } from './xr-blocks.js';
import { type XrFacts, xrFacts } from './xr-facts.js';

const extendedReport = 207;

/** The end that reports. */
export interface Reporter {
  readonly plan: { ssrc: number; clock: WallClock; media: MediaOptions };
  readonly hearing: RtcpHearing;
}

/**
 * Writes one XR packet.
 * @param message learns of reference time and answer
 * @param streams the streams reported on
 * @param room octets that there are
 */
export function writeExtendedReport(
  wire: RtcpWire,
  { plan, hearing }: Reporter,
  message: RtcpMessage,
  streams: readonly SimulatedStream[],
  nowNs: number,
  room: number,
): void {
  const facts = streams.flatMap((stream) => factsAbout(stream, plan.clock, hearing, nowNs) ?? []);
  const blocks: Uint8Array[] = [];
  let left = room - 8;
  const add = (write: (wire: RtcpWire) => void): boolean => {
    const scratch = new RtcpWire();
    write(scratch);
    const bytes = scratch.finish(0);
    if (bytes.length > left) return false;
    left -= bytes.length;
    blocks.push(bytes);
    return true;
  };
  for (const type of plan.media.xr) {
    if (type === referenceType) {
      const now = plan.clock.ntp(nowNs);
      const isIn = add((scratch) => scratch.block(type, 0, () => scratch.u32(now.seconds).u32(now.fraction)));
      if (isIn) message.reference = { ssrc: plan.ssrc, middle: middle32(now) };
    } else if (type === answerType) {
      const since = hearing.since(hearing.reference, nowNs);
      if (since.middle === 0) continue;
      const { ssrc, middle, delay } = since;
      const isIn = add((scratch) => scratch.block(type, 0, () => scratch.u32(ssrc).u32(middle).u32(delay)));
      if (isIn) message.answer = since;
    } else {
      const write = streamBlocks[type];
      if (write === undefined) add((scratch) => writeUnknown(scratch, type));
      else for (const about of facts) add((scratch) => write(scratch, about));
    }
  }
  for (const { trace } of facts) trace.endInterval();
  hearing.roundTripsMs = [];
  if (blocks.length === 0) return;
  wire.packet(extendedReport, 0, () => {
    wire.u32(plan.ssrc);
    for (const block of blocks) wire.octets(block);
  });
}

function factsAbout(
  { ssrc, far, plan }: SimulatedStream,
  clock: WallClock,
  hearing: RtcpHearing,
  nowNs: number,
): XrFacts | null {
  if (far === null) return null;
  const { roundTripsMs, lastRoundTripMs } = hearing;
  const isIpv6 = plan.path.from.ip.length === 16;
  const facts = xrFacts({
    ...{ ssrc, isIpv6, far, clock, nowNs, roundTripsMs, lastRoundTripMs },
    since: far.reported,
  });
  if (facts !== null) far.reported = { end: facts.end, localNs: clock.elapsedNs(nowNs) };
  return facts;
}
