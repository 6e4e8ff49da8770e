// The delay part of a summary: playout, variation, skew, pauses; with levels of
// speech, copies of the mirror port and tunnels.
import { type RecordView, tunnelKinds } from '../native/record.gen.js';
import { PDV_BINS, pdvPercentile } from '../windows/pdv-histogram.js';
import type { SkewDrift } from '../windows/skew-rows.js';
import type { NetworkLoss } from './build-loss.js';
import type { PlayoutContext, SummaryContext } from './context.js';
import { ratioOf, vlanOf } from './format.js';
import { jsonKeys } from './json-text.js';
import type { StreamSummary } from './schema.js';
import type { SummaryWriter } from './summary-writer.js';

/** Packets that a profile discarded. */
export const discardsOf = (record: RecordView, profile: number) =>
  record.lateDiscards(profile) + record.earlyDiscards(profile);

/** Mean playout delay of a profile, ms; NaN when nothing was played. */
export function playoutDelayOf(record: RecordView, { profiles }: PlayoutContext, profile: number): number {
  if (record.playoutPackets === 0) return Number.NaN;
  const { kind, delayMs } = profiles[profile]!;
  return kind === 'adaptive' ? record.adaptiveDelayMeanMs : delayMs;
}

const keys = jsonKeys<keyof StreamSummary>(
  'playout',
  'delayVariationMs',
  'pdvHistogram',
  'skewPpm',
  'skewDrift',
  'stalls',
  'jitterTransmissionMs',
  'speech',
  'spanCopies',
  'tunnel',
);
type Playout = NonNullable<StreamSummary['playout']>;
const playoutKeys = jsonKeys<keyof Playout | keyof Playout['profiles'][number]>(
  'packets',
  'bufferMeanMs',
  'profiles',
  'profile',
  'kind',
  'lateDiscards',
  'earlyDiscards',
  'discardRatio',
  'delayMs',
  'usedByQuality',
);
const variationKeys = jsonKeys<keyof StreamSummary['delayVariationMs']>(
  'pdvMean',
  'pdvMax',
  'pdvP50',
  'pdvP95',
  'pdvP99',
  'pdvP999',
  'ipdvMean',
  'ipdvMax',
  'mapdv2',
);
const driftKeys = jsonKeys<keyof NonNullable<StreamSummary['skewDrift']>>(
  'firstPpm',
  'lastPpm',
  'minPpm',
  'maxPpm',
  'ppmPerHour',
);
const speechKeys = jsonKeys<keyof NonNullable<StreamSummary['speech']>>(
  'signalLevelDbm0',
  'noiseLevelDbm0',
  'silenceShare',
  'clippingShare',
);
const copyKeys = jsonKeys<keyof StreamSummary['spanCopies']>('count', 'delayMeanMs', 'delayMaxMs');
const tunnelKeys = jsonKeys<keyof NonNullable<StreamSummary['tunnel']>>(
  'kind',
  'id',
  'depth',
  'innerVlan',
  'outer',
);

function writePlayout(
  out: SummaryWriter,
  record: RecordView,
  { expected }: NetworkLoss,
  { playout }: SummaryContext,
): void {
  if (record.playoutPackets === 0) {
    out.nothing(keys.playout);
    return;
  }
  out.open(keys.playout);
  out.number(playoutKeys.packets, record.playoutPackets);
  out.fixed(playoutKeys.bufferMeanMs, record.bufferMeanMs, 3);
  out.openArray(playoutKeys.profiles);
  for (let i = 0; i < playout.profiles.length; i++) {
    const { name, kind } = playout.profiles[i]!;
    out.openElement();
    out.string(playoutKeys.profile, name);
    out.string(playoutKeys.kind, kind);
    out.number(playoutKeys.lateDiscards, record.lateDiscards(i));
    out.number(playoutKeys.earlyDiscards, record.earlyDiscards(i));
    out.fixed(playoutKeys.discardRatio, Math.min(1, ratioOf(discardsOf(record, i), expected)), 8);
    out.fixed(playoutKeys.delayMs, playoutDelayOf(record, playout, i), 3);
    out.boolean(playoutKeys.usedByQuality, i === playout.usedByQuality);
    out.close();
  }
  out.closeArray();
  out.close();
}

/** One for all rows: it is read at once. */
const histogram: number[] = new Array(PDV_BINS).fill(0);

function writeVariation(out: SummaryWriter, record: RecordView): void {
  const { pdvMaxMs } = record;
  for (let i = 0; i < PDV_BINS; i++) histogram[i] = record.pdvHistogram(i);
  out.open(keys.delayVariationMs);
  out.fixed(variationKeys.pdvMean, record.pdvMeanMs, 3);
  out.fixed(variationKeys.pdvMax, pdvMaxMs, 3);
  out.fixed(variationKeys.pdvP50, pdvPercentile(histogram, 0.5, pdvMaxMs), 3);
  out.fixed(variationKeys.pdvP95, pdvPercentile(histogram, 0.95, pdvMaxMs), 3);
  out.fixed(variationKeys.pdvP99, pdvPercentile(histogram, 0.99, pdvMaxMs), 3);
  out.fixed(variationKeys.pdvP999, pdvPercentile(histogram, 0.999, pdvMaxMs), 3);
  out.fixed(variationKeys.ipdvMean, record.ipdvMeanMs, 3);
  out.fixed(variationKeys.ipdvMax, record.ipdvMaxMs, 3);
  out.fixed(variationKeys.mapdv2, record.mapdv2Ms, 3);
  out.close();
  out.openArray(keys.pdvHistogram);
  for (let i = 0; i < PDV_BINS; i++) out.numberElement(histogram[i]!);
  out.closeArray();
}

function writeSpeech(out: SummaryWriter, record: RecordView): void {
  const { silenceShare } = record;
  // A share of silence is there whenever anything was measured.
  if (Number.isNaN(silenceShare)) {
    out.nothing(keys.speech);
    return;
  }
  out.open(keys.speech);
  out.fixed(speechKeys.signalLevelDbm0, record.signalLevelDbm0, 2);
  out.fixed(speechKeys.noiseLevelDbm0, record.noiseLevelDbm0, 2);
  out.fixed(speechKeys.silenceShare, silenceShare, 6);
  out.fixed(speechKeys.clippingShare, record.clippingShare, 8);
  out.close();
}

function writeTunnel(out: SummaryWriter, record: RecordView): void {
  const kind = tunnelKinds[record.tunnelKind];
  if (kind === undefined || kind === 'none') {
    out.nothing(keys.tunnel);
    return;
  }
  out.open(keys.tunnel);
  out.string(tunnelKeys.kind, kind);
  out.number(tunnelKeys.id, record.tunnelId);
  out.number(tunnelKeys.depth, record.tunnelDepth);
  out.number(tunnelKeys.innerVlan, vlanOf(record.innerVlan));
  out.openArray(tunnelKeys.outer);
  for (let i = 0; i < record.outerTunnelKinds.length; i++) {
    const outer = tunnelKinds[record.outerTunnelKinds[i]!];
    if (outer === undefined || outer === 'none') continue;
    out.openElement();
    out.string(tunnelKeys.kind, outer);
    out.number(tunnelKeys.id, record.outerTunnelIds(i));
    out.close();
  }
  out.closeArray();
  out.close();
}

export function writeDelay(
  out: SummaryWriter,
  record: RecordView,
  network: NetworkLoss,
  context: SummaryContext,
): void {
  writePlayout(out, record, network, context);
  writeVariation(out, record);
  out.fixed(keys.skewPpm, record.skewPpm, 3);
  out.number(keys.stalls, record.stalls);
  out.fixed(keys.jitterTransmissionMs, record.jitterTransmissionMs, 6);
  writeSpeech(out, record);
  out.open(keys.spanCopies);
  out.number(copyKeys.count, record.spanCopies);
  out.fixed(copyKeys.delayMeanMs, record.spanCopyDelayMeanMs, 6);
  out.fixed(copyKeys.delayMaxMs, record.spanCopyDelayMaxMs, 6);
  out.close();
  writeTunnel(out, record);
}

/** Only of whole streams. */
export function writeSkewDrift(out: SummaryWriter, drift: SkewDrift | null): void {
  if (drift === null) {
    out.nothing(keys.skewDrift);
    return;
  }
  out.open(keys.skewDrift);
  out.fixed(driftKeys.firstPpm, drift.firstPpm, 3);
  out.fixed(driftKeys.lastPpm, drift.lastPpm, 3);
  out.fixed(driftKeys.minPpm, drift.minPpm, 3);
  out.fixed(driftKeys.maxPpm, drift.maxPpm, 3);
  out.fixed(driftKeys.ppmPerHour, drift.ppmPerHour, 3);
  out.close();
}
