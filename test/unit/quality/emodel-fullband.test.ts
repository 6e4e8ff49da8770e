import { describe, expect, it } from 'vitest';
import { fullband } from '../../../src/quality/emodel-fullband.js';
import { largestDifference, TOLERANCE, vectors } from './vectors.js';

describe('G.107.2', () => {
  it('gives R 148 and MOS 4.5 without any impairment', () => {
    expect(fullband()).toEqual({
      Ro: 148,
      Idd: 0,
      Id: 0,
      IeEff: 0,
      R: 148,
      Rx: 100,
      MOS: 4.5,
    });
  });

  it('rates EVS at 48 kbit/s', () => {
    const { R, MOS } = fullband({ Ie: 10.2, Bpl: 9.6 });
    expect([R.toFixed(1), MOS.toFixed(4)]).toEqual(['137.8', '4.4075']);
  });

  it('lets total loss approach 132', () => {
    expect(fullband({ Ie: 10, Bpl: 1e-9, Ppl: 100 }).IeEff).toBeCloseTo(132, 6);
  });

  it.each([
    [150, 0.242026],
    [200, 4.505733],
    [300, 21.845828],
  ])('Idd at %f ms is %f', (Ta, idd) => {
    expect(fullband({ Ta }).Idd).toBeCloseTo(idd, 6);
  });
});

describe.skipIf(vectors === null)('G.107.2 against the reference vectors', () => {
  it('agrees on 294 rows', () => {
    const rows = vectors!.fb;
    expect(rows).toHaveLength(294);
    const pairs = rows.flatMap((row) => {
      const result = fullband({ Ie: row.Ie_fb, Bpl: row.Bpl_fb, Ppl: row.Ppl, Ta: row.Ta });
      return [
        [result.Idd, row.Idd],
        [result.IeEff, row.Ie_eff],
        [result.R, row.R],
        [result.Rx, row.Rx],
        [result.MOS, row.MOS],
      ] as const;
    });
    expect(largestDifference(pairs)).toBeLessThan(TOLERANCE);
  });
});
