// The MOS of one stream or window, with everything that it assumed.

import type { CodecValues } from './codecs.js';
import {
  MOS_CQ,
  MOS_LQ,
  MOS_R,
  mosValues,
  type RatingContext,
  type RatingSettings,
  roundDelay,
} from './mos-values.js';
import { type DelayParts, delayParts, isKnown, ratingDelayMs } from './mouth-to-ear.js';
import { MODELS, noteBitrate, noteInput, noteValidity, whyUnknown } from './rate-notes.js';
import type { Mos, RatedInput, RatingInput } from './rating-types.js';
import { ratingOf } from './ratings.js';

/** Highest burst ratio that G.107 knows (Table 3). */
export const BURST_RATIO_MAX = 8;

/**
 * Burst ratio (G.107 7-30, B.1) of runs of lost or discarded packets: their mean length against that of
 * independent ones, 1 / (1 - P). Estimates from few runs fall below 1 and are taken as 1; above 8 as 8; no runs give 1.
 */
export function burstRatio(badRatio: number, badRunMeanLength: number | null): number {
  if (badRunMeanLength === null || !(badRunMeanLength > 0)) return 1;
  return Math.min(BURST_RATIO_MAX, Math.max(1, badRunMeanLength * (1 - badRatio)));
}

/** Rates a stream or window. */
export function rateStream(input: RatingInput, context: RatingContext): Mos {
  const { settings } = context;
  const lossPercent = percent(input.lossRatio, input.discardRatio);
  const codec = input.codec === null ? null : settings.codecs.find(input.codec);
  if (codec === null) return noMos(input.codec, lossPercent, input, settings, whyUnknown(input));

  const values = settings.codecs.resolve(codec, input.bitrateKbps, settings.packetLossConcealment);
  if (lossPercent === null || !(input.expected > 0)) {
    const why = input.expected > 0 ? 'loss not known: no MOS' : 'no packets were expected: no MOS';
    return noMos(codec.name, lossPercent, input, settings, why, values);
  }

  const notes: string[] = [];
  // Without decided packets there are no runs either.
  const bad = isKnown(input.badRatio) ? Math.min(1, input.badRatio) : lossPercent / 100;
  const measuredBurst = (input.badRunMeanLength ?? 0) * (1 - bad);
  if (values.scale === 'NB' && settings.model === 'g107' && measuredBurst > BURST_RATIO_MAX) {
    notes.push(`burst ratio ${measuredBurst.toFixed(1)} taken as 8, the highest of G.107`);
  }
  if (settings.model === 'g107') noteBitrate(notes, values, input.bitrateKbps);
  else if (!isKnown(input.jitterMs)) notes.push('jitter not known, taken as 0');
  const delayMs = ratingDelayMs(codec, input, settings);
  noteInput(notes, input);
  const burst = burstRatio(bad, input.badRunMeanLength);
  const delay = delayParts(codec, input, settings);
  return rateValues(values, lossPercent, burst, delayMs, delay, input, context, notes);
}

const scratch = new Float64Array(3);

/** Rates resolved codec values at a given loss (percent), burst ratio and delay; `notes` is added to. */
export function rateValues(
  values: CodecValues,
  lossPercent: number,
  burst: number,
  delayMs: number,
  delay: DelayParts | null,
  input: RatedInput,
  context: RatingContext,
  notes: string[],
): Mos {
  const { settings } = context;
  const simplified = settings.model === 'simplified';
  if (!simplified && values.ie === null) {
    return noMos(values.codec.name, lossPercent, input, settings, `${values.source}: no MOS`, values);
  }
  const scale = simplified ? 'NB' : values.scale!;
  const hasBursts = !simplified && scale === 'NB';
  mosValues(values, lossPercent, burst, delayMs, context, scratch);
  noteValidity(notes, values, scale, lossPercent, burst, delayMs, settings);
  return {
    lq: orNull(scratch[MOS_LQ]!),
    cq: orNull(scratch[MOS_CQ]!),
    r: orNull(scratch[MOS_R]!),
    scale,
    rating: ratingOf(scratch[MOS_CQ]!, settings.bands[scale]),
    assumptions: {
      model: simplified ? 'simplified' : MODELS[scale],
      codec: values.codec.name,
      codecBitrateKbps: values.bitrateKbps,
      ie: simplified ? null : values.ie,
      bpl: simplified ? null : values.bpl,
      ieSource: simplified ? null : values.source,
      confidence: simplified ? null : values.confidence,
      lossPercent,
      lossRatio: input.lossRatio,
      discardRatio: input.discardRatio,
      playoutProfile: input.playoutProfile,
      captureLost: input.captureLost,
      repaired: input.repaired,
      burstRatio: hasBursts ? burst : null,
      delayMs: roundDelay(delayMs),
      delay,
      echo: hasBursts ? settings.echo : 'none',
      packetLossConcealment: values.lossConcealed,
      advantageFactor: hasBursts ? settings.advantageFactor : 0,
      covers: input.covers,
      notes,
    },
  };
}

function noMos(
  codec: string | null,
  lossPercent: number | null,
  input: RatedInput,
  settings: RatingSettings,
  note: string,
  values: CodecValues | null = null,
): Mos {
  return {
    lq: null,
    cq: null,
    r: null,
    scale: null,
    rating: null,
    assumptions: {
      model: null,
      codec,
      codecBitrateKbps: values?.bitrateKbps ?? null,
      ie: values?.ie ?? null,
      bpl: values?.bpl ?? null,
      ieSource: values?.source ?? null,
      confidence: values?.confidence ?? 'none',
      lossPercent,
      lossRatio: input.lossRatio,
      discardRatio: input.discardRatio,
      playoutProfile: input.playoutProfile,
      captureLost: input.captureLost,
      repaired: input.repaired,
      burstRatio: null,
      delayMs: null,
      delay: null,
      echo: 'none',
      packetLossConcealment: values?.lossConcealed ?? settings.packetLossConcealment,
      advantageFactor: 0,
      covers: input.covers,
      notes: [note],
    },
  };
}

/** Loss and discards in percent, without the noise of binary fractions (2.8, not 2.8000000000000003). */
function percent(lossRatio: number | null, discardRatio: number | null): number | null {
  if (!isKnown(lossRatio) || lossRatio > 1) return null;
  const bad = Math.min(1, lossRatio + (isKnown(discardRatio) ? discardRatio : 0));
  return Math.round(bad * 1e12) / 1e10;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
