// Reads the RTCP of simulated captures back by its own means.
import type { ReadPacket } from './capture-reader.js';

export interface RtcpPacket {
  type: number;
  /** Count of blocks, sources or subtype: the low five bits of the first octet. */
  count: number;
  hasPadding: boolean;
  /** All of it, header included. */
  bytes: Buffer;
}

export interface RtcpDatagram {
  ns: bigint;
  srcPort: number;
  /** SSRC of the first packet. */
  from: number;
  packets: RtcpPacket[];
}

export function readRtcp(packets: readonly ReadPacket[]): RtcpDatagram[] {
  return packets.flatMap(({ ns, srcPort, payload }) => {
    if (payload.length < 8 || payload[1]! < 192 || payload[1]! > 223) return [];
    const inside: RtcpPacket[] = [];
    for (let at = 0; at < payload.length; ) {
      const length = 4 * (payload.readUInt16BE(at + 2) + 1);
      const bytes = payload.subarray(at, at + length);
      if (bytes.length !== length || bytes[0]! >> 6 !== 2) throw new Error('no RTCP');
      inside.push({
        type: bytes[1]!,
        count: bytes[0]! & 31,
        hasPadding: (bytes[0]! & 0x20) !== 0,
        bytes,
      });
      at += length;
    }
    return { ns, srcPort, from: payload.readUInt32BE(4), packets: inside };
  });
}

export interface XrBlock {
  ns: bigint;
  from: number;
  type: number;
  /** Behind the four octets of its header. */
  body: Buffer;
  specific: number;
}

/** The blocks of all extended reports. */
export function readXr(datagrams: readonly RtcpDatagram[]): XrBlock[] {
  return datagrams.flatMap(({ ns, packets }) =>
    packets
      .filter(({ type }) => type === 207)
      .flatMap(({ bytes, hasPadding }) => {
        const blocks: XrBlock[] = [];
        const end = bytes.length - (hasPadding ? bytes.at(-1)! : 0);
        for (let at = 8; at < end; ) {
          const length = 4 * (bytes.readUInt16BE(at + 2) + 1);
          if (at + length > end) throw new Error('block beyond its packet');
          const body = bytes.subarray(at + 4, at + length);
          blocks.push({ ns, from: bytes.readUInt32BE(4), type: bytes[at]!, specific: bytes[at + 1]!, body });
          at += length;
        }
        return blocks;
      }),
  );
}

/** The trace of a run length encoding (RFC 3611 4.1), one bit a packet. */
export function readTrace(body: Buffer): { begin: number; bits: boolean[] } {
  const begin = body.readUInt16BE(4);
  const length = (body.readUInt16BE(6) - begin) & 0xffff;
  const bits: boolean[] = [];
  for (let at = 8; at < body.length; at += 2) {
    const chunk = body.readUInt16BE(at);
    if (chunk >= 0x8000) for (let i = 14; i >= 0; i -= 1) bits.push(((chunk >> i) & 1) === 1);
    else for (let i = 0; i < (chunk & 0x3fff); i += 1) bits.push(chunk >= 0x4000);
  }
  return { begin, bits: bits.slice(0, length) };
}
