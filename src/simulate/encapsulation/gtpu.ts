// The user plane of mobile networks: GTP version 1 (3GPP TS 29.281 5.1).
//
//    | version 1(3) PT 1 | * | E | S | PN |   type 255   |   length(16)   |
//    | tunnel endpoint identifier(32)                                     |
//    | sequence(16) | N-PDU(8) | next extension type(8) |  if E, S or PN
//    extension: | length in words(8) | content | next extension type(8) |
//
// The length counts what follows the first eight octets.
import type { Layer } from './layer.js';
import { fields, joined, type Packet } from './packet.js';
import { inUdp } from './udp-tunnels.js';

const userData = 255;
/** PDU session container (3GPP TS 38.415 5.5.2): PDU type 1 (uplink), QoS flow 9. */
const pduSessionContainer = 0x85;
const container = [1, 0x10, 9, 0];

export function gtpu(layer: Layer, packet: Packet): Packet {
  const hasExtension = layer.words.has('ext');
  const hasSequence = layer.words.has('seq');
  const flags = 0x30 | (hasExtension ? 4 : 0) | (hasSequence ? 2 : 0);
  const optional =
    hasExtension || hasSequence
      ? fields(
          [hasSequence ? layer.packets & 0xffff : 0, 2],
          [0, 1],
          [hasExtension ? pduSessionContainer : 0, 1],
        )
      : [];
  const content = joined(optional, hasExtension ? container : [], packet.body);
  const head = fields([flags, 1], [userData, 1], [content.length, 2], [layer.id!, 4]);
  return inUdp(layer, joined(head, content));
}
