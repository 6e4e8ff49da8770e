// The quality part of a summary: what was measured as a rating takes it.
import { KIND_STREAM } from '../native/block.js';
import type { RecordView } from '../native/record.gen.js';
import type { DelayParts, NetworkDelaySource } from '../quality/mouth-to-ear.js';
import { rateStream } from '../quality/rate.js';
import type { Coverage, Mos, MosAssumptions, RatingInput } from '../quality/rating-types.js';
import { discardsOf, playoutDelayOf } from './build-delay.js';
import type { Legs } from './build-legs.js';
import type { NetworkLoss } from './build-loss.js';
import { durationMsOf, type StreamBasics } from './build-stream.js';
import type { SummaryContext } from './context.js';
import { ratioOf, rounded } from './format.js';
import { jsonKeys } from './json-text.js';
import type { StreamSummary } from './schema.js';
import type { SummaryWriter } from './summary-writer.js';

const orNull = (value: number) => (Number.isNaN(value) ? null : value);

/** Share of the time with media, 0..1; NaN when not known. */
function mediaShareOf(record: RecordView, packetTimeMs: number | null, windowMs: number): number {
  if (packetTimeMs === null) return Number.NaN;
  const streamMs = durationMsOf(record) + packetTimeMs;
  const ofMs = record.kind === KIND_STREAM ? streamMs : windowMs;
  return Math.min(1, ratioOf(record.packets * packetTimeMs, ofMs));
}

/** Which legs of the network are known. */
function delaySourceOf({ downstreamMs, upstreamMs }: Legs): NetworkDelaySource {
  if (Number.isNaN(downstreamMs)) return Number.isNaN(upstreamMs) ? 'assumed' : 'upstream-leg';
  return Number.isNaN(upstreamMs) ? 'downstream-leg' : 'both-legs';
}

/** One-way delay in the network by the legs that are known; NaN without. */
function networkDelayOf({ downstreamMs, upstreamMs }: Legs): number {
  if (Number.isNaN(downstreamMs)) return upstreamMs / 2;
  return (Number.isNaN(upstreamMs) ? downstreamMs : downstreamMs + upstreamMs) / 2;
}

function inputOf(
  record: RecordView,
  network: NetworkLoss,
  basics: StreamBasics,
  legs: Legs,
  windowMs: number,
  { playout }: SummaryContext,
): RatingInput {
  const lost = Math.max(0, network.lost - record.redRepaired);
  const isPlayed = record.playoutPackets > 0;
  const profile = playout.usedByQuality;
  const discards = isPlayed ? discardsOf(record, profile) : Number.NaN;
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
    networkDelayMs: rounded(networkDelayOf(legs), 3),
    networkDelaySource: delaySourceOf(legs),
    jitterBufferMs: rounded(playoutDelayOf(record, playout, profile), 3),
    jitterMs: orNull(record.jitterMeanMs),
    covers: {
      mediaShare: rounded(mediaShareOf(record, packetTimeMs, windowMs), 4),
      codecChanges: record.payloadTypeChanges,
      comfortNoisePackets: record.comfortNoisePackets,
    },
  };
}

/**
 * Rates a record.
 * @param windowMs width of the window; of no matter for a whole stream
 */
export function ratingOf(
  record: RecordView,
  network: NetworkLoss,
  basics: StreamBasics,
  legs: Legs,
  windowMs: number,
  context: SummaryContext,
): Mos {
  return rateStream(inputOf(record, network, basics, legs, windowMs, context), context.rating);
}

const keys = jsonKeys<'mos' | keyof StreamSummary['mos']>(
  'mos',
  'lq',
  'cq',
  'r',
  'scale',
  'rating',
  'assumptions',
);
const assumptionKeys = jsonKeys<keyof MosAssumptions>(
  'model',
  'codec',
  'codecBitrateKbps',
  'ie',
  'bpl',
  'ieSource',
  'confidence',
  'lossPercent',
  'lossRatio',
  'discardRatio',
  'playoutProfile',
  'captureLost',
  'repaired',
  'burstRatio',
  'delayMs',
  'delay',
  'echo',
  'packetLossConcealment',
  'advantageFactor',
  'covers',
  'notes',
);
const delayKeys = jsonKeys<keyof DelayParts>(
  'networkMs',
  'networkSource',
  'packetizationMs',
  'packetizationSource',
  'lookAheadMs',
  'jitterBufferMs',
  'jitterBufferSource',
  'jitterMs',
);
const coverKeys = jsonKeys<keyof Coverage>('mediaShare', 'codecChanges', 'comfortNoisePackets');

export function writeMos(out: SummaryWriter, mos: Mos): void {
  out.open(keys.mos);
  out.fixed(keys.lq, mos.lq ?? Number.NaN, 3);
  out.fixed(keys.cq, mos.cq ?? Number.NaN, 3);
  out.fixed(keys.r, mos.r ?? Number.NaN, 3);
  out.string(keys.scale, mos.scale);
  out.string(keys.rating, mos.rating);
  writeAssumptions(out, mos.assumptions);
  out.close();
}

function writeAssumptions(out: SummaryWriter, a: MosAssumptions): void {
  out.open(keys.assumptions);
  out.string(assumptionKeys.model, a.model);
  out.string(assumptionKeys.codec, a.codec);
  out.number(assumptionKeys.codecBitrateKbps, a.codecBitrateKbps);
  out.number(assumptionKeys.ie, a.ie);
  out.number(assumptionKeys.bpl, a.bpl);
  out.string(assumptionKeys.ieSource, a.ieSource);
  out.string(assumptionKeys.confidence, a.confidence);
  out.number(assumptionKeys.lossPercent, a.lossPercent);
  out.fixed(assumptionKeys.lossRatio, a.lossRatio ?? Number.NaN, 8);
  out.fixed(assumptionKeys.discardRatio, a.discardRatio ?? Number.NaN, 8);
  out.string(assumptionKeys.playoutProfile, a.playoutProfile);
  out.number(assumptionKeys.captureLost, a.captureLost);
  out.number(assumptionKeys.repaired, a.repaired);
  out.number(assumptionKeys.burstRatio, a.burstRatio);
  out.number(assumptionKeys.delayMs, a.delayMs);
  writeDelayParts(out, a.delay);
  out.string(assumptionKeys.echo, a.echo);
  out.boolean(assumptionKeys.packetLossConcealment, a.packetLossConcealment);
  out.number(assumptionKeys.advantageFactor, a.advantageFactor);
  writeCoverage(out, a.covers);
  out.openArray(assumptionKeys.notes);
  for (const note of a.notes) out.stringElement(note);
  out.closeArray();
  out.close();
}

function writeDelayParts(out: SummaryWriter, delay: DelayParts | null): void {
  if (delay === null) {
    out.nothing(assumptionKeys.delay);
    return;
  }
  out.open(assumptionKeys.delay);
  out.number(delayKeys.networkMs, delay.networkMs);
  out.string(delayKeys.networkSource, delay.networkSource);
  out.number(delayKeys.packetizationMs, delay.packetizationMs);
  out.string(delayKeys.packetizationSource, delay.packetizationSource);
  out.number(delayKeys.lookAheadMs, delay.lookAheadMs);
  out.number(delayKeys.jitterBufferMs, delay.jitterBufferMs);
  out.string(delayKeys.jitterBufferSource, delay.jitterBufferSource);
  out.number(delayKeys.jitterMs, delay.jitterMs);
  out.close();
}

function writeCoverage(out: SummaryWriter, covers: Coverage | null): void {
  if (covers === null) {
    out.nothing(assumptionKeys.covers);
    return;
  }
  out.open(assumptionKeys.covers);
  out.fixed(coverKeys.mediaShare, covers.mediaShare ?? Number.NaN, 4);
  out.number(coverKeys.codecChanges, covers.codecChanges);
  out.number(coverKeys.comfortNoisePackets, covers.comfortNoisePackets);
  out.close();
}
