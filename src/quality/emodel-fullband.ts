// The fullband E-model, ITU-T G.107.2: R runs to 148 and MOS is taken from R / 1.48.
// It serves super-wideband codecs too. A fullband MOS is on its own scale.

import { delayImpairment, lossImpairment } from './impairments.js';
import { rToMosUnclamped } from './mos.js';

/** R of an undisturbed fullband connection. */
export const FULLBAND_RO = 148;
/** What stretches the narrowband scale to the fullband one. */
export const FULLBAND_STRETCH = 1.48;
/** What Ie-eff approaches under total loss. */
export const FULLBAND_IE_CEILING = 132;

export interface FullbandParameters {
  /** Fullband equipment impairment Ie,fb, 0..132. */
  Ie: number;
  /** Fullband packet-loss robustness Bpl,fb, above 0. */
  Bpl: number;
  /** Packet loss, percent, 0..100. */
  Ppl: number;
  /** Absolute one-way (mouth-to-ear) delay, ms. */
  Ta: number;
}

export interface FullbandResult {
  Ro: number;
  Idd: number;
  /** Delayed impairments; the fullband model has Idd only. */
  Id: number;
  IeEff: number;
  /** Transmission rating on the fullband scale, up to 148; not clamped. */
  R: number;
  /** R on the scale of the MOS formula, R / 1.48. */
  Rx: number;
  /** MOS on the fullband scale, not clamped. */
  MOS: number;
}

const DEFAULTS: FullbandParameters = { Ie: 0, Bpl: 9.3, Ppl: 0, Ta: 0 };

/** Computes G.107.2; there is neither echo nor burst ratio in it. */
export function fullband(given: Partial<FullbandParameters> = {}): FullbandResult {
  const p = { ...DEFAULTS, ...given };
  const Idd = FULLBAND_STRETCH * delayImpairment(p.Ta);
  const IeEff = lossImpairment(p.Ie, p.Bpl, p.Ppl, 1, FULLBAND_IE_CEILING);
  const R = FULLBAND_RO - Idd - IeEff;
  const Rx = R / FULLBAND_STRETCH;
  return { Ro: FULLBAND_RO, Idd, Id: Idd, IeEff, R, Rx, MOS: rToMosUnclamped(Rx) };
}
