import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec } from '../../../src/quality/codecs.js';
import { fullband } from '../../../src/quality/emodel-fullband.js';
import { narrowband } from '../../../src/quality/emodel-narrowband.js';
import { wideband } from '../../../src/quality/emodel-wideband.js';
import { echoDelays } from '../../../src/quality/impairments.js';
import { rToMos } from '../../../src/quality/mos.js';
import { defaultRatingSettings, mosValues, RatingContext } from '../../../src/quality/mos-values.js';

const settings = defaultRatingSettings();
const contexts = {
  probe: new RatingContext({ ...settings, echo: 'probe' }),
  full: new RatingContext({ ...settings, echo: 'full' }),
};

/** MOS-CQ, R and the R of MOS-LQ by the complete models. */
function complete(
  codec: Codec,
  plc: boolean,
  loss: number,
  burst: number,
  Ta: number,
  echo: 'probe' | 'full',
) {
  const { scale, ie, bpl } = settings.codecs.resolve(codec, null, plc);
  const given = { Ie: ie!, Bpl: bpl!, Ppl: loss, Ta };
  if (scale === 'NB') {
    const nb = narrowband({ ...given, BurstR: burst, ...echoDelays(echo, Ta) });
    return { r: nb.R, cq: rToMos(nb.R), lq: rToMos(nb.R + nb.Id) };
  }
  const model = scale === 'WB' ? wideband(given) : fullband(given);
  const stretch = scale === 'WB' ? 1.29 : 1.48;
  return { r: model.R, cq: rToMos(model.Rx), lq: rToMos((model.R + model.Id) / stretch) };
}

describe('the fast path', () => {
  it('gives what the complete models give, for any codec, loss, burst ratio and delay', () => {
    const rated = settings.codecs.codecs.filter((codec) => codec.scale !== null);
    const out = new Float64Array(3);
    fc.assert(
      fc.property(
        fc.constantFrom(...rated),
        fc.boolean(),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 1, max: 8, noNaN: true }),
        fc.integer({ min: 0, max: 15_000 }),
        fc.constantFrom('probe' as const, 'full' as const),
        (codec, plc, loss, burst, tenths, echo) => {
          const values = settings.codecs.resolve(codec, null, plc);
          const wanted = complete(codec, plc, loss, burst, tenths / 10, echo);
          mosValues(values, loss, burst, tenths / 10, contexts[echo], out);
          // Is hangs on the echo delay by 5e-8, which MOS-LQ leaves out.
          expect(out[0]).toBeCloseTo(wanted.lq, 7);
          expect(out[1]).toBeCloseTo(wanted.cq, 9);
          expect(out[2]).toBeCloseTo(Math.max(0, wanted.r), 9);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('writes at the offset and nowhere else', () => {
    const out = new Float64Array(5).fill(7);
    mosValues(
      settings.codecs.resolve(settings.codecs.find('PCMU')!, null, true),
      0,
      1,
      0,
      contexts.probe,
      out,
      1,
    );
    expect([...out].map((x) => x.toFixed(3))).toEqual(['7.000', '4.412', '4.409', '93.206', '7.000']);
  });

  it('gives NaN where there is no codec, no value, no loss figure or no delay', () => {
    const pcmu = settings.codecs.resolve(settings.codecs.find('PCMU')!, null, true);
    const speex = settings.codecs.resolve(settings.codecs.find('speex')!, null, true);
    const rate = (values: typeof pcmu | null, loss: number, delay: number) => {
      const out = new Float64Array(3);
      mosValues(values, loss, 1, delay, contexts.probe, out);
      return [...out];
    };
    const { NaN: none } = Number;
    expect(rate(null, 0, 0)).toEqual([none, none, none]);
    expect(rate(speex, 0, 0)).toEqual([none, none, none]);
    expect(rate(pcmu, none, 0)).toEqual([none, none, none]);
    expect(rate(pcmu, 0, none)).toEqual([expect.closeTo(4.412, 3), none, none]);
    expect(rate(pcmu, 0, -5)).toEqual(rate(pcmu, 0, 0));
  });

  it('takes delays to the tenth of a millisecond', () => {
    const { probe } = contexts;
    expect(probe.narrowbandR(200.04)).toBe(probe.narrowbandR(200));
    expect(probe.narrowbandR(200.1)).toBeLessThan(probe.narrowbandR(200));
    expect(probe.pureDelay(200.04)).toBe(probe.pureDelay(200));
    expect(probe.pureDelay(5000)).toBeGreaterThan(probe.pureDelay(1000));
  });

  it('keeps the advantage factor to narrowband', () => {
    const mobile = new RatingContext({ ...settings, advantageFactor: 10 });
    expect(mobile.narrowbandR(0) - contexts.probe.narrowbandR(0)).toBeCloseTo(10, 12);
    expect(mobile.listeningR - contexts.probe.listeningR).toBeCloseTo(10, 12);
    const out = new Float64Array(3);
    mosValues(settings.codecs.resolve(settings.codecs.find('G722')!, null, true), 0, 1, 0, mobile, out);
    expect(out[2]).toBe(116);
  });

  it('rates by the simplified model when asked', () => {
    const simple = new RatingContext({ ...settings, model: 'simplified' });
    const out = new Float64Array(3);
    mosValues(settings.codecs.resolve(settings.codecs.find('opus')!, null, true), 4, 8, 80, simple, out);
    expect([...out]).toEqual([rToMos(83.2), rToMos(81.2), expect.closeTo(81.2, 12)]);
  });
});
