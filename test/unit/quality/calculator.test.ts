import { describe, expect, it } from 'vitest';
import { calculateMos } from '../../../src/quality/calculator.js';
import { defaultRatingSettings } from '../../../src/quality/mos-values.js';

const settings = defaultRatingSettings();

function calculate(name: string, lossPercent: number, delayMs: number, bitrateKbps: number | null = null) {
  const codec = settings.codecs.find(name)!;
  return calculateMos(
    { codec, lossPercent, burstRatio: 1, delayMs, bitrateKbps },
    { ...settings, echo: 'full' },
  );
}

describe('the calculator', () => {
  it('shows every term, and they add up to R', () => {
    const { r, cq, terms, goodOrBetterPercent, poorOrWorsePercent } = calculate('G729A', 2, 150);
    expect({ r, cq, goodOrBetterPercent, poorOrWorsePercent, terms }).toEqual({
      r: expect.closeTo(70.539132, 6),
      cq: expect.closeTo(3.622182, 6),
      goodOrBetterPercent: expect.closeTo(74.496, 2),
      poorOrWorsePercent: expect.closeTo(5.523, 2),
      terms: {
        ro: expect.closeTo(94.768822, 6),
        is: expect.closeTo(1.413568, 6),
        id: expect.closeTo(3.816122, 6),
        idte: expect.closeTo(2.811844, 6),
        idle: expect.closeTo(0.840747, 6),
        idd: expect.closeTo(0.163531, 6),
        ieEff: 19,
        a: 0,
      },
    });
    expect(terms!.ro - terms!.is! - terms!.id - terms!.ieEff).toBeCloseTo(r!, 12);
  });

  it('shows what wideband has', () => {
    const { r, terms, goodOrBetterPercent } = calculate('AMR-WB-diotic', 2, 200);
    expect(terms).toEqual({
      ro: 129,
      is: null,
      id: expect.closeTo(3.927294, 6),
      idte: null,
      idle: null,
      idd: expect.closeTo(3.927294, 6),
      ieEff: expect.closeTo(43.809524, 6),
      a: 0,
    });
    expect([r! + terms!.id + terms!.ieEff, goodOrBetterPercent]).toEqual([expect.closeTo(129, 12), null]);
  });

  it('takes the bit rate as that of the codec, without payload header', () => {
    const modes = settings.codecs.find('AMR-WB')!.modes.map((mode) => mode.bitrateKbps);
    expect(modes.map((kbps) => calculate('AMR-WB', 0, 0, kbps).assumptions.codecBitrateKbps)).toEqual(modes);
  });

  it('has no terms where there is no MOS', () => {
    expect(calculate('SILK', 0, 0)).toMatchObject({ lq: null, terms: null, goodOrBetterPercent: null });
  });
});
