// The MOS of very many rows: what does not change is computed once per settings, what depends on delay
// once per tenth of a millisecond, so that a row costs a division and two polynomials and no object.

import { buildCodecTable, type CodecTable, type CodecValues, type Scale } from './codecs.js';
import { FULLBAND_IE_CEILING, FULLBAND_RO, FULLBAND_STRETCH } from './emodel-fullband.js';
import { narrowband } from './emodel-narrowband.js';
import { WIDEBAND_RO, WIDEBAND_STRETCH } from './emodel-wideband.js';
import { delayImpairment, type EchoMode, echoDelays, lossImpairment } from './impairments.js';
import { rToMos } from './mos.js';
import { DEFAULT_BANDS, type RatingBands } from './ratings.js';
import { SIMPLIFIED_R0, simplifiedR } from './simplified.js';

/** How streams are rated. */
export interface RatingSettings {
  /** The E-model of the codec's band, or the simplified rating (`simplified.ts`). */
  model: 'g107' | 'simplified';
  /** Narrowband echo: none assumed ("probe"), or all of Table 3 with T = Ta, Tr = 2·Ta ("full"). */
  echo: EchoMode;
  /** Receivers conceal loss (G.711 Appendix I and the like); a tap cannot see it. */
  packetLossConcealment: boolean;
  /** One-way network delay where none is measured, ms. */
  assumedNetworkDelayMs: number;
  /** Delay of the receiver's jitter buffer where a stream brings none, ms. */
  jitterBufferMs: number;
  /** Advantage factor A of narrowband, 0..20; a monitor uses 0. */
  advantageFactor: number;
  bands: Readonly<Record<Scale, RatingBands>>;
  codecs: CodecTable;
}

/** Settings that suit telephony seen from a mirror port. */
export function defaultRatingSettings(): RatingSettings {
  return {
    model: 'g107',
    echo: 'probe',
    packetLossConcealment: true,
    assumedNetworkDelayMs: 0,
    jitterBufferMs: 40,
    advantageFactor: 0,
    bands: DEFAULT_BANDS,
    codecs: buildCodecTable(),
  };
}

/** Delays are taken to the tenth of a millisecond; the tables reach to 1000 ms. */
const STEPS_PER_MS = 10;
const TABLE_ROWS = 1000 * STEPS_PER_MS + 1;

/** Settings with what follows from them; make one per settings and keep it. */
export class RatingContext {
  /** Narrowband R without delay and codec: Ro - Is + A, with Is at T = 0. */
  readonly listeningR: number;
  private readonly promptR: number;
  // Filled as delays turn up; NaN is not computed yet. R only with echo: without, Idd alone changes.
  private readonly conversationR = new Float64Array(TABLE_ROWS).fill(Number.NaN);
  private readonly idd = new Float64Array(TABLE_ROWS).fill(Number.NaN);

  constructor(readonly settings: RatingSettings) {
    const clean = narrowband({ A: settings.advantageFactor });
    this.listeningR = clean.Ro - clean.Is + clean.A;
    this.promptR = clean.R;
  }

  /** Narrowband R without codec at this mouth-to-ear delay: Ro - Is - Id + A. */
  narrowbandR(delayMs: number): number {
    if (this.settings.echo === 'probe') return this.promptR - this.pureDelay(delayMs);
    const step = Math.round(delayMs * STEPS_PER_MS);
    const known = this.conversationR[step];
    if (known !== undefined && !Number.isNaN(known)) return known;
    const Ta = step / STEPS_PER_MS;
    const { R } = narrowband({ Ta, ...echoDelays('full', Ta), A: this.settings.advantageFactor });
    if (step < TABLE_ROWS) this.conversationR[step] = R;
    return R;
  }

  /** Idd of the narrowband scale at this mouth-to-ear delay. */
  pureDelay(delayMs: number): number {
    const step = Math.round(delayMs * STEPS_PER_MS);
    const known = this.idd[step];
    if (known !== undefined && !Number.isNaN(known)) return known;
    const idd = delayImpairment(step / STEPS_PER_MS);
    if (step < TABLE_ROWS) this.idd[step] = idd;
    return idd;
  }
}

/** The delay as the models take it: to a tenth of a millisecond, not negative. */
export function roundDelay(delayMs: number): number {
  return Math.max(0, Math.round(delayMs * STEPS_PER_MS) / STEPS_PER_MS);
}

/** Where `mosValues` puts its results. */
export const MOS_LQ = 0;
export const MOS_CQ = 1;
export const MOS_R = 2;

/**
 * Writes MOS-LQ (without delay), MOS-CQ (with delay) and the R of MOS-CQ (0 or more, on the codec's scale)
 * to `out[offset]` and the two places after it; NaN where there is no MOS.
 * @param values the codec as resolved by the table of the settings; null gives NaN
 * @param lossPercent 0..100
 * @param burstRatio 1..8 (narrowband only, else not used)
 * @param delayMs mouth-to-ear delay; for the simplified model the effective latency
 */
export function mosValues(
  values: CodecValues | null,
  lossPercent: number,
  burstRatio: number,
  delayMs: number,
  context: RatingContext,
  out: Float64Array,
  offset: number = 0,
): void {
  let rLq = Number.NaN;
  let rCq = Number.NaN;
  let stretch = 1;
  const delay = delayMs < 0 ? 0 : delayMs;
  if (values === null) {
    // no codec, no MOS
  } else if (context.settings.model === 'simplified') {
    rLq = SIMPLIFIED_R0 - 2.5 * lossPercent;
    rCq = simplifiedR(delay, lossPercent);
  } else if (values.ie === null || values.bpl === null) {
    // nothing known of the codec, no MOS
  } else if (values.scale === 'NB') {
    const ieEff = lossImpairment(values.ie, values.bpl, lossPercent, burstRatio, 95);
    rLq = context.listeningR - ieEff;
    rCq = context.narrowbandR(delay) - ieEff;
  } else if (values.scale === 'WB') {
    rLq = WIDEBAND_RO - lossImpairment(values.ie, values.bpl, lossPercent, 1, 95);
    rCq = rLq - WIDEBAND_STRETCH * context.pureDelay(delay);
    stretch = WIDEBAND_STRETCH;
  } else {
    rLq = FULLBAND_RO - lossImpairment(values.ie, values.bpl, lossPercent, 1, FULLBAND_IE_CEILING);
    rCq = rLq - FULLBAND_STRETCH * context.pureDelay(delay);
    stretch = FULLBAND_STRETCH;
  }
  out[offset + MOS_LQ] = rToMos(rLq / stretch);
  out[offset + MOS_CQ] = rToMos(rCq / stretch);
  out[offset + MOS_R] = rCq < 0 ? 0 : rCq;
}
