// The frames of a stream that is more than plain RTP in plain frames: a header
// extension, redundant audio, audio of known level, tunnels, second copies. One
// by one and not as fast as rtp-frames.ts.
//
//   header extension (RFC 8285 4.2, RFC 5450 2):
//    |      0xBE        |    0xDE       |        length = 1 word        |
//    | ID(4) | len=2(4) |     transmission offset, signed (24)          |
import { type SpecialFacts, tunnelFacts } from './delivery.js';
import type { LinkKind } from './encapsulation/link.js';
import { fields, joined } from './encapsulation/packet.js';
import { udpFrame } from './frames.js';
import { AudioTruth } from './media/audio-truth.js';
import { DetailedModel } from './media/detailed-model.js';
import type { Law } from './media/g711.js';
import type { MediaOctets } from './media/media-octets.js';
import { RedTruth, redHeaders, redPayloadType } from './media/redundancy.js';
import type { SentPacket } from './media/sent-packets.js';
import { SpeechClip } from './media/speech-clip.js';
import { type MediaModel, packetKind } from './media-model.js';
import { metaBits, type PacketQueue } from './packet-queue.js';
import type { StreamPlan } from './plan.js';
import { deriveSeed } from './prng.js';
import { StreamTruth } from './stream-truth.js';
import type { OnCopy, Tap } from './tap.js';

const hasExtension = 0x10;

function hasAudio(plan: StreamPlan): boolean {
  return plan.media.audio && (plan.codecName === 'PCMA' || plan.codecName === 'PCMU');
}

/** Whether the frames of a stream need more than the fast way knows. */
export function isSpecial(plan: StreamPlan, link: LinkKind): boolean {
  const { redGenerations, transmissionOffsetId } = plan.media;
  const isPlainRtp = redGenerations === 0 && transmissionOffsetId === null && !hasAudio(plan);
  return link !== 'ethernet' || plan.path.delivery !== undefined || !isPlainRtp;
}

export class StreamFrames {
  private readonly clip: SpeechClip | null;
  private readonly audio: AudioTruth | null;
  private readonly red: RedTruth | null;
  /** The jitter when the offsets that the sender tells are taken out. */
  private readonly corrected: StreamTruth | null;
  private readonly copies = { packets: 0, delaySumNs: 0, delayMaxNs: 0 };

  constructor(
    private readonly plan: StreamPlan,
    private readonly model: MediaModel,
    private readonly tap: Tap,
    private readonly octets: MediaOctets,
  ) {
    const { media, clockRate, seed } = plan;
    this.clip = hasAudio(plan) ? new SpeechClip(plan.codecName as Law, deriveSeed(seed, 0x711)) : null;
    this.audio = this.clip === null ? null : new AudioTruth(this.clip);
    this.red = media.redGenerations > 0 && plan.codec !== null ? new RedTruth(media.redGenerations) : null;
    this.corrected = media.transmissionOffsetId === null ? null : new StreamTruth(clockRate);
  }

  /** A packet of the stream passes the tap. */
  pass(atNs: number, queue: PacketQueue, slot: number, isDuplicate: boolean): void {
    const { plan } = this;
    const meta = queue.meta[slot]!;
    const segment = meta >>> metaBits.segmentShift;
    const index = queue.index[slot]!;
    const sent = this.model instanceof DetailedModel ? this.model.packets.find(segment, index) : null;
    if (!isDuplicate) this.measure(atNs, queue, slot, sent);
    const extension = this.extension(sent);
    const header = fields(
      [extension.length > 0 ? 0x80 | hasExtension : 0x80, 1],
      [meta & metaBits.markerAndType, 1],
      [queue.sequence[slot]!, 2],
      [queue.timestamp[slot]!, 4],
      [plan.ssrc, 4],
    );
    const frame = udpFrame(
      plan.path,
      joined(header, extension, this.payload(queue, slot, sent)),
      queue.ipId[slot]!,
    );
    this.tap.pass(atNs, frame, plan.path.delivery, this.onCopy);
  }

  facts(): SpecialFacts {
    const { plan, copies, corrected } = this;
    const { delivery, media } = { delivery: plan.path.delivery, media: plan.media };
    const tunnels = (delivery?.tunnels ?? []).map(tunnelFacts);
    const { packets, delaySumNs, delayMaxNs } = copies;
    const delayMs =
      packets === 0 ? { mean: null, max: null } : { mean: delaySumNs / packets / 1e6, max: delayMaxNs / 1e6 };
    const kind = delivery?.copies?.kind;
    return {
      tunnel: tunnels[0] ?? null,
      tunnels: tunnels.some((tunnel) => tunnel !== null) ? tunnels : [],
      spanCopies: kind === undefined ? null : { kind, packets, delayMs },
      red: this.red?.facts() ?? null,
      transmissionOffset:
        corrected === null ? null : { id: media.transmissionOffsetId!, jitterMs: corrected.jitterMs },
      audio: this.audio?.facts() ?? null,
    };
  }

  private readonly onCopy: OnCopy = (delayNs) => {
    const { copies } = this;
    copies.packets += 1;
    copies.delaySumNs += delayNs;
    copies.delayMaxNs = Math.max(copies.delayMaxNs, delayNs);
  };

  private measure(atNs: number, queue: PacketQueue, slot: number, sent: SentPacket | null): void {
    const meta = queue.meta[slot]!;
    const segment = meta >>> metaBits.segmentShift;
    const [index, timestamp, octets] = [queue.index[slot]!, queue.timestamp[slot]!, queue.octets[slot]!];
    const kind = (meta >>> metaBits.kindShift) & metaBits.kindMask;
    this.red?.arrive(segment, index, sent);
    if (this.audio !== null && this.isAudio(meta))
      this.audio.hear(this.positionOf(timestamp), sent?.octets ?? octets);
    if (this.corrected === null) return;
    const marker = (meta & metaBits.marker) !== 0;
    const resumes = (meta & metaBits.resumes) !== 0;
    const [type, sequence] = [meta & metaBits.payloadType, queue.sequence[slot]!];
    this.corrected.arrive(
      ...([atNs, false, segment, index, sequence, timestamp, kind, marker, resumes, type, octets] as const),
      sent?.transmissionOffset ?? 0,
    );
  }

  private extension(sent: SentPacket | null): Uint8Array {
    const id = this.plan.media.transmissionOffsetId;
    if (id === null) return new Uint8Array(0);
    const offset = (sent?.transmissionOffset ?? 0) & 0xff_ffff;
    return fields([0xbede, 2], [1, 2], [(id << 4) | 2, 1], [offset, 3]);
  }

  private payload(queue: PacketQueue, slot: number, sent: SentPacket | null): Uint8Array {
    const meta = queue.meta[slot]!;
    const octets = queue.octets[slot]!;
    if ((meta & metaBits.inline) !== 0) return fields([queue.inline[slot]!, 4]).subarray(0, octets);
    const [sequence, timestamp] = [queue.sequence[slot]!, queue.timestamp[slot]!];
    if ((meta & metaBits.payloadType) !== redPayloadType || sent === null)
      return this.media(meta, sequence, timestamp, octets);
    const blocks = [...sent.blocks, sent].map((block) =>
      this.media(meta, block.sequence, block.timestamp, block.octets),
    );
    return joined(redHeaders(sent), ...blocks);
  }

  private media(meta: number, sequence: number, timestamp: number, octets: number): Uint8Array {
    const bytes = new Uint8Array(octets);
    if (this.clip !== null && this.isAudio(meta))
      this.clip.copy(bytes, 0, this.positionOf(timestamp), octets);
    else this.octets.copy(bytes, 0, this.plan.ssrc, sequence, octets);
    return bytes;
  }

  private isAudio(meta: number): boolean {
    return ((meta >>> metaBits.kindShift) & metaBits.kindMask) === packetKind.audio;
  }

  /** Where in the audio a timestamp is: samples since the first packet. */
  private positionOf(timestamp: number): number {
    return (timestamp - this.plan.firstTimestamp) >>> 0;
  }
}
