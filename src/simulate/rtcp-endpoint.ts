// One end of a media session as RTCP sees it: it reports what it sends and what
// it received, on a schedule. The tap lies between the ends; what an end has
// received at a time is what had passed the tap one leg delay before, and what
// it sends passes the tap one leg delay after.
import type { Path } from './endpoints.js';
import type { EventHeap } from './event-heap.js';
import { udpFrame } from './frames.js';
import type { Prng } from './prng.js';
import { type ReportBlock, rtcpCompound, type SenderInfo } from './rtcp-packets.js';
import type { SimulatedStream } from './stream.js';

export interface RtcpEndpointPlan {
  ssrc: number;
  cname: string;
  /** From this end to the other, with the RTCP ports. */
  path: Path;
  /** Delay between this end and the tap, ns. */
  legNs: number;
  /** The stream that this end sends, null for a mere receiver. */
  own: SimulatedStream | null;
  /** The stream that it receives, null for a mere sender. */
  peer: SimulatedStream | null;
  /** Mean time between reports, ns. */
  intervalNs: number;
  startNs: number;
  /** When this end leaves, Infinity for never. */
  endNs: number;
  /** Wall clock of this end at time 0, ns since the Unix epoch; ends do not agree about it. */
  clockNs: bigint;
}

/** Where reports go: the capture. */
export type EmitFrame = (atNs: number, frame: Uint8Array, path: Path) => void;

const ntpFromUnixSeconds = 2_208_988_800n;
const secondNs = 1_000_000_000n;

export class RtcpEndpoint {
  private expectedBefore = 0;
  private receivedBefore = 0;
  private segmentBefore = 0;
  private sentBefore = 0;
  private sentBeforeThat = 0;
  private datagrams = 0;

  constructor(
    private readonly plan: RtcpEndpointPlan,
    private readonly events: EventHeap,
    private readonly emit: EmitFrame,
    private readonly prng: Prng,
  ) {
    this.schedule(plan.startNs, 0.5);
  }

  /** Plans the report after the one at `previousNs`: at random around the interval (RFC 3550 6.3.1). */
  private schedule(previousNs: number, share: number): void {
    const { plan } = this;
    const nextNs = previousNs + Math.floor(plan.intervalNs * share * this.prng.between(0.5, 1.5));
    const isLast = nextNs >= plan.endNs;
    const sendNs = isLast ? plan.endNs + 20e6 : nextNs;
    plan.own?.noteAt(sendNs);
    this.events.add(Math.max(0, sendNs - plan.legNs), () => this.take(sendNs, isLast));
  }

  /** What this end will have received when it reports at `sendNs` has passed the tap now. */
  private take(sendNs: number, isLast: boolean): void {
    const block = this.block(sendNs);
    this.events.add(sendNs + this.plan.legNs, () => this.pass(sendNs, block, isLast));
    if (!isLast) this.schedule(sendNs, 1);
  }

  /** The report passes the tap. */
  private pass(sendNs: number, block: ReportBlock | null, isLast: boolean): void {
    const { plan } = this;
    const tapNs = sendNs + plan.legNs;
    const sender = this.senderInfo(sendNs);
    if (plan.own !== null) {
      plan.own.rtcp.packets += 1;
      if (sender !== null) {
        plan.own.rtcp.senderReports += 1;
        plan.own.lastSr = { middle: middle32(sender), tapNs };
      }
    }
    if (plan.peer !== null && block !== null) {
      plan.peer.rtcp.reports += 1;
      plan.peer.rtcp.lastReport = block;
    }
    const payload = rtcpCompound(plan.ssrc, sender, block, plan.cname, isLast);
    this.emit(tapNs, udpFrame(plan.path, payload, this.datagrams), plan.path);
    this.datagrams += 1;
  }

  /** RFC 3550 A.3 and 6.4.1 over what the receiver saw; null before the first packet. */
  private block(sendNs: number): ReportBlock | null {
    const { peer, legNs } = this.plan;
    if (peer === null || peer.truth.packets === 0) return null;
    const { truth } = peer;
    if (truth.restarts !== this.segmentBefore) {
      // A receiver begins anew when the sender does (RFC 3550 A.1).
      this.segmentBefore = truth.restarts;
      this.expectedBefore = 0;
      this.receivedBefore = 0;
    }
    const expected = truth.segmentHighest - truth.segmentFirst + 1;
    const received = truth.segmentPackets;
    const expectedSince = expected - this.expectedBefore;
    const lostSince = expectedSince - (received - this.receivedBefore);
    this.expectedBefore = expected;
    this.receivedBefore = received;
    const cycles = Math.floor((truth.segmentBase + truth.segmentFirst) / 65_536);
    const lost = Math.max(-0x800000, Math.min(0x7fffff, expected - received));
    return {
      ssrc: peer.ssrc,
      fractionLost:
        expectedSince <= 0 || lostSince <= 0
          ? 0
          : Math.min(255, Math.floor((256 * lostSince) / expectedSince)),
      cumulativeLost: lost,
      extendedHighestSequence: (truth.segmentBase + truth.segmentHighest - 65_536 * cycles) >>> 0,
      jitter: Math.floor(truth.jitter),
      lastSr: peer.lastSr?.middle ?? 0,
      delaySinceLastSr:
        peer.lastSr === null ? 0 : Math.round(((sendNs - peer.lastSr.tapNs - legNs) * 65_536) / 1e9),
    };
  }

  /** Null when this end has sent nothing since the report before the last (RFC 3550 6.4). */
  private senderInfo(sendNs: number): SenderInfo | null {
    const { own, clockNs } = this.plan;
    if (own === null) return null;
    const { packets, octets } = own.sentBy(sendNs);
    const isSender = packets > this.sentBeforeThat;
    this.sentBeforeThat = this.sentBefore;
    this.sentBefore = packets;
    if (!isSender) return null;
    const now = clockNs + BigInt(sendNs);
    return {
      ntpSeconds: Number(BigInt.asUintN(32, now / secondNs + ntpFromUnixSeconds)),
      ntpFraction: Number(((now % secondNs) << 32n) / secondNs),
      rtpTimestamp: own.model.timestampAt(sendNs),
      packets: packets >>> 0,
      octets: octets >>> 0,
    };
  }
}

function middle32(sender: SenderInfo): number {
  return ((sender.ntpSeconds << 16) | (sender.ntpFraction >>> 16)) >>> 0;
}
