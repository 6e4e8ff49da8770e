// The delay part of a summary: playout, variation, skew, pauses; with levels of
// speech, copies of the mirror port and tunnels.
import { type RecordView, tunnelKinds } from '../native/record.gen.js';
import { PDV_BINS, pdvPercentile } from '../windows/pdv-histogram.js';
import type { NetworkLoss } from './build-loss.js';
import type { PlayoutContext, SummaryContext } from './context.js';
import { ratioOf, rounded, vlanOf } from './format.js';

const round3 = (value: number) => rounded(value, 3);

/** Packets that a profile discarded. */
export const discardsOf = (record: RecordView, profile: number) =>
  record.lateDiscards(profile) + record.earlyDiscards(profile);

/** Mean playout delay of a profile, ms; NaN when nothing was played. */
export function playoutDelayOf(record: RecordView, { profiles }: PlayoutContext, profile: number): number {
  if (record.playoutPackets === 0) return Number.NaN;
  const { kind, delayMs } = profiles[profile]!;
  return kind === 'adaptive' ? record.adaptiveDelayMeanMs : delayMs;
}

function playoutPart(record: RecordView, { expected }: NetworkLoss, { playout }: SummaryContext) {
  if (record.playoutPackets === 0) return null;
  return {
    packets: record.playoutPackets,
    bufferMeanMs: round3(record.bufferMeanMs),
    profiles: playout.profiles.map(({ name, kind }, i) => ({
      profile: name,
      kind,
      lateDiscards: record.lateDiscards(i),
      earlyDiscards: record.earlyDiscards(i),
      discardRatio: rounded(Math.min(1, ratioOf(discardsOf(record, i), expected)), 8),
      delayMs: round3(playoutDelayOf(record, playout, i)),
      usedByQuality: i === playout.usedByQuality,
    })),
  };
}

function histogramOf(record: RecordView): number[] {
  const counts: number[] = [];
  for (let i = 0; i < PDV_BINS; i++) counts.push(record.pdvHistogram(i));
  return counts;
}

function variationPart(record: RecordView, histogram: readonly number[]) {
  const { pdvMaxMs } = record;
  const percentile = (share: number) => round3(pdvPercentile(histogram, share, pdvMaxMs));
  return {
    pdvMean: round3(record.pdvMeanMs),
    pdvMax: round3(pdvMaxMs),
    pdvP50: percentile(0.5),
    pdvP95: percentile(0.95),
    pdvP99: percentile(0.99),
    pdvP999: percentile(0.999),
    ipdvMean: round3(record.ipdvMeanMs),
    ipdvMax: round3(record.ipdvMaxMs),
    mapdv2: round3(record.mapdv2Ms),
  };
}

function speechPart(record: RecordView) {
  const { silenceShare } = record;
  // A share of silence is there whenever anything was measured.
  if (Number.isNaN(silenceShare)) return null;
  return {
    signalLevelDbm0: rounded(record.signalLevelDbm0, 2),
    noiseLevelDbm0: rounded(record.noiseLevelDbm0, 2),
    silenceShare: rounded(silenceShare, 6),
    clippingShare: rounded(record.clippingShare, 8),
  };
}

/** The tunnels around the innermost one, outermost first. */
function outerTunnelsOf(record: RecordView) {
  return [...record.outerTunnelKinds].flatMap((number, i) => {
    const kind = tunnelKinds[number];
    return kind === undefined || kind === 'none' ? [] : [{ kind, id: record.outerTunnelIds(i) }];
  });
}

function tunnelPart(record: RecordView) {
  const kind = tunnelKinds[record.tunnelKind];
  if (kind === undefined || kind === 'none') return null;
  return {
    kind,
    id: record.tunnelId,
    depth: record.tunnelDepth,
    innerVlan: vlanOf(record.innerVlan),
    outer: outerTunnelsOf(record),
  };
}

export function delayPart(record: RecordView, network: NetworkLoss, context: SummaryContext) {
  const pdvHistogram = histogramOf(record);
  return {
    playout: playoutPart(record, network, context),
    delayVariationMs: variationPart(record, pdvHistogram),
    pdvHistogram,
    skewPpm: round3(record.skewPpm),
    stalls: record.stalls,
    jitterTransmissionMs: rounded(record.jitterTransmissionMs, 6),
    speech: speechPart(record),
    spanCopies: {
      count: record.spanCopies,
      delayMeanMs: rounded(record.spanCopyDelayMeanMs, 6),
      delayMaxMs: rounded(record.spanCopyDelayMaxMs, 6),
    },
    tunnel: tunnelPart(record),
  };
}
