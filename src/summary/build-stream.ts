// What a summary says of a stream by itself: who sends it, its counts and its times;
// and where all parts of a summary come together.
import type { RecordView } from '../native/record.gen.js';
import { staticPayloadType } from '../quality/static-payload-types.js';
import type { delayPart } from './build-delay.js';
import type { directionPart } from './build-legs.js';
import type { lossPart } from './build-loss.js';
import type { SummaryContext } from './context.js';
import { bitsOf, formatAddress, formatTime, hex16, hexSsrc, ratioOf, rounded, vlanOf } from './format.js';
import type { StreamSummary } from './schema.js';
import { SCHEMA_VERSION } from './version.js';

const MEDIA = [null, 'audio', 'video'] as const;
const CLOCK_SOURCES = [null, 'static', 'config', 'inferred'] as const;

const round6 = (value: number) => rounded(value, 6);

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

/** What the other build-*.ts say of a record. */
export interface Parts<Kind extends string> {
  kind: Kind;
  probe: string;
  /** What the id ends with, after probe and stream. */
  idSuffix: string;
  loss: ReturnType<typeof lossPart>;
  damage: StreamSummary['damage'];
  delay: ReturnType<typeof delayPart>;
  legs: StreamSummary['legs'];
  rtcp: StreamSummary['rtcp'];
  endpoint: StreamSummary['endpoint'];
  direction: ReturnType<typeof directionPart>;
  mos: StreamSummary['mos'];
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

/**
 * All fields that windows and whole streams share, as one literal: putting it together from spreads would make
 * a dictionary of it, which takes ten times as long.
 */
export function measuredFields<Kind extends string>(
  record: RecordView,
  basics: StreamBasics,
  parts: Parts<Kind>,
) {
  const { codec, media, packetTimeMs, bitrateKbps, redPrimary } = basics;
  const { packets, octets, expected, lost, clockRate, jitterMeanMs, jitterMaxMs, jitterLastMs } = record;
  const lossRatio = ratioOf(lost, expected);
  const runLength = ratioOf(record.lossRunPackets, record.lossRuns);
  const ticks = (value: number) => (clockRate > 0 ? rounded((value * clockRate) / 1000, 6) : null);
  const streamId = hex16(record.streamId);
  return {
    kind: parts.kind,
    schema: SCHEMA_VERSION,
    id: `${parts.probe}/${streamId}${parts.idSuffix}`,
    probe: parts.probe,
    streamId,
    ssrc: hexSsrc(record.ssrc),
    src: formatAddress(record.src, record.ipVersion),
    srcPort: record.srcPort,
    dst: formatAddress(record.dst, record.ipVersion),
    dstPort: record.dstPort,
    payloadTypes: [...bitsOf(record.payloadTypesLow), ...bitsOf(record.payloadTypesHigh, 64)],
    payloadType: record.payloadType,
    codec,
    media,
    clockRate: clockRate > 0 ? clockRate : null,
    clockRateSource: CLOCK_SOURCES[record.clockSource] ?? null,
    start: formatTime(record.streamStartNs),
    end: formatTime(record.lastNs),
    durationMs: Number(record.lastNs - record.firstNs) / 1e6,
    packets,
    octets,
    bitrateKbps: bitrateKbps === null ? null : rounded(bitrateKbps, 3),
    packetTimeMs: packetTimeMs === null ? null : round6(packetTimeMs),
    redPrimary: redPrimary && {
      ...redPrimary,
      bitrateKbps: rounded(redPrimary.bitrateKbps ?? Number.NaN, 3),
    },
    expected,
    lost,
    lossRatio: rounded(lossRatio, 8),
    cumulativeLost: expected - packets,
    duplicates: record.duplicates,
    reordered: record.reordered,
    reorderExtentMax: record.reorderExtentMax,
    late: record.late,
    restarts: record.restarts,
    sequenceErrors: record.sequenceErrors,
    lossRuns: {
      count: record.lossRuns,
      meanLength: round6(runLength),
      longest: record.lossRunLongest,
    },
    jitterMs: { mean: round6(jitterMeanMs), max: round6(jitterMaxMs), last: round6(jitterLastMs) },
    jitterTicks: { mean: ticks(jitterMeanMs), max: ticks(jitterMaxMs), last: ticks(jitterLastMs) },
    deltaMs: { mean: round6(record.deltaMeanMs), max: round6(record.deltaMaxMs) },
    timestampJumps: record.timestampJumps,
    dtxResumptions: record.dtxResumptions,
    comfortNoisePackets: record.comfortNoisePackets,
    telephoneEventPackets: record.telephoneEventPackets,
    payloadTypeChanges: record.payloadTypeChanges,
    markers: record.markers,
    rtcpPackets: record.rtcpPackets,
    dscp: record.dscp,
    dscpSeen: bitsOf(record.dscpSeen),
    vlan: vlanOf(record.vlan),
    vlanOther: vlanOf(record.vlanOther),
    firstSequence: record.firstSequence,
    lastSequence: record.lastSequence,
    captureLost: parts.loss.captureLost,
    networkLoss: parts.loss.networkLoss,
    lossAfterRepair: parts.loss.lossAfterRepair,
    burstGap: parts.loss.burstGap,
    damage: parts.damage,
    playout: parts.delay.playout,
    delayVariationMs: parts.delay.delayVariationMs,
    pdvHistogram: parts.delay.pdvHistogram,
    skewPpm: parts.delay.skewPpm,
    stalls: parts.delay.stalls,
    jitterTransmissionMs: parts.delay.jitterTransmissionMs,
    speech: parts.delay.speech,
    spanCopies: parts.delay.spanCopies,
    tunnel: parts.delay.tunnel,
    legs: parts.legs,
    rtcp: parts.rtcp,
    endpoint: parts.endpoint,
    pairId: parts.direction.pairId,
    reverse: parts.direction.reverse,
    oneWayAudio: parts.direction.oneWayAudio,
    silentMs: parts.direction.silentMs,
    previousStreamId: parts.direction.previousStreamId,
    ssrcChanges: parts.direction.ssrcChanges,
    ssrcCollision: parts.direction.ssrcCollision,
    mos: parts.mos,
  };
}
