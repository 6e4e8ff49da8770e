// The narrowband E-model, ITU-T G.107 (06/2015), complete: R = Ro - Is - Id - Ie-eff + A.
// Names are the symbols of the Recommendation.

import {
  delayImpairment,
  listenerEcho,
  lossImpairment,
  talkerEcho,
  talkerEchoRating,
} from './impairments.js';
import { rToMosUnclamped } from './mos.js';

/** Input parameters of G.107 Table 3. */
export interface NarrowbandParameters {
  /** Send loudness rating, dB. */
  SLR: number;
  /** Receive loudness rating, dB. */
  RLR: number;
  /** Sidetone masking rating, dB. */
  STMR: number;
  /** Listener sidetone rating, dB; follows as STMR + Dr when not given. */
  LSTR: number;
  /** D-value of the telephone, send side. */
  Ds: number;
  /** D-value of the telephone, receive side. */
  Dr: number;
  /** Talker echo loudness rating, dB. */
  TELR: number;
  /** Weighted echo path loss, dB. */
  WEPL: number;
  /** Mean one-way delay of the echo path, ms. */
  T: number;
  /** Round-trip delay in the 4-wire loop, ms. */
  Tr: number;
  /** Absolute one-way (mouth-to-ear) delay, ms. */
  Ta: number;
  /** Delay sensitivity; see `DELAY_CLASSES`. */
  sT: number;
  /** Delay below which nobody minds, ms; see `DELAY_CLASSES`. */
  mT: number;
  /** Number of quantization distortion units, 1..14. */
  qdu: number;
  /** Equipment impairment of the codec, 0..40. */
  Ie: number;
  /** Packet-loss robustness of the codec, above 0. */
  Bpl: number;
  /** Packet loss, percent, 0..20 (discards of the jitter buffer included). */
  Ppl: number;
  /** Burst ratio, 1..8. */
  BurstR: number;
  /** Circuit noise referred to the 0 dBr point, dBm0p. */
  Nc: number;
  /** Noise floor at the receive side, dBmp. */
  Nfor: number;
  /** Room noise at the send side, dB(A). */
  Ps: number;
  /** Room noise at the receive side, dB(A). */
  Pr: number;
  /** Advantage factor, 0..20. */
  A: number;
}

/** The default values of G.107 Table 3 (2015: Bpl 4.3; older editions had 1). */
export const NARROWBAND_DEFAULTS: Readonly<NarrowbandParameters> = {
  SLR: 8,
  RLR: 2,
  STMR: 15,
  LSTR: 18,
  Ds: 3,
  Dr: 3,
  TELR: 65,
  WEPL: 110,
  T: 0,
  Tr: 0,
  Ta: 0,
  sT: 1,
  mT: 100,
  qdu: 1,
  Ie: 0,
  Bpl: 4.3,
  Ppl: 0,
  BurstR: 1,
  Nc: -70,
  Nfor: -64,
  Ps: 35,
  Pr: 35,
  A: 0,
};

/** Every intermediate value, so that two implementations can be compared. */
export interface NarrowbandResult {
  /** Sum of all noise at the 0 dBr point, dBm0p. */
  No: number;
  /** Basic signal-to-noise rating. */
  Ro: number;
  /** Too low overall loudness. */
  Iolr: number;
  /** Non-optimum sidetone. */
  Ist: number;
  /** Quantizing distortion. */
  Iq: number;
  /** Simultaneous impairments, Iolr + Ist + Iq. */
  Is: number;
  /** Talker echo. */
  Idte: number;
  /** Listener echo. */
  Idle: number;
  /** Pure delay. */
  Idd: number;
  /** Delayed impairments, Idte + Idle + Idd. */
  Id: number;
  /** Codec and packet loss. */
  IeEff: number;
  A: number;
  /** Transmission rating; not clamped, may be negative. */
  R: number;
  /** MOS by Annex B, not clamped (see `rToMosUnclamped`). */
  MOS: number;
}

/** Computes G.107 for the given parameters; what is not given has its Table 3 default. */
export function narrowband(given: Partial<NarrowbandParameters> = {}): NarrowbandResult {
  const p = { ...NARROWBAND_DEFAULTS, ...given };
  const LSTR = given.LSTR ?? p.STMR + p.Dr;

  const No = noise(p, LSTR);
  const Ro = 15 - 1.5 * (p.SLR + No);
  const Iolr = loudness(p, No);
  const Ist = sidetone(p);
  const Iq = quantization(p.qdu, Ro);
  const Is = Iolr + Ist + Iq;
  const Idte = echo(p, No, Ist);
  const Idle = listenerEcho(Ro, p.WEPL, p.Tr);
  const Idd = delayImpairment(p.Ta, p.sT, p.mT);
  const Id = Idte + Idle + Idd;
  const IeEff = lossImpairment(p.Ie, p.Bpl, p.Ppl, p.BurstR, 95);
  const R = Ro - Is - Id - IeEff + p.A;
  return { No, Ro, Iolr, Ist, Iq, Is, Idte, Idle, Idd, Id, IeEff, A: p.A, R, MOS: rToMosUnclamped(R) };
}

/** No: power sum of circuit noise, room noise of both sides and noise floor (7-3 .. 7-7). */
function noise(p: NarrowbandParameters, LSTR: number): number {
  const OLR = p.SLR + p.RLR;
  const Nos = p.Ps - p.SLR - p.Ds - 100 + 0.004 * (p.Ps - OLR - p.Ds - 14) ** 2;
  const Pre = p.Pr + 10 * Math.log10(1 + 10 ** ((10 - LSTR) / 10));
  const Nor = p.RLR - 121 + Pre + 0.008 * (Pre - 35) ** 2;
  const Nfo = p.Nfor + p.RLR;
  return 10 * Math.log10(10 ** (p.Nc / 10) + 10 ** (Nos / 10) + 10 ** (Nor / 10) + 10 ** (Nfo / 10));
}

/** Iolr: decrease of quality by too low values of the overall loudness rating (7-9, 7-10). */
function loudness(p: NarrowbandParameters, No: number): number {
  const x = (p.SLR + p.RLR + 0.2 * (64 + No - p.RLR)) / 8;
  return 20 * ((1 + x ** 8) ** (1 / 8) - x);
}

/** Ist: non-optimum sidetone (7-11, 7-12). */
function sidetone(p: NarrowbandParameters): number {
  const STMRo = -10 * Math.log10(10 ** (-p.STMR / 10) + Math.exp(-p.T / 4) * 10 ** (-p.TELR / 10));
  return (
    12 * (1 + ((STMRo - 13) / 6) ** 8) ** (1 / 8) -
    28 * (1 + ((STMRo + 1) / 19.4) ** 35) ** (1 / 35) -
    13 * (1 + ((STMRo - 3) / 33) ** 13) ** (1 / 13) +
    29
  );
}

/** Iq: quantizing distortion (7-13 .. 7-17). */
function quantization(qdu: number, Ro: number): number {
  const Q = 37 - 15 * Math.log10(qdu);
  const G = 1.07 + 0.258 * Q + 0.0602 * Q * Q;
  const Z = 46 / 30 - G / 40;
  const Y = (Ro - 100) / 15 + 46 / 8.4 - G / 9;
  return 15 * Math.log10(1 + 10 ** Y + 10 ** Z);
}

/** Idte: talker echo (7-19 .. 7-24), with the rules for low and high sidetone masking. */
function echo(p: NarrowbandParameters, No: number, Ist: number): number {
  const TERV = talkerEchoRating(p.TELR, p.T) + (p.STMR < 9 ? Ist / 2 : 0);
  const Roe = -1.5 * (No - p.RLR);
  const Re = 80 + 2.5 * (TERV - 14);
  const Idte = talkerEcho(Roe, Re, p.T);
  return p.STMR > 20 ? Math.sqrt(Idte * Idte + Ist * Ist) : Idte;
}
