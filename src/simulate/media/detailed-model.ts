// A sender that does more to the packets of another one: it sends them some time
// late and says so (RFC 5450), and repeats older ones in them (RFC 2198). What it
// put into each is kept until the packet passes the tap.
import { MediaModel, packetKind } from '../media-model.js';
import type { Prng } from '../prng.js';
import { canRepeat, redHeaderBytes, redPayloadType } from './redundancy.js';
import { type SentPacket, SentPackets } from './sent-packets.js';

export interface Details {
  clockRate: number;
  /** Time between packets or bursts of packets, ms. */
  ptimeMs: number;
  /** Older packets repeated in each audio packet; 0 for none. */
  generations: number;
  /** Whether packets leave late, by a time of their own each. */
  isPaced: boolean;
}

export class DetailedModel extends MediaModel {
  readonly packets = new SentPackets();
  private lastSendNs = 0;
  private frameTimestamp = 0;
  private frameNs = 0;

  constructor(
    private readonly inner: MediaModel,
    private readonly details: Details,
    private readonly prng: Prng,
  ) {
    super();
  }

  advance(): boolean {
    const { inner } = this;
    if (!inner.advance()) return false;
    this.timestamp = inner.timestamp;
    this.sequence = inner.sequence;
    this.index = inner.index;
    this.segment = inner.segment;
    this.kind = inner.kind;
    this.marker = inner.marker;
    this.resumes = inner.resumes;
    this.boundary = inner.boundary;
    this.guarded = inner.guarded;
    this.inlinePayload = inner.inlinePayload;
    this.payloadType = inner.payloadType;
    this.payloadOctets = inner.payloadOctets;
    const transmissionOffset = this.pace();
    const blocks = this.isRedundant() ? this.repeated() : [];
    this.packets.note({
      ...{ segment: inner.segment, index: inner.index, sequence: inner.sequence, timestamp: inner.timestamp },
      ...{ payloadType: inner.payloadType, octets: inner.payloadOctets, transmissionOffset, blocks },
    });
    if (this.isRedundant()) {
      this.payloadType = redPayloadType;
      this.payloadOctets +=
        redHeaderBytes(blocks.length) + blocks.reduce((sum, { octets }) => sum + octets, 0);
    }
    return true;
  }

  runway(): number {
    return this.inner.runway();
  }

  stop(): void {
    this.inner.stop();
  }

  timestampAt(atNs: number): number {
    return this.inner.timestampAt(atNs);
  }

  /** Lets the packet wait; returns for how many ticks of its clock. */
  private pace(): number {
    const { inner, details } = this;
    this.sendNs = inner.sendNs;
    if (!details.isPaced) return 0;
    // Whole ticks, at most half of the packet time, so that no packet overtakes the one before.
    const most = Math.floor((details.clockRate * details.ptimeMs) / 2000);
    if (inner.kind === packetKind.video) return this.offsetInFrame();
    const offset = Math.min(most, Math.floor(0.25 * most * this.prng.exponential()));
    this.sendNs = Math.max(this.lastSendNs, inner.sendNs + Math.round((offset * 1e9) / details.clockRate));
    this.lastSendNs = this.sendNs;
    return offset;
  }

  /** The packets of a frame leave one behind the other anyway. */
  private offsetInFrame(): number {
    const { inner, details } = this;
    if (inner.timestamp !== this.frameTimestamp || inner.index === 0) this.frameNs = inner.sendNs;
    this.frameTimestamp = inner.timestamp;
    return Math.round(((inner.sendNs - this.frameNs) * details.clockRate) / 1e9);
  }

  private isRedundant(): boolean {
    return this.details.generations > 0 && this.kind === packetKind.audio && this.inlinePayload < 0;
  }

  /** The packets right before this one, as many as asked for and as fit. */
  private repeated(): SentPacket[] {
    const { inner, details } = this;
    const blocks: SentPacket[] = [];
    for (let back = 1; back <= details.generations; back += 1) {
      const older = this.packets.find(inner.segment, inner.index - back);
      // Comfort noise and telephone events are sent for themselves.
      if (older === null || !this.isOfCodec(older)) break;
      if (!canRepeat(older, inner.timestamp)) break;
      blocks.unshift({ ...older, blocks: [] });
    }
    return blocks;
  }

  private isOfCodec(packet: SentPacket): boolean {
    return packet.payloadType === this.inner.payloadType;
  }
}
