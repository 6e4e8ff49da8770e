// What two bad legs did to the calls between their hosts, and what a probe at the
// tap in the middle has to say of it.
import type { StreamSummary } from '../../../src/summary/schema.js';

/** What a leg does in one direction: delay one way, and the chances that it loses RTP and RTCP. */
export interface Impairment {
  delayMs: number;
  loss: number;
  rtcpLoss?: number;
}
export interface Leg {
  toTap: Impairment;
  fromTap: Impairment;
}
export interface Legs {
  a: Leg;
  b: Leg;
  seed: number;
  /** Chance that the SPAN port misses RTP that passes. */
  mirrorLoss?: number;
}

export interface DirectionTruth extends Impairment {
  /** How long RTCP really was held: the delay, and what the machine added to it. */
  rtcpHeldMs: { mean: number; max: number } | null;
  /** Packets that came in, those lost among them; sequence numbers lost, in order. */
  ssrcs: Record<string, { rtp: number; rtcp: number; rtpLost: number[]; rtcpLost: number }>;
}
export interface LegTruth {
  toTap: DirectionTruth;
  fromTap: DirectionTruth;
  /** Of what this leg put on the cable: frames copied to the SPAN port, and sequence numbers that were not, by SSRC. */
  mirrored: number;
  mirrorMissed: Record<string, number[]>;
}
export interface Truth {
  a: LegTruth;
  b: LegTruth;
}

/** Address of host A; all that comes from elsewhere is of host B. */
export const hostA = '192.0.2.1';
export const hostB = '192.0.2.2';

/** The leg of the sender, and that of the receiver. */
const legsOf = ({ src }: StreamSummary, { a, b }: Truth) =>
  src === hostA ? { own: a, other: b } : { own: b, other: a };

/**
 * The losses that the probe tells, and those that it has to: between the first and the last report that
 * it took, to the packet. A report speaks of the packets up to the highest sequence number that had come
 * to the receiver, so what was in flight at that time is in neither count.
 */
export function losses(stream: StreamSummary, truth: Truth) {
  const { expected, upstreamLost, downstreamLost, captureSuspected } = stream.damage;
  const last = stream.rtcp?.reports?.highestSequence ?? stream.lastSequence;
  const within = (numbers: readonly number[] = []) =>
    numbers.filter((number) => ((last - number) & 0xffff) < expected).length;
  const { own, other } = legsOf(stream, truth);
  const upstream = within(own.toTap.ssrcs[stream.ssrc]?.rtpLost);
  const downstream = within(other.fromTap.ssrcs[stream.ssrc]?.rtpLost);
  const missed = within(own.mirrorMissed[stream.ssrc]);
  return {
    told: { upstreamLost, downstreamLost, captureSuspected },
    // The receiver has what the SPAN port missed: packets more than the tap saw.
    truth: { upstreamLost: upstream, downstreamLost: downstream - missed, captureSuspected: missed },
  };
}

/**
 * What a round trip may be longer than RTCP was held by the legs. The kernel and the scheduler take their
 * part, and an endpoint notes late that a sender report has come, so that the time for which it says to
 * have held it is too short: linphone looks at its sockets at the ticks of its media thread, each 10 ms.
 */
const LONGER_MS = { GStreamer: 8, baresip: 8, linphone: 15, SIPp: 0 };
/** What it may be shorter: some clients know the delay in reports to the millisecond only. */
const SHORTER_MS = 1;

/** What is wrong with the round-trip times of both legs: nothing, one hopes. */
export function roundTripFaults(
  stream: StreamSummary,
  truth: Truth,
  client: keyof typeof LONGER_MS,
): string[] {
  const { own, other } = legsOf(stream, truth);
  return (['upstream', 'downstream'] as const).flatMap((side) => {
    const told = stream.legs[side];
    const { toTap, fromTap } = side === 'upstream' ? own : other;
    const least = toTap.delayMs + fromTap.delayMs - SHORTER_MS;
    const most = toTap.rtcpHeldMs!.mean + fromTap.rtcpHeldMs!.mean + LONGER_MS[client];
    const right =
      told?.rttMs != null &&
      told.rejected === 0 &&
      told.rttMs.count >= 2 &&
      told.rttMs.min >= least &&
      told.rttMs.mean <= most;
    return right ? [] : [`${stream.src} ${side}: ${JSON.stringify(told)}, not ${least}..${most} ms`];
  });
}
