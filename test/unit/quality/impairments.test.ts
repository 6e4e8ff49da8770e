import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowband } from '../../../src/quality/emodel-narrowband.js';
import {
  DELAY_CLASSES,
  delayImpairment,
  echoDelays,
  lossImpairment,
} from '../../../src/quality/impairments.js';
import { largestDifference, TOLERANCE, vectors } from './vectors.js';

describe('Idd, the impairment by delay', () => {
  it.each([
    [0, 0],
    [100, 0],
    [150, 0.163531],
    [200, 3.044414],
    [300, 14.760695],
    [500, 30.635925],
  ])('at %f ms is %f', (Ta, idd) => {
    expect(delayImpairment(Ta)).toBeCloseTo(idd, 6);
  });

  it('has the exponent 6·sT, not the "6 - sT" that some tools read', () => {
    const misread = [0.329218, 3.655832, 14.778965];
    const ours = [150, 200, 300].map((Ta) => delayImpairment(Ta));
    expect(ours.map((idd, i) => Math.abs(idd - misread[i]!) > 0.01)).toEqual([true, true, true]);
    // The misreading is the formula with exponent 5, so it is this that would have to give its numbers.
    expect([150, 200, 300].map((Ta) => delayImpairment(Ta, 5 / 6).toFixed(6))).toEqual(
      misread.map((idd) => idd.toFixed(6)),
    );
  });

  it('knows the delay classes low and very low', () => {
    const { low, veryLow } = DELAY_CLASSES;
    expect(delayImpairment(200, low.sT, low.mT)).toBeCloseTo(2.253017, 6);
    expect(delayImpairment(200, veryLow.sT, veryLow.mT)).toBeCloseTo(0.949825, 6);
  });

  it('never falls as the delay grows, and stays NaN for NaN', () => {
    const delay = fc.double({ min: 0, max: 2000, noNaN: true });
    fc.assert(
      fc.property(delay, delay, (a, b) => {
        expect(delayImpairment(Math.max(a, b)) - delayImpairment(Math.min(a, b))).toBeGreaterThan(-1e-9);
      }),
    );
    expect(delayImpairment(Number.NaN)).toBeNaN();
  });
});

describe('Ie-eff, the impairment by codec and loss', () => {
  it.each([
    ['G.729A, 2 %', 11, 19, 2, 1, 19],
    ['G.711 unconcealed, 2 %', 0, 4.3, 2, 1, 30.15873],
    ['G.711 unconcealed, 2 % in bursts', 0, 4.3, 2, 2, 35.849057],
    ['G.711 concealed, everything lost', 0, 25.1, 100, 1, 75.939249],
    ['AMR-WB 12.65 with both ears, 2 %', 20, 4.3, 2, 1, 43.809524],
  ])('%s', (_, ie, bpl, ppl, burstR, expected) => {
    expect(lossImpairment(ie, bpl, ppl, burstR, 95)).toBeCloseTo(expected, 6);
  });

  it('is Ie without loss, even for a codec without robustness', () => {
    expect(lossImpairment(7, 0, 0, 1, 95)).toBe(7);
  });
});

describe.skipIf(vectors === null)('the impairments against the reference vectors', () => {
  it('Idd in all delay classes and bands, and Id with echo, agree', () => {
    const { low, veryLow } = DELAY_CLASSES;
    const pairs = vectors!.idd.flatMap((row) => [
      [delayImpairment(row.Ta), row.default] as const,
      [delayImpairment(row.Ta, low.sT, low.mT), row.low_sT055_mT120] as const,
      [delayImpairment(row.Ta, veryLow.sT, veryLow.mT), row.verylow_sT04_mT150] as const,
      [1.29 * delayImpairment(row.Ta), row.wb] as const,
      [1.48 * delayImpairment(row.Ta), row.fb] as const,
      [narrowband({ Ta: row.Ta, ...echoDelays('full', row.Ta) }).Id, row.id_full_defaults] as const,
    ]);
    expect(pairs).toHaveLength(18 * 6);
    expect(largestDifference(pairs)).toBeLessThan(TOLERANCE);
  });

  it('Ie-eff agrees', () => {
    const pairs = vectors!.ie_eff.map(
      ({ Ie, Bpl, Ppl, BurstR, Ie_eff }) => [lossImpairment(Ie, Bpl, Ppl, BurstR, 95), Ie_eff] as const,
    );
    expect(pairs).toHaveLength(10);
    expect(largestDifference(pairs)).toBeLessThan(TOLERANCE);
  });

  it('Ie-eff gives the figures of a lecture that compares it with the old tables of G.113', () => {
    const old = vectors!.published.find(({ what }) => what.startsWith('old G.113'))!.rows!;
    const codecs: Record<string, [number, number]> = {
      'G.729A+VAD': [11, 19],
      'GSM-EFR': [5, 10],
      'G.711+PLC': [0, 25.1],
    };
    const pairs = old.map(([name, ppl, , formula]) => {
      const [ie, bpl] = codecs[name as string]!;
      return [lossImpairment(ie, bpl, ppl as number, 1, 95), formula as number] as const;
    });
    expect(pairs).toHaveLength(5);
    expect(largestDifference(pairs)).toBeLessThan(0.06);
  });
});
