// What stands between Ethernet and IP: VLAN tags, MPLS labels, PPPoE and the
// backbone tag of a provider.
import type { Layer } from './layer.js';
import { ethernetFrame, etherTypes, fields, isIp, joined, type Packet } from './packet.js';

/** Priority 5 (voice), as the tags of plain frames have it. */
const voice = 5 << 13;

/**
 * IEEE 802.1Q, and 802.1ad for the outer of two: | 8100 or 88a8 | PCP(3) DEI(1) VID(12) | type | ...
 */
export function vlanTags(layer: Layer, packet: Packet): Packet {
  let { etherType, body } = packet;
  for (const [depth, id] of [...layer.stack.entries()].reverse()) {
    body = joined(fields([voice | id, 2], [etherType, 2]), body);
    etherType = depth === layer.stack.length - 1 ? etherTypes.vlan : etherTypes.serviceVlan;
  }
  return { ...packet, etherType, body };
}

/**
 * MPLS (RFC 3032 2.1): | label(20) | TC(3) | S(1) | TTL(8) | each. What is not IP goes as an Ethernet
 * pseudowire (RFC 4448) with a control word of zeros.
 */
export function mplsLabels(layer: Layer, packet: Packet): Packet {
  const labels = layer.stack.map((label, i) => {
    const isBottom = i === layer.stack.length - 1;
    return fields([label * 4096 + (5 << 9) + (isBottom ? 1 << 8 : 0) + 63, 4]);
  });
  const inner = isIp(packet.etherType) ? [packet.body] : [Uint8Array.of(0, 0, 0, 0), ethernetFrame(packet)];
  return { ...packet, etherType: etherTypes.mpls, body: joined(...labels, ...inner) };
}

/** PPP protocol numbers of IPv4, IPv6 (RFC 5072) and MPLS (RFC 3032 4.3). */
const pppProtocols = new Map<number, number>([
  [etherTypes.ipv4, 0x0021],
  [etherTypes.ipv6, 0x0057],
  [etherTypes.mpls, 0x0281],
]);

/** PPPoE session (RFC 2516 4): | ver 1, type 1 | code 0 | session id(16) | length(16) | PPP protocol(16) | ... */
export function pppoeSession(layer: Layer, packet: Packet): Packet {
  const { body, etherType } = packet;
  const head = fields([0x1100, 2], [layer.id!, 2], [body.length + 2, 2], [pppProtocols.get(etherType)!, 2]);
  return { ...packet, etherType: etherTypes.pppoeSession, body: joined(head, body) };
}

/** Provider backbone bridging (IEEE 802.1ah): | 88e7 | I-PCP, I-DEI, UCA, reserved (8) | I-SID(24) | the frame | */
export function backboneTag(layer: Layer, packet: Packet): Packet {
  const tag = fields([5 << 5, 1], [layer.id!, 3]);
  return {
    to: Uint8Array.from(layer.outer.to.mac),
    from: Uint8Array.from(layer.outer.from.mac),
    etherType: etherTypes.backbone,
    body: joined(tag, ethernetFrame(packet)),
  };
}
