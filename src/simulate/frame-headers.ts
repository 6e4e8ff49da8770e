// Ethernet, VLAN, IP and UDP headers of one path.
//
//   Ethernet: destination, source | 802.1ad tag 88a8 | 802.1Q tag 8100 | type
//   IPv4 (RFC 791): 20 octets, no options, DF   IPv6 (RFC 8200): 40 octets
//   UDP (RFC 768): ports, length, checksum
import { checksumOf, sumWords } from './checksum.js';
import type { Path } from './endpoints.js';

/** Smallest Ethernet frame without its check sequence; shorter ones are padded. */
export const smallestFrame = 60;
export const udpHeaderBytes = 8;
export const udp = 17;
export const tcp = 6;

export interface LinkAndIp {
  /** Headers up to and including IP; lengths, identification and IPv4 checksum are 0. */
  bytes: Uint8Array;
  /** Where the IP header begins. */
  ipAt: number;
  ipv6: boolean;
}

/** Ethernet, VLAN and IP headers for packets of a path. */
export function linkAndIp(path: Path, protocol: number): LinkAndIp {
  const ipv6 = path.from.ip.length === 16;
  const ipAt = 14 + 4 * path.vlan.length;
  const bytes = new Uint8Array(ipAt + (ipv6 ? 40 : 20));
  const view = new DataView(bytes.buffer);
  bytes.set(path.to.mac, 0);
  bytes.set(path.from.mac, 6);
  path.vlan.forEach((id, depth) => {
    const isInner = depth === path.vlan.length - 1;
    view.setUint16(12 + 4 * depth, isInner ? 0x8100 : 0x88a8);
    // Priority 5 (voice) and the id.
    view.setUint16(14 + 4 * depth, (5 << 13) | id);
  });
  view.setUint16(ipAt - 2, ipv6 ? 0x86dd : 0x0800);
  if (ipv6) {
    view.setUint32(ipAt, (6 << 28) | (path.dscp << 22));
    bytes[ipAt + 6] = protocol;
    bytes[ipAt + 7] = 63;
    bytes.set(path.from.ip, ipAt + 8);
    bytes.set(path.to.ip, ipAt + 24);
  } else {
    bytes[ipAt] = 0x45;
    bytes[ipAt + 1] = path.dscp << 2;
    view.setUint16(ipAt + 6, 0x4000);
    bytes[ipAt + 8] = 63;
    bytes[ipAt + 9] = protocol;
    bytes.set(path.from.ip, ipAt + 12);
    bytes.set(path.to.ip, ipAt + 16);
  }
  return { bytes, ipAt, ipv6 };
}

/** Sum of the pseudo header (RFC 768, RFC 8200 8.1) without the length. */
export function pseudoHeaderSum(path: Path, protocol: number): number {
  return sumWords(path.from.ip) + sumWords(path.to.ip) + protocol;
}

/**
 * Fills in lengths, identification, fragment offset and IPv4 checksum.
 * @param payload octets behind the IP header
 * @param fragment fragment offset in octets and whether more come; null for a whole packet
 */
export function finishIp(
  header: LinkAndIp,
  frame: Uint8Array,
  payload: number,
  identification: number,
  fragment: { offset: number; more: boolean } | null = null,
): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const at = header.ipAt;
  if (header.ipv6) {
    view.setUint16(at + 4, payload);
    return;
  }
  view.setUint16(at + 2, 20 + payload);
  view.setUint16(at + 4, identification & 0xffff);
  if (fragment !== null) view.setUint16(at + 6, (fragment.more ? 0x2000 : 0) | (fragment.offset >> 3));
  view.setUint16(at + 10, 0);
  view.setUint16(at + 10, checksumOf(sumWords(frame, at, at + 20)));
}
