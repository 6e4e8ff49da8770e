// The loss part of a summary: after repair, of the network alone, bursts and gaps.
import type { RecordView, ReportView } from '../native/record.gen.js';
import type { SummaryContext } from './context.js';
import { ratioOf } from './format.js';
import { jsonKeys } from './json-text.js';
import type { StreamSummary } from './schema.js';
import type { SummaryWriter } from './summary-writer.js';

/** Packets of a record that the network lost, and out of how many. */
export interface NetworkLoss {
  lost: number;
  /** Expected packets that the capture can have seen. */
  expected: number;
  /** Of the lost, what the capture itself is suspected to have missed (estimate). */
  captureLost: number;
}

/**
 * Loss in the network: what the capture missed is left out. That is known from gaps of all paths at once, and from
 * receivers that got more than the tap saw; the larger of both counts.
 */
export function networkLossOf(record: RecordView, report: ReportView | null): NetworkLoss {
  const missed = report !== null && report.sideIntervals > 0 ? report.captureMissed : 0;
  const captureLost = Math.min(Math.round(Math.max(record.captureLost, missed, 0)), record.lost);
  return { lost: record.lost - captureLost, expected: record.expected - captureLost, captureLost };
}

const keys = jsonKeys<keyof StreamSummary>('captureLost', 'networkLoss', 'lossAfterRepair', 'burstGap');
const lossKeys = jsonKeys<keyof StreamSummary['networkLoss']>('lost', 'ratio');
const repairKeys = jsonKeys<keyof NonNullable<StreamSummary['lossAfterRepair']>>(
  'redPackets',
  'repaired',
  'lost',
  'ratio',
);
const burstKeys = jsonKeys<keyof StreamSummary['burstGap']>(
  'method',
  'gmin',
  'decided',
  'badPackets',
  'badRuns',
  'bursts',
  'burstPackets',
  'burstBadPackets',
  'burstSquares',
  'burstDensity',
  'burstDurationMs',
  'gapDensity',
  'gapDurationMs',
);

/** @param packetTimeMs null when not known */
export function writeLoss(
  out: SummaryWriter,
  record: RecordView,
  network: NetworkLoss,
  packetTimeMs: number | null,
  context: SummaryContext,
): void {
  const { redPackets, redRepaired, lost, expected } = record;
  out.number(keys.captureLost, network.captureLost);
  out.open(keys.networkLoss);
  out.number(lossKeys.lost, network.lost);
  out.fixed(lossKeys.ratio, ratioOf(network.lost, network.expected), 8);
  out.close();
  if (redPackets === 0) {
    out.nothing(keys.lossAfterRepair);
  } else {
    const afterRepair = Math.max(lost - redRepaired, 0);
    out.open(keys.lossAfterRepair);
    out.number(repairKeys.redPackets, redPackets);
    out.number(repairKeys.repaired, redRepaired);
    out.number(repairKeys.lost, afterRepair);
    out.fixed(repairKeys.ratio, ratioOf(afterRepair, expected), 8);
    out.close();
  }
  writeBurstGap(out, record, packetTimeMs ?? Number.NaN, context);
}

function writeBurstGap(
  out: SummaryWriter,
  record: RecordView,
  packetTimeMs: number,
  { burstGap }: SummaryContext,
): void {
  out.open(keys.burstGap);
  out.string(burstKeys.method, burstGap.method);
  out.number(burstKeys.gmin, burstGap.gmin);
  out.number(burstKeys.decided, record.decided);
  out.number(burstKeys.badPackets, record.bad);
  out.number(burstKeys.badRuns, record.badRuns);
  out.number(burstKeys.bursts, record.bursts);
  out.number(burstKeys.burstPackets, record.burstPackets);
  out.number(burstKeys.burstBadPackets, record.burstBad);
  out.number(burstKeys.burstSquares, record.burstSquares);
  out.fixed(burstKeys.burstDensity, record.burstDensity, 6);
  out.fixed(burstKeys.burstDurationMs, record.burstMeanPackets * packetTimeMs, 3);
  out.fixed(burstKeys.gapDensity, record.gapDensity, 6);
  out.fixed(burstKeys.gapDurationMs, record.gapMeanPackets * packetTimeMs, 3);
  out.close();
}
