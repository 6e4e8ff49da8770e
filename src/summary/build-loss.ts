// The loss part of a summary: after repair, of the network alone, bursts and gaps.
import type { RecordView, ReportView } from '../native/record.gen.js';
import type { SummaryContext } from './context.js';
import { ratioOf, rounded } from './format.js';

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

export function lossPart(
  record: RecordView,
  network: NetworkLoss,
  packetTimeMs: number | null,
  context: SummaryContext,
) {
  const { redPackets, redRepaired, lost, expected } = record;
  const afterRepair = Math.max(lost - redRepaired, 0);
  return {
    captureLost: network.captureLost,
    networkLoss: { lost: network.lost, ratio: rounded(ratioOf(network.lost, network.expected), 8) },
    lossAfterRepair:
      redPackets === 0
        ? null
        : {
            redPackets,
            repaired: redRepaired,
            lost: afterRepair,
            ratio: rounded(ratioOf(afterRepair, expected), 8),
          },
    burstGap: burstGapPart(record, packetTimeMs, context),
  };
}

function burstGapPart(record: RecordView, packetTimeMs: number | null, context: SummaryContext) {
  const duration = (packets: number) => rounded(packets * (packetTimeMs ?? Number.NaN), 3);
  return {
    method: context.burstGap.method,
    gmin: context.burstGap.gmin,
    decided: record.decided,
    badPackets: record.bad,
    badRuns: record.badRuns,
    bursts: record.bursts,
    burstPackets: record.burstPackets,
    burstBadPackets: record.burstBad,
    burstSquares: record.burstSquares,
    burstDensity: rounded(record.burstDensity, 6),
    burstDurationMs: duration(record.burstMeanPackets),
    gapDensity: rounded(record.gapDensity, 6),
    gapDurationMs: duration(record.gapMeanPackets),
  };
}
