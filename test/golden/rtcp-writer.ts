// The few RTCP packets that vectors need, octet by octet (RFC 3550 6.4).
export interface ReportBlock {
  ssrc: number;
  cumulativeLost: number;
  extendedHighest: number;
  lsr: number;
  dlsr: number;
}

function packet(type: number, count: number, words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length);
  bytes[0] = 0x80 | count;
  bytes[1] = type;
  bytes.writeUInt16BE(words.length, 2);
  for (const [i, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 + 4 * i);
  return bytes;
}

/** A sender report without blocks; `ntpMiddle` are the 32 bits that LSR repeats. */
export const senderReport = (
  ssrc: number,
  ntpMiddle: number,
  timestamp: number,
  packets: number,
  octets: number,
) => packet(200, 0, [ssrc, ntpMiddle >>> 16, ntpMiddle << 16, timestamp, packets, octets]);

/** A receiver report with one block. */
export const receiverReport = (ssrc: number, block: ReportBlock) =>
  packet(201, 1, [
    ...[ssrc, block.ssrc, block.cumulativeLost & 0xff_ffff, block.extendedHighest, 0, block.lsr, block.dlsr],
  ]);
