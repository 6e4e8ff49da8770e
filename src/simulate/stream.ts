// One RTP stream of the simulation: what its sender sends, what the network
// makes of each packet on the way to the tap, and the truth about it.
import { DelayProcess } from './delay.js';
import type { FarEnd } from './far-end.js';
import { HeldPackets } from './held-packets.js';
import { HostIdentification } from './identification.js';
import { LossProcess } from './loss.js';
import type { MediaModel } from './media-model.js';
import type { MediaOptions } from './options.js';
import { PacketFates } from './packet-fates.js';
import { metaBits, type PacketQueue } from './packet-queue.js';
import type { StreamPlan } from './plan.js';
import type { Prng } from './prng.js';
import { RtcpTruth } from './rtcp-truth.js';
import { StreamTruth, truthRow } from './stream-truth.js';

/** Packets of one stream arrive at least this far apart when they keep their order. */
const gapNs = 20_000;
/** A copy arrives this long after its original when nothing comes between. */
const copyNs = 10_000;
/** Streams shorter than this keep their first packets, so that something can be measured at all. */
const tinyNs = 1e9;
const keptOfTiny = 4;

export class SimulatedStream {
  readonly ssrc: number;
  readonly truth: StreamTruth;
  /** Packets and payload octets that the sender sent. */
  sent = 0;
  sentOctets = 0;
  /** Runs of consecutive losses between packets that arrived. */
  lossRuns = 0;
  lossRunPackets = 0;
  lossRunLongest = 0;
  readonly rtcp = new RtcpTruth();
  /** What became of every packet; null when nothing asks for it. */
  fates: PacketFates | null = null;
  /** The receiver; null without RTCP, as nothing is heard of it then. */
  far: FarEnd | null = null;
  /** How far the wall clock of the sender is ahead at time 0, and its skew; null without RTCP. */
  clock: { offsetMs: number; skewPpm: number } | null = null;

  private readonly loss: LossProcess;
  private readonly delay: DelayProcess;
  private readonly media: MediaOptions;
  /** Null until a packet is held for the first time. */
  private held: HeldPackets | null = null;
  private readonly kept: number;
  /** Nothing but copies and reordered packets may arrive before this. */
  private floorNs = 0;
  private lastArrivalNs = 0;
  private segment = 0;
  private arrivedInSegment = 0;
  private run = 0;
  private notesDue = 0;
  private readonly noteTimes: number[] = [];
  private readonly notes: { atNs: number; packets: number; octets: number }[] = [];

  constructor(
    readonly id: number,
    readonly plan: StreamPlan,
    readonly model: MediaModel,
    private readonly prng: Prng,
    truthRows: Float64Array<ArrayBuffer>,
  ) {
    const { media } = plan;
    this.ssrc = plan.ssrc;
    this.truth = new StreamTruth(plan.clockRate, truthRows, id * truthRow);
    this.media = media;
    this.loss = new LossProcess(plan.loss, prng);
    this.delay = new DelayProcess(plan.legBeforeMs, media, plan.startNs, prng);
    this.kept = plan.lengthNs <= tinyNs ? keptOfTiny : 0;
    model.advance();
  }

  /** Has what becomes of every packet written down; to be asked for before the first is sent. */
  trackFates(): PacketFates {
    this.fates ??= new PacketFates();
    return this.fates;
  }

  /** Sends all packets that are due before `untilNs`; false when the stream has ended. */
  sendUntil(untilNs: number, queue: PacketQueue): boolean {
    const { model } = this;
    while (model.sendNs < untilNs) {
      this.send(queue);
      if (!model.advance()) {
        this.held?.flush(Math.max(this.lastArrivalNs, model.sendNs), queue);
        return false;
      }
    }
    return true;
  }

  /** Ends the stream before the packet that is due next. */
  cut(nowNs: number, queue: PacketQueue): void {
    this.model.stop();
    this.held?.flush(Math.max(this.lastArrivalNs, nowNs), queue);
  }

  /** Remembers what will have been sent at `atNs`, for a sender report; times in rising order. */
  noteAt(atNs: number): void {
    this.noteTimes.push(atNs);
    this.notesDue += 1;
  }

  /** What had been sent at `atNs`, a time given to `noteAt`. */
  sentBy(atNs: number): { packets: number; octets: number } {
    while (this.notes.length > 0 && this.notes[0]!.atNs < atNs) this.notes.shift();
    // No note: the sender has not come so far, thus nothing was sent since.
    const note = this.notes[0];
    return note?.atNs === atNs ? note : { packets: this.sent, octets: this.sentOctets };
  }

  private send(queue: PacketQueue): void {
    const { model, media } = this;
    while (this.notesDue > 0 && model.sendNs >= this.noteTimes[0]!) this.note();
    const ipId = queue.identification === 'zero' ? 0 : this.sent & 0xffff;
    const numbering = queue.identification instanceof HostIdentification ? queue.identification : null;
    this.sent += 1;
    this.sentOctets += model.payloadOctets;
    if (model.segment !== this.segment) {
      this.fates?.begin(this.sent - 1);
      this.segment = model.segment;
      this.arrivedInSegment = 0;
      this.run = 0;
    }
    const isSafe = model.guarded || this.arrivedInSegment < this.kept;
    const isLost = this.loss.next() && !isSafe;
    const keepsOrder = !media.jitterReorders || model.boundary || model.guarded;
    let arrivalNs = model.sendNs + this.delay.next(model.sendNs);
    const earliestNs = (keepsOrder ? this.lastArrivalNs : this.floorNs) + gapNs;
    if (arrivalNs < earliestNs) arrivalNs = earliestNs;
    // What is lost or held up later had its place in the queue all the same.
    if (model.boundary) this.floorNs = arrivalNs;
    if (arrivalNs > this.lastArrivalNs) this.lastArrivalNs = arrivalNs;
    if (this.held !== null) this.held.passed(arrivalNs, queue);

    if (isLost) {
      numbering?.sent(-1, this.plan.path.from.ip, model.sendNs);
      this.run += 1;
      return;
    }
    this.endRun();
    const slot = this.allocate(queue, ipId);
    numbering?.sent(slot, this.plan.path.from.ip, model.sendNs);
    if (media.reorderRatio > 0 && !isSafe && !model.boundary && this.prng.uniform() < media.reorderRatio) {
      const passing = Math.min(1 + this.prng.below(media.reorderMax), model.runway());
      if (passing > 0) {
        this.hold(slot, passing, 0);
        return;
      }
    }
    queue.file(slot, arrivalNs);
    if (media.duplicateRatio > 0 && !isSafe && this.prng.uniform() < media.duplicateRatio) {
      this.duplicate(slot, arrivalNs, queue, numbering);
    }
  }

  /** A copy of the packet just filed, right behind it or behind one or two later packets. */
  private duplicate(
    slot: number,
    arrivalNs: number,
    queue: PacketQueue,
    numbering: HostIdentification | null,
  ): void {
    const copy = queue.copy(slot);
    queue.meta[copy] = queue.meta[copy]! | metaBits.duplicate;
    if (this.media.duplicatesBy === 'network') {
      numbering?.copied(copy, slot);
    } else {
      // Sent again by the sender, thus another datagram; a copy made on the way keeps its number.
      if (queue.identification === 'stream') queue.ipId[copy] = (queue.ipId[copy]! + 0x8000) & 0xffff;
      numbering?.sent(copy, this.plan.path.from.ip, this.model.sendNs);
    }
    const between = Math.min(this.prng.below(3), this.model.runway());
    if (between === 0) queue.file(copy, arrivalNs + copyNs);
    else this.hold(copy, between, arrivalNs);
  }

  private hold(slot: number, packets: number, notBeforeNs: number): void {
    this.held ??= new HeldPackets();
    this.held.hold(slot, packets, notBeforeNs);
  }

  private allocate(queue: PacketQueue, ipId: number): number {
    const { model } = this;
    const slot = queue.allocate();
    queue.stream[slot] = this.id;
    queue.index[slot] = model.index;
    queue.timestamp[slot] = model.timestamp;
    queue.sequence[slot] = model.sequence;
    queue.ipId[slot] = ipId;
    queue.octets[slot] = model.payloadOctets;
    let meta =
      model.payloadType | (model.kind << metaBits.kindShift) | (model.segment << metaBits.segmentShift);
    if (model.marker) meta |= metaBits.marker;
    if (model.resumes) meta |= metaBits.resumes;
    if (model.inlinePayload >= 0) {
      meta |= metaBits.inline;
      queue.inline[slot] = model.inlinePayload;
    }
    queue.meta[slot] = meta;
    return slot;
  }

  /** A run of losses is one when a packet came before it and one comes after it. */
  private endRun(): void {
    if (this.run > 0 && this.arrivedInSegment > 0) {
      this.lossRuns += 1;
      this.lossRunPackets += this.run;
      if (this.run > this.lossRunLongest) this.lossRunLongest = this.run;
    }
    this.run = 0;
    this.arrivedInSegment += 1;
  }

  private note(): void {
    this.notes.push({ atNs: this.noteTimes.shift()!, packets: this.sent, octets: this.sentOctets });
    this.notesDue -= 1;
  }
}
