// Generic routing encapsulation and what is built on it: NVGRE, ERSPAN; and
// plain IP in IP, which is GRE without a header.
//
//   GRE (RFC 2784 2, RFC 2890 2):
//    |C|0|K|S|   reserved, version 0   |     protocol type      |
//    | checksum, reserved (if C) | key (if K) | sequence (if S) |
import { checksumOf, sumWords } from '../checksum.js';
import { ipFrame } from '../frames.js';
import type { Layer } from './layer.js';
import { ethernetFrame, etherTypes, fields, isIp, joined, openFrame, type Packet } from './packet.js';

const greProtocol = 47;
const transparentEthernet = 0x6558;
const erspan12 = 0x88be;
const erspan3 = 0x22eb;
const hasChecksum = 0x8000;
const hasKey = 0x2000;
const hasSequence = 0x1000;

function inIp(layer: Layer, protocol: number, body: Uint8Array): Packet {
  const packet = openFrame(ipFrame(layer.outer, protocol, body, layer.packets));
  layer.packets += 1;
  return packet;
}

/** IP in IP (RFC 2003, RFC 2473, RFC 4213). */
export function ipInIp(layer: Layer, packet: Packet): Packet {
  return inIp(layer, packet.etherType === etherTypes.ipv4 ? 4 : 41, packet.body);
}

/** GRE with the parts asked for; frames that carry neither IP nor MPLS go whole. */
export function gre(layer: Layer, packet: Packet): Packet {
  const { words, packets } = layer;
  const goesBare = (isIp(packet.etherType) || packet.etherType === etherTypes.mpls) && !words.has('eth');
  const flags =
    (words.has('csum') ? hasChecksum : 0) |
    (words.has('key') ? hasKey : 0) |
    (words.has('seq') ? hasSequence : 0);
  const body = joined(
    fields([flags, 2], [goesBare ? packet.etherType : transparentEthernet, 2]),
    words.has('csum') ? [0, 0, 0, 0] : [],
    words.has('key') ? fields([layer.id!, 4]) : [],
    words.has('seq') ? fields([packets, 4]) : [],
    goesBare ? packet.body : ethernetFrame(packet),
  );
  // Over header and payload (RFC 2784 2.5).
  if (words.has('csum')) body.set(fields([checksumOf(sumWords(body)), 2]), 4);
  return inIp(layer, greProtocol, body);
}

/** NVGRE (RFC 7637 3.2): the key is | virtual subnet id(24) | flow id(8) |. */
export function nvgre(layer: Layer, packet: Packet): Packet {
  const head = fields(
    [hasKey, 2],
    [transparentEthernet, 2],
    [layer.id!, 3],
    [layer.outer.from.port & 255, 1],
  );
  return inIp(layer, greProtocol, joined(head, ethernetFrame(packet)));
}

/** ERSPAN type I: GRE without sequence number, then the frame (draft-foschiano-erspan 4.1). */
export function erspanOne(layer: Layer, packet: Packet): Packet {
  return inIp(layer, greProtocol, joined(fields([0, 2], [erspan12, 2]), ethernetFrame(packet)));
}

/**
 * ERSPAN type II (draft-foschiano-erspan 4.2), behind GRE with a sequence number:
 *   | ver 1(4) | VLAN(12) | COS(3) En(2) T(1) session(10) | reserved(12) index(20) |
 */
export function erspanTwo(layer: Layer, packet: Packet): Packet {
  const gre = fields([hasSequence, 2], [erspan12, 2], [layer.packets, 4]);
  const head = fields([(1 << 12) | 1, 2], [(5 << 13) | layer.id!, 2], [17, 4]);
  return inIp(layer, greProtocol, joined(gre, head, ethernetFrame(packet)));
}

/**
 * ERSPAN type III (draft-foschiano-erspan 4.3), behind GRE with a sequence number:
 *   | ver 2(4) | VLAN(12) | COS(3) BSO(2) T(1) session(10) | timestamp(32) |
 *   | SGT(16) | P(1) frame type(5) hardware id(6) D(1) granularity(2) O(1) | platform (64 if O) |
 * @param atNs capture time; the timestamp has the granularity of 100 us
 */
export function erspanThree(layer: Layer, packet: Packet, atNs: bigint): Packet {
  const hasPlatform = layer.words.has('platform');
  const gre = fields([hasSequence, 2], [erspan3, 2], [layer.packets, 4]);
  const head = fields([(2 << 12) | 1, 2], [(5 << 13) | layer.id!, 2]);
  const time = fields([Number(BigInt.asUintN(32, atNs / 100_000n)), 4]);
  // P: the frame is Ethernet.
  const rest = fields([0, 2], [0x8000 | (3 << 4) | (hasPlatform ? 1 : 0), 2]);
  // Platform 3: | platform(6) | reserved(18) | port index(8)... | upper half of the time(32) |
  const platform = hasPlatform ? fields([(3 << 26) >>> 0, 4], [Number(atNs / 1_000_000_000n), 4]) : [];
  return inIp(layer, greProtocol, joined(gre, head, time, rest, platform, ethernetFrame(packet)));
}
