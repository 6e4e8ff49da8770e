// RTP frames, fast: the headers of each stream are made once; a packet is two
// moves within one buffer and the fields that change. Checksums come from sums
// prepared beforehand.
//
//   RTP (RFC 3550 5.1):
//    0                   1                   2                   3
//    |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//    |                           timestamp                           |
//    |           synchronization source (SSRC) identifier            |
import { checksumOf, sumWords, udpChecksumOf } from './checksum.js';
import type { Path } from './endpoints.js';
import { linkAndIp, pseudoHeaderSum, smallestFrame, udp, udpHeaderBytes } from './frame-headers.js';
import type { PcapWriter } from './pcap-writer.js';
import { Prng } from './prng.js';

const rtpHeaderBytes = 12;

// The row of a stream in the material: where its IP header begins, how long its
// headers are, whether they are IPv6; the sums of its IP header and of its
// pseudo header, UDP and RTP header; then the headers themselves.
const IP_AT = 0;
const HEADER_BYTES = 1;
const IS_IPV6 = 2;
const IP_SUM = 4;
const UDP_SUM = 8;
const HEADERS = 12;
/** Two VLAN tags and IPv6 are the most. */
const rowBytes = HEADERS + 14 + 8 + 40 + udpHeaderBytes + rtpHeaderBytes;
/** Arbitrary media octets that payloads are taken from. */
const poolBytes = 65_536 + 2048;

/** Octets of material that `streams` streams need in the writer. */
export function materialBytes(streams: number): number {
  return poolBytes + streams * rowBytes;
}

export class RtpFrames {
  private readonly poolAt: number;
  private readonly rowsAt: number;
  /** Sum of all 16-bit words of the pool before a word. */
  private readonly poolSums = new Uint32Array(poolBytes / 2 + 1);

  constructor(
    private readonly writer: PcapWriter,
    seed: number,
  ) {
    this.poolAt = writer.materialStart;
    this.rowsAt = this.poolAt + poolBytes;
    this.fillPool(new Prng(seed));
  }

  /** Prepares the headers of a stream. */
  prepare(stream: number, path: Path, ssrc: number): void {
    const { bytes, ipAt, ipv6 } = linkAndIp(path, udp);
    const header = new Uint8Array(bytes.length + udpHeaderBytes + rtpHeaderBytes);
    const view = new DataView(header.buffer);
    header.set(bytes);
    const udpAt = bytes.length;
    view.setUint16(udpAt, path.from.port);
    view.setUint16(udpAt + 2, path.to.port);
    view.setUint8(udpAt + 8, 0x80);
    view.setUint32(udpAt + 16, ssrc);
    const { writer } = this;
    const row = this.rowsAt + stream * rowBytes;
    writer.bytes[row + IP_AT] = ipAt;
    writer.bytes[row + HEADER_BYTES] = header.length;
    writer.bytes[row + IS_IPV6] = ipv6 ? 1 : 0;
    writer.view.setUint32(row + IP_SUM, sumWords(header, ipAt, udpAt));
    writer.view.setUint32(row + UDP_SUM, pseudoHeaderSum(path, udp) + sumWords(header, udpAt));
    writer.bytes.set(header, row + HEADERS);
  }

  /**
   * Writes one packet.
   * @param markerAndType second octet of the RTP header
   * @param inline the payload (4 octets at most) as a big-endian word, left-aligned; -1 for media octets
   */
  write(
    stream: number,
    atNs: number,
    markerAndType: number,
    sequence: number,
    timestamp: number,
    octets: number,
    inline: number,
    ipId: number,
  ): void {
    const { writer } = this;
    const { bytes, view } = writer;
    const row = this.rowsAt + stream * rowBytes;
    const headerBytes = bytes[row + HEADER_BYTES]!;
    const length = headerBytes + octets;
    const at = writer.beginRecord(atNs, length < smallestFrame ? smallestFrame : length);
    bytes.copyWithin(at, row + HEADERS, row + HEADERS + headerBytes);
    const payloadAt = at + headerBytes;
    let payloadSum: number;
    if (inline < 0) {
      // The same packet has the same octets each time it comes.
      const offset = (Math.imul(Math.imul(stream, 31) + sequence, 0x9e3779b1) >>> 16) & 0xfffe;
      bytes.copyWithin(payloadAt, this.poolAt + offset, this.poolAt + offset + octets);
      payloadSum = this.poolSum(offset, octets);
    } else {
      for (let i = 0; i < octets; i += 1) bytes[payloadAt + i] = inline >>> (24 - 8 * i);
      payloadSum = (inline >>> 16) + (inline & 0xffff);
    }
    if (length < smallestFrame) bytes.fill(0, payloadAt + octets, at + smallestFrame);

    const ipAt = at + bytes[row + IP_AT]!;
    const udpLength = udpHeaderBytes + rtpHeaderBytes + octets;
    if (bytes[row + IS_IPV6] === 0) {
      view.setUint16(ipAt + 2, 20 + udpLength);
      view.setUint16(ipAt + 4, ipId);
      view.setUint16(ipAt + 10, checksumOf(view.getUint32(row + IP_SUM) + 20 + udpLength + ipId));
    } else {
      view.setUint16(ipAt + 4, udpLength);
    }
    const rtpAt = payloadAt - rtpHeaderBytes;
    view.setUint16(rtpAt - 4, udpLength);
    view.setUint8(rtpAt + 1, markerAndType);
    view.setUint16(rtpAt + 2, sequence);
    view.setUint32(rtpAt + 4, timestamp);
    // The length counts twice: in the pseudo header and in the UDP header.
    const sum =
      2 * udpLength + markerAndType + sequence + (timestamp >>> 16) + (timestamp & 0xffff) + payloadSum;
    view.setUint16(rtpAt - 2, udpChecksumOf(view.getUint32(row + UDP_SUM) + sum));
  }

  private poolSum(offset: number, octets: number): number {
    const words = (offset + octets) >> 1;
    const sum = this.poolSums[words]! - this.poolSums[offset >> 1]!;
    return (octets & 1) === 0 ? sum : sum + (this.writer.bytes[this.poolAt + offset + octets - 1]! << 8);
  }

  private fillPool(prng: Prng): void {
    const { view } = this.writer;
    for (let at = 0; at < poolBytes; at += 4) view.setUint32(this.poolAt + at, prng.uint32());
    let sum = 0;
    for (let word = 0; word < poolBytes / 2; word += 1) {
      sum += view.getUint16(this.poolAt + 2 * word);
      this.poolSums[word + 1] = sum;
    }
  }
}
