// The legs on either side of the tap, and what the opposite direction says.
import { KIND_STREAM } from '../native/block.js';
import { type RecordView, type ReportView, recordOffsets } from '../native/record.gen.js';
import type { RoundTrips } from '../windows/direction-facts.js';
import type { Joined } from './joined.js';
import { type JsonText, jsonKeys } from './json-text.js';
import type { StreamSummary } from './schema.js';
import type { SummaryWriter } from './summary-writer.js';

type LegPart = NonNullable<StreamSummary['legs']['downstream']>;

/** One leg. */
export interface Leg {
  from: LegPart['from'];
  /** Its round-trip times; none when there were only echoes that were not used. */
  trips: RoundTrips;
  /** Echoes that were not used. */
  rejected: number;
}

/** Both legs as far as they were told, and their delays as a rating takes them. */
export interface Legs {
  downstream: Leg | null;
  upstream: Leg | null;
  /** Mean round-trip time of this window, else the last known; NaN when not known. */
  downstreamMs: number;
  upstreamMs: number;
}

const UNKNOWN: Legs = { downstream: null, upstream: null, downstreamMs: Number.NaN, upstreamMs: Number.NaN };

function downstreamOf(report: ReportView): Leg | null {
  const { downstreamRttCount: count, downstreamRttRejected: rejected } = report;
  if (count === 0 && rejected === 0) return null;
  const { downstreamRttMeanMs: meanMs, downstreamRttMinMs: minMs, downstreamRttMaxMs: maxMs } = report;
  return { from: 'this-stream', trips: { count, meanMs, minMs, maxMs }, rejected };
}

function upstreamOf(report: ReportView): Leg | null {
  const { upstreamRttCount: count, upstreamRttRejected: rejected } = report;
  if (count === 0 && rejected === 0) return null;
  const { upstreamRttMeanMs: meanMs, upstreamRttMinMs: minMs, upstreamRttMaxMs: maxMs } = report;
  return { from: 'this-stream', trips: { count, meanMs, minMs, maxMs }, rejected };
}

const hasTrips = (leg: Leg | null) => leg !== null && leg.trips.count > 0;

/** The first that is known. */
const known = (value: number, otherwise: number | undefined) =>
  Number.isNaN(value) ? (otherwise ?? Number.NaN) : value;

/** What is known of both legs: by the reports of the stream itself, else by those of the reverse stream. */
export function legsOf(record: RecordView, { report, direction }: Joined): Legs {
  const { reverseRoundTrips: reverse, roundTrips: own } = direction;
  if (report === null && reverse === null && own === null) return UNKNOWN;
  const downstream = report === null ? null : downstreamOf(report);
  const upstream = report === null ? null : upstreamOf(report);
  const reverseTrips = record.kind === KIND_STREAM ? reverse?.total : reverse?.window;
  const fromReverse: Leg | null =
    reverseTrips === undefined || reverseTrips.count === 0
      ? null
      : { from: 'reverse-stream', trips: reverseTrips, rejected: 0 };
  const mean = (leg: Leg | null) => (leg !== null && leg.trips.count > 0 ? leg.trips.meanMs : Number.NaN);
  const last = report === null ? null : { down: report.downstreamRttLastMs, up: report.upstreamRttLastMs };
  return {
    downstream,
    upstream: hasTrips(upstream) ? upstream : (fromReverse ?? upstream),
    downstreamMs: known(known(mean(downstream), last?.down), own?.lastMs),
    upstreamMs: known(known(known(mean(upstream), last?.up), mean(fromReverse)), reverse?.lastMs),
  };
}

const legsKeys = jsonKeys<'legs' | keyof StreamSummary['legs']>(
  'legs',
  'downstream',
  'upstream',
  'oneWayDelayMs',
);
const legKeys = jsonKeys<keyof LegPart | keyof NonNullable<LegPart['rttMs']>>(
  'from',
  'rttMs',
  'min',
  'mean',
  'max',
  'count',
  'rejected',
);

function writeLeg(out: SummaryWriter, key: JsonText, leg: Leg | null): void {
  if (leg === null) {
    out.nothing(key);
    return;
  }
  const { count, meanMs, minMs, maxMs } = leg.trips;
  out.open(key);
  out.string(legKeys.from, leg.from);
  if (count === 0) {
    out.nothing(legKeys.rttMs);
  } else {
    out.open(legKeys.rttMs);
    out.fixed(legKeys.min, minMs, 3);
    out.fixed(legKeys.mean, meanMs, 3);
    out.fixed(legKeys.max, maxMs, 3);
    out.number(legKeys.count, count);
    out.close();
  }
  out.number(legKeys.rejected, leg.rejected);
  out.close();
}

export function writeLegs(out: SummaryWriter, legs: Legs): void {
  out.open(legsKeys.legs);
  writeLeg(out, legsKeys.downstream, legs.downstream);
  writeLeg(out, legsKeys.upstream, legs.upstream);
  out.fixed(legsKeys.oneWayDelayMs, (legs.downstreamMs + legs.upstreamMs) / 2, 3);
  out.close();
}

const keys = jsonKeys<keyof StreamSummary>(
  'pairId',
  'reverse',
  'oneWayAudio',
  'silentMs',
  'previousStreamId',
  'ssrcChanges',
  'ssrcCollision',
);
const reverseKeys = jsonKeys<keyof NonNullable<StreamSummary['reverse']>>('streamId', 'packets');

export function writeDirection(out: SummaryWriter, record: RecordView, { direction }: Joined): void {
  const whole = record.kind === KIND_STREAM;
  out.hex64At(keys.pairId, record.view, record.base + recordOffsets.pairId);
  if (direction.hasReverse) {
    out.open(keys.reverse);
    out.hex64(reverseKeys.streamId, direction.reverseIdHigh, direction.reverseIdLow);
    out.number(reverseKeys.packets, whole ? direction.reverseTotalPackets : direction.reverseWindowPackets);
    out.close();
  } else {
    out.nothing(keys.reverse);
  }
  out.boolean(keys.oneWayAudio, whole ? direction.oneWayAudioEver : direction.oneWayAudio);
  out.fixed(keys.silentMs, whole ? direction.silentMaxMs : direction.silentMs, 3);
  if (direction.hasPrevious)
    out.hex64(keys.previousStreamId, direction.previousIdHigh, direction.previousIdLow);
  else out.nothing(keys.previousStreamId);
  out.number(keys.ssrcChanges, direction.ssrcChanges);
  out.boolean(keys.ssrcCollision, whole ? direction.ssrcCollisionEver : direction.ssrcCollision);
}
