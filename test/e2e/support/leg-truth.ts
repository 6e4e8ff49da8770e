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
 * What was lost between the first and the last report that the probe took, to the packet: a report
 * speaks of the packets up to the highest sequence number that had come to the receiver, so what was
 * in flight at that time is in neither count.
 */
export function lossesWithin(stream: StreamSummary, truth: Truth) {
  const { expected } = stream.damage;
  const last = stream.rtcp?.reports?.highestSequence ?? stream.lastSequence;
  const within = (numbers: readonly number[] = []) =>
    numbers.filter((number) => ((last - number) & 0xffff) < expected).length;
  const { own, other } = legsOf(stream, truth);
  return {
    upstream: within(own.toTap.ssrcs[stream.ssrc]?.rtpLost),
    downstream: within(other.fromTap.ssrcs[stream.ssrc]?.rtpLost),
    missedByCapture: within(own.mirrorMissed[stream.ssrc]),
  };
}

/** Round trips of both legs: the least that they can be, and the mean that RTCP took in the network [ms]. */
export function roundTrips(stream: StreamSummary, truth: Truth) {
  const { own, other } = legsOf(stream, truth);
  const ofLeg = ({ toTap, fromTap }: LegTruth) => ({
    least: toTap.delayMs + fromTap.delayMs,
    mean: toTap.rtcpHeldMs!.mean + fromTap.rtcpHeldMs!.mean,
  });
  return { upstream: ofLeg(own), downstream: ofLeg(other) };
}
