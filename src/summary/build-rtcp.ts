// What RTCP said of a stream, and apart from it what the endpoint measured.
import { endpointMetrics, type RecordView, type ReportView, reportOffsets } from '../native/record.gen.js';
import { type JsonText, jsonKeys } from './json-text.js';
import { BUFFER_KINDS, CONCEALMENT_PLC, DEJITTER_KINDS, FEEDBACKS, PDV_KINDS, PLC } from './names.js';
import type { StreamSummary } from './schema.js';
import type { SummaryWriter } from './summary-writer.js';

type Rtcp = NonNullable<StreamSummary['rtcp']>;
type Reports = NonNullable<Rtcp['reports']>;

const keys = jsonKeys<'rtcp' | keyof Rtcp>(
  'rtcp',
  'reports',
  'sender',
  'cnameDigest',
  'bye',
  'feedback',
  'xrBlocks',
  'xrWithoutInterval',
  'xrSkipped',
  'xrDropped',
  'unknownEchoes',
  'unknownReferenceEchoes',
  'appPackets',
  'otherPackets',
  'reducedSize',
  'srtcpPackets',
  'malformedPackets',
);
const reportKeys = jsonKeys<
  keyof Reports | keyof Reports['fractionLost'] | keyof Reports['jitterMs'] | keyof Reports['jitterTicks']
>(
  'count',
  'last',
  'reporter',
  'fractionLost',
  'cumulativeLost',
  'highestSequence',
  'jitterMs',
  'jitterTicks',
  'offsetJitterMs',
  'offsetJitterTicks',
  'mean',
  'max',
);
const senderKeys = jsonKeys<keyof NonNullable<Rtcp['sender']>>(
  'reports',
  'last',
  'packets',
  'octets',
  'tapPackets',
  'tapOctets',
  'clockHz',
);
const byeKeys = jsonKeys<keyof NonNullable<Rtcp['bye']>>('time', 'reason');
const feedbackNames = FEEDBACKS.map(([name]) => name);
const feedbackKeys = jsonKeys<keyof Rtcp['feedback']>(...feedbackNames, 'rembBps');

function writeJitter(
  out: SummaryWriter,
  key: JsonText,
  last: number,
  mean: number,
  max: number,
  decimals: number,
): void {
  out.open(key);
  out.fixed(reportKeys.last, last, decimals);
  out.fixed(reportKeys.mean, mean, decimals);
  out.fixed(reportKeys.max, max, decimals);
  out.close();
}

function writeReports(out: SummaryWriter, report: ReportView, clockRate: number): void {
  if (report.reports === 0) {
    out.nothing(keys.reports);
    return;
  }
  const { reportedJitterTicks: last, reportedJitterMeanTicks: mean, reportedJitterMaxTicks: max } = report;
  const { reportedOffsetJitterTicks: offset } = report;
  const { reportedOffsetJitterMeanTicks: offsetMean, reportedOffsetJitterMaxTicks: offsetMax } = report;
  // Without a clock rate these are infinite, and written as null.
  const ms = 1000 / clockRate;
  out.open(keys.reports);
  out.number(reportKeys.count, report.reports);
  out.time(reportKeys.last, report.view, report.base + reportOffsets.lastReportNs);
  out.ssrc(reportKeys.reporter, report.reporterSsrc);
  out.open(reportKeys.fractionLost);
  out.fixed(reportKeys.last, report.reportedFractionLost, 8);
  out.fixed(reportKeys.max, report.reportedFractionLostMax, 8);
  out.close();
  out.fixed(reportKeys.cumulativeLost, report.reportedCumulativeLost, 0);
  out.number(reportKeys.highestSequence, report.reportedHighestSequence);
  writeJitter(out, reportKeys.jitterMs, last * ms, mean * ms, max * ms, 6);
  writeJitter(out, reportKeys.jitterTicks, last, mean, max, 3);
  writeJitter(out, reportKeys.offsetJitterMs, offset * ms, offsetMean * ms, offsetMax * ms, 6);
  writeJitter(out, reportKeys.offsetJitterTicks, offset, offsetMean, offsetMax, 3);
  out.close();
}

function writeSender(out: SummaryWriter, report: ReportView): void {
  if (report.senderReports === 0) {
    out.nothing(keys.sender);
    return;
  }
  out.open(keys.sender);
  out.number(senderKeys.reports, report.senderReports);
  out.time(senderKeys.last, report.view, report.base + reportOffsets.lastSenderReportNs);
  out.fixed(senderKeys.packets, report.senderPackets, 0);
  out.fixed(senderKeys.octets, report.senderOctets, 0);
  out.fixed(senderKeys.tapPackets, report.tapPackets, 0);
  out.fixed(senderKeys.tapOctets, report.tapOctets, 0);
  out.fixed(senderKeys.clockHz, report.senderClockHz, 3);
  out.close();
}

const decoder = new TextDecoder();

function writeBye(out: SummaryWriter, report: ReportView): void {
  if (report.byeNs === 0n) {
    out.nothing(keys.bye);
    return;
  }
  const reason = decoder.decode(report.byeReason.subarray(0, report.byeReasonOctets));
  out.open(keys.bye);
  out.time(byeKeys.time, report.view, report.base + reportOffsets.byeNs);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what came from the wire may hold anything
  out.string(byeKeys.reason, reason.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?'));
  out.close();
}

function writeFeedback(out: SummaryWriter, report: ReportView): void {
  out.open(keys.feedback);
  for (const name of feedbackNames) out.number(feedbackKeys[name], report[name]);
  out.fixed(feedbackKeys.rembBps, report.rembBps, 0);
  out.close();
}

export function writeRtcp(out: SummaryWriter, record: RecordView, report: ReportView | null): void {
  if (report === null) {
    out.nothing(keys.rtcp);
    return;
  }
  const { view, base } = report;
  out.open(keys.rtcp);
  writeReports(out, report, record.clockRate);
  writeSender(out, report);
  if (report.cnameDigest === 0n) out.nothing(keys.cnameDigest);
  else out.hex64At(keys.cnameDigest, view, base + reportOffsets.cnameDigest);
  writeBye(out, report);
  writeFeedback(out, report);
  out.number(keys.xrBlocks, report.xrBlocks);
  out.number(keys.xrWithoutInterval, report.xrWithoutInterval);
  out.number(keys.xrSkipped, report.xrSkipped);
  out.number(keys.xrDropped, report.xrDropped);
  out.number(keys.unknownEchoes, report.unknownLsrs);
  out.number(keys.unknownReferenceEchoes, report.unknownLrrs);
  out.number(keys.appPackets, report.appPackets);
  out.number(keys.otherPackets, report.otherRtcpPackets);
  out.number(keys.reducedSize, report.reducedSize);
  out.number(keys.srtcpPackets, report.srtcpPackets);
  out.number(keys.malformedPackets, report.malformedRtcp);
  out.close();
}

/** Octets that say so when they were not reported. */
const NOT_REPORTED = 255;

const endpointKeys = jsonKeys<'endpoint' | keyof NonNullable<StreamSummary['endpoint']>>(
  'endpoint',
  'reportedAt',
  'reporterSsrc',
  'voipReportedAt',
  'intervalFigures',
  'sampledFigures',
  'gmin',
  'lossConcealment',
  'bufferKind',
  'bufferRate',
  'pdvKind',
  'mosAlgorithm',
  'mosPayloadType',
  'dejitterKind',
  'concealmentMethod',
  'burstsCombined',
);
const metricKeys = jsonKeys(...endpointMetrics.map(({ name }) => name));

/** Only what was reported, and when. */
export function writeEndpoint(out: SummaryWriter, report: ReportView | null): void {
  if (report === null || report.endpointNs === 0n) {
    out.nothing(endpointKeys.endpoint);
    return;
  }
  const { view, base } = report;
  out.open(endpointKeys.endpoint);
  out.time(endpointKeys.reportedAt, view, base + reportOffsets.endpointNs);
  out.ssrc(endpointKeys.reporterSsrc, report.endpointReporterSsrc);
  if (report.endpointVoipNs !== 0n)
    out.time(endpointKeys.voipReportedAt, view, base + reportOffsets.endpointVoipNs);
  writeFiguresOf(out, endpointKeys.intervalFigures, view, base + reportOffsets.endpointIntervalBits);
  writeFiguresOf(out, endpointKeys.sampledFigures, view, base + reportOffsets.endpointSampledBits);
  for (const { name, offset } of endpointMetrics) {
    const value = view.getFloat32(base + offset, true);
    if (!Number.isNaN(value)) out.fixed(metricKeys[name], value, 6);
  }
  const { endpointGmin: gmin, endpointBufferRate: bufferRate } = report;
  if (gmin !== 0 && gmin !== NOT_REPORTED) out.number(endpointKeys.gmin, gmin);
  writeWord(out, endpointKeys.lossConcealment, PLC[report.endpointPlc]);
  writeWord(out, endpointKeys.bufferKind, BUFFER_KINDS[report.endpointBufferKind]);
  if (bufferRate !== NOT_REPORTED) out.number(endpointKeys.bufferRate, bufferRate);
  writeWord(out, endpointKeys.pdvKind, PDV_KINDS[report.endpointPdvKind]);
  const { endpointMosAlgorithm, endpointMosPayloadType } = report;
  if (endpointMosAlgorithm !== NOT_REPORTED) out.number(endpointKeys.mosAlgorithm, endpointMosAlgorithm);
  if (endpointMosPayloadType !== NOT_REPORTED)
    out.number(endpointKeys.mosPayloadType, endpointMosPayloadType);
  writeWord(out, endpointKeys.dejitterKind, DEJITTER_KINDS[report.endpointDejitterKind]);
  writeWord(out, endpointKeys.concealmentMethod, CONCEALMENT_PLC[report.endpointConcealmentPlc]);
  const { endpointBurstCombined: combined } = report;
  if (combined !== NOT_REPORTED) out.boolean(endpointKeys.burstsCombined, combined === 1);
  out.close();
}

/** The names of the figures whose bits are set from `from` on; nothing when none is. */
function writeFiguresOf(out: SummaryWriter, key: JsonText, view: DataView, from: number): void {
  const isSet = (i: number) => ((view.getUint32(from + 4 * (i >>> 5), true) >>> (i & 31)) & 1) === 1;
  if (!endpointMetrics.some((_, i) => isSet(i))) return;
  out.openArray(key);
  for (let i = 0; i < endpointMetrics.length; i++) if (isSet(i)) out.stringElement(endpointMetrics[i]!.name);
  out.closeArray();
}

function writeWord(out: SummaryWriter, key: JsonText, word: string | undefined): void {
  if (word !== undefined) out.string(key, word);
}
