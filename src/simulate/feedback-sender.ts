// When a receiver of video sends feedback, and what it says: NACK for what is
// missing, arrival times ten times a second, an estimated bit rate every second,
// and now and then the wish for a whole picture.
import type { EventHeap } from './event-heap.js';
import type { RtcpEndpoint } from './rtcp-endpoint.js';
import { writeFir, writeNack, writePli, writeRemb, writeTransportCc } from './rtcp-feedback.js';
import { writeReport } from './rtcp-packets.js';
import { RtcpWire } from './rtcp-wire.js';
import type { SimulatedStream } from './stream.js';

const tickNs = 100e6;
/** Ticks from one to the next; and the tick it begins with. */
const rembTicks = 10;
const pliTicks = 23;
const firTicks = 47;
const bitRate = 1_500_000;
/** Packets that one feedback message tells of. */
const mostPackets = 400;

/** Starts the feedback of an end about each video stream that it receives. */
export function startFeedback(end: RtcpEndpoint, events: EventHeap): void {
  for (const stream of end.plan.peers) {
    if (stream.plan.codec !== null || stream.plan.media.feedback.length === 0) continue;
    const sender = new FeedbackSender(end, stream);
    const tick = (atNs: number): void => {
      if (atNs >= end.plan.endNs) return;
      sender.tick(atNs);
      events.add(atNs + tickNs, () => tick(atNs + tickNs));
    };
    events.add(end.plan.startNs + tickNs, () => tick(end.plan.startNs + tickNs));
  }
}

class FeedbackSender {
  private ticks = 0;
  private firs = 0;
  private transports = 0;

  constructor(
    private readonly end: RtcpEndpoint,
    private readonly stream: SimulatedStream,
  ) {}

  tick(nowNs: number): void {
    const { end, stream } = this;
    const far = stream.far!;
    far.advance(nowNs);
    const { feedback, rtcpReduced } = stream.plan.media;
    const { ssrc } = end.plan;
    const wire = new RtcpWire();
    if (!rtcpReduced) {
      // An empty report and the name come first in every compound (RFC 3550 6.1).
      writeReport(wire, ssrc, null, []);
      end.describe(wire);
    }
    const before = wire.length;
    this.ticks += 1;
    const isDue = (ticks: number): boolean => this.ticks % ticks === 0;
    for (const kind of feedback) {
      if (kind === 'nack' && far.missing.length > 0) writeNack(wire, ssrc, stream.ssrc, far.missing);
      if (kind === 'pli' && isDue(pliTicks)) writePli(wire, ssrc, stream.ssrc);
      if (kind === 'fir' && isDue(firTicks)) writeFir(wire, ssrc, stream.ssrc, this.firs++);
      if (kind === 'remb' && isDue(rembTicks)) writeRemb(wire, ssrc, [stream.ssrc], bitRate);
      if (kind === 'twcc' && far.recent.length > 0) this.transport(wire);
    }
    far.missing = [];
    far.recent = [];
    if (wire.length === before) return;
    end.send(nowNs, wire, { senderReports: [], blocks: [], reference: null, answer: null }, () => {});
  }

  /** The transport-wide number of a packet is taken to be its sequence number. */
  private transport(wire: RtcpWire): void {
    const { recent } = this.stream.far!;
    const first = recent[0]!.sequence;
    const arrivalsNs: (number | null)[] = [];
    for (const { sequence, arrivalNs } of recent) {
      const at = (sequence - first) & 0xffff;
      if (at >= mostPackets) continue;
      while (arrivalsNs.length <= at) arrivalsNs.push(null);
      arrivalsNs[at] = arrivalNs;
    }
    writeTransportCc(wire, this.end.plan.ssrc, this.stream.ssrc, first, arrivalsNs, this.transports);
    this.transports += 1;
  }
}
