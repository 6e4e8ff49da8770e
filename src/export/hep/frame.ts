// One HEP3 frame (HEP rev. 37): "HEP3", the length of the whole, then chunks of
// vendor, type, length (its 6 bytes of head included) and value, all big-endian.
import { isIPv6 } from 'node:net';

/** The HEP protocol type (chunk 0x0b) says what the payload is. SIP is to follow when signalling is read. */
export const HepProtocol = {
  /** RTCP as JSON. */
  rtcp: 5,
  /** RTP report as JSON, "full". */
  rtpFull: 34,
  /** RTP report as JSON, "short". */
  rtpShort: 35,
} as const;

export interface HepFrame {
  protocol: (typeof HepProtocol)[keyof typeof HepProtocol];
  /** IPv4 dotted, or IPv6 by RFC 5952. */
  src: string;
  srcPort: number;
  dst: string;
  dstPort: number;
  /** When it was so: seconds and microseconds since the epoch. */
  seconds: number;
  microseconds: number;
  /** Number of the capture agent, 32 bits. */
  captureId: number;
  /** Authenticate key, in clear; null for none. */
  password: string | null;
  nodeName: string;
  /** Receivers store nothing without it. */
  correlationId: string;
  /** MOS times 100; null when unknown. */
  mosHundredths: number | null;
  payload: Buffer;
}

/** Receivers take no larger frame, over UDP or TCP: the most that a UDP datagram holds. */
export const MAX_FRAME_BYTES = 65_507;

const HEAD_BYTES = 6;
const IP_PROTOCOL_UDP = 17;
const FAMILY_IPV4 = 2;
const FAMILY_IPV6 = 10;

const u8 = (value: number) => Buffer.of(value);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The bytes of an address as summaries write it. */
export function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [head = '', tail] = address.split('::');
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return Buffer.concat([...before, ...zeros, ...after].map((group) => u16(Number.parseInt(group, 16))));
}

/** Type and value of each chunk. The payload comes last: some receivers read a text up to the zero of the next chunk's vendor. */
function chunksOf(frame: HepFrame): [type: number, value: Buffer][] {
  const { password, mosHundredths } = frame;
  const v6 = isIPv6(frame.src);
  return [
    [0x01, u8(v6 ? FAMILY_IPV6 : FAMILY_IPV4)],
    [0x02, u8(IP_PROTOCOL_UDP)],
    [v6 ? 0x05 : 0x03, addressBytes(frame.src)],
    [v6 ? 0x06 : 0x04, addressBytes(frame.dst)],
    [0x07, u16(frame.srcPort)],
    [0x08, u16(frame.dstPort)],
    [0x09, u32(frame.seconds)],
    [0x0a, u32(frame.microseconds)],
    [0x0b, u8(frame.protocol)],
    [0x0c, u32(frame.captureId)],
    ...(password === null ? [] : [[0x0e, Buffer.from(password)] as [number, Buffer]]),
    [0x13, Buffer.from(frame.nodeName)],
    [0x11, Buffer.from(frame.correlationId)],
    ...(mosHundredths === null ? [] : [[0x20, u16(mosHundredths)] as [number, Buffer]]),
    [0x0f, frame.payload],
  ];
}

/** The frame as bytes; null when it would be larger than receivers take. */
export function encodeFrame(frame: HepFrame): Buffer | null {
  const chunks = chunksOf(frame);
  const length = chunks.reduce((sum, [, value]) => sum + HEAD_BYTES + value.length, HEAD_BYTES);
  if (length > MAX_FRAME_BYTES) return null;
  const bytes = Buffer.allocUnsafe(length);
  bytes.write('HEP3', 'latin1');
  bytes.writeUInt16BE(length, 4);
  let at = HEAD_BYTES;
  for (const [type, value] of chunks) {
    bytes.writeUInt16BE(0, at);
    bytes.writeUInt16BE(type, at + 2);
    bytes.writeUInt16BE(HEAD_BYTES + value.length, at + 4);
    value.copy(bytes, at + HEAD_BYTES);
    at += HEAD_BYTES + value.length;
  }
  return bytes;
}
