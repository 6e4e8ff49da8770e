// The E-model as a calculator: one codec at a given loss and delay, with every term of R.

import type { Codec } from './codecs.js';
import { fullband } from './emodel-fullband.js';
import { narrowband } from './emodel-narrowband.js';
import { wideband } from './emodel-wideband.js';
import { echoDelays } from './impairments.js';
import { goodOrBetterPercent, poorOrWorsePercent } from './mos.js';
import { RatingContext, type RatingSettings, roundDelay } from './mos-values.js';
import { rateValues } from './rate.js';
import { noteBitrate } from './rate-notes.js';
import type { Mos } from './rating-types.js';

export interface CalculatorInput {
  codec: Codec;
  /** 0..100 */
  lossPercent: number;
  /** 1..8 */
  burstRatio: number;
  /** One-way mouth-to-ear delay Ta, ms. */
  delayMs: number;
  /** Codec bit rate, kbit/s, for codecs with several modes; null takes the default mode. */
  bitrateKbps: number | null;
}

/** The terms of R = Ro - Is - Id - Ie-eff + A, and what Is and Id are made of; null where a model has none. */
export interface MosTerms {
  ro: number;
  is: number | null;
  id: number;
  idte: number | null;
  idle: number | null;
  idd: number;
  ieEff: number;
  a: number;
}

export interface Calculation extends Mos {
  /** null when there is no MOS. */
  terms: MosTerms | null;
  /** Users who find it good or better, percent; narrowband only. */
  goodOrBetterPercent: number | null;
  /** Users who find it poor or worse, percent; narrowband only. */
  poorOrWorsePercent: number | null;
}

/** Rates the input by the E-model of the codec's band; `settings.model` is taken as `g107`. */
export function calculateMos(input: CalculatorInput, settings: RatingSettings): Calculation {
  const context = new RatingContext({ ...settings, model: 'g107' });
  const { codec, lossPercent, burstRatio } = input;
  // The table expects what is measured on the wire.
  const bitrateKbps = input.bitrateKbps === null ? null : input.bitrateKbps + codec.payloadHeaderKbps;
  const values = settings.codecs.resolve(codec, bitrateKbps, settings.packetLossConcealment);
  const notes: string[] = [];
  noteBitrate(notes, values, bitrateKbps);
  const Ta = roundDelay(input.delayMs);
  const given = { lossRatio: lossPercent / 100, discardRatio: null, playoutProfile: null };
  const rated = { ...given, captureLost: 0, repaired: 0, covers: null };
  const mos = rateValues(values, lossPercent, burstRatio, Ta, null, rated, context, notes);
  const { r, scale } = mos;
  const { ie, bpl } = values;
  if (r === null || ie === null || bpl === null) {
    return { ...mos, terms: null, goodOrBetterPercent: null, poorOrWorsePercent: null };
  }

  const parameters = { Ie: ie, Bpl: bpl, Ppl: lossPercent, Ta };
  if (scale !== 'NB') {
    const { Ro, Id, Idd, IeEff } = scale === 'WB' ? wideband(parameters) : fullband(parameters);
    return {
      ...mos,
      terms: { ro: Ro, is: null, id: Id, idte: null, idle: null, idd: Idd, ieEff: IeEff, a: 0 },
      goodOrBetterPercent: null,
      poorOrWorsePercent: null,
    };
  }
  const nb = narrowband({
    ...parameters,
    BurstR: burstRatio,
    ...echoDelays(settings.echo, Ta),
    A: settings.advantageFactor,
  });
  return {
    ...mos,
    terms: {
      ro: nb.Ro,
      is: nb.Is,
      id: nb.Id,
      idte: nb.Idte,
      idle: nb.Idle,
      idd: nb.Idd,
      ieEff: nb.IeEff,
      a: nb.A,
    },
    goodOrBetterPercent: goodOrBetterPercent(r),
    poorOrWorsePercent: poorOrWorsePercent(r),
  };
}
