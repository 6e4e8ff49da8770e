// A packet between two layers: what an Ethernet frame carries, with the
// addresses that the frame has. Encapsulations take one and give another.
import { smallestFrame } from '../frame-headers.js';

export const etherTypes = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  vlan: 0x8100,
  serviceVlan: 0x88a8,
  mpls: 0x8847,
  pppoeSession: 0x8864,
  backbone: 0x88e7,
} as const;

export interface Packet {
  /** MAC addresses of the frame that it travels in. */
  to: Uint8Array;
  from: Uint8Array;
  /** What `body` is (IEEE 802 numbers). */
  etherType: number;
  /** All behind the type field, without padding. */
  body: Uint8Array;
}

/** Whether an Ethernet type says IP of either version. */
export function isIp(etherType: number): boolean {
  return etherType === etherTypes.ipv4 || etherType === etherTypes.ipv6;
}

/** The pieces one behind the other. */
export function joined(...pieces: ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The octets of numbers in network order: `[value, octets]` each. */
export function fields(...parts: readonly (readonly [value: number, octets: number])[]): Uint8Array {
  const bytes: number[] = [];
  for (const [value, octets] of parts) {
    for (let i = octets - 1; i >= 0; i -= 1) bytes.push(Math.floor(value / 2 ** (8 * i)) % 256);
  }
  return Uint8Array.from(bytes);
}

/** Where the IP header of a body begins, behind VLAN tags, and its type; null when it carries no IP. */
export function findIp(etherType: number, body: Uint8Array): { etherType: number; at: number } | null {
  let type = etherType;
  let at = 0;
  while ((type === etherTypes.vlan || type === etherTypes.serviceVlan) && at + 4 <= body.length) {
    type = (body[at + 2]! << 8) | body[at + 3]!;
    at += 4;
  }
  return isIp(type) ? { etherType: type, at } : null;
}

/** Takes a frame apart; what pads an IP packet to the smallest frame is left out. */
export function openFrame(frame: Uint8Array): Packet {
  const etherType = (frame[12]! << 8) | frame[13]!;
  let body = frame.subarray(14);
  const ip = findIp(etherType, body);
  if (ip !== null) {
    const lengthAt = ip.at + (ip.etherType === etherTypes.ipv4 ? 2 : 4);
    const length = (body[lengthAt]! << 8) | body[lengthAt + 1]!;
    body = body.subarray(0, ip.at + length + (ip.etherType === etherTypes.ipv4 ? 0 : 40));
  }
  return { to: frame.subarray(0, 6), from: frame.subarray(6, 12), etherType, body };
}

/** The Ethernet frame of a packet, as short as it is: within tunnels nothing pads it. */
export function ethernetFrame(packet: Packet): Uint8Array {
  return joined(packet.to, packet.from, fields([packet.etherType, 2]), packet.body);
}

/** The Ethernet frame of a packet, padded to the smallest length on the wire. */
export function paddedFrame(packet: Packet): Uint8Array {
  const frame = ethernetFrame(packet);
  return frame.length >= smallestFrame ? frame : joined(frame, new Uint8Array(smallestFrame - frame.length));
}
