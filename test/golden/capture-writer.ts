// The smallest capture that holds a row of datagrams of one flow, of one RTP stream
// for example: pcap with nanoseconds, link type "raw IP" (101), so that no link layer
// is needed.
//
//   record header (16) | IPv4 (20) | UDP (8) | RTP (12) and payload, or any other

export interface VectorPacket {
  /** Time since the beginning, s. */
  seconds: number;
  sequence: number;
  timestamp: number;
  payloadType: number;
  marker: boolean;
  /** Payload octets. */
  octets: number;
}

const RAW_IP = 101;
const START_S = 1_750_000_000;
/** Of the stream. */
export const SSRC = 0x1234abcd;

/** A capture of one RTP stream. */
export const captureOf = (packets: readonly VectorPacket[]): Buffer =>
  captureOfDatagrams(packets.map((packet) => ({ seconds: packet.seconds, payload: rtpPacket(packet) })));

/** Port of the sender. */
export const SOURCE_PORT = 40_000;
const DESTINATION_PORT = 50_000;

export interface Datagram {
  /** Time since the beginning, s. */
  seconds: number;
  payload: Buffer;
  /** From the receiver to the sender. */
  isBack?: boolean;
  /** Added to both ports; 1 for RTCP. */
  portOffset?: number;
}

/** A capture of any datagrams. */
export function captureOfDatagrams(datagrams: readonly Datagram[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b23c4d, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(RAW_IP, 20);
  return Buffer.concat([head, ...datagrams.map(record)]);
}

function record({ seconds, payload, isBack = false, portOffset = 0 }: Datagram): Buffer {
  const length = 20 + 8 + payload.length;
  const ns = Math.round(seconds * 1e9);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(START_S + Math.floor(ns / 1e9), 0);
  head.writeUInt32LE(ns % 1e9, 4);
  head.writeUInt32LE(length, 8);
  head.writeUInt32LE(length, 12);

  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip.writeUInt16BE(length, 2);
  ip[8] = 64;
  ip[9] = 17;
  ip.set([192, 0, 2, isBack ? 2 : 1], 12);
  ip.set([192, 0, 2, isBack ? 1 : 2], 16);
  ip.writeUInt16BE(checksum(ip), 10);

  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(portOffset + (isBack ? DESTINATION_PORT : SOURCE_PORT), 0);
  udp.writeUInt16BE(portOffset + (isBack ? SOURCE_PORT : DESTINATION_PORT), 2);
  udp.writeUInt16BE(length - 20, 4); // checksum 0: none, RFC 768
  return Buffer.concat([head, ip, udp, payload]);
}

/** One packet of the stream. */
export function rtpPacket(packet: VectorPacket): Buffer {
  const rtp = Buffer.alloc(12);
  rtp[0] = 0x80;
  rtp[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  rtp.writeUInt16BE(packet.sequence, 2);
  rtp.writeUInt32BE(packet.timestamp, 4);
  rtp.writeUInt32BE(SSRC, 8);
  return Buffer.concat([rtp, Buffer.alloc(packet.octets, 0xd5)]);
}

function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
