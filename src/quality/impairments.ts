// The two impairments that narrowband, wideband and fullband E-model share:
// pure delay (Idd) and codec with packet loss (Ie-eff).

/** How sensitive the users are to delay (G.107 Table 2): `sT` sensitivity, `mT` onset in ms. */
export interface DelayClass {
  sT: number;
  mT: number;
}

/**
 * Delay sensitivity classes. `default` is what carriers and enterprises plan with. The figures of `low`
 * and `veryLow` come from secondary sources; confirm them in G.107 before relying on them.
 */
export const DELAY_CLASSES = {
  default: { sT: 1, mT: 100 },
  low: { sT: 0.55, mT: 120 },
  veryLow: { sT: 0.4, mT: 150 },
} as const satisfies Record<string, DelayClass>;

/**
 * Impairment by too long absolute delay, Idd (G.107 equations 7-27, 7-28); `taMs` is the one-way
 * mouth-to-ear delay. The exponent is the product 6·sT (some tools read "6 - sT").
 */
export function delayImpairment(taMs: number, sT: number = 1, mT: number = 100): number {
  if (!(taMs > mT)) return Number.isNaN(taMs) ? Number.NaN : 0;
  const x = Math.log2(taMs / mT);
  const e = 6 * sT;
  return 25 * ((1 + x ** e) ** (1 / e) - 3 * (1 + (x / 3) ** e) ** (1 / e) + 2);
}

/**
 * Effective equipment impairment Ie-eff (G.107 7-29; G.107.1 7-15 and G.107.2 have no burst ratio: pass 1).
 * `ceiling` is what total loss approaches: 95 narrowband and wideband, 132 fullband.
 * @param ie impairment of the codec without loss
 * @param bpl packet-loss robustness of the codec, above 0
 * @param ppl packet loss in percent, 0..100, late discards included
 * @param burstR burst ratio, 1 for random loss
 */
export function lossImpairment(
  ie: number,
  bpl: number,
  ppl: number,
  burstR: number,
  ceiling: number,
): number {
  if (ppl === 0) return ie;
  return ie + ((ceiling - ie) * ppl) / (ppl / burstR + bpl);
}

/** What is assumed of the echo path; see `echoDelays`. */
export type EchoMode = 'probe' | 'full';

/**
 * `T` (one-way echo path) and `Tr` (round trip) in ms. "full" ties the echo path to the delay: T = Ta,
 * Tr = 2·Ta. "probe" leaves echo out, because a tap knows nothing of the loudness of the echo: T = Tr = 0.
 */
export function echoDelays(mode: EchoMode, taMs: number): { T: number; Tr: number } {
  return mode === 'full' ? { T: taMs, Tr: 2 * taMs } : { T: 0, Tr: 0 };
}

/** Listener echo Idle (G.107 7-25, 7-26); `ro` is 129 in wideband. */
export function listenerEcho(ro: number, wepl: number, trMs: number): number {
  const rle = 10.5 * (wepl + 7) * (trMs + 1) ** -0.25;
  return (ro - rle) / 2 + Math.sqrt((ro - rle) ** 2 / 4 + 169);
}

/** Talker echo loudness rating corrected for delay, TERV (G.107 7-22). */
export function talkerEchoRating(telr: number, tMs: number): number {
  return telr - 40 * Math.log10((1 + tMs / 10) / (1 + tMs / 150)) + 6 * Math.exp(-0.3 * tMs * tMs);
}

/** Talker echo Idte from the two ratings Roe and Re (G.107 7-19); 0 below 1 ms. */
export function talkerEcho(roe: number, re: number, tMs: number): number {
  if (tMs < 1) return 0;
  return ((roe - re) / 2 + Math.sqrt((roe - re) ** 2 / 4 + 100) - 1) * (1 - Math.exp(-tMs));
}
