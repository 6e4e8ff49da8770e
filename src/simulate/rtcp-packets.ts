// RTCP compound packets (RFC 3550 6): a sender or receiver report, the
// canonical name, and BYE at the end.

/** Sender part of a sender report (RFC 3550 6.4.1). */
export interface SenderInfo {
  /** NTP time: seconds since 1900 and 1/2^32 s, 32 bits each. */
  ntpSeconds: number;
  ntpFraction: number;
  /** RTP timestamp of the same instant. */
  rtpTimestamp: number;
  packets: number;
  octets: number;
}

/** What a receiver says of one stream (RFC 3550 6.4.1). */
export interface ReportBlock {
  ssrc: number;
  /** Lost since the last report, in 1/256. */
  fractionLost: number;
  /** Lost since the beginning, signed 24 bits. */
  cumulativeLost: number;
  extendedHighestSequence: number;
  /** RTP clock ticks. */
  jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report received, 0 for none. */
  lastSr: number;
  /** From its arrival to this report, 1/65536 s, 0 for none. */
  delaySinceLastSr: number;
}

const senderReport = 200;
const receiverReport = 201;
const sourceDescription = 202;
const goodbye = 203;
const cnameItem = 1;

/**
 * One compound packet.
 * @param sender null for a receiver report
 * @param block null when nothing was received
 * @param cname canonical name (RFC 3550 6.5.1), below 256 octets
 */
export function rtcpCompound(
  ssrc: number,
  sender: SenderInfo | null,
  block: ReportBlock | null,
  cname: string,
  isLast: boolean,
): Uint8Array {
  const reportBytes = 8 + (sender === null ? 0 : 20) + (block === null ? 0 : 24);
  const name = Buffer.from(cname);
  // Item type, length, text, then at least one zero octet up to a 32-bit boundary.
  const sdesBytes = 8 + 4 * Math.ceil((2 + name.length + 1) / 4);
  const bytes = new Uint8Array(reportBytes + sdesBytes + (isLast ? 8 : 0));
  const view = new DataView(bytes.buffer);

  const type = sender === null ? receiverReport : senderReport;
  let at = header(view, 0, block === null ? 0 : 1, type, reportBytes);
  view.setUint32(at, ssrc);
  at += 4;
  if (sender !== null) {
    view.setUint32(at, sender.ntpSeconds);
    view.setUint32(at + 4, sender.ntpFraction);
    view.setUint32(at + 8, sender.rtpTimestamp);
    view.setUint32(at + 12, sender.packets);
    view.setUint32(at + 16, sender.octets);
    at += 20;
  }
  if (block !== null) {
    view.setUint32(at, block.ssrc);
    view.setUint32(at + 4, (block.fractionLost << 24) | (block.cumulativeLost & 0xffffff));
    view.setUint32(at + 8, block.extendedHighestSequence);
    view.setUint32(at + 12, block.jitter);
    view.setUint32(at + 16, block.lastSr);
    view.setUint32(at + 20, block.delaySinceLastSr);
  }

  at = header(view, reportBytes, 1, sourceDescription, sdesBytes);
  view.setUint32(at, ssrc);
  view.setUint8(at + 4, cnameItem);
  view.setUint8(at + 5, name.length);
  bytes.set(name, at + 6);

  if (isLast) {
    at = header(view, reportBytes + sdesBytes, 1, goodbye, 8);
    view.setUint32(at, ssrc);
  }
  return bytes;
}

/** |V=2|P|count| type | length in words minus 1 | */
function header(view: DataView, at: number, count: number, type: number, bytes: number): number {
  view.setUint8(at, 0x80 | count);
  view.setUint8(at + 1, type);
  view.setUint16(at + 2, bytes / 4 - 1);
  return at + 4;
}
