// Words for a MOS: excellent, good, fair, poor, bad, by bands that the configuration can move.

import type { Scale } from './codecs.js';

export type Rating = 'excellent' | 'good' | 'fair' | 'poor' | 'bad';

/** Lowest MOS of each rating, descending; what is below `poor` is bad. */
export interface RatingBands {
  excellent: number;
  good: number;
  fair: number;
  poor: number;
}

/**
 * The user satisfaction classes of G.107 Table B.1, lower limits of MOS at R 90 (4.34), 80 (4.03),
 * 70 (3.60) and 60 (3.10), the upper two rounded down to one decimal.
 */
const TABLE_B1: RatingBands = { excellent: 4.3, good: 4.0, fair: 3.6, poor: 3.1 };

/**
 * Default bands. G.107.1 and G.107.2 define no classes of their own; wideband and fullband take the same
 * limits on their own MOS scale, so "fair" fullband sounds better than "fair" narrowband.
 */
export const DEFAULT_BANDS: Readonly<Record<Scale, RatingBands>> = {
  NB: TABLE_B1,
  WB: TABLE_B1,
  FB: TABLE_B1,
};

/** The rating of a MOS; null for NaN, which stands for "no MOS". */
export function ratingOf(mos: number, bands: RatingBands): Rating | null {
  if (mos >= bands.excellent) return 'excellent';
  if (mos >= bands.good) return 'good';
  if (mos >= bands.fair) return 'fair';
  if (mos >= bands.poor) return 'poor';
  return Number.isNaN(mos) ? null : 'bad';
}
