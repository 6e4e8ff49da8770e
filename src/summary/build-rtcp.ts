// What RTCP said of a stream, and apart from it what the endpoint measured.
import { endpointMetrics, type RecordView, type ReportView } from '../native/record.gen.js';
import { formatTime, hex16, hexSsrc, rounded } from './format.js';
import { BUFFER_KINDS, FEEDBACKS, PDV_KINDS, PLC } from './names.js';
import type { StreamSummary } from './schema.js';

type Rtcp = StreamSummary['rtcp'];
type Endpoint = StreamSummary['endpoint'];

const round3 = (value: number) => rounded(value, 3);

function reportsPart(report: ReportView, clockRate: number) {
  if (report.reports === 0) return null;
  const { reportedJitterTicks: last, reportedJitterMeanTicks: mean, reportedJitterMaxTicks: max } = report;
  const ms = (ticks: number) => (clockRate > 0 ? rounded((ticks * 1000) / clockRate, 6) : null);
  return {
    count: report.reports,
    last: formatTime(report.lastReportNs),
    reporter: hexSsrc(report.reporterSsrc),
    fractionLost: {
      last: rounded(report.reportedFractionLost, 8),
      max: rounded(report.reportedFractionLostMax, 8),
    },
    cumulativeLost: rounded(report.reportedCumulativeLost, 0),
    highestSequence: report.reportedHighestSequence,
    jitterMs: { last: ms(last), mean: ms(mean), max: ms(max) },
    jitterTicks: { last: round3(last), mean: round3(mean), max: round3(max) },
  };
}

function senderPart(report: ReportView) {
  if (report.senderReports === 0) return null;
  return {
    reports: report.senderReports,
    last: formatTime(report.lastSenderReportNs),
    packets: rounded(report.senderPackets, 0),
    octets: rounded(report.senderOctets, 0),
    tapPackets: rounded(report.tapPackets, 0),
    tapOctets: rounded(report.tapOctets, 0),
    clockHz: round3(report.senderClockHz),
  };
}

const decoder = new TextDecoder();

function byePart(report: ReportView) {
  if (report.byeNs === 0n) return null;
  const reason = decoder.decode(report.byeReason.subarray(0, report.byeReasonOctets));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what came from the wire may hold anything
  return { time: formatTime(report.byeNs), reason: reason.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?') };
}

function feedbackPart(report: ReportView) {
  const counts = {} as Record<(typeof FEEDBACKS)[number][0], number>;
  for (const [name] of FEEDBACKS) counts[name] = report[name];
  return { ...counts, rembBps: rounded(report.rembBps, 0) };
}

export function rtcpPart(record: RecordView, report: ReportView | null): Rtcp {
  if (report === null) return null;
  const { cnameDigest } = report;
  return {
    reports: reportsPart(report, record.clockRate),
    sender: senderPart(report),
    cnameDigest: cnameDigest === 0n ? null : hex16(cnameDigest),
    bye: byePart(report),
    feedback: feedbackPart(report),
    xrBlocks: report.xrBlocks,
    unknownEchoes: report.unknownLsrs,
    reducedSize: report.reducedSize,
    srtcpPackets: report.srtcpPackets,
    malformedPackets: report.malformedRtcp,
  };
}

/** Octets that say so when they were not reported. */
const NOT_REPORTED = 255;

/** Only what was reported, and when. */
export function endpointPart(report: ReportView | null): Endpoint {
  if (report === null || report.endpointNs === 0n) return null;
  const { view, base } = report;
  const metrics: Record<string, number> = {};
  for (const { name, offset } of endpointMetrics) {
    const value = view.getFloat32(base + offset, true);
    if (!Number.isNaN(value)) metrics[name] = rounded(value, 6)!;
  }
  const { endpointGmin, endpointPlc, endpointBufferKind, endpointBufferRate } = report;
  const { endpointPdvKind, endpointMosAlgorithm, endpointMosPayloadType } = report;
  const word = <Word>(words: readonly Word[], number: number): Word | undefined => words[number];
  const plc = word(PLC, endpointPlc);
  const bufferKind = word(BUFFER_KINDS, endpointBufferKind);
  const pdvKind = word(PDV_KINDS, endpointPdvKind);
  return {
    reportedAt: formatTime(report.endpointNs),
    ...(report.endpointVoipNs !== 0n && { voipReportedAt: formatTime(report.endpointVoipNs) }),
    ...metrics,
    ...(endpointGmin !== 0 && endpointGmin !== NOT_REPORTED && { gmin: endpointGmin }),
    ...(plc !== undefined && { lossConcealment: plc }),
    ...(bufferKind !== undefined && { bufferKind }),
    ...(endpointBufferRate !== NOT_REPORTED && { bufferRate: endpointBufferRate }),
    ...(pdvKind !== undefined && { pdvKind }),
    ...(endpointMosAlgorithm !== NOT_REPORTED && { mosAlgorithm: endpointMosAlgorithm }),
    ...(endpointMosPayloadType !== NOT_REPORTED && { mosPayloadType: endpointMosPayloadType }),
  };
}
