// The receiver of one stream behind its downstream leg: what truly comes there
// and when, and what RFC 3550 makes of it.
import { DownstreamLeg } from './downstream-leg.js';
import { fate, type PacketFates } from './packet-fates.js';
import type { StreamPlan } from './plan.js';
import { Receiver } from './receiver.js';
import { ReceptionTrace } from './reception-trace.js';
import type { WallClock } from './wall-clock.js';

/** Most sequence numbers that are remembered for feedback between two looks at them. */
const mostMissing = 256;
const mostRecent = 2000;

export class FarEnd {
  readonly receiver: Receiver;
  /** Packet by packet, for extended reports; null when none are sent. */
  readonly trace: ReceptionTrace | null;
  /** Number (in the order of sending) of the packet with the highest sequence number. */
  highestOrdinal = -1;
  /** Copies that the receiver counted. */
  copies = 0;
  /** First number (with cycles) that no extended report has told of, and the local time of the last; null for none. */
  reported: { end: number; localNs: number } | null = null;
  /** Sequence numbers found missing, and arrivals, since feedback last took them. */
  missing: number[] = [];
  recent: { sequence: number; arrivalNs: number }[] = [];

  private readonly leg: DownstreamLeg;
  private readonly wantsFeedback: boolean;

  /** @param clock wall clock of the receiver */
  constructor(
    plan: StreamPlan,
    private readonly fates: PacketFates,
    private readonly clock: WallClock,
    seed: number,
  ) {
    this.receiver = new Receiver(plan.clockRate);
    this.leg = new DownstreamLeg(plan, seed);
    this.trace = plan.media.xr.length > 0 ? new ReceptionTrace(plan.clockRate, plan.ptimeMs) : null;
    this.wantsFeedback = plan.codec === null && plan.media.feedback.length > 0;
  }

  /** A packet leaves the tap at `tapNs`. */
  send(
    tapNs: number,
    ordinal: number,
    sequence: number,
    timestamp: number,
    payloadType: number,
    octets: number,
  ): void {
    this.leg.send(tapNs, ordinal, sequence, timestamp, payloadType, octets);
  }

  /** Lets all arrive that comes until `nowNs`. */
  advance(nowNs: number): void {
    const { receiver, fates, trace } = this;
    this.leg.take(nowNs, (arrivalNs, ordinal, sequence, timestamp, payloadType, octets) => {
      const isCopy = fates.has(ordinal, fate.arrived);
      fates.mark(ordinal, fate.arrived);
      const { beginnings, extendedHighest } = receiver;
      const localNs = this.clock.elapsedNs(arrivalNs);
      if (!receiver.arrive(sequence, timestamp, localNs)) return;
      if (isCopy) this.copies += 1;
      const hasBegun = receiver.beginnings !== beginnings;
      const isHighest = hasBegun || receiver.extendedHighest > extendedHighest;
      if (hasBegun) trace?.begin(receiver.base, localNs);
      trace?.arrive(receiver.extend(sequence), timestamp, localNs, payloadType, octets);
      if (isHighest) this.highestOrdinal = ordinal;
      if (!this.wantsFeedback || isCopy) return;
      if (!hasBegun) this.noteMissing(extendedHighest + 1, receiver.extendedHighest);
      if (this.recent.length < mostRecent) this.recent.push({ sequence, arrivalNs: localNs });
    });
  }

  private noteMissing(from: number, to: number): void {
    for (let number = from; number < to && this.missing.length < mostMissing; number += 1) {
      this.missing.push(number & 0xffff);
    }
  }
}
