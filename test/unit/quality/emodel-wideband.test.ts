import { describe, expect, it } from 'vitest';
import { narrowband } from '../../../src/quality/emodel-narrowband.js';
import { NARROWBAND_TO_WIDEBAND_IE, wideband } from '../../../src/quality/emodel-wideband.js';
import { largestDifference, TOLERANCE, vectors } from './vectors.js';

describe('G.107.1', () => {
  it.each([
    [0, 4.5],
    [1, 4.494],
    [8, 4.4206],
    [13, 4.3371],
    [41, 3.5123],
    [56, 2.922],
  ])('a codec with Ie %f has MOS %f', (Ie, MOS) => {
    expect(wideband({ Ie }).MOS).toBeCloseTo(MOS, 4);
  });

  it('rates AMR-WB 12.65 at 2 % loss', () => {
    const { IeEff, R, MOS } = wideband({ Ie: 20, Bpl: 4.3, Ppl: 2 });
    expect([IeEff.toFixed(4), R.toFixed(4), MOS.toFixed(4)]).toEqual(['43.8095', '85.1905', '3.4062']);
  });

  it('takes 1.29 times the narrowband delay impairment, and no echo unless asked', () => {
    expect(wideband({ Ta: 200 })).toMatchObject({ Idte: 0, Idle: 0 });
    expect(wideband({ Ta: 200 }).Id).toBeCloseTo(1.29 * narrowband({ Ta: 200 }).Idd, 12);
  });

  it('with echo agrees with another implementation', () => {
    const { Idte, Idle, R, MOS } = wideband({ Ie: 5, Ta: 150, echo: 'full' });
    expect([Idte, Idle, R, MOS].map((x) => x.toFixed(5))).toEqual([
      '0.35545',
      '1.01227',
      '122.42133',
      '4.43974',
    ]);
  });

  it('uses the noise that a noise floor of -96 dBmp makes', () => {
    const roe = -1.5 * (narrowband({ Nfor: -96 }).No - 2);
    expect(roe).toBeCloseTo(106.208, 3);
  });

  it('shifts a narrowband codec by 35.8, which leaves the R that narrowband ends at', () => {
    expect(wideband({ Ie: NARROWBAND_TO_WIDEBAND_IE }).R).toBeCloseTo(93.2, 12);
  });
});

describe.skipIf(vectors === null)('G.107.1 against the reference vectors', () => {
  it('agrees on 158 rows', () => {
    const rows = vectors!.wb;
    expect(rows).toHaveLength(158);
    const pairs = rows.flatMap((row) => {
      const echo = row.mode === 'no_echo' ? 'none' : 'full';
      const result = wideband({ Ie: row.Ie_wb, Bpl: row.Bpl_wb ?? 4.3, Ppl: row.Ppl, Ta: row.Ta, echo });
      const given = [
        [result.Idd, row.Idd],
        [result.Idte, row.Idte],
        [result.Idle, row.Idle],
        [result.IeEff, row.Ie_eff],
        [result.R, row.R],
        [result.Rx, row.Rx],
        [result.MOS, row.MOS],
      ] as const;
      return given.filter((pair): pair is [number, number] => pair[1] !== undefined);
    });
    expect(pairs.length).toBeGreaterThan(158 * 3);
    expect(largestDifference(pairs)).toBeLessThan(TOLERANCE);
  });
});
