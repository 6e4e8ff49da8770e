// What a summary says of a stream by itself: who sends it, its counts and its times.
import { type RecordView, recordOffsets } from '../native/record.gen.js';
import { staticPayloadType } from '../quality/static-payload-types.js';
import { nsBetween } from '../windows/stream-keys.js';
import type { SummaryContext } from './context.js';
import { ratioOf, vlanOf } from './format.js';
import { jsonKeys } from './json-text.js';
import type { StreamSummary } from './schema.js';
import type { SummaryWriter } from './summary-writer.js';

const MEDIA = [null, 'audio', 'video'] as const;
const CLOCK_SOURCES = [null, 'static', 'config', 'inferred'] as const;

/** Value of redPrimaryPayloadType when none was seen. */
const NO_PAYLOAD_TYPE = 255;

const nameOf = (payloadType: number, context: SummaryContext): string | null =>
  context.encodingNames.get(payloadType) ?? staticPayloadType(payloadType)?.encodingName ?? null;

function codecOf(record: RecordView, context: SummaryContext): string | null {
  // Only events, and no media: the type is known by what it carries.
  if (record.packets > 0 && record.telephoneEventPackets === record.packets) return 'telephone-event';
  return nameOf(record.payloadType, context);
}

/** Packet time in ms from the usual timestamp step; null when clock or step is unknown. */
function packetTimeOf(record: RecordView): number | null {
  const { timestampStep, clockRate } = record;
  return timestampStep > 0 && clockRate > 0 ? (timestampStep * 1000) / clockRate : null;
}

/** What redundant audio (RFC 2198) carries: the media of the packets themselves. */
export interface RedPrimary {
  payloadType: number;
  /** null when unknown. */
  codec: string | null;
  /** Without headers and redundant blocks; null when the packet time is unknown, or no such packet came. */
  bitrateKbps: number | null;
}

function redPrimaryOf(
  record: RecordView,
  codec: string | null,
  packetTimeMs: number | null,
  context: SummaryContext,
): RedPrimary | null {
  const payloadType = record.redPrimaryPayloadType;
  if (payloadType === NO_PAYLOAD_TYPE || codec?.toLowerCase() !== 'red') return null;
  const { redPackets, redPrimaryOctets } = record;
  const hasRate = packetTimeMs !== null && redPackets > 0;
  return {
    payloadType,
    codec: nameOf(payloadType, context),
    bitrateKbps: hasRate ? (redPrimaryOctets * 8) / (redPackets * packetTimeMs) : null,
  };
}

/** What several parts of a summary need. */
export interface StreamBasics {
  codec: string | null;
  media: (typeof MEDIA)[number];
  /** null when clock or step is unknown. */
  packetTimeMs: number | null;
  /** While sending; null when the packet time is unknown, and for video. */
  bitrateKbps: number | null;
  /** null when the last media came outside of redundant audio. */
  redPrimary: RedPrimary | null;
}

export function basicsOf(record: RecordView, context: SummaryContext): StreamBasics {
  const packetTimeMs = packetTimeOf(record);
  const media = MEDIA[record.mediaKind] ?? null;
  const codec = codecOf(record, context);
  const { packets, octets } = record;
  const hasRate = packetTimeMs !== null && media !== 'video' && packets > 0;
  return {
    codec,
    media,
    packetTimeMs,
    bitrateKbps: hasRate ? (octets * 8) / (packets * packetTimeMs) : null,
    redPrimary: media === 'video' ? null : redPrimaryOf(record, codec, packetTimeMs, context),
  };
}

/** From the first packet to the last, ms. */
export const durationMsOf = ({ view, base }: RecordView) =>
  nsBetween(view, base + recordOffsets.firstNs, base + recordOffsets.lastNs) / 1e6;

const keys = jsonKeys<keyof StreamSummary>(
  'ssrc',
  'src',
  'srcPort',
  'dst',
  'dstPort',
  'payloadTypes',
  'payloadType',
  'codec',
  'media',
  'clockRate',
  'clockRateSource',
  'start',
  'end',
  'durationMs',
  'packets',
  'octets',
  'bitrateKbps',
  'packetTimeMs',
  'expected',
  'lost',
  'lossRatio',
  'cumulativeLost',
  'duplicates',
  'reordered',
  'reorderExtentMax',
  'late',
  'restarts',
  'sequenceErrors',
  'lossRuns',
  'jitterMs',
  'jitterTicks',
  'deltaMs',
  'timestampJumps',
  'dtxResumptions',
  'comfortNoisePackets',
  'telephoneEventPackets',
  'payloadTypeChanges',
  'markers',
  'rtcpPackets',
  'dscp',
  'dscpSeen',
  'vlan',
  'vlanOther',
  'interface',
  'interfaceOther',
  'firstSequence',
  'lastSequence',
);
const primaryKeys = jsonKeys<'redPrimary' | keyof RedPrimary>(
  'redPrimary',
  'payloadType',
  'codec',
  'bitrateKbps',
);
const runKeys = jsonKeys<keyof StreamSummary['lossRuns']>('count', 'meanLength', 'longest');
const jitterKeys = jsonKeys<keyof StreamSummary['jitterMs']>('mean', 'max', 'last');

/** Who sends, and what. */
export function writeIdentity(out: SummaryWriter, record: RecordView, basics: StreamBasics): void {
  const { view, base, clockRate } = record;
  out.ssrc(keys.ssrc, record.ssrc);
  out.address(keys.src, view, base + recordOffsets.src, record.ipVersion);
  out.number(keys.srcPort, record.srcPort);
  out.address(keys.dst, view, base + recordOffsets.dst, record.ipVersion);
  out.number(keys.dstPort, record.dstPort);
  // 128 bits: low and high half follow one another.
  out.bits(keys.payloadTypes, view, base + recordOffsets.payloadTypesLow, 16);
  out.number(keys.payloadType, record.payloadType);
  out.string(keys.codec, basics.codec);
  out.string(keys.media, basics.media);
  out.number(keys.clockRate, clockRate > 0 ? clockRate : null);
  out.string(keys.clockRateSource, CLOCK_SOURCES[record.clockSource] ?? null);
  out.time(keys.start, view, base + recordOffsets.streamStartNs);
  out.time(keys.end, view, base + recordOffsets.lastNs);
  out.number(keys.durationMs, durationMsOf(record));
}

/** What was counted, and when packets came. */
export function writeCounts(
  out: SummaryWriter,
  record: RecordView,
  basics: StreamBasics,
  { interfaces }: SummaryContext,
): void {
  const { packets, expected, lost } = record;
  out.number(keys.packets, packets);
  out.number(keys.octets, record.octets);
  out.fixed(keys.bitrateKbps, basics.bitrateKbps ?? Number.NaN, 3);
  out.fixed(keys.packetTimeMs, basics.packetTimeMs ?? Number.NaN, 6);
  writeRedPrimary(out, basics.redPrimary);
  out.number(keys.expected, expected);
  out.number(keys.lost, lost);
  out.fixed(keys.lossRatio, ratioOf(lost, expected), 8);
  out.number(keys.cumulativeLost, expected - packets);
  out.number(keys.duplicates, record.duplicates);
  out.number(keys.reordered, record.reordered);
  out.number(keys.reorderExtentMax, record.reorderExtentMax);
  out.number(keys.late, record.late);
  out.number(keys.restarts, record.restarts);
  out.number(keys.sequenceErrors, record.sequenceErrors);
  out.open(keys.lossRuns);
  out.number(runKeys.count, record.lossRuns);
  out.fixed(runKeys.meanLength, ratioOf(record.lossRunPackets, record.lossRuns), 6);
  out.number(runKeys.longest, record.lossRunLongest);
  out.close();
  writeJitter(out, record);
  out.number(keys.timestampJumps, record.timestampJumps);
  out.number(keys.dtxResumptions, record.dtxResumptions);
  out.number(keys.comfortNoisePackets, record.comfortNoisePackets);
  out.number(keys.telephoneEventPackets, record.telephoneEventPackets);
  out.number(keys.payloadTypeChanges, record.payloadTypeChanges);
  out.number(keys.markers, record.markers);
  out.number(keys.rtcpPackets, record.rtcpPackets);
  out.number(keys.dscp, record.dscp);
  out.bits(keys.dscpSeen, record.view, record.base + recordOffsets.dscpSeen, 8);
  out.number(keys.vlan, vlanOf(record.vlan));
  out.number(keys.vlanOther, vlanOf(record.vlanOther));
  out.string(keys.interface, interfaces[record.interface] ?? null);
  out.string(keys.interfaceOther, interfaces[record.interfaceOther] ?? null);
  out.number(keys.firstSequence, record.firstSequence);
  out.number(keys.lastSequence, record.lastSequence);
}

function writeRedPrimary(out: SummaryWriter, primary: RedPrimary | null): void {
  if (primary === null) {
    out.nothing(primaryKeys.redPrimary);
    return;
  }
  out.open(primaryKeys.redPrimary);
  out.number(primaryKeys.payloadType, primary.payloadType);
  out.string(primaryKeys.codec, primary.codec);
  out.fixed(primaryKeys.bitrateKbps, primary.bitrateKbps ?? Number.NaN, 3);
  out.close();
}

function writeJitter(out: SummaryWriter, record: RecordView): void {
  const { jitterMeanMs, jitterMaxMs, jitterLastMs, clockRate } = record;
  // NaN without a clock rate, which is written as null.
  const hz = clockRate > 0 ? clockRate : Number.NaN;
  out.open(keys.jitterMs);
  out.fixed(jitterKeys.mean, jitterMeanMs, 6);
  out.fixed(jitterKeys.max, jitterMaxMs, 6);
  out.fixed(jitterKeys.last, jitterLastMs, 6);
  out.close();
  out.open(keys.jitterTicks);
  out.fixed(jitterKeys.mean, (jitterMeanMs * hz) / 1000, 6);
  out.fixed(jitterKeys.max, (jitterMaxMs * hz) / 1000, 6);
  out.fixed(jitterKeys.last, (jitterLastMs * hz) / 1000, 6);
  out.close();
  out.open(keys.deltaMs);
  out.fixed(jitterKeys.mean, record.deltaMeanMs, 6);
  out.fixed(jitterKeys.max, record.deltaMaxMs, 6);
  out.close();
}
