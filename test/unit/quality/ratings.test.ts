import { describe, expect, it } from 'vitest';
import { DEFAULT_BANDS, ratingOf } from '../../../src/quality/ratings.js';

describe('the rating of a MOS', () => {
  it('changes at the lower limits of G.107 Table B.1', () => {
    const mos = [4.5, 4.3, 4.299, 4, 3.999, 3.6, 3.599, 3.1, 3.099, 1];
    expect(mos.map((m) => ratingOf(m, DEFAULT_BANDS.NB))).toEqual([
      'excellent',
      'excellent',
      'good',
      'good',
      'fair',
      'fair',
      'poor',
      'poor',
      'bad',
      'bad',
    ]);
  });

  it('follows other bands', () => {
    expect(ratingOf(3.6, { excellent: 4.4, good: 4.2, fair: 3.7, poor: 3.5 })).toBe('poor');
  });

  it('is none without a MOS', () => {
    expect(ratingOf(Number.NaN, DEFAULT_BANDS.FB)).toBeNull();
  });
});
