// Makes a capture and its truth. Time goes in slices: all streams send what is
// due, then all that arrives in the slice is written in order of arrival. Only
// packets under way are in memory.
import { CaptureLoss } from './capture-loss.js';
import { plainFacts } from './delivery.js';
import { linkOf } from './delivery-plan.js';
import { linkTypes } from './encapsulation/link.js';
import type { Path } from './endpoints.js';
import { EventHeap } from './event-heap.js';
import { placesOf } from './fate-facts.js';
import { HostIdentification, restamp } from './identification.js';
import { MediaOctets } from './media/media-octets.js';
import { Noise, type NoiseKind } from './noise.js';
import type { SimulateOptions } from './options.js';
import { fate } from './packet-fates.js';
import { metaBits, PacketQueue } from './packet-queue.js';
import { PcapWriter } from './pcap-writer.js';
import { planStreams, type StreamPlan } from './plan.js';
import { deriveSeed, Prng } from './prng.js';
import { resolveOptions, type SimulateRequest } from './resolve.js';
import { startRtcp } from './rtcp-sessions.js';
import { materialBytes, RtpFrames } from './rtp-frames.js';
import { createModel } from './senders.js';
import { SimulatedStream } from './stream.js';
import { StreamCalendar } from './stream-calendar.js';
import { isSpecial, StreamFrames } from './stream-frames.js';
import { truthRow } from './stream-truth.js';
import { Tap } from './tap.js';
import { factsOf, type Totals, type Truth, truthPath, writeTruth } from './truth.js';

/** Told now and then how far it is: share done 0..1, RTP packets sent so far. */
export type OnProgress = (share: number, packets: number) => void;

/**
 * Writes the capture `path` and its truth beside it (`truthPath(path)`).
 * The same request gives the same bytes.
 * @throws RtpsondeError ERR_USAGE for impossible options, ERR_OUTPUT and ERR_OUTPUT_FULL for the files
 */
export function simulate(request: SimulateRequest, path: string, onProgress?: OnProgress): Truth {
  const options = resolveOptions(request);
  const plans = planStreams(options);
  const writer = new PcapWriter(
    path,
    Date.parse(options.start),
    options.micro,
    materialBytes(plans.length),
    linkTypes[linkOf(options)],
  );
  let truth: Truth;
  try {
    const simulation = new Simulation(options, plans, writer);
    simulation.run(onProgress ?? (() => {}));
    truth = simulation.truth();
  } catch (error) {
    writer.abandon();
    throw error;
  }
  writer.close();
  writeTruth(truthPath(path), truth);
  return truth;
}

class Simulation {
  private readonly sliceNs: number;
  private readonly streams: SimulatedStream[];
  private readonly queue: PacketQueue;
  private readonly calendar: StreamCalendar;
  private readonly frames: RtpFrames;
  private readonly events = new EventHeap();
  private readonly captureLoss: CaptureLoss;
  private readonly tap: Tap;
  /** What writes the packets of streams that are more than plain RTP in plain frames; null for the others. */
  private readonly special: (StreamFrames | null)[];
  private readonly byKind: Totals['byKind'] = {
    rtp: 0,
    rtcp: 0,
    dns: 0,
    stun: 0,
    sip: 0,
    tcp: 0,
    arp: 0,
    fragments: 0,
  };
  private active: number;
  private sent = 0;
  private isCut = false;

  constructor(
    private readonly options: SimulateOptions,
    plans: StreamPlan[],
    private readonly writer: PcapWriter,
  ) {
    this.sliceNs = sliceFor(options, plans);
    this.queue = new PacketQueue(this.sliceNs);
    this.calendar = new StreamCalendar(plans.length, this.sliceNs);
    const { captureLossRatio, spanDrops, seed } = options;
    this.captureLoss = new CaptureLoss(captureLossRatio, spanDrops, deriveSeed(seed, 0x7fff_fffd));
    this.frames = new RtpFrames(writer, deriveSeed(options.seed, 0x7fff_ffff));
    this.queue.identification =
      options.ipId === 'host' ? new HostIdentification(deriveSeed(options.seed, 0x7fff_fff1)) : options.ipId;
    const link = linkOf(options);
    this.tap = new Tap(writer, this.events, link, this.epochNs());
    const octets = new MediaOctets(deriveSeed(options.seed, 0x7fff_fff2));
    const truthRows = new Float64Array(plans.length * truthRow);
    this.streams = plans.map((plan, id) => {
      const prng = new Prng(plan.seed);
      const stream = new SimulatedStream(id, plan, createModel(plan, prng), prng, truthRows);
      if (!this.captureLoss.isNone) stream.trackFates();
      this.frames.prepare(id, plan.path, plan.ssrc);
      this.calendar.add(id, stream.model.sendNs);
      return stream;
    });
    this.special = this.streams.map((stream) =>
      isSpecial(stream.plan, link) ? new StreamFrames(stream.plan, stream.model, this.tap, octets) : null,
    );
    this.active = plans.length;
    startRtcp(this.streams, {
      events: this.events,
      emit: (at, frame, path) => this.emit(at, 'rtcp', frame, path),
      seed,
      epochNs: this.epochNs(),
    });
    this.startNoise();
  }

  run(onProgress: OnProgress): void {
    const { queue, events, options } = this;
    for (let slice = 0; this.active > 0 || queue.waiting > 0; slice += 1) {
      const untilNs = (slice + 1) * this.sliceNs;
      this.send(untilNs);
      this.pass(queue.take());
      if (this.active > 0) {
        events.runUntil(untilNs - 1);
        if (options.packets !== null && this.sent >= options.packets) this.cut(untilNs);
        onProgress(this.share(untilNs), this.sent);
      }
    }
    // A limit on packets ends it at once; otherwise the last reports and answers follow.
    if (!this.isCut) events.runUntil(Number.MAX_VALUE);
  }

  truth(): Truth {
    for (const { far } of this.streams) far?.advance(Number.POSITIVE_INFINITY);
    const sum = (value: (stream: SimulatedStream) => number): number =>
      this.streams.reduce((total, stream) => total + value(stream), 0);
    const received = sum((stream) => stream.truth.packets - stream.truth.duplicates);
    return {
      version: 1,
      parameters: this.options,
      totals: {
        streams: this.streams.length,
        packets: this.writer.packets,
        byKind: this.byKind,
        fileBytes: this.writer.written,
        sent: this.sent,
        sentLost: this.sent - received,
        captureLost: sum((stream) => placesOf(stream).capture),
        expected: sum((stream) => stream.truth.expected),
        lost: sum((stream) => stream.truth.lost),
        duplicates: sum((stream) => stream.truth.duplicates),
        reordered: sum((stream) => stream.truth.reordered),
        spanCopies: this.tap.spanCopies,
      },
      streams: this.streams.map((stream) => ({
        ...factsOf(stream, (atNs) => this.writer.epochNs(atNs)),
        ...(this.special[stream.id]?.facts() ?? plainFacts),
      })),
    };
  }

  /** All streams that have something to send before `untilNs` send it. */
  private send(untilNs: number): void {
    this.calendar.take((id) => {
      const stream = this.streams[id]!;
      const before = stream.sent;
      if (stream.sendUntil(untilNs, this.queue)) this.calendar.add(id, stream.model.sendNs);
      else this.active -= 1;
      this.sent += stream.sent - before;
    });
    const { identification } = this.queue;
    if (identification instanceof HostIdentification) identification.number(this.queue);
  }

  /** The packets of the slice pass the tap, with what else happens between them. */
  private pass(count: number): void {
    const { queue, events, writer, frames, streams } = this;
    const isCaptureLossless = this.captureLoss.isNone;
    let captured = 0;
    for (let i = 0; i < count; i += 1) {
      const slot = queue.order[i]!;
      const arrivalNs = queue.arrivalNs[slot]!;
      if (events.nextNs <= arrivalNs) events.runUntil(arrivalNs);
      const id = queue.stream[slot]!;
      const stream = streams[id]!;
      const meta = queue.meta[slot]!;
      const octets = queue.octets[slot]!;
      const sequence = queue.sequence[slot]!;
      const timestamp = queue.timestamp[slot]!;
      const isMissed = !isCaptureLossless && this.captureLoss.misses(arrivalNs);
      let isDuplicate = (meta & metaBits.duplicate) !== 0;
      if (stream.fates !== null) isDuplicate = this.follow(stream, slot, isMissed);
      if (isMissed) continue;
      captured += 1;
      const atNs = writer.resolve(arrivalNs);
      stream.truth.arrive(
        atNs,
        isDuplicate,
        meta >>> metaBits.segmentShift,
        queue.index[slot]!,
        sequence,
        timestamp,
        (meta >>> metaBits.kindShift) & metaBits.kindMask,
        (meta & metaBits.marker) !== 0,
        (meta & metaBits.resumes) !== 0,
        meta & metaBits.payloadType,
        octets,
      );
      const special = this.special[id]!;
      if (special !== null) {
        special.pass(atNs, queue, slot, (meta & metaBits.duplicate) !== 0);
        continue;
      }
      const inline = (meta & metaBits.inline) === 0 ? -1 : queue.inline[slot]!;
      frames.write(
        id,
        atNs,
        meta & metaBits.markerAndType,
        sequence,
        timestamp,
        octets,
        inline,
        queue.ipId[slot]!,
      );
    }
    this.byKind.rtp += captured;
    queue.release(count);
  }

  /** Writes down that a packet passes the tap, and sends it on to its receiver; whether it is a copy to the tap. */
  private follow(stream: SimulatedStream, slot: number, isMissed: boolean): boolean {
    const { queue } = this;
    const fates = stream.fates!;
    const meta = queue.meta[slot]!;
    const ordinal = fates.ordinal(meta >>> metaBits.segmentShift, queue.index[slot]!);
    const isDuplicate = fates.has(ordinal, fate.captured);
    fates.mark(ordinal, isMissed ? fate.passed : fate.passed | fate.captured);
    stream.far?.send(
      queue.arrivalNs[slot]!,
      ordinal,
      queue.sequence[slot]!,
      queue.timestamp[slot]!,
      meta & metaBits.payloadType,
      queue.octets[slot]!,
    );
    return isDuplicate;
  }

  /** No stream sends any more; what is under way still arrives. */
  private cut(nowNs: number): void {
    for (const stream of this.streams) stream.cut(nowNs, this.queue);
    this.active = 0;
    this.isCut = true;
  }

  /** Puts a frame into the capture, unless the tap misses it. */
  private emit(atNs: number, kind: 'rtcp' | NoiseKind, frame: Uint8Array, path?: Path): boolean {
    if (this.captureLoss.misses(atNs)) return false;
    const { identification } = this.queue;
    if (path !== undefined && identification !== 'stream') {
      restamp(frame, identification === 'zero' ? 0 : identification.next(path.from.ip));
    }
    const isShown = this.tap.pass(atNs, frame, path?.delivery);
    if (isShown) this.byKind[kind] += 1;
    return isShown;
  }

  private startNoise(): void {
    const { options, streams } = this;
    const { noisePerSecond, fragmentedDatagrams } = options;
    const emit = (atNs: number, kind: NoiseKind, frame: Uint8Array) => this.emit(atNs, kind, frame);
    const noise = new Noise(
      this.events,
      emit,
      noisePerSecond,
      () => this.active > 0,
      deriveSeed(options.seed, 0x7fff_fffe),
    );
    const spanNs = expectedNs(options, streams);
    for (let i = 0; i < fragmentedDatagrams; i += 1) {
      noise.addFragments(Math.floor((spanNs * (i + 1)) / (fragmentedDatagrams + 1)));
    }
  }

  private epochNs(): bigint {
    return BigInt(Date.parse(this.options.start)) * 1_000_000n;
  }

  private share(nowNs: number): number {
    const { packets } = this.options;
    const byPackets = packets === null ? 0 : this.sent / packets;
    return Math.min(1, Math.max(byPackets, nowNs / expectedNs(this.options, this.streams)));
  }
}

/** When the last stream ends, or about when the wanted packets are sent; ns. */
function expectedNs(options: SimulateOptions, streams: readonly { plan: StreamPlan }[]): number {
  const { durationMs, packets, rampMs } = options;
  if (durationMs !== null) return (durationMs + (rampMs ?? Math.min(2000, durationMs / 10))) * 1e6;
  return ((packets ?? 0) / streams.length) * options.ptimeMs * 1e6;
}

/** A slice holds some thousand packets, so that sorting stays in the cache. */
function sliceFor(options: SimulateOptions, plans: readonly StreamPlan[]): number {
  const perSecond = plans.reduce((sum, plan) => sum + (plan.codec === null ? 150 : 1000 / plan.ptimeMs), 0);
  const packets = Math.min(16_384, (options.packets ?? Number.POSITIVE_INFINITY) / 50);
  return Math.floor(Math.min(200e6, Math.max(1e6, (packets / perSecond) * 1e9)));
}
