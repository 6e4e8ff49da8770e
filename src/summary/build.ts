// From a record of the engine to a summary: names, units, ratios and the MOS.
import type { CounterValues } from '../native/block.js';
import { type CounterName, counters } from '../native/counters.gen.js';
import type { RecordView } from '../native/record.gen.js';
import type { RatingContext } from '../quality/mos-values.js';
import { rateStream } from '../quality/rate.js';
import { staticPayloadType } from '../quality/static-payload-types.js';
import { bitsOf, formatAddress, formatTime, rounded } from './format.js';
import type { CaptureSummary, StreamSummary, WindowSummary } from './schema.js';
import { SCHEMA_VERSION } from './version.js';

/** What turns records into summaries; constant between reloads. */
export interface SummaryContext {
  /** Name of the probe. */
  probe: string;
  /** Tells runs of a live capture apart, so that the two halves of a window that a restart cut keep ids of their own; null for capture files. */
  session: string | null;
  rating: RatingContext;
  /** Encoding names of configured payload types. */
  encodingNames: ReadonlyMap<number, string>;
}

const NO_VLAN = 0xffff;
const MEDIA = [null, 'audio', 'video'] as const;
const CLOCK_SOURCES = [null, 'static', 'config', 'inferred'] as const;
const END_REASONS = ['stopped', 'idle', 'end-of-capture', 'evicted', 'stopped'] as const;

/** Kind of a record as the engine marks it. */
export const KIND_WINDOW = 1;
export const KIND_STREAM = 2;

const ratio = (value: number, of: number) => (of > 0 ? value / of : null);
const vlanOf = (id: number) => (id === NO_VLAN ? null : id);
const round6 = (value: number) => rounded(value, 6);

function codecOf(record: RecordView, context: SummaryContext): string | null {
  const { payloadType } = record;
  // Only events, and no media: the type is known by what it carries.
  if (record.packets > 0 && record.telephoneEventPackets === record.packets) return 'telephone-event';
  return context.encodingNames.get(payloadType) ?? staticPayloadType(payloadType)?.encodingName ?? null;
}

/** Packet time in ms from the usual timestamp step; null when clock or step is unknown. */
function packetTimeOf(record: RecordView): number | null {
  const { timestampStep, clockRate } = record;
  return timestampStep > 0 && clockRate > 0 ? (timestampStep * 1000) / clockRate : null;
}

function measuredOf(record: RecordView, context: SummaryContext) {
  const { packets, octets, expected, lost, clockRate, jitterMeanMs, jitterMaxMs, jitterLastMs } = record;
  const codec = codecOf(record, context);
  const packetTimeMs = packetTimeOf(record);
  const media = MEDIA[record.mediaKind] ?? null;
  const bitrateKbps =
    packetTimeMs !== null && media !== 'video' && packets > 0
      ? (octets * 8) / (packets * packetTimeMs)
      : null;
  const lossRatio = ratio(lost, expected);
  const runLength = ratio(record.lossRunPackets, record.lossRuns);
  const ticks = (value: number) => (clockRate > 0 ? rounded((value * clockRate) / 1000, 6) : null);
  const mos = rateStream(
    {
      codec: media === 'video' ? null : codec,
      lossRatio,
      lossRunMeanLength: runLength,
      expected,
      bitrateKbps,
      packetizationMs: packetTimeMs,
      networkDelayMs: null,
      jitterBufferMs: null,
      jitterMs: Number.isNaN(jitterMeanMs) ? null : jitterMeanMs,
    },
    context.rating,
  );
  return {
    streamId: record.streamId.toString(16).padStart(16, '0'),
    ssrc: `0x${record.ssrc.toString(16).padStart(8, '0')}`,
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
    expected,
    lost,
    lossRatio: lossRatio === null ? null : rounded(lossRatio, 8),
    cumulativeLost: expected - packets,
    duplicates: record.duplicates,
    reordered: record.reordered,
    reorderExtentMax: record.reorderExtentMax,
    late: record.late,
    restarts: record.restarts,
    sequenceErrors: record.sequenceErrors,
    lossRuns: {
      count: record.lossRuns,
      meanLength: runLength === null ? null : round6(runLength),
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
    mos: {
      lq: mos.lq === null ? null : rounded(mos.lq, 3),
      cq: mos.cq === null ? null : rounded(mos.cq, 3),
      r: mos.r === null ? null : rounded(mos.r, 3),
      scale: mos.scale,
      rating: mos.rating,
      assumptions: { ...mos.assumptions },
    },
  };
}

/** The bounds of a window. */
export interface WindowBounds {
  windowStartNs: bigint;
  windowEndNs: bigint;
}

export function windowSummary(
  record: RecordView,
  window: WindowBounds,
  context: SummaryContext,
): WindowSummary {
  const measured = measuredOf(record, context);
  return {
    kind: 'window',
    schema: SCHEMA_VERSION,
    id: `${context.probe}/${measured.streamId}/${window.windowStartNs / 1_000_000n}`,
    probe: context.probe,
    windowStart: formatTime(window.windowStartNs),
    windowEnd: formatTime(window.windowEndNs),
    ...measured,
    recovered: record.recovered,
  };
}

export function streamSummary(record: RecordView, context: SummaryContext): StreamSummary {
  const measured = measuredOf(record, context);
  return {
    kind: 'stream',
    schema: SCHEMA_VERSION,
    id: `${context.probe}/${measured.streamId}`,
    probe: context.probe,
    endReason: END_REASONS[record.endReason] ?? 'stopped',
    ...measured,
  };
}

type Group = 'used' | 'pending' | 'reasons' | 'kernel' | 'events';
const GROUP_OF = {
  total: null,
  used: 'used',
  pending: 'pending',
  reason: 'reasons',
  kernel: 'kernel',
  event: 'events',
  gauge: null,
} as const;

/**
 * The probe's own truth for one window: what became of every packet.
 * @param now totals at the end of the window
 * @param before totals at the end of the window before; null for the first
 */
export function captureSummary(
  now: CounterValues,
  before: CounterValues | null,
  window: WindowBounds & { partial: boolean; gapBefore: boolean },
  workerLoad: number | null,
  context: SummaryContext,
): CaptureSummary {
  const groups: Record<Group, Record<string, number>> = {
    used: {},
    pending: {},
    reasons: {},
    kernel: {},
    events: {},
  };
  const since = (name: CounterName) => now[name] - (before?.[name] ?? 0);
  for (const { name, fate } of counters) {
    const group = GROUP_OF[fate];
    if (group === null) continue;
    const value = group === 'pending' ? now[name] : since(name);
    if (value !== 0 || group === 'used' || group === 'kernel') groups[group][name] = value;
  }
  return {
    kind: 'capture',
    schema: SCHEMA_VERSION,
    id: `${context.probe}/capture/${context.session ?? 'files'}/${window.windowStartNs / 1_000_000n}`,
    probe: context.probe,
    windowStart: formatTime(window.windowStartNs),
    windowEnd: formatTime(window.windowEndNs),
    partial: window.partial,
    blocksMissing: window.gapBefore,
    packets: since('packets'),
    ...groups,
    streamsActive: now.streamsActive,
    workerLoad: workerLoad === null ? null : rounded(workerLoad, 4),
  };
}
