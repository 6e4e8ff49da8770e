// What RTCP said of a stream, as the JSON that HEP agents send for RTCP (HEP
// protocol type 5). A summary holds no packets but what they told in its time:
// the last report block, and what sender reports counted between each other.
// What is not known (NTP time, LSR, DLSR) is left out.
import { type Measured, spanOf } from './rtp-report.js';
import { type UnixTime, unixTime } from './unix-time.js';

/** RTCP packet types (RFC 3550 12.1, RFC 3611 2). */
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const EXTENDED_REPORT = 207;
/** XR block type of VoIP metrics (RFC 3611 4.7). */
const VOIP_METRICS = 7;

export interface RtcpReport {
  /** Sent the way of the stream (by its sender), or against it (by its receiver). */
  way: 'with-stream' | 'against-stream';
  at: UnixTime;
  json: string;
}

/**
 * @param reverse the summary of the opposite direction over the same time, when it is at hand: what
 *   each end reports of the other goes into its own sender report, as on the wire
 */
export function rtcpReports(summary: Measured, reverse: Measured | null): RtcpReport[] {
  const reports: RtcpReport[] = [];
  const sender = summary.rtcp?.sender ?? null;
  if (sender !== null) {
    const about = reverse !== null && isReportedBy(reverse, summary) ? reverse : null;
    const json = {
      id: summary.id,
      sender_information: { packets: known(sender.packets), octets: known(sender.octets) },
      ssrc: Number(summary.ssrc),
      type: SENDER_REPORT,
      ...blocksAbout(about),
    };
    reports.push({ way: 'with-stream', at: unixTime(sender.last), json: JSON.stringify(json) });
  }
  const reporter = reporterOf(summary);
  const isInSenderReport = reverse?.rtcp?.sender && isReportedBy(summary, reverse);
  if (reporter !== null && !isInSenderReport) {
    const json = {
      id: summary.id,
      ssrc: Number(reporter),
      type: (summary.rtcp?.reports ?? null) === null ? EXTENDED_REPORT : RECEIVER_REPORT,
      ...blocksAbout(summary),
    };
    reports.push({ way: 'against-stream', at: reportedAt(summary), json: JSON.stringify(json) });
  }
  return reports;
}

const known = <T>(value: T | null) => value ?? undefined;

/** SSRC of who reports on the stream; null when nobody does. */
const reporterOf = ({ rtcp, endpoint }: Measured) =>
  rtcp?.reports?.reporter ?? (hasVoipMetrics(endpoint) ? endpoint.reporterSsrc : null);

const isReportedBy = (stream: Measured, other: Measured) => reporterOf(stream) === other.ssrc;

function reportedAt(summary: Measured): UnixTime {
  const at = summary.rtcp?.reports?.last ?? summary.endpoint?.reportedAt;
  return at === undefined ? spanOf(summary).end : unixTime(at);
}

/** What the receiver of the stream reports of it; no block at all for null. */
function blocksAbout(stream: Measured | null): object {
  const reports = stream?.rtcp?.reports ?? null;
  const endpoint = stream?.endpoint ?? null;
  if (stream === null) return { report_count: 0, report_blocks: [] };
  const ssrc = Number(stream.ssrc);
  const block = reports && {
    source_ssrc: ssrc,
    fraction_lost: in256ths(reports.fractionLost.last),
    packets_lost: known(reports.cumulativeLost),
    highest_seq_no: reports.highestSequence,
    ia_jitter: rounded(reports.jitterTicks.last),
  };
  const blocks = block === null ? [] : [block];
  return {
    report_count: blocks.length,
    report_blocks: blocks,
    ...(hasVoipMetrics(endpoint) ? { report_blocks_xr: xrBlock(endpoint, ssrc) } : {}),
  };
}

type Endpoint = NonNullable<Measured['endpoint']>;

const hasVoipMetrics = (endpoint: Measured['endpoint']): endpoint is Endpoint =>
  endpoint !== null && endpoint.voipReportedAt !== undefined;

/** VoIP metrics in the units of the wire (RFC 3611 4.7), which heplify-server expects. */
function xrBlock(endpoint: Endpoint, ssrc: number): object {
  return {
    type: VOIP_METRICS,
    id: ssrc,
    fraction_lost: in256ths(endpoint.lossRate),
    fraction_discard: in256ths(endpoint.discardRate),
    burst_density: in256ths(endpoint.burstDensity),
    gap_density: in256ths(endpoint.gapDensity),
    burst_duration: rounded(endpoint.burstDurationMs),
    gap_duration: rounded(endpoint.gapDurationMs),
    round_trip_delay: rounded(endpoint.roundTripDelayMs),
    end_system_delay: rounded(endpoint.endSystemDelayMs),
  };
}

const rounded = (value: number | null | undefined) =>
  value === null || value === undefined ? undefined : Math.round(value);

/** A share as fixed point of 8 bits (RFC 3550 6.4.1). */
const in256ths = (share: number | null | undefined) =>
  share === null || share === undefined ? undefined : Math.min(255, Math.round(share * 256));
