// Redundant audio (RFC 2198): every packet repeats the ones before it.
//
//    |F|  block PT   |   timestamp offset(14)    | block length(10) |  for each older block, F = 1
//    |0|  block PT   |                                                 for the newest, F = 0
//    then the blocks, oldest first
import type { SentPacket } from './sent-packets.js';

/** Payload type of redundant audio, by our choice. */
export const redPayloadType = 121;
const longestBlock = 1023;
const farthestTimestamp = 16_383;

/** Octets of the headers for so many older blocks. */
export function redHeaderBytes(blocks: number): number {
  return 4 * blocks + 1;
}

/** Whether a packet can be repeated in one with that timestamp. */
export function canRepeat(older: SentPacket, timestamp: number): boolean {
  return ((timestamp - older.timestamp) | 0) <= farthestTimestamp && older.octets <= longestBlock;
}

/** The headers of a packet with its older blocks, oldest first. */
export function redHeaders(packet: SentPacket): Uint8Array {
  const bytes = new Uint8Array(redHeaderBytes(packet.blocks.length));
  const view = new DataView(bytes.buffer);
  packet.blocks.forEach((block, i) => {
    const offset = (packet.timestamp - block.timestamp) | 0;
    view.setUint8(4 * i, 0x80 | block.payloadType);
    bytes[4 * i + 1] = offset >> 6;
    bytes[4 * i + 2] = ((offset & 63) << 2) | (block.octets >> 8);
    bytes[4 * i + 3] = block.octets & 255;
  });
  bytes[bytes.length - 1] = packet.payloadType;
  return bytes;
}

export interface RedFacts {
  payloadType: number;
  /** Older blocks in a packet, at most. */
  generations: number;
  /** Packets lost, by sequence number, between those seen. */
  lost: number;
  /** Of those, whose audio came in a later packet all the same. */
  recovered: number;
  /** Of those, gone for good. */
  residual: number;
}

/** Recounts the losses with what the redundancy brings back. */
export class RedTruth {
  /** For each segment, the packets seen and those repeated in them, by their numbers. */
  private readonly segments = new Map<number, { seen: Set<number>; repeated: Set<number> }>();

  constructor(private readonly generations: number) {}

  arrive(segment: number, index: number, packet: SentPacket | null): void {
    let sets = this.segments.get(segment);
    if (sets === undefined) {
      sets = { seen: new Set(), repeated: new Set() };
      this.segments.set(segment, sets);
    }
    sets.seen.add(index);
    for (const block of packet?.blocks ?? []) sets.repeated.add(block.index);
  }

  facts(): RedFacts {
    let lost = 0;
    let recovered = 0;
    for (const { seen, repeated } of this.segments.values()) {
      let lowest = Number.POSITIVE_INFINITY;
      let highest = -1;
      for (const index of seen) {
        lowest = Math.min(lowest, index);
        highest = Math.max(highest, index);
      }
      for (let index = lowest; index <= highest; index += 1) {
        if (seen.has(index)) continue;
        lost += 1;
        if (repeated.has(index)) recovered += 1;
      }
    }
    const { generations } = this;
    return { payloadType: redPayloadType, generations, lost, recovered, residual: lost - recovered };
  }
}
