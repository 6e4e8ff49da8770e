// What a sender put into its last packets, for when they pass the tap.

export interface SentPacket {
  segment: number;
  index: number;
  sequence: number;
  timestamp: number;
  /** Payload type and octets of the audio itself, without redundancy. */
  payloadType: number;
  octets: number;
  /** Sent so many clock ticks after the instant that the timestamp tells. */
  transmissionOffset: number;
  /** Packets repeated in this one, oldest first. */
  blocks: readonly SentPacket[];
}

/** More than are ever under way: delays are seconds at most. */
const kept = 4096;

export class SentPackets {
  private readonly ring: (SentPacket | undefined)[] = [];

  note(packet: SentPacket): void {
    this.ring[packet.index % kept] = packet;
  }

  /** A packet by its number; null when it was never noted or is too old. */
  find(segment: number, index: number): SentPacket | null {
    const packet = this.ring[index % kept];
    return packet?.segment === segment && packet.index === index ? packet : null;
  }
}
