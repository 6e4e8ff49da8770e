import { describe, expect, it } from 'vitest';
import { buildCodecTable } from '../../../src/quality/codecs.js';
import {
  defaultRatingSettings,
  mosValues,
  RatingContext,
  type RatingSettings,
} from '../../../src/quality/mos-values.js';
import { ratingDelayMs } from '../../../src/quality/mouth-to-ear.js';
import { burstRatio, rateStream } from '../../../src/quality/rate.js';
import type { Mos, RatingInput } from '../../../src/quality/rating-types.js';

const clean: RatingInput = {
  codec: 'PCMU',
  isInsideRed: false,
  lossRatio: 0,
  discardRatio: null,
  playoutProfile: null,
  captureLost: 0,
  repaired: 0,
  badRatio: null,
  badRunMeanLength: null,
  expected: 500,
  bitrateKbps: 64,
  packetizationMs: 20,
  networkDelayMs: null,
  networkDelaySource: 'assumed',
  jitterBufferMs: null,
  jitterMs: 1.5,
  covers: { mediaShare: 1, codecChanges: 0, comfortNoisePackets: 0 },
};

function rate(input: Partial<RatingInput>, settings: Partial<RatingSettings> = {}): Mos {
  // 50 ms in the network, so that the assumed delay shows in the results.
  const assumed = { ...defaultRatingSettings(), assumedNetworkDelayMs: 50, ...settings };
  return rateStream({ ...clean, ...input }, new RatingContext(assumed));
}

describe('rating a stream', () => {
  it('tells G.711 without loss, and everything it assumed', () => {
    expect(rate({})).toEqual({
      lq: expect.closeTo(4.412271, 6),
      cq: expect.closeTo(4.409405, 6),
      r: expect.closeTo(93.20618, 5),
      scale: 'NB',
      rating: 'excellent',
      assumptions: {
        model: 'G.107',
        codec: 'PCMU',
        codecBitrateKbps: 64,
        ie: 0,
        bpl: 25.1,
        ieSource: 'ITU-T G.113 Table I.4: Bpl 25.1 with the concealment of G.711 Appendix I, 4.3 without',
        confidence: 'high',
        lossPercent: 0,
        lossRatio: 0,
        discardRatio: null,
        playoutProfile: null,
        captureLost: 0,
        repaired: 0,
        burstRatio: 1,
        delayMs: 110,
        delay: {
          networkMs: 50,
          networkSource: 'assumed',
          packetizationMs: 20,
          packetizationSource: 'measured',
          lookAheadMs: 0,
          jitterBufferMs: 40,
          jitterBufferSource: 'assumed',
          jitterMs: null,
        },
        echo: 'probe',
        packetLossConcealment: true,
        advantageFactor: 0,
        covers: { mediaShare: 1, codecChanges: 0, comfortNoisePackets: 0 },
        notes: [],
      },
    });
  });

  it('tells G.729A at 2 % loss and 150 ms with the full echo path', () => {
    const mos = rate(
      {
        codec: 'G.729A',
        lossRatio: 0.02,
        badRunMeanLength: 1,
        networkDelayMs: 75,
        networkDelaySource: 'both-legs',
        jitterBufferMs: 50,
      },
      { echo: 'full' },
    );
    expect(mos).toMatchObject({
      r: expect.closeTo(70.539132, 6),
      cq: expect.closeTo(3.622182, 6),
      rating: 'fair',
    });
    expect(mos.assumptions).toMatchObject({
      delayMs: 150,
      delay: { networkMs: 75, networkSource: 'both-legs', lookAheadMs: 5, jitterBufferMs: 50 },
      lossPercent: 2,
      burstRatio: 1,
    });
  });

  it('takes the burst ratio from the loss runs', () => {
    // Gilbert p = 0.01, q = 0.49: 2 % loss in runs of 1 / 0.49
    const mos = rate({ lossRatio: 0.02, badRunMeanLength: 1 / 0.49 }, { packetLossConcealment: false });
    expect(mos.assumptions).toMatchObject({
      burstRatio: expect.closeTo(2, 12),
      bpl: 4.3,
      packetLossConcealment: false,
    });
    expect(93.20618 - mos.r!).toBeCloseTo(35.849057, 4);
  });

  it('rates wideband and fullband on their own scales', () => {
    const g722 = rate({ codec: 'G722', bitrateKbps: 64 });
    const opus = rate({ codec: 'opus', bitrateKbps: 32, lossRatio: 0.01, badRunMeanLength: 2 });
    expect([g722.scale, g722.r?.toFixed(2), g722.cq?.toFixed(3), g722.rating]).toEqual([
      'WB',
      '116.00',
      '4.337',
      'excellent',
    ]);
    expect(g722.assumptions).toMatchObject({
      model: 'G.107.1',
      burstRatio: null,
      echo: 'none',
      confidence: 'low',
    });
    expect([opus.scale, opus.r?.toFixed(2), opus.cq?.toFixed(3), opus.rating]).toEqual([
      'FB',
      '121.10',
      '4.091',
      'good',
    ]);
    expect(opus.assumptions).toMatchObject({
      model: 'G.107.2',
      codecBitrateKbps: 31,
      burstRatio: null,
      notes: [
        'G.107.2 has no burst ratio: loss is taken as random',
        'provisional codec values: no ITU value; study by Al-Ahmadi, Pocta and Melvin, ACM TOMM 2021 (super-wideband, VBR, random loss)',
      ],
    });
  });

  it('gives the numbers of the fast path', () => {
    const settings = { ...defaultRatingSettings(), assumedNetworkDelayMs: 50 };
    const context = new RatingContext(settings);
    const out = new Float64Array(3);
    for (const name of ['PCMA', 'G729', 'AMR-WB', 'opus']) {
      const input = {
        ...clean,
        codec: name,
        bitrateKbps: 24,
        lossRatio: 0.037,
        badRunMeanLength: 1.7,
        networkDelayMs: 143.21,
      };
      const codec = settings.codecs.find(name)!;
      const values = settings.codecs.resolve(codec, 24, true);
      mosValues(values, 3.7, burstRatio(0.037, 1.7), ratingDelayMs(codec, input, settings), context, out);
      const { lq, cq, r } = rateStream(input, context);
      expect([lq, cq, r], name).toEqual([...out]);
    }
  });

  it('follows an overridden codec', () => {
    const mos = rate(
      { codec: 'speex' },
      { codecs: buildCodecTable({ speex: { ie: 11, bpl: 10, scale: 'NB' } }) },
    );
    expect(mos).toMatchObject({
      r: expect.closeTo(82.2, 1),
      assumptions: { ieSource: 'configuration', confidence: 'configured' },
    });
  });

  it('follows the bands of the scale', () => {
    const bands = { excellent: 4.45, good: 4.4, fair: 4, poor: 3 };
    expect(rate({}, { bands: { ...defaultRatingSettings().bands, NB: bands } }).rating).toBe('good');
    expect(rate({ codec: 'G722' }, { bands: { ...defaultRatingSettings().bands, NB: bands } }).rating).toBe(
      'excellent',
    );
  });
});

describe('what is not known', () => {
  it.each([
    [{ codec: null }, 'codec not known: no MOS'],
    [{ codec: 'DVI4' }, 'DVI4 is not in the codec table: no MOS'],
    [{ codec: 'H264' }, 'H264 is video: no MOS'],
    [{ codec: 'CN' }, 'CN is comfort-noise: no MOS'],
    [{ codec: 'speex' }, 'no value published, and none near enough to take: no MOS'],
    [{ expected: 0 }, 'no packets were expected: no MOS'],
    [{ lossRatio: null }, 'loss not known: no MOS'],
    [{ lossRatio: Number.NaN }, 'loss not known: no MOS'],
  ])('%o gives no MOS and the reason', (input, note) => {
    const mos = rate(input);
    expect([mos.lq, mos.cq, mos.r, mos.scale, mos.rating]).toEqual([null, null, null, null, null]);
    expect(mos.assumptions).toMatchObject({ model: null, delayMs: null, notes: [note] });
  });

  it('is taken from the settings and the codec table', () => {
    const assumed = {
      packetizationMs: Number.NaN,
      networkDelayMs: -3,
      jitterBufferMs: null,
      bitrateKbps: null,
    };
    expect(rate({ ...assumed, codec: 'G723' }).assumptions).toMatchObject({
      codecBitrateKbps: 6.3,
      delayMs: 127.5,
      delay: {
        networkMs: 50,
        networkSource: 'assumed',
        packetizationMs: 30,
        packetizationSource: 'assumed',
        lookAheadMs: 7.5,
        jitterBufferMs: 40,
      },
      notes: ['bit rate not known: 6.3 kbit/s assumed'],
    });
    expect(rate({ packetizationMs: 0 }).assumptions.delay).toMatchObject({
      packetizationMs: 20,
      packetizationSource: 'assumed',
    });
  });
});

describe('the caveats', () => {
  it.each<[string, Partial<RatingInput>, Partial<RatingSettings>, string]>([
    [
      'bursts with much loss',
      { lossRatio: 0.05, badRunMeanLength: 4 },
      {},
      'burst ratio above 2 with loss above 2 %, outside the validity range of G.107',
    ],
    [
      'loss above 20 %',
      { lossRatio: 0.3, badRunMeanLength: 1 },
      {},
      'loss above 20 %, outside the validity range of the E-model',
    ],
    [
      'very long delay',
      { networkDelayMs: 600 },
      {},
      'delay above 500 ms, outside the validity range of the E-model',
    ],
    [
      'a proxy',
      { codec: 'AMR', bitrateKbps: 13.2 },
      {},
      'proxy codec values: G.113 has no value; GSM-EFR, the same algorithm, taken',
    ],
    [
      'a bit rate far from every mode',
      { codec: 'EVS', bitrateKbps: 6 },
      {},
      'measured 6.0 kbit/s; values of the nearest mode, 9.6 kbit/s, taken',
    ],
    [
      'an advantage factor in wideband',
      { codec: 'AMR-WB', bitrateKbps: 13.6 },
      { advantageFactor: 5 },
      'G.107.1 has no advantage factor',
    ],
    [
      'echo in wideband',
      { codec: 'AMR-WB', bitrateKbps: 13.6 },
      { echo: 'full' },
      'G.107.1 is used without echo',
    ],
  ])('name %s', (_, input, settings, note) => {
    expect(rate(input, settings).assumptions.notes).toEqual([note]);
  });

  it('name a burst ratio that was capped', () => {
    const { burstRatio: used, notes } = rate({ lossRatio: 0.1, badRunMeanLength: 25 }).assumptions;
    expect(used).toBe(8);
    expect(notes).toEqual([
      'burst ratio 22.5 taken as 8, the highest of G.107',
      'burst ratio above 2 with loss above 2 %, outside the validity range of G.107',
    ]);
  });
});

describe('the burst ratio', () => {
  it.each([
    [0, null, 1],
    [0.02, 1, 1],
    [0.02, 1 / 0.49, 2],
    [0.5, 1.2, 1],
    [0.1, 25, 8],
    [1, 500, 1],
    [0.1, Number.NaN, 1],
  ])('of loss %f in runs of %f is %f', (loss, run, ratio) => {
    expect(burstRatio(loss, run)).toBeCloseTo(ratio, 12);
  });
});

describe('the simplified model', () => {
  it('knows only latency, jitter and loss, and says so', () => {
    const mos = rate(
      { codec: 'opus', lossRatio: 0.04, networkDelayMs: 60, networkDelaySource: 'both-legs', jitterMs: 5 },
      { model: 'simplified' },
    );
    expect(mos).toMatchObject({
      lq: expect.closeTo(4.138996, 6),
      cq: expect.closeTo(4.068542, 6),
      r: expect.closeTo(81.2, 12),
      scale: 'NB',
      rating: 'good',
      assumptions: {
        model: 'simplified',
        codec: 'opus',
        ie: null,
        bpl: null,
        ieSource: null,
        confidence: null,
        burstRatio: null,
        delayMs: 80,
        delay: {
          networkMs: 60,
          networkSource: 'both-legs',
          packetizationMs: null,
          lookAheadMs: null,
          jitterBufferMs: null,
          jitterMs: 5,
        },
        notes: ['simplified model: knows neither codec nor bursts, and is no ITU model'],
      },
    });
  });

  it('rates audio that the E-model has no values for, but neither video nor the unknown', () => {
    const names = ['speex', 'H264', 'X-unheard-of'];
    expect(names.map((codec) => rate({ codec }, { model: 'simplified' }).r)).toEqual([
      expect.closeTo(91.625, 6),
      null,
      null,
    ]);
  });

  it('says when the jitter is not known', () => {
    expect(rate({ jitterMs: null }, { model: 'simplified' }).assumptions.notes[0]).toBe(
      'jitter not known, taken as 0',
    );
  });
});
