// What a reader should know before trusting a MOS, in words.

import type { CodecValues, Scale } from './codecs.js';
import type { RatingSettings } from './mos-values.js';
import type { MosModel, RatingInput } from './rating-types.js';
import { mediaKind } from './static-payload-types.js';

export const MODELS: Record<Scale, MosModel> = { NB: 'G.107', WB: 'G.107.1', FB: 'G.107.2' };

/** Why there is no MOS. */
export function whyUnknown({ codec, isInsideRed }: Pick<RatingInput, 'codec' | 'isInsideRed'>): string {
  if (codec === null) return `codec${isInsideRed ? ' inside RED' : ''} not known: no MOS`;
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

/** Says what lies outside of what the model was made for. */
export function noteValidity(
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

/** Says what stands behind loss and delay, where it is less than it seems. */
export function noteInput(notes: string[], input: RatingInput): void {
  const { captureLost, networkDelaySource } = input;
  if (input.isInsideRed) notes.push(`rated as ${input.codec} inside RED, the redundant audio of RFC 2198`);
  if (captureLost > 0) {
    const packets = `${captureLost} packet${captureLost === 1 ? '' : 's'}`;
    notes.push(`${packets} left out of the loss as suspected to be missed by the capture (estimate)`);
  }
  if (networkDelaySource === 'downstream-leg' || networkDelaySource === 'upstream-leg') {
    const unknown = networkDelaySource === 'downstream-leg' ? 'before' : 'after';
    notes.push(`network delay of one leg alone: that ${unknown} the tap is not known and taken as 0`);
  }
  const { codecChanges } = input.covers;
  if (codecChanges > 0)
    notes.push(`the payload type changed ${codecChanges} times: all is rated as the last codec`);
}
