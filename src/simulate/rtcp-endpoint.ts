// One end of a media session as RTCP sees it: it reports what it sends and what
// it received, on a schedule. What an end has received is what truly came to it,
// and what it sends passes the tap on its way to the other end.
import type { EventHeap } from './event-heap.js';
import type { MediaOptions } from './options.js';
import type { Prng } from './prng.js';
import { RtcpHearing, type RtcpMessage } from './rtcp-hearing.js';
import type { Passage, RtcpLink } from './rtcp-link.js';
import {
  type ReportBlock,
  sdesItem,
  writeApplication,
  writeGoodbye,
  writeReport,
  writeSourceDescription,
} from './rtcp-packets.js';
import { RtcpSender } from './rtcp-sender.js';
import { type Standing, standingOf } from './rtcp-truth.js';
import { RtcpWire } from './rtcp-wire.js';
import { cover } from './srtcp.js';
import type { SimulatedStream } from './stream.js';
import { middle32, type WallClock } from './wall-clock.js';
import { writeExtendedReport } from './xr-report.js';

export interface RtcpEndpointPlan {
  /** That of its first stream, or one of its own when it sends none. */
  ssrc: number;
  cname: string;
  link: RtcpLink;
  media: MediaOptions;
  /** The streams that this end sends, none for a mere receiver. */
  own: readonly SimulatedStream[];
  /** The streams that it receives, none for a mere sender. */
  peers: readonly SimulatedStream[];
  /** Mean time between reports, ns. */
  intervalNs: number;
  startNs: number;
  /** When this end leaves, Infinity for never. */
  endNs: number;
  clock: WallClock;
}

/** Octets of a datagram that fit into a frame. */
const largestDatagram = 1300;
/** Reduced-size datagrams follow their report after this long. */
const apartNs = 500_000;
/** A report less than this before the end would not be out before the BYE. */
const byeNs = 20e6;

export class RtcpEndpoint {
  readonly hearing: RtcpHearing;
  /** The other end, which hears what this one sends. */
  other: RtcpEndpoint | null = null;

  private readonly senders: RtcpSender[];
  private reports = 0;
  private srtcpIndex = 0;

  constructor(
    readonly plan: RtcpEndpointPlan,
    private readonly events: EventHeap,
    private readonly prng: Prng,
    private readonly coverPrng: Prng,
  ) {
    const ssrcs = new Set([plan.ssrc, ...plan.own.map(({ ssrc }) => ssrc)]);
    this.hearing = new RtcpHearing(plan.clock, (ssrc) => ssrcs.has(ssrc));
    this.senders = plan.own.map((stream) => new RtcpSender(stream, plan.clock));
    this.schedule(plan.startNs, 0.5);
  }

  /** Sends a datagram of this end; `message` is what the other end learns from it. */
  send(sendNs: number, wire: RtcpWire, message: RtcpMessage, onTap: (passage: Passage) => void): void {
    const { link, media, own } = this.plan;
    const plain = wire.finish(media.rtcpPadding);
    const datagram = media.srtp ? cover(plain, this.srtcpIndex, this.coverPrng) : plain;
    this.srtcpIndex += 1;
    link.send(
      sendNs,
      datagram,
      (passage) => {
        if (!passage.isCaptured) return;
        if (own.length > 0) own[0]!.rtcp.packets += 1;
        onTap(passage);
      },
      (passage) => this.other?.hearing.hear(message, passage),
    );
  }

  /** The canonical name and, if wanted, more (RFC 3550 6.5). */
  describe(wire: RtcpWire): void {
    const { cname, media, ssrc, own } = this.plan;
    const items: [number, string][] = [[sdesItem.cname, cname]];
    const more: [number, string][] = [
      [sdesItem.name, 'Simulated Party'],
      [sdesItem.tool, 'rtpsonde simulate'],
      [sdesItem.note, 'on a call'],
    ];
    const sources = [{ ssrc, items: media.rtcpExtras ? [...items, ...more] : items }];
    for (const stream of own.slice(1)) sources.push({ ssrc: stream.ssrc, items });
    writeSourceDescription(wire, sources);
  }

  /** Plans the report after the one at `previousNs`: at random around the interval (RFC 3550 6.3.1). */
  private schedule(previousNs: number, share: number): void {
    const { plan } = this;
    const nextNs = previousNs + Math.floor(plan.intervalNs * share * this.prng.between(0.5, 1.5));
    const isLast = nextNs >= plan.endNs;
    const sendNs = isLast ? plan.endNs + byeNs : nextNs;
    for (const stream of plan.own) stream.noteAt(sendNs);
    this.events.add(sendNs, () => {
      this.report(sendNs, isLast);
      if (!isLast) this.schedule(sendNs, 1);
    });
  }

  private report(sendNs: number, isLast: boolean): void {
    const { plan, hearing } = this;
    const { media, own } = plan;
    const wire = new RtcpWire();
    const about = plan.peers.flatMap((stream) => this.block(stream, sendNs) ?? []);
    const senders = this.senders.map((sender) => sender.info(sendNs));
    const message: RtcpMessage = {
      senderReports: [],
      blocks: about.map(({ block }) => block),
      reference: null,
      answer: null,
    };
    writeReport(wire, plan.ssrc, senders[0] ?? null, message.blocks);
    senders.forEach((sender, i) => {
      if (sender === null) return;
      const { ssrc } = own[i]!;
      if (i > 0) writeReport(wire, ssrc, sender, []);
      message.senderReports.push({ ssrc, middle: middle32(sender.ntp) });
    });
    if (!media.rtcpReduced) this.describe(wire);
    if (media.rtcpExtras) {
      // One that fills its words and one that does not.
      writeApplication(wire, plan.ssrc, 'SOND', this.reports % 2 === 0 ? 'seen' : 'report number odd');
    }
    this.reports += 1;
    const answered = hearing.reference;
    const extended = new RtcpWire();
    if (media.xr.length > 0) {
      const room = largestDatagram - wire.length - media.rtcpPadding;
      const streams = about.map(({ stream }) => stream);
      writeExtendedReport(media.rtcpReduced ? extended : wire, this, message, streams, sendNs, room);
    }
    if (isLast) {
      const ssrcs = own.length > 0 ? own.map(({ ssrc }) => ssrc) : [plan.ssrc];
      writeGoodbye(wire, ssrcs, media.rtcpExtras ? 'end of call' : null);
    }
    const extras = { reference: message.reference, answer: message.answer };
    const none = { senderReports: [], blocks: [], reference: null, answer: null };
    const isApart = extended.length > 0;
    this.send(sendNs, wire, isApart ? { ...message, reference: null, answer: null } : message, (passage) => {
      senders.forEach((sender, i) => {
        if (sender !== null) own[i]!.rtcp.senderReports += 1;
      });
      for (const { stream, block, standing, heard } of about) {
        stream.rtcp.see(block, standing);
        if (heard?.passage.isCaptured)
          stream.rtcp.towardsDestination.add(roundTripMs(heard.passage, passage));
      }
      if (!isApart && message.answer !== null) this.noteAnswer(answered?.passage, passage);
    });
    if (!isApart) return;
    this.send(sendNs + apartNs, extended, { ...none, ...extras }, (passage) => {
      if (message.answer !== null) this.noteAnswer(answered?.passage, passage);
    });
  }

  /** The answer to a receiver reference time passes the tap: the other way to the time there and back. */
  private noteAnswer(asked: Passage | undefined, passage: Passage): void {
    if (!asked?.isCaptured) return;
    for (const stream of this.plan.own) stream.rtcp.towardsSource.add(roundTripMs(asked, passage));
  }

  /** The block about a stream, and where its receiver stands; null before the source is valid. */
  private block(stream: SimulatedStream, nowNs: number): AboutStream | null {
    const { far } = stream;
    if (far === null) return null;
    far.advance(nowNs);
    if (!far.receiver.isValid) return null;
    const heard = this.hearing.senderReports.get(stream.ssrc) ?? null;
    const { middle, delay } = this.hearing.since(heard, nowNs);
    const block = {
      ssrc: stream.ssrc,
      ...far.receiver.report(),
      lastSr: middle,
      delaySinceLastSr: delay,
    };
    return { stream, block, heard, standing: standingOf(far, block) };
  }
}

/** A report block about a stream, and what only the simulation knows of it. */
export interface AboutStream {
  stream: SimulatedStream;
  block: ReportBlock;
  /** The sender report that it answers. */
  heard: { passage: Passage } | null;
  standing: Standing;
}

/** From the tap to an end and back: the way on of `there` and the way to the tap of `back`. */
function roundTripMs(there: Passage, back: Passage): number {
  return (there.arrivalNs - there.tapNs + (back.tapNs - back.sendNs)) / 1e6;
}
