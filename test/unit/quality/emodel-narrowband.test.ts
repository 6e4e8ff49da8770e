import { describe, expect, it } from 'vitest';
import { type NarrowbandParameters, narrowband } from '../../../src/quality/emodel-narrowband.js';
import { echoDelays } from '../../../src/quality/impairments.js';
import { largestDifference, TOLERANCE, vectors } from './vectors.js';

/** A result with as many digits as the references have. */
function rounded(parameters: Partial<NarrowbandParameters>) {
  return Object.fromEntries(
    Object.entries(narrowband(parameters)).map(([k, v]) => [k, Math.round(v * 1e9) / 1e9]),
  );
}

describe('G.107', () => {
  it('gives the known intermediates for the defaults of Table 3', () => {
    expect(rounded({})).toEqual({
      No: -61.179214386,
      Ro: 94.768821579,
      Iolr: 0.440178126,
      Ist: -0.000715133,
      Iq: 0.974105138,
      Is: 1.413568131,
      Idte: 0,
      Idle: 0.149045725,
      Idd: 0,
      Id: 0.149045725,
      IeEff: 0,
      A: 0,
      R: 93.206207723,
      MOS: 4.409405954,
    });
  });

  it.each([
    [{ Ie: 11, Bpl: 19, Ppl: 2, Ta: 150, T: 150, Tr: 300 }, 70.539132, 3.622182],
    [{ Ie: 0, Bpl: 25.1, Ppl: 2, Ta: 150, T: 150, Tr: 300 }, 82.528062, 4.115869],
    [{ Ta: 100, T: 100, Tr: 200 }, 90.66373, 4.35492],
    [{ Ta: 250, T: 250, Tr: 500 }, 79.177101, 3.992519],
  ])('%o gives R %f and MOS %f', (parameters, R, MOS) => {
    const result = narrowband(parameters);
    expect(result.R).toBeCloseTo(R, 6);
    expect(result.MOS).toBeCloseTo(MOS, 6);
  });

  it('ties the echo path to the delay in full mode only', () => {
    expect(echoDelays('full', 150)).toEqual({ T: 150, Tr: 300 });
    expect(echoDelays('probe', 150)).toEqual({ T: 0, Tr: 0 });
    expect(narrowband({ Ta: 150 }).R).toBeCloseTo(93.206208 - 0.163531, 6);
  });

  it('lets LSTR follow STMR and Dr', () => {
    expect(narrowband({ STMR: 20 })).toEqual(narrowband({ STMR: 20, LSTR: 23 }));
    expect(narrowband({ STMR: 20 }).No).not.toBe(narrowband({ STMR: 20, LSTR: 18 }).No);
  });

  it('adds the sidetone to the talker echo where STMR is above 20 dB', () => {
    const strong = narrowband({ STMR: 21, LSTR: 18, T: 150 });
    const plain = narrowband({ STMR: 20, LSTR: 18, T: 150 });
    expect(strong.Idte).toBeCloseTo(Math.hypot(plain.Idte, strong.Ist), 9);
    expect(strong.Ist).toBeGreaterThan(0.4);
  });

  it('takes TERV + Ist / 2 where STMR is below 9 dB', () => {
    const loud = narrowband({ STMR: 8, LSTR: 18, T: 150 });
    const plain = narrowband({ STMR: 9, LSTR: 18, T: 150, TELR: 65 + loud.Ist / 2 });
    expect(loud.Idte).toBeCloseTo(plain.Idte, 9);
    expect(loud.Ist).toBeGreaterThan(0.3);
  });

  it('adds the advantage factor and loses quality with qdu', () => {
    expect(narrowband({ A: 10 }).R - narrowband().R).toBeCloseTo(10, 12);
    expect(narrowband({ qdu: 14 }).R).toBeLessThan(80);
  });

  it('can fall below zero, where MOS is 1', () => {
    const { R, MOS } = narrowband({ Ppl: 100, Bpl: 0.1, Ta: 800 });
    expect(R).toBeLessThan(-40);
    expect(MOS).toBe(1);
  });
});

describe.skipIf(vectors === null)('G.107 against the reference vectors', () => {
  it('agrees on 1500 rows of codec, loss, burst ratio, delay and echo mode', () => {
    const rows = vectors!.nb;
    expect(rows).toHaveLength(1500);
    const pairs = rows.flatMap((row) => {
      const { Ie, Bpl, Ppl, BurstR, Ta } = row;
      const result = narrowband({ Ie, Bpl, Ppl, BurstR, Ta, ...echoDelays(row.mode, Ta) });
      return [
        [result.Id, row.Id],
        [result.IeEff, row.Ie_eff],
        [result.R, row.R],
        [result.MOS, row.MOS],
      ] as const;
    });
    expect(largestDifference(pairs)).toBeLessThan(TOLERANCE);
  });

  it('agrees with other implementations on every term', () => {
    expect(vectors!.crosscheck.map((check) => check.name)).toEqual([
      'default intermediates',
      'full Ta=100',
      'full Ta=150',
      'full Ta=250',
    ]);
    for (const { name, ours } of vectors!.crosscheck) {
      const Ta = Number(/Ta=(\d+)/.exec(name)?.[1] ?? 0);
      const { IeEff, ...result } = narrowband({ Ta, ...echoDelays('full', Ta) });
      const terms: Record<string, number> = { ...result, Ie_eff: IeEff };
      const pairs = Object.entries(ours).map(([term, value]) => [terms[term] ?? Number.NaN, value] as const);
      expect(largestDifference(pairs), name).toBeLessThan(TOLERANCE);
    }
  });

  it('gives the published figures within their rounding', () => {
    const examples = vectors!.published.filter((point) => point.inputs !== undefined);
    expect(examples).toHaveLength(2);
    for (const { inputs, R, MOS } of examples) {
      const result = narrowband(inputs);
      expect(Math.abs(result.R - (R as number))).toBeLessThan(0.05);
      expect(Math.abs(result.MOS - (MOS as number))).toBeLessThan(0.005);
    }
    const components = vectors!.published.find((point) => point.Ro !== undefined)!;
    const { Ro, Is, Id, R, MOS } = narrowband();
    const pairs = [
      [Ro, components.Ro!],
      [Is, components.Is!],
      [Id, components.Id!],
      [R / 10, 9.32],
      [MOS, 4.41],
    ] as const;
    expect(largestDifference(pairs)).toBeLessThan(0.005);
  });
});
