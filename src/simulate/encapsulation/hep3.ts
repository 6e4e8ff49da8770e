// Homer encapsulation, version 3: the UDP payload of a packet with its addresses
// and time in chunks, as capture agents send them.
//
//    | "HEP3" | total length(16) | chunks |
//    chunk: | vendor(16) | type(16) | length with these six octets(16) | value |
import type { Layer } from './layer.js';
import { etherTypes, fields, findIp, joined, type Packet } from './packet.js';
import { inUdp } from './udp-tunnels.js';

const udpProtocol = 17;
/** Kinds of payload (chunk 11); RTCP goes as it is on the wire. */
const rtp = 4;
const rtcp = 5;

function chunk(type: number, value: ArrayLike<number>): Uint8Array {
  return joined(fields([0, 2], [type, 2], [6 + value.length, 2]), value);
}

/** @param atNs capture time, ns since the Unix epoch */
export function hep3(layer: Layer, packet: Packet, atNs: bigint): Packet {
  const found = findIp(packet.etherType, packet.body)!;
  const isV4 = found.etherType === etherTypes.ipv4;
  const ip = packet.body.subarray(found.at);
  const [addressAt, addressBytes, udpAt] = isV4 ? [12, 4, 20] : [8, 16, 40];
  const source = ip.subarray(addressAt, addressAt + addressBytes);
  const destination = ip.subarray(addressAt + addressBytes, addressAt + 2 * addressBytes);
  const payload = ip.subarray(udpAt + 8);
  // RFC 5761 4 tells RTP and RTCP apart.
  const isRtcp = payload[1]! >= 192 && payload[1]! <= 223;
  const tag =
    packet.etherType === etherTypes.vlan ? [chunk(18, [packet.body[0]! & 15, packet.body[1]!])] : [];
  const chunks = joined(
    chunk(1, [isV4 ? 2 : 10]),
    chunk(2, [udpProtocol]),
    chunk(isV4 ? 3 : 5, source),
    chunk(isV4 ? 4 : 6, destination),
    chunk(7, ip.subarray(udpAt, udpAt + 2)),
    chunk(8, ip.subarray(udpAt + 2, udpAt + 4)),
    chunk(9, fields([Number(atNs / 1_000_000_000n), 4])),
    chunk(10, fields([Number((atNs / 1000n) % 1_000_000n), 4])),
    chunk(11, [isRtcp ? rtcp : rtp]),
    chunk(12, fields([layer.id!, 4])),
    ...tag,
    chunk(15, payload),
  );
  return inUdp(layer, joined([0x48, 0x45, 0x50, 0x33], fields([6 + chunks.length, 2]), chunks));
}
