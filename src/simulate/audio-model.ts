// A sender of audio: one packet every packet time, with talk spurts, telephone
// events and a restart of its numbers if asked for.
import { type Codec, comfortNoisePayloadType, framesPerPacket, telephoneEventPayloadType } from './codecs.js';
import { MediaModel, packetKind } from './media-model.js';
import type { Prng } from './prng.js';
import { SamplingClock } from './sampling-clock.js';

export interface AudioPlan {
  codec: Codec;
  ptimeMs: number;
  startNs: number;
  /** Length of the stream in ns; Infinity for no end. */
  lengthNs: number;
  skewPpm: number;
  skewDriftPpmPerHour: number;
  dtx: boolean;
  dtmf: boolean;
  /** Where in the stream the sender starts again, ns since its start; null for nowhere. */
  restartAfterNs: number | null;
  firstSequence: number;
  firstTimestamp: number;
}

/** A packet time that never comes; whole and small, which keeps the fields small too. */
const never = 2 ** 30;
/** Packets (and packet times) on either side of a restart that nothing happens to. */
const guard = 32;

export class AudioModel extends MediaModel {
  private readonly startNs: number;
  private readonly clock: SamplingClock;
  /** Packet time by the clock of the sender. */
  private readonly countedNs: number;
  /** The true one at the start. */
  private readonly slotNs: number;
  private readonly step: number;
  private readonly frameOctets: number;
  private readonly codec: Codec;
  private readonly prng: Prng;
  /** Packet times of the whole stream. */
  private slots: number;
  /** Next packet time. */
  private slot = 0;
  private base: number;
  private spurtEnd = never;
  private silenceEnd = -1;
  private paused = false;
  private nextDigit = never;
  private digitStart = 0;
  private digitPackets = 0;
  private digitsLeft = 0;
  private digit = 0;
  private afterDigit = false;
  private restartSlot: number;
  private sinceRestart = never;

  constructor(plan: AudioPlan, prng: Prng) {
    super();
    const frames = framesPerPacket(plan.codec, plan.ptimeMs);
    const ptimeMs = frames * plan.codec.frameMs;
    this.codec = plan.codec;
    this.prng = prng;
    this.startNs = plan.startNs;
    this.clock = new SamplingClock(plan.skewPpm, plan.skewDriftPpmPerHour);
    this.countedNs = ptimeMs * 1e6;
    this.slotNs = this.countedNs / this.clock.rate;
    this.step = (plan.codec.clockRate * ptimeMs) / 1000;
    this.frameOctets = frames * plan.codec.frameOctets;
    this.slots = Math.max(1, Math.min(never - 1, Math.floor(plan.lengthNs / this.slotNs)));
    this.base = plan.firstTimestamp;
    this.sequence = (plan.firstSequence - 1) & 0xffff;
    this.restartSlot = plan.restartAfterNs === null ? never : Math.floor(plan.restartAfterNs / this.slotNs);
    if (plan.dtx) this.spurtEnd = this.spurtSlots();
    if (plan.dtmf) this.nextDigit = Math.round(prng.between(0.5e9, 2e9) / this.slotNs);
  }

  advance(): boolean {
    this.marker = this.index < 0;
    this.resumes = false;
    this.boundary = false;
    if (this.digitsLeft > 0) return this.digitPacket();
    if (this.slot >= this.spurtEnd && this.silence()) return true;
    if (this.slot >= this.slots) return false;
    if (this.slot >= this.nextDigit && this.startDigit()) return this.digitPacket();
    return this.audioPacket();
  }

  runway(): number {
    const free = Math.min(this.slots, this.spurtEnd, this.nextDigit, this.restartSlot) - this.slot;
    return this.digitsLeft > 0 || this.kind !== packetKind.audio ? 0 : Math.max(0, free);
  }

  stop(): void {
    this.slots = 0;
    this.digitsLeft = 0;
    this.spurtEnd = never;
  }

  timestampAt(atNs: number): number {
    return this.timestampOf(this.clock.countedAt(atNs - this.startNs) / this.countedNs);
  }

  private audioPacket(): boolean {
    if (this.paused) {
      this.paused = false;
      this.marker = true;
      this.resumes = true;
      this.boundary = true;
    }
    if (this.afterDigit) {
      this.afterDigit = false;
      this.boundary = true;
    }
    if (this.slot >= this.restartSlot) this.restart();
    this.kind = packetKind.audio;
    this.payloadType = this.codec.payloadType;
    this.inlinePayload = -1;
    const spread = this.codec.variationOctets;
    this.payloadOctets =
      spread === 0 ? this.frameOctets : this.frameOctets - spread + this.prng.below(2 * spread + 1);
    this.place(this.slot);
    this.slot += 1;
    return true;
  }

  /** One packet of a silence, or false when the next talk spurt begins. */
  private silence(): boolean {
    if (this.silenceEnd < this.spurtEnd) {
      this.silenceEnd = this.spurtEnd + this.silenceSlots();
      this.paused = true;
    }
    // Descriptors every 200 ms or so, but none shortly before talk goes on: the pause shall be plain to see.
    if (this.codec.silence !== 'none' && this.slot < this.silenceEnd - 3 && this.slot < this.slots) {
      const isNoise = this.codec.silence === 'cn';
      this.kind = isNoise ? packetKind.comfortNoise : packetKind.audio;
      this.payloadType = isNoise ? comfortNoisePayloadType : this.codec.payloadType;
      this.payloadOctets = isNoise ? 1 : this.codec.sidOctets;
      // Noise level in -dBov (RFC 3389 3.1).
      this.inlinePayload = isNoise ? 0x3f00_0000 : -1;
      this.boundary = true;
      this.place(this.slot);
      this.slot += Math.max(2, Math.round(200e6 / this.slotNs));
      return true;
    }
    this.slot = this.silenceEnd;
    this.spurtEnd = this.slot + this.spurtSlots();
    return false;
  }

  private startDigit(): boolean {
    this.nextDigit = this.slot + Math.round(this.prng.between(1e9, 4e9) / this.slotNs);
    this.digitPackets = 4 + this.prng.below(5);
    const packets = this.digitPackets + 2;
    if (this.slot + packets >= Math.min(this.slots, this.spurtEnd)) return false;
    this.digitsLeft = packets;
    this.digitStart = this.slot;
    this.digit = this.prng.below(12);
    return true;
  }

  /** RFC 4733 2.3: one timestamp, growing duration, the last packet three times. */
  private digitPacket(): boolean {
    const sent = this.slot - this.digitStart;
    const isEnd = this.digitsLeft <= 3;
    const duration = Math.min(0xffff, Math.min(sent + 1, this.digitPackets) * this.step);
    this.kind = packetKind.telephoneEvent;
    this.payloadType = telephoneEventPayloadType;
    this.payloadOctets = 4;
    this.inlinePayload = ((this.digit << 24) | ((isEnd ? 0x8a : 0x0a) << 16) | duration) >>> 0;
    this.marker = sent === 0;
    this.boundary = sent === 0;
    this.place(this.slot);
    this.timestamp = this.timestampOf(this.digitStart) | 0;
    this.slot += 1;
    this.digitsLeft -= 1;
    this.afterDigit = this.digitsLeft === 0;
    return true;
  }

  /** Another sequence number, far from the old one both ways; half of the senders take another timestamp too. */
  private restart(): void {
    this.restartSlot = never;
    this.segment += 1;
    this.index = -1;
    this.sequence = (this.sequence + 5000 + this.prng.below(55_000)) & 0xffff;
    if (this.prng.uniform() < 0.5) this.base = this.prng.uint32();
    this.boundary = true;
    this.sinceRestart = 0;
  }

  private place(slot: number): void {
    this.countPacket();
    this.sendNs = this.startNs + Math.floor(this.clock.timeOf(slot * this.countedNs));
    this.timestamp = this.timestampOf(slot) | 0;
    if (this.sinceRestart <= guard) this.sinceRestart += 1;
    this.guarded = this.sinceRestart <= guard || slot + guard >= this.restartSlot;
  }

  private timestampOf(slot: number): number {
    return (this.base + Math.round(slot * this.step)) >>> 0;
  }

  private spurtSlots(): number {
    return Math.ceil((0.4e9 + 1.2e9 * this.prng.exponential()) / this.slotNs);
  }

  private silenceSlots(): number {
    return Math.ceil((0.3e9 + 1.5e9 * this.prng.exponential()) / this.slotNs);
  }
}
