// What was measured of an RTP stream, as the JSON that Homer shows as an RTP
// report (HEP protocol types 34 and 35). The keys are those that Homer's pages and
// heplify-server read; unknown values are left out.
import type { StreamSummary, WindowSummary } from '../../summary/schema.js';
import { type UnixTime, unixTime } from './unix-time.js';

export type Measured = WindowSummary | StreamSummary;

/**
 * Joins what belongs to one call: both directions have the same. The Call-ID
 * belongs here as soon as signalling is read.
 */
export const correlationIdOf = ({ pairId }: Measured) => `rtp-${pairId}`;

/** What a summary speaks of: its window, or the whole stream. */
export function spanOf(summary: Measured): { start: UnixTime; end: UnixTime } {
  return summary.kind === 'window'
    ? { start: unixTime(summary.windowStart), end: unixTime(summary.windowEnd) }
    : { start: unixTime(summary.start), end: unixTime(summary.end) };
}

const secondsOf = ({ seconds, microseconds }: UnixTime) => seconds + microseconds / 1e6;

const known = <T>(value: T | null) => value ?? undefined;

/** @param software who reports, for STYPE */
export function rtpReport(summary: Measured, software: string): string {
  const { jitterMs, deltaMs, mos, oneWayAudio } = summary;
  const { start, end } = spanOf(summary);
  const isWhole = summary.kind === 'stream';
  return JSON.stringify({
    CORRELATION_ID: correlationIdOf(summary),
    TYPE: isWhole ? 'FINAL' : 'PERIODIC',
    SOURCE: 'RTP',
    STYPE: software,
    REPORT_NAME: `${summary.src}:${summary.srcPort}`,
    // Of our own: what names the summary, so that a second delivery is recognised.
    ID: summary.id,
    PROBE: summary.probe,
    SSRC: summary.ssrc,
    SSRC_CHG: summary.ssrcChanges,
    CODEC_PT: summary.payloadType,
    CODEC_NAME: known(summary.codec),
    CLOCK: known(summary.clockRate),
    CODEC_RATE: known(summary.clockRate),
    REPORT_START: secondsOf(start),
    REPORT_END: secondsOf(end),
    REPORT_TS: secondsOf(end),
    SRC_IP: summary.src,
    SRC_PORT: summary.srcPort,
    DST_IP: summary.dst,
    DST_PORT: summary.dstPort,
    SEQ: summary.lastSequence,
    TOTAL_PK: summary.packets,
    EXPECTED_PK: summary.expected,
    PACKET_LOSS: summary.lost,
    ...(isWhole ? { TOTAL_PACKETS: summary.packets, TOTAL_PACKET_LOSS: summary.lost } : {}),
    TL_BYTE: summary.octets,
    DELTA: known(deltaMs.mean),
    JITTER: known(jitterMs.last),
    MAX_JITTER: known(jitterMs.max),
    MEAN_JITTER: known(jitterMs.mean),
    MAX_DELTA: known(deltaMs.max),
    MOS: known(mos.cq),
    RFACTOR: known(mos.r),
    // Of our own: MOS and R of different scales are not comparable.
    MOS_SCALE: known(mos.scale),
    OUT_ORDER: summary.reordered,
    ONE_WAY_RTP: oneWayAudio === null ? undefined : Number(oneWayAudio),
  });
}

/** For chunk 0x20. */
export const mosHundredths = ({ mos }: Measured) => (mos.cq === null ? null : Math.round(mos.cq * 100));
