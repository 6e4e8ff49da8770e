// Reads the RTP of captures by its own means: classic pcap of Ethernet or raw IP,
// VLAN tags, IPv4 and IPv6 without extension headers, UDP.
export interface ReadRtp {
  ns: bigint;
  srcPort: number;
  dstPort: number;
  ssrc: number;
  sequence: number;
  timestamp: number;
  payloadType: number;
  marker: boolean;
}

const RAW_IP = 101;

/** RTP packets by SSRC, in the order of the file. */
export function readRtpStreams(bytes: Buffer): Map<number, ReadRtp[]> {
  const magic = bytes.readUInt32LE(0);
  if (magic !== 0xa1b23c4d && magic !== 0xa1b2c3d4) throw new Error('no little-endian pcap');
  const unitNs = magic === 0xa1b23c4d ? 1n : 1000n;
  const isRaw = bytes.readUInt32LE(20) === RAW_IP;
  const streams = new Map<number, ReadRtp[]>();
  for (let at = 24; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 8);
    const ns = BigInt(bytes.readUInt32LE(at)) * 1_000_000_000n + BigInt(bytes.readUInt32LE(at + 4)) * unitNs;
    const packet = rtpIn(bytes.subarray(at + 16, at + 16 + length), isRaw);
    at += 16 + length;
    if (packet === null) continue;
    const stream = streams.get(packet.ssrc) ?? [];
    stream.push({ ns, ...packet });
    streams.set(packet.ssrc, stream);
  }
  return streams;
}

function rtpIn(frame: Buffer, isRaw: boolean): Omit<ReadRtp, 'ns'> | null {
  let at = isRaw ? 0 : 14;
  if (!isRaw) for (; [0x8100, 0x88a8].includes(frame.readUInt16BE(at - 2)); at += 4);
  const isV4 = frame[at]! >> 4 === 4;
  if (!isV4 && frame[at]! >> 4 !== 6) return null;
  if (frame[at + (isV4 ? 9 : 6)] !== 17) return null;
  // A fragment begins no datagram, or does not hold all of it.
  if (isV4 && (frame.readUInt16BE(at + 6) & 0x3fff) !== 0) return null;
  const udp = at + (isV4 ? 4 * (frame[at]! & 15) : 40);
  const rtp = frame.subarray(udp + 8);
  if (rtp.length < 12 || rtp[0]! >> 6 !== 2 || (rtp[1]! >= 192 && rtp[1]! <= 223)) return null;
  return {
    srcPort: frame.readUInt16BE(udp),
    dstPort: frame.readUInt16BE(udp + 2),
    ssrc: rtp.readUInt32BE(8),
    sequence: rtp.readUInt16BE(2),
    timestamp: rtp.readUInt32BE(4),
    payloadType: rtp[1]! & 0x7f,
    marker: rtp[1]! >= 0x80,
  };
}
