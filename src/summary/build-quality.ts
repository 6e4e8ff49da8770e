// The quality part of a summary: what was measured as a rating takes it.
import { KIND_STREAM } from '../native/block.js';
import type { RecordView } from '../native/record.gen.js';
import type { NetworkDelaySource } from '../quality/mouth-to-ear.js';
import { rateStream } from '../quality/rate.js';
import type { RatingInput } from '../quality/rating-types.js';
import { discardsOf, playoutDelayOf } from './build-delay.js';
import type { LegDelays } from './build-legs.js';
import type { NetworkLoss } from './build-loss.js';
import type { StreamBasics } from './build-stream.js';
import type { SummaryContext } from './context.js';
import { ratioOf, rounded } from './format.js';

const orNull = (value: number) => (Number.isNaN(value) ? null : value);

/** Share of the time with media, 0..1; NaN when not known. */
function mediaShareOf(record: RecordView, packetTimeMs: number | null, windowMs: number): number {
  if (packetTimeMs === null) return Number.NaN;
  const streamMs = Number(record.lastNs - record.firstNs) / 1e6 + packetTimeMs;
  const ofMs = record.kind === KIND_STREAM ? streamMs : windowMs;
  return Math.min(1, ratioOf(record.packets * packetTimeMs, ofMs));
}

/** One-way delay in the network by the legs that are known, and which these are. */
function networkDelayOf({ downstreamMs, upstreamMs }: LegDelays): [number, NetworkDelaySource] {
  if (Number.isNaN(downstreamMs)) {
    return Number.isNaN(upstreamMs) ? [Number.NaN, 'assumed'] : [upstreamMs / 2, 'upstream-leg'];
  }
  if (Number.isNaN(upstreamMs)) return [downstreamMs / 2, 'downstream-leg'];
  return [(downstreamMs + upstreamMs) / 2, 'both-legs'];
}

function inputOf(
  record: RecordView,
  network: NetworkLoss,
  basics: StreamBasics,
  legs: LegDelays,
  windowMs: number,
  { playout }: SummaryContext,
): RatingInput {
  const lost = Math.max(0, network.lost - record.redRepaired);
  const isPlayed = record.playoutPackets > 0;
  const profile = playout.usedByQuality;
  const discards = isPlayed ? discardsOf(record, profile) : Number.NaN;
  const [networkDelayMs, networkDelaySource] = networkDelayOf(legs);
  const { packetTimeMs, redPrimary } = basics;
  const media = redPrimary ?? basics;
  return {
    codec: basics.media === 'video' ? null : media.codec,
    isInsideRed: redPrimary !== null,
    lossRatio: rounded(ratioOf(lost, network.expected), 8),
    discardRatio: rounded(Math.min(1, ratioOf(discards, network.expected)), 8),
    playoutProfile: isPlayed ? playout.profiles[profile]!.name : null,
    captureLost: network.captureLost,
    repaired: Math.min(record.redRepaired, network.lost),
    badRatio: orNull(ratioOf(record.bad, record.decided)),
    badRunMeanLength: orNull(ratioOf(record.bad, record.badRuns)),
    expected: network.expected,
    bitrateKbps: media.bitrateKbps,
    packetizationMs: packetTimeMs,
    networkDelayMs: rounded(networkDelayMs, 3),
    networkDelaySource,
    jitterBufferMs: rounded(playoutDelayOf(record, playout, profile), 3),
    jitterMs: orNull(record.jitterMeanMs),
    covers: {
      mediaShare: rounded(mediaShareOf(record, packetTimeMs, windowMs), 4),
      codecChanges: record.payloadTypeChanges,
      comfortNoisePackets: record.comfortNoisePackets,
    },
  };
}

/** @param windowMs width of the window; of no matter for a whole stream */
export function mosPart(
  record: RecordView,
  network: NetworkLoss,
  basics: StreamBasics,
  legs: LegDelays,
  windowMs: number,
  context: SummaryContext,
) {
  const mos = rateStream(inputOf(record, network, basics, legs, windowMs, context), context.rating);
  return {
    lq: rounded(mos.lq ?? Number.NaN, 3),
    cq: rounded(mos.cq ?? Number.NaN, 3),
    r: rounded(mos.r ?? Number.NaN, 3),
    scale: mos.scale,
    rating: mos.rating,
    assumptions: { ...mos.assumptions },
  };
}
