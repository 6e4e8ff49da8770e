// The legs on either side of the tap, and what the opposite direction says.
import { KIND_STREAM } from '../native/block.js';
import type { RecordView, ReportView } from '../native/record.gen.js';
import type { RoundTrips } from '../windows/directed-stream.js';
import { hex16, hexOfHalves, rounded } from './format.js';
import type { Joined } from './joined.js';
import type { StreamSummary } from './schema.js';

type Legs = StreamSummary['legs'];
type Leg = NonNullable<Legs['downstream']>;

/** Round-trip times of both legs as a rating takes them: of this window, else the last known; NaN when not known. */
export interface LegDelays {
  downstreamMs: number;
  upstreamMs: number;
}

const round3 = (value: number) => rounded(value, 3)!;

function trips({ count, meanMs, minMs, maxMs }: RoundTrips): Leg['rttMs'] {
  return count === 0 ? null : { min: round3(minMs), mean: round3(meanMs), max: round3(maxMs), count };
}

const downstreamOf = (report: ReportView): RoundTrips => ({
  count: report.downstreamRttCount,
  meanMs: report.downstreamRttMeanMs,
  minMs: report.downstreamRttMinMs,
  maxMs: report.downstreamRttMaxMs,
});

const upstreamOf = (report: ReportView): RoundTrips => ({
  count: report.upstreamRttCount,
  meanMs: report.upstreamRttMeanMs,
  minMs: report.upstreamRttMinMs,
  maxMs: report.upstreamRttMaxMs,
});

function leg(from: Leg['from'], times: RoundTrips, rejected: number): Leg | null {
  return times.count === 0 && rejected === 0 ? null : { from, rttMs: trips(times), rejected };
}

/** The delays that a rating takes. */
export function legDelays(record: RecordView, { report, direction }: Joined): LegDelays {
  const { reverseRoundTrips: reverse, roundTrips: own } = direction;
  const whole = record.kind === KIND_STREAM;
  const best = (times: RoundTrips | undefined, lastMs: number | undefined) =>
    times !== undefined && times.count > 0 ? times.meanMs : (lastMs ?? Number.NaN);
  const reverseTimes = whole ? reverse?.total : reverse?.window;
  const downstreamMs = report === null ? Number.NaN : best(downstreamOf(report), report.downstreamRttLastMs);
  const upstreamMs = report === null ? Number.NaN : best(upstreamOf(report), report.upstreamRttLastMs);
  return {
    downstreamMs: Number.isNaN(downstreamMs) ? (own?.lastMs ?? Number.NaN) : downstreamMs,
    upstreamMs: Number.isNaN(upstreamMs) ? best(reverseTimes, reverse?.lastMs) : upstreamMs,
  };
}

export function legsPart(record: RecordView, joined: Joined, delays: LegDelays): Legs {
  const { report, direction } = joined;
  const reverse = direction.reverseRoundTrips;
  const own = report === null ? null : leg('this-stream', upstreamOf(report), report.upstreamRttRejected);
  const times = record.kind === KIND_STREAM ? reverse?.total : reverse?.window;
  return {
    downstream:
      report === null ? null : leg('this-stream', downstreamOf(report), report.downstreamRttRejected),
    upstream:
      own !== null && own.rttMs !== null
        ? own
        : times === undefined || times.count === 0
          ? own
          : leg('reverse-stream', times, 0),
    oneWayDelayMs: rounded((delays.downstreamMs + delays.upstreamMs) / 2, 3),
  };
}

export function directionPart(record: RecordView, { direction }: Joined) {
  const whole = record.kind === KIND_STREAM;
  return {
    pairId: hex16(record.pairId),
    reverse: direction.hasReverse
      ? {
          streamId: hexOfHalves(direction.reverseIdHigh, direction.reverseIdLow),
          packets: whole ? direction.reverseTotalPackets : direction.reverseWindowPackets,
        }
      : null,
    oneWayAudio: whole ? direction.oneWayAudioEver : direction.oneWayAudio,
    silentMs: rounded(whole ? direction.silentMaxMs : direction.silentMs, 3),
    previousStreamId: direction.hasPrevious
      ? hexOfHalves(direction.previousIdHigh, direction.previousIdLow)
      : null,
    ssrcChanges: direction.ssrcChanges,
    ssrcCollision: whole ? direction.ssrcCollisionEver : direction.ssrcCollision,
  };
}
