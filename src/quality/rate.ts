// The MOS of one stream or window, with everything that it assumed.

import type { CodecValues, Confidence, Scale } from './codecs.js';
import {
  MOS_CQ,
  MOS_LQ,
  MOS_R,
  mosValues,
  type RatingContext,
  type RatingSettings,
  roundDelay,
} from './mos-values.js';
import { type DelayInput, type DelayParts, delayParts, isKnown, ratingDelayMs } from './mouth-to-ear.js';
import { type Rating, ratingOf } from './ratings.js';
import { mediaKind } from './static-payload-types.js';

/** What was measured of a stream. A number that is NaN or negative counts as not known. */
export interface RatingInput extends DelayInput {
  /** Codec or RTP encoding name, null when not known. */
  codec: string | null;
  /** Lost / expected (and, once known, discarded) packets, 0..1; null when not known. */
  lossRatio: number | null;
  /** Mean length of the runs of lost packets, null when there are none. */
  lossRunMeanLength: number | null;
  /** Expected packets; 0 gives no MOS. */
  expected: number;
  /** RTP payload bit rate while sending, 8 · octets / (packets · ptime), kbit/s; null when not known. */
  bitrateKbps: number | null;
}

export type MosModel = 'G.107' | 'G.107.1' | 'G.107.2' | 'simplified';

/** What a MOS rests on. */
export interface MosAssumptions {
  /** null when no MOS was computed. */
  model: MosModel | null;
  /** Codec as the codec table names it; the given name when the table does not know it. */
  codec: string | null;
  /** Mode of a codec with several, kbit/s. */
  codecBitrateKbps: number | null;
  ie: number | null;
  bpl: number | null;
  ieSource: string | null;
  /** null where the model uses no codec values. */
  confidence: Confidence | null;
  lossPercent: number | null;
  /** null where the model has none. */
  burstRatio: number | null;
  /** Mouth-to-ear delay Ta, to a tenth of a ms; the effective latency of the simplified model. */
  delayMs: number | null;
  /** null when the delay was given as a whole. */
  delay: DelayParts | null;
  /** Echo; "none" where the model has none. */
  echo: 'probe' | 'full' | 'none';
  packetLossConcealment: boolean;
  advantageFactor: number;
  /** What a reader should know before trusting the number. */
  notes: string[];
}

export interface Mos {
  /** MOS-LQ: listening quality, delay left out, 1..4.5. */
  lq: number | null;
  /** MOS-CQ: conversational quality, 1..4.5. */
  cq: number | null;
  /** The rating R that MOS-CQ comes from: 0..93.2 narrowband (with A = 0), 0..129 wideband, 0..148 fullband. */
  r: number | null;
  scale: Scale | null;
  /** MOS-CQ in a word, by the bands of its scale. */
  rating: Rating | null;
  assumptions: MosAssumptions;
}

/** Highest burst ratio that G.107 knows (Table 3). */
export const BURST_RATIO_MAX = 8;

/**
 * Burst ratio of measured loss runs (G.107 7-30): their mean length against that of independent loss,
 * 1 / (1 - P). Estimates from few runs fall below 1 and are taken as 1; above 8 as 8; no runs give 1.
 */
export function burstRatio(lossRatio: number, lossRunMeanLength: number | null): number {
  if (lossRunMeanLength === null || !(lossRunMeanLength > 0)) return 1;
  return Math.min(BURST_RATIO_MAX, Math.max(1, lossRunMeanLength * (1 - lossRatio)));
}

/** Rates a stream or window. */
export function rateStream(input: RatingInput, context: RatingContext): Mos {
  const { settings } = context;
  const lossPercent = percent(input.lossRatio);
  const codec = input.codec === null ? null : settings.codecs.find(input.codec);
  if (codec === null) return noMos(input.codec, lossPercent, settings, whyUnknown(input.codec));

  const values = settings.codecs.resolve(codec, input.bitrateKbps, settings.packetLossConcealment);
  if (lossPercent === null || !(input.expected > 0)) {
    const why = input.expected > 0 ? 'loss not known: no MOS' : 'no packets were expected: no MOS';
    return noMos(codec.name, lossPercent, settings, why, values);
  }

  const notes: string[] = [];
  const loss = lossPercent / 100;
  const measuredBurst = (input.lossRunMeanLength ?? 0) * (1 - loss);
  if (values.scale === 'NB' && settings.model === 'g107' && measuredBurst > BURST_RATIO_MAX) {
    notes.push(`burst ratio ${measuredBurst.toFixed(1)} taken as 8, the highest of G.107`);
  }
  if (settings.model === 'g107') noteBitrate(notes, values, input.bitrateKbps);
  else if (!isKnown(input.jitterMs)) notes.push('jitter not known, taken as 0');
  const delayMs = ratingDelayMs(codec, input, settings);
  const burst = burstRatio(loss, input.lossRunMeanLength);
  return rateValues(values, lossPercent, burst, delayMs, delayParts(codec, input, settings), context, notes);
}

const scratch = new Float64Array(3);

/** Rates resolved codec values at a given loss (percent), burst ratio and delay; `notes` is added to. */
export function rateValues(
  values: CodecValues,
  lossPercent: number,
  burst: number,
  delayMs: number,
  delay: DelayParts | null,
  context: RatingContext,
  notes: string[],
): Mos {
  const { settings } = context;
  const simplified = settings.model === 'simplified';
  if (!simplified && values.ie === null) {
    return noMos(values.codec.name, lossPercent, settings, `${values.source}: no MOS`, values);
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
      burstRatio: hasBursts ? burst : null,
      delayMs: roundDelay(delayMs),
      delay,
      echo: hasBursts ? settings.echo : 'none',
      packetLossConcealment: values.lossConcealed,
      advantageFactor: hasBursts ? settings.advantageFactor : 0,
      notes,
    },
  };
}

const MODELS: Record<Scale, MosModel> = { NB: 'G.107', WB: 'G.107.1', FB: 'G.107.2' };

function noMos(
  codec: string | null,
  lossPercent: number | null,
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
      burstRatio: null,
      delayMs: null,
      delay: null,
      echo: 'none',
      packetLossConcealment: values?.lossConcealed ?? settings.packetLossConcealment,
      advantageFactor: 0,
      notes: [note],
    },
  };
}

function whyUnknown(codec: string | null): string {
  if (codec === null) return 'codec not known: no MOS';
  const kind = mediaKind(codec);
  if (kind !== 'audio') return `${codec} is ${kind}: no MOS`;
  return `${codec} is not in the codec table: no MOS`;
}

/** Says when the mode of a codec is a guess, or a poor fit of the measured bit rate. */
export function noteBitrate(notes: string[], values: CodecValues, bitrateKbps: number | null): void {
  const mode = values.bitrateKbps;
  if (values.modeBy === 'default') notes.push(`bit rate not known: ${mode} kbit/s assumed`);
  if (values.modeBy !== 'bitrate' || bitrateKbps === null || mode === null) return;
  const measured = bitrateKbps - values.codec.payloadHeaderKbps;
  if (Math.abs(measured - mode) > 0.25 * mode) {
    notes.push(`measured ${measured.toFixed(1)} kbit/s; values of the nearest mode, ${mode} kbit/s, taken`);
  }
}

function noteValidity(
  notes: string[],
  values: CodecValues,
  scale: Scale,
  lossPercent: number,
  burst: number,
  delayMs: number,
  settings: RatingSettings,
): void {
  if (settings.model === 'simplified') {
    notes.push('simplified model: knows neither codec nor bursts, and is no ITU model');
    return;
  }
  if (lossPercent > 20) notes.push('loss above 20 %, outside the validity range of the E-model');
  if (delayMs > 500) notes.push('delay above 500 ms, outside the validity range of the E-model');
  if (scale === 'NB') {
    if (burst > 2 && lossPercent > 2) {
      notes.push('burst ratio above 2 with loss above 2 %, outside the validity range of G.107');
    }
  } else {
    if (burst > 1) notes.push(`${MODELS[scale]} has no burst ratio: loss is taken as random`);
    if (settings.echo === 'full') notes.push(`${MODELS[scale]} is used without echo`);
    if (settings.advantageFactor !== 0) notes.push(`${MODELS[scale]} has no advantage factor`);
  }
  const { confidence } = values;
  if (confidence === 'provisional' || confidence === 'proxy' || confidence === 'low') {
    notes.push(`${confidence === 'low' ? 'unconfirmed' : confidence} codec values: ${values.source}`);
  }
}

/** In percent, without the noise of binary fractions (2.8, not 2.8000000000000003). */
function percent(lossRatio: number | null): number | null {
  return isKnown(lossRatio) && lossRatio <= 1 ? Math.round(lossRatio * 1e12) / 1e10 : null;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
