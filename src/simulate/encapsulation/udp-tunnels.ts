// Tunnels over UDP that carry Ethernet frames: VXLAN, Geneve and TZSP.
import { udpFrame } from '../frames.js';
import type { Layer } from './layer.js';
import { ethernetFrame, fields, joined, openFrame, type Packet } from './packet.js';

/** The UDP ports that tunnels are sent to. */
export const tunnelPorts = { vxlan: 4789, geneve: 6081, gtpu: 2152, tzsp: 37_008, hep3: 9060 } as const;

const transparentEthernet = 0x6558;

/** A payload between the ends of the tunnel. */
export function inUdp(layer: Layer, payload: Uint8Array): Packet {
  const packet = openFrame(udpFrame(layer.outer, payload, layer.packets));
  layer.packets += 1;
  return packet;
}

/** VXLAN (RFC 7348 5): | flags: I | reserved(24) | VNI(24) | reserved(8) | */
export function vxlan(layer: Layer, packet: Packet): Packet {
  return inUdp(layer, joined(fields([0x08, 1], [0, 3], [layer.id!, 3], [0, 1]), ethernetFrame(packet)));
}

/**
 * Geneve (RFC 8926 3.4): | ver(2) option words(6) | O C reserved(8) | protocol(16) | VNI(24) | reserved(8) |
 * then options (3.5): | class(16) | type(8) | reserved(3) words(5) | data |.
 */
export function geneve(layer: Layer, packet: Packet): Packet {
  // Class 0x0100 is that of Linux; the types are not critical ones. One has data of two words, one has none.
  const options = layer.words.has('options')
    ? joined(
        fields([0x0100, 2], [0x01, 1], [2, 1], [layer.packets, 4], [0xcafe, 4]),
        fields([0x0100_0200, 4]),
      )
    : new Uint8Array(0);
  const head = fields([options.length / 4, 1], [0, 1], [transparentEthernet, 2], [layer.id!, 3], [0, 1]);
  return inUdp(layer, joined(head, options, ethernetFrame(packet)));
}

/**
 * TaZmen Sniffer Protocol: | version 1 | type 0: received | protocol 1: Ethernet(16) | tags: type, length,
 * value each | end tag 1 | the frame |.
 */
export function tzsp(layer: Layer, packet: Packet): Packet {
  // Signal strength (10) and sequence number (40), with a padding tag (0) that has no length.
  const tags = layer.words.has('tags') ? [10, 1, 0xc4, 0, 40, 4, ...fields([layer.packets, 4])] : [];
  return inUdp(layer, joined([1, 0, 0, 1], tags, [1], ethernetFrame(packet)));
}
