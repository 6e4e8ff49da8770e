// The wideband E-model, ITU-T G.107.1 (06/2019): R runs to 129 and MOS is taken from R / 1.29.
// A wideband MOS is on its own scale; never average it with a narrowband one.

import {
  delayImpairment,
  listenerEcho,
  lossImpairment,
  talkerEcho,
  talkerEchoRating,
} from './impairments.js';
import { rToMosUnclamped } from './mos.js';

/** R of an undisturbed wideband connection (7-2). */
export const WIDEBAND_RO = 129;
/** What stretches the narrowband scale to the wideband one (7-13, A-1). */
export const WIDEBAND_STRETCH = 1.29;
/** Add to a narrowband Ie to place the codec on the wideband scale (G.113 Appendix IV). */
export const NARROWBAND_TO_WIDEBAND_IE = 35.8;

/** Input of `wideband`. */
export interface WidebandParameters {
  /** Wideband equipment impairment Ie,wb, 0..95. */
  Ie: number;
  /** Wideband packet-loss robustness Bpl,wb, above 0. */
  Bpl: number;
  /** Packet loss, percent, 0..100. */
  Ppl: number;
  /** Absolute one-way (mouth-to-ear) delay, ms. */
  Ta: number;
  /**
   * "none": Id is pure delay, what a probe should use. "full": echo with T = Ta, Tr = 2·Ta; uncertain,
   * because the noise in equation 7-6 was changed by a Corrigendum that leaves it open (here Nfor = -96).
   */
  echo: 'none' | 'full';
}

export interface WidebandResult {
  Ro: number;
  Idte: number;
  Idle: number;
  Idd: number;
  Id: number;
  IeEff: number;
  /** Transmission rating on the wideband scale, up to 129; not clamped. */
  R: number;
  /** R on the scale of the MOS formula, R / 1.29. */
  Rx: number;
  /** MOS-CQEW, not clamped. */
  MOS: number;
}

const DEFAULTS: WidebandParameters = { Ie: 0, Bpl: 4.3, Ppl: 0, Ta: 0, echo: 'none' };

// The narrowband default parameters that the echo terms need, and the noise sum No for Nfor = -96.
const RLR = 2;
const TELR = 65;
const WEPL = 110;
const NO_WB = -68.80553931060876;

/** Computes G.107.1; there is no burst ratio in it. */
export function wideband(given: Partial<WidebandParameters> = {}): WidebandResult {
  const p = { ...DEFAULTS, ...given };
  const full = p.echo === 'full';
  const Idte = full ? widebandTalkerEcho(p.Ta) : 0;
  const Idle = full ? listenerEcho(WIDEBAND_RO, WEPL, 2 * p.Ta) : 0;
  const Idd = WIDEBAND_STRETCH * delayImpairment(p.Ta);
  const Id = Idte + Idle + Idd;
  const IeEff = lossImpairment(p.Ie, p.Bpl, p.Ppl, 1, 95);
  const R = WIDEBAND_RO - Id - IeEff;
  const Rx = R / WIDEBAND_STRETCH;
  return { Ro: WIDEBAND_RO, Idte, Idle, Idd, Id, IeEff, R, Rx, MOS: rToMosUnclamped(Rx) };
}

/** Idte,wb with the K correction of TERV. */
function widebandTalkerEcho(T: number): number {
  const K = T < 100 ? 0.08 * T + 10 : 18;
  const TERV = talkerEchoRating(TELR, T) + K;
  const Roe = -1.5 * (NO_WB - RLR);
  return talkerEcho(Roe, 80 + 3 * (TERV - 14), T);
}
