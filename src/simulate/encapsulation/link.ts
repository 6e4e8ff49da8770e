// Link layers of a capture file other than Ethernet, made from Ethernet frames.
//
//   sll   LINKTYPE_LINUX_SLL (113):   packet type, ARPHRD, address length (2 each) | address (8) | protocol (2)
//   sll2  LINKTYPE_LINUX_SLL2 (276):  protocol, reserved (2 each) | interface (4) | ARPHRD (2) | packet type,
//                                     address length (1 each) | address (8)
//   raw   LINKTYPE_RAW (101):         the IP packet
//   null  LINKTYPE_NULL (0):          address family in the byte order of the writer (4) | the IP packet
import { etherTypes, fields, isIp, joined, openFrame } from './packet.js';

export const linkKinds = ['ethernet', 'sll', 'sll2', 'raw', 'null'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** Link type of the pcap file header. */
export const linkTypes: Readonly<Record<LinkKind, number>> = {
  ethernet: 1,
  sll: 113,
  sll2: 276,
  raw: 101,
  null: 0,
};

export function isLinkKind(name: string): name is LinkKind {
  return (linkKinds as readonly string[]).includes(name);
}

const arphrdEthernet = 1;
/** The packet was to another host: what a mirror port shows. */
const toOtherHost = 3;
/** AF_INET, and AF_INET6 of macOS, least significant octet first. */
const families = { ipv4: Uint8Array.of(2, 0, 0, 0), ipv6: Uint8Array.of(30, 0, 0, 0) };

/** The frame as a file of that link layer has it; null when it cannot be there, as ARP in raw IP. */
export function linkFrame(link: LinkKind, frame: Uint8Array): Uint8Array | null {
  if (link === 'ethernet') return frame;
  const { from, etherType, body } = openFrame(frame);
  const address = joined(from, [0, 0]);
  if (link === 'sll')
    return joined(
      fields([toOtherHost, 2], [arphrdEthernet, 2], [6, 2]),
      address,
      fields([etherType, 2]),
      body,
    );
  if (link === 'sll2') {
    const head = fields([etherType, 2], [0, 2], [2, 4], [arphrdEthernet, 2], [toOtherHost, 1], [6, 1]);
    return joined(head, address, body);
  }
  if (!isIp(etherType)) return null;
  if (link === 'raw') return body;
  return joined(etherType === etherTypes.ipv4 ? families.ipv4 : families.ipv6, body);
}
