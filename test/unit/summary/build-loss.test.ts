import { expect, it } from 'vitest';
import { streamOf } from './records.js';

it('loss after repair, and loss of the network alone', () => {
  const summary = streamOf({ lost: 10, expected: 100, redPackets: 90, redRepaired: 4, captureLost: 5 });
  expect(summary.lossRatio).toBe(0.1);
  expect(summary.captureLost).toBe(5);
  expect(summary.lossAfterRepair).toEqual({ redPackets: 90, repaired: 4, lost: 6, ratio: 0.06 });
  expect(summary.networkLoss).toEqual({ lost: 5, ratio: 0.05263158 });
});

it('neither is ever negative', () => {
  const summary = streamOf({ lost: 1, expected: 100, redPackets: 9, redRepaired: 3, captureLost: 7 });
  expect(summary.lossAfterRepair).toMatchObject({ lost: 0, ratio: 0 });
  expect(summary.networkLoss).toEqual({ lost: 0, ratio: 0 });
});

it('without redundant audio there is no repair to tell of', () => {
  expect(streamOf({ lost: 1 }).lossAfterRepair).toBeNull();
});

it('bursts and gaps last as long as their packets', () => {
  const summary = streamOf({
    ...{ decided: 64, bad: 24, badRuns: 5, bursts: 2, burstPackets: 12, burstBad: 4, burstSquares: 80 },
    ...{ burstDensity: 0.25, gapDensity: 0.125, burstMeanPackets: 6, gapMeanPackets: 13 },
  });
  expect(summary.burstGap).toEqual({
    ...{ method: 'rfc3611-4.7.2', gmin: 16, decided: 64, badPackets: 24, badRuns: 5 },
    ...{ bursts: 2, burstPackets: 12, burstBadPackets: 4, burstSquares: 80 },
    ...{ burstDensity: 0.25, burstDurationMs: 120, gapDensity: 0.125, gapDurationMs: 260 },
  });
});

it('without a packet time the durations are unknown, the rest is not', () => {
  const fields = { clockRate: 0, burstMeanPackets: 6, gapMeanPackets: 13, burstDensity: 0.25 };
  expect(streamOf(fields).burstGap).toMatchObject({
    ...{ burstDurationMs: null, gapDurationMs: null, burstDensity: 0.25, gapDensity: null },
  });
});
