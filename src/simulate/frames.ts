// Whole frames for what is sent seldom: RTCP and other protocols. RTP has its
// own fast way in rtp-frames.ts.
import { sumWords, udpChecksumOf } from './checksum.js';
import type { Path } from './endpoints.js';
import {
  finishIp,
  linkAndIp,
  pseudoHeaderSum,
  smallestFrame,
  tcp,
  udp,
  udpHeaderBytes,
} from './frame-headers.js';

/** A UDP datagram with its header and checksum. */
export function udpDatagram(path: Path, payload: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(udpHeaderBytes + payload.length);
  const view = new DataView(datagram.buffer);
  view.setUint16(0, path.from.port);
  view.setUint16(2, path.to.port);
  view.setUint16(4, datagram.length);
  datagram.set(payload, udpHeaderBytes);
  view.setUint16(6, udpChecksumOf(pseudoHeaderSum(path, udp) + datagram.length + sumWords(datagram)));
  return datagram;
}

/** An IP packet in its frame, padded to the smallest length of Ethernet. */
export function ipFrame(
  path: Path,
  protocol: number,
  body: Uint8Array,
  identification: number,
  fragment: { offset: number; more: boolean } | null = null,
): Uint8Array {
  const header = linkAndIp(path, protocol);
  const frame = new Uint8Array(Math.max(smallestFrame, header.bytes.length + body.length));
  frame.set(header.bytes);
  frame.set(body, header.bytes.length);
  finishIp(header, frame, body.length, identification, fragment);
  return frame;
}

/** A UDP datagram in one frame. */
export function udpFrame(path: Path, payload: Uint8Array, identification: number): Uint8Array {
  return ipFrame(path, udp, udpDatagram(path, payload), identification);
}

/** A UDP datagram over IPv4 in as many fragments as it takes (RFC 791 2.3). */
export function udpFragments(path: Path, payload: Uint8Array, identification: number): Uint8Array[] {
  const datagram = udpDatagram(path, payload);
  const piece = 1480;
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < datagram.length; offset += piece) {
    const body = datagram.subarray(offset, offset + piece);
    const more = offset + piece < datagram.length;
    frames.push(ipFrame(path, udp, body, identification, { offset, more }));
  }
  return frames;
}

/**
 * A TCP segment without options (RFC 9293 3.1).
 * @param flags for example 0x02 SYN, 0x10 ACK, 0x18 PSH and ACK
 */
export function tcpFrame(
  path: Path,
  sequence: number,
  acknowledgement: number,
  flags: number,
  payload: Uint8Array,
  identification: number,
): Uint8Array {
  const segment = new Uint8Array(20 + payload.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, path.from.port);
  view.setUint16(2, path.to.port);
  view.setUint32(4, sequence);
  view.setUint32(8, acknowledgement);
  view.setUint16(12, (5 << 12) | flags);
  view.setUint16(14, 64_240);
  segment.set(payload, 20);
  // A TCP checksum of 0 is an ordinary value, but 0xffff is the same in ones' complement.
  view.setUint16(16, udpChecksumOf(pseudoHeaderSum(path, tcp) + segment.length + sumWords(segment)));
  return ipFrame(path, tcp, segment, identification);
}

/** An ARP request (RFC 826): who has `to`, tell `from`. */
export function arpFrame(path: Path): Uint8Array {
  const frame = new Uint8Array(smallestFrame);
  const view = new DataView(frame.buffer);
  frame.fill(0xff, 0, 6);
  frame.set(path.from.mac, 6);
  view.setUint16(12, 0x0806);
  view.setUint16(14, 1);
  view.setUint16(16, 0x0800);
  frame[18] = 6;
  frame[19] = 4;
  view.setUint16(20, 1);
  frame.set(path.from.mac, 22);
  frame.set(path.from.ip, 28);
  frame.set(path.to.ip, 38);
  return frame;
}
