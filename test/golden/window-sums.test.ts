// Counts of delay, bursts, copies, repair and RTCP that windows tell one after the other add
// up to the final record of their stream.
import { describe, expect, it } from 'vitest';
import type { SimulateRequest } from '../../src/simulate/index.js';
import type { StreamSummary, WindowSummary } from '../../src/summary/schema.js';
import { analyzeCapture } from './analyze-capture.js';
import { make, payloadTypes } from './simulation.js';
import { keyOf, streamsOf } from './streams.js';

type Counts = Record<string, number>;

function countsOf(summary: StreamSummary | WindowSummary): Counts {
  const { playout, burstGap: b, lossAfterRepair, rtcp, legs, spanCopies } = summary;
  return {
    ...Object.fromEntries(summary.pdvHistogram.map((packets, bin) => [`pdv bin ${bin}`, packets])),
    ...Object.fromEntries(
      (playout?.profiles ?? []).flatMap(({ profile, lateDiscards, earlyDiscards }) => [
        [`${profile} late`, lateDiscards],
        [`${profile} early`, earlyDiscards],
      ]),
    ),
    ...{ played: playout?.packets ?? 0, stalls: summary.stalls, captureLost: summary.captureLost },
    ...{ bad: b.badPackets, badRuns: b.badRuns, bursts: b.bursts },
    ...{ burstPackets: b.burstPackets, burstBad: b.burstBadPackets, squares: b.burstSquares },
    ...{ copies: spanCopies.count, redPackets: lossAfterRepair?.redPackets ?? 0 },
    repaired: lossAfterRepair?.repaired ?? 0,
    ...{ reports: rtcp?.reports?.count ?? 0, senderReports: rtcp?.sender?.reports ?? 0 },
    ...{ sent: rtcp?.sender?.packets ?? 0, sentSeen: rtcp?.sender?.tapPackets ?? 0 },
    ...{ nacked: rtcp?.feedback.nackedPackets ?? 0, plis: rtcp?.feedback.plis ?? 0 },
    ...{ xrBlocks: rtcp?.xrBlocks ?? 0, srtcp: rtcp?.srtcpPackets ?? 0 },
    ...{ roundTrips: legs.downstream?.rttMs?.count ?? 0, rejected: legs.downstream?.rejected ?? 0 },
  };
}

const added = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [
      name,
      (a[name] ?? 0) + (b[name] ?? 0),
    ]),
  );

/** Without the zeros, which a window without samples leaves out. */
const present = (counts: Counts) =>
  Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0));

const simulations: Record<string, SimulateRequest> = {
  'jitter, bursts and steps of the delay': {
    ...{ calls: 3, jitterMs: 25, gilbert: { p: 0.03, q: 0.2 }, durationMs: 15_000, seed: 121 },
    delaySteps: [
      { atMs: 4000, deltaMs: 300 },
      { atMs: 9000, deltaMs: -300 },
    ],
  },
  'RTCP of every kind': { profile: 'reports', seed: 122 },
  'what mirror ports deliver': {
    profile: 'mirror',
    seed: 123,
    durationMs: 6000,
    groups: null,
    calls: 4,
    spanCopies: 'routed',
  },
  'redundant audio': { calls: 3, redGenerations: 2, lossRatio: 0.1, durationMs: 10_000, seed: 124 },
  'drops of the tap': {
    calls: 12,
    spanDrops: { everyMs: 1500, lengthMs: 80 },
    durationMs: 12_000,
    seed: 125,
  },
};

describe('windows add up to the final record:', () => {
  for (const [name, request] of Object.entries(simulations)) {
    for (const windowSeconds of [0.5, 2]) {
      it(`${name}, ${windowSeconds} s each`, async () => {
        const { file, truth } = make(request);
        const summaries = await analyzeCapture(file, { payloadTypes, windowSeconds, windows: true });
        const sums = new Map<string, Counts>();
        const decided = new Map<string, number>();
        for (const summary of summaries) {
          if (summary.kind !== 'window') continue;
          const { streamId, burstGap } = summary;
          sums.set(streamId, added(sums.get(streamId) ?? {}, countsOf(summary)));
          decided.set(streamId, (decided.get(streamId) ?? 0) + burstGap.decided);
        }
        const streams = streamsOf(summaries);
        expect(streams.map((stream) => [keyOf(stream), present(sums.get(stream.streamId)!)])).toEqual(
          streams.map((stream) => [keyOf(stream), present(countsOf(stream))]),
        );
        expect(streams.length).toBe(truth.streams.length);
        // The last 128 numbers of a stream that ends in silence, all of them good, are in no window.
        const untold = streams.map(({ streamId, burstGap }) => burstGap.decided - decided.get(streamId)!);
        expect(untold.filter((numbers) => numbers !== 0 && numbers !== 128)).toEqual([]);
        expect(untold).toContain(0);
      });
    }
  }
});
