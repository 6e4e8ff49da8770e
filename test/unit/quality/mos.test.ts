import { describe, expect, it } from 'vitest';
import {
  goodOrBetterPercent,
  mosToR,
  poorOrWorsePercent,
  rToMos,
  rToMosUnclamped,
} from '../../../src/quality/mos.js';
import { largestDifference, TOLERANCE, vectors } from './vectors.js';

describe('R and MOS', () => {
  it('has the lower limits of G.107 Table B.1', () => {
    const table = [90, 80, 70, 60, 50].map((r) => [
      r,
      Number(rToMos(r).toFixed(3)),
      Math.round(goodOrBetterPercent(r)),
      Math.round(poorOrWorsePercent(r)),
    ]);
    expect(table).toEqual([
      [90, 4.339, 97, 0],
      [80, 4.024, 89, 1],
      [70, 3.597, 73, 6],
      [60, 3.1, 50, 17],
      [50, 2.575, 27, 38],
    ]);
  });

  it('dips below 1 in the formula of the Recommendation, but not in output', () => {
    expect([rToMosUnclamped(5), rToMos(5)]).toEqual([0.992125, 1]);
  });

  it('ends at 1 and 4.5', () => {
    expect([-20, 0, 100, 148].map(rToMos)).toEqual([1, 1, 4.5, 4.5]);
    expect(rToMos(Number.NaN)).toBeNaN();
  });

  it('goes from MOS back to R', () => {
    for (let r = 6.6; r <= 100; r += 0.1) expect(mosToR(rToMosUnclamped(r))).toBeCloseTo(r, 9);
    expect([0, 5].map((mos) => mosToR(mos).toFixed(6))).toEqual(['6.515308', '100.000000']);
  });

  it('counts nearly nobody and nearly everybody far from the middle', () => {
    expect(goodOrBetterPercent(-60)).toBeCloseTo(3.19e-12, 14);
    expect(goodOrBetterPercent(200)).toBe(100);
    expect(goodOrBetterPercent(60)).toBe(50);
  });
});

describe.skipIf(vectors === null)('R and MOS against the reference vectors', () => {
  it('MOS, GoB and PoW of 27 ratings agree', () => {
    const pairs = vectors!.r_to_mos.flatMap(
      ({ R, MOS, GoB, PoW }) =>
        [
          [rToMosUnclamped(R), MOS],
          [goodOrBetterPercent(R), GoB],
          [poorOrWorsePercent(R), PoW],
        ] as const,
    );
    expect(pairs).toHaveLength(81);
    expect(largestDifference(pairs)).toBeLessThan(TOLERANCE);
  });

  it('R of 16 MOS values agrees', () => {
    const pairs = vectors!.mos_to_r.flatMap(
      ({ MOS, R, roundtrip }) =>
        [
          [mosToR(MOS), R],
          [rToMosUnclamped(mosToR(MOS)), roundtrip],
        ] as const,
    );
    expect(pairs).toHaveLength(32);
    expect(largestDifference(pairs)).toBeLessThan(TOLERANCE);
  });

  it('Table B.1 is met to a hundredth', () => {
    const table = vectors!.published.find(({ what }) => what.includes('Table B.1'))!;
    const pairs = (table.R as number[]).map((r, i) => [rToMos(r), (table.MOS as number[])[i]!] as const);
    expect(largestDifference(pairs)).toBeLessThan(0.01);
    const good = (table.R as number[]).map((r, i) => [goodOrBetterPercent(r), table.GoB![i]!] as const);
    expect(largestDifference(good)).toBeLessThan(0.5);
  });
});
