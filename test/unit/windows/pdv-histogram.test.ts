import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pdvBinEndsMs } from '../../../src/native/record.gen.js';
import { mergePdv, PDV_BINS, pdvPercentile } from '../../../src/windows/pdv-histogram.js';

/** Counts of delay variations as the engine counts them. */
function histogramOf(values: readonly number[]): number[] {
  const counts = Array(PDV_BINS).fill(0);
  for (const value of values) counts[pdvBinEndsMs.filter((end) => value >= end).length]++;
  return counts;
}

const values = fc.array(fc.double({ min: 0, max: 800, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('a percentile of delay variation', () => {
  it('is interpolated inside its bin', () => {
    // 10 packets below 0.5 ms, 10 from 5 to 7.5 ms
    const histogram = [10, 0, 0, 0, 0, 10, ...Array(10).fill(0)];
    expect([0.25, 0.5, 0.75, 1].map((share) => pdvPercentile(histogram, share, 7))).toEqual([
      0.25, 0.5, 6, 7,
    ]);
  });

  it('of the open bin ends at the largest', () => {
    expect(pdvPercentile(histogramOf([600, 700]), 0.5, 700)).toBe(600);
  });

  it('is not known without packets', () => {
    expect(pdvPercentile(Array(PDV_BINS).fill(0), 0.5, 0)).toBeNaN();
  });

  it('lies within the bin of the value that it stands for', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const sorted = [...all].sort((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * all.length - 1e-9) - 1)]!;
        const bin = pdvBinEndsMs.filter((end) => exact >= end).length;
        const found = pdvPercentile(histogramOf(all), share, sorted.at(-1)!);
        expect(found).toBeGreaterThanOrEqual(pdvBinEndsMs[bin - 1] ?? 0);
        expect(found).toBeLessThanOrEqual(pdvBinEndsMs[bin] ?? sorted.at(-1)!);
      }),
    );
  });
});

it('merged histograms are that of all packets together', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(mergePdv(histogramOf(a), histogramOf(b))).toEqual(histogramOf([...a, ...b]));
    }),
  );
  expect(mergePdv()).toEqual(Array(PDV_BINS).fill(0));
});
