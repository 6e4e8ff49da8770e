// IPv4 identifications as hosts give them: one counter for all that a host
// sends, in order of sending, whatever becomes of the packets later.
import { etherTypes, findIp, openFrame } from './encapsulation/packet.js';
import type { PacketQueue } from './packet-queue.js';
import { mix32 } from './prng.js';
import { withIpChecksum } from './span-copies.js';

export const identificationKinds = ['stream', 'host', 'zero'] as const;
export type IdentificationKind = (typeof identificationKinds)[number];

interface Sending {
  /** Slot in the queue; -1 for a packet that was lost. */
  slot: number;
  ip: readonly number[];
  sendNs: number;
}

export class HostIdentification {
  private readonly counters = new Map<string, number>();
  private sendings: Sending[] = [];
  private copies: { slot: number; of: number }[] = [];

  constructor(private readonly seed: number) {}

  /** A host sends a packet; -1 for a slot when it will never arrive. */
  sent(slot: number, ip: readonly number[], sendNs: number): void {
    this.sendings.push({ slot, ip, sendNs });
  }

  /** The network made a copy of a packet, which has the number of the original. */
  copied(slot: number, of: number): void {
    this.copies.push({ slot, of });
  }

  /** Numbers what was sent since the last call. */
  number(queue: PacketQueue): void {
    // Sorting is stable: what one stream sends at one time keeps its order.
    this.sendings.sort((a, b) => a.sendNs - b.sendNs);
    for (const { slot, ip } of this.sendings) {
      const next = this.next(ip);
      if (slot >= 0) queue.ipId[slot] = next;
    }
    for (const { slot, of } of this.copies) queue.ipId[slot] = queue.ipId[of]!;
    this.sendings = [];
    this.copies = [];
  }

  /** The next number of the host with that address. */
  next(ip: readonly number[]): number {
    const host = ip.join('.');
    // Hosts began to count at some time.
    const next =
      this.counters.get(host) ?? mix32(ip.reduce((sum, octet) => sum * 31 + octet, this.seed)) & 0xffff;
    this.counters.set(host, (next + 1) & 0xffff);
    return next;
  }
}

/** Puts another identification into the IPv4 header of a frame, in place; IPv6 has none. */
export function restamp(frame: Uint8Array, identification: number): void {
  const { etherType, body } = openFrame(frame);
  const ip = findIp(etherType, body);
  if (ip === null || ip.etherType !== etherTypes.ipv4) return;
  const at = 14 + ip.at;
  frame[at + 4] = identification >> 8;
  frame[at + 5] = identification & 255;
  withIpChecksum(frame, at);
}
