// The RTCP packets of RFC 3550 6: sender and receiver reports, source
// descriptions, goodbyes and packets of applications.
import type { RtcpWire } from './rtcp-wire.js';
import type { NtpTime } from './wall-clock.js';

/** Sender part of a sender report (RFC 3550 6.4.1). */
export interface SenderInfo {
  ntp: NtpTime;
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

/** Items of a source description (RFC 3550 6.5). */
export const sdesItem = { cname: 1, name: 2, email: 3, phone: 4, loc: 5, tool: 6, note: 7 } as const;

export interface SourceItems {
  ssrc: number;
  /** Type and text, below 256 octets. */
  items: readonly (readonly [type: number, text: string])[];
}

const senderReport = 200;
const receiverReport = 201;
const sourceDescription = 202;
const goodbye = 203;
const application = 204;

const encoder = new TextEncoder();

/**
 * SR, or RR without sender info.
 * @param blocks 31 at most
 */
export function writeReport(
  wire: RtcpWire,
  ssrc: number,
  sender: SenderInfo | null,
  blocks: readonly ReportBlock[],
): void {
  wire.packet(sender === null ? receiverReport : senderReport, blocks.length, () => {
    wire.u32(ssrc);
    if (sender !== null) {
      wire.u32(sender.ntp.seconds).u32(sender.ntp.fraction).u32(sender.rtpTimestamp);
      wire.u32(sender.packets).u32(sender.octets);
    }
    for (const block of blocks) {
      wire.u32(block.ssrc).u8(block.fractionLost).u24(block.cumulativeLost);
      wire.u32(block.extendedHighestSequence).u32(block.jitter);
      wire.u32(block.lastSr).u32(block.delaySinceLastSr);
    }
  });
}

/** SDES with one chunk a source; at least one zero octet ends the items of a chunk. */
export function writeSourceDescription(wire: RtcpWire, sources: readonly SourceItems[]): void {
  wire.packet(sourceDescription, sources.length, () => {
    for (const { ssrc, items } of sources) {
      wire.u32(ssrc);
      for (const [type, text] of items) {
        const octets = encoder.encode(text);
        wire.u8(type).u8(octets.length).octets(octets);
      }
      wire.u8(0).align();
    }
  });
}

/** BYE for all of `ssrcs` (RFC 3550 6.6), with a reason if there is one. */
export function writeGoodbye(wire: RtcpWire, ssrcs: readonly number[], reason: string | null): void {
  wire.packet(goodbye, ssrcs.length, () => {
    for (const ssrc of ssrcs) wire.u32(ssrc);
    if (reason === null) return;
    const octets = encoder.encode(reason);
    wire.u8(octets.length).octets(octets).align();
  });
}

/**
 * APP (RFC 3550 6.7).
 * @param name four ASCII letters
 */
export function writeApplication(wire: RtcpWire, ssrc: number, name: string, data: string): void {
  wire.packet(application, 0, () => {
    wire.u32(ssrc).octets(encoder.encode(name)).octets(encoder.encode(data)).align();
  });
}
