// Conversions between the transmission rating R and what people would say:
// ITU-T G.107 Annex B (MOS, GoB, PoW) and Appendix I (MOS back to R).

/**
 * Mean opinion score of a rating on the narrowband R scale, exactly as G.107 equation B-4 has it:
 * 1 for R <= 0, 4.5 for R >= 100. The polynomial dips to 0.99 for 0 < R < 6.5 and is not clamped here;
 * for output use `rToMos`. NaN gives NaN.
 */
export function rToMosUnclamped(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
}

/** Mean opinion score for output, 1..4.5: `rToMosUnclamped`, never below 1. */
export function rToMos(r: number): number {
  const mos = rToMosUnclamped(r);
  return mos < 1 ? 1 : mos;
}

/**
 * The rating that has this MOS (G.107 Appendix I), 6.515..100; the inverse of `rToMos` there.
 * A MOS outside 1..4.5 is taken as the nearer end.
 */
export function mosToR(mos: number): number {
  const m = Math.min(4.5, Math.max(1, mos));
  const h = Math.atan2(15 * Math.sqrt(-903522 + 1113960 * m - 202500 * m * m), 18566 - 6750 * m) / 3;
  return (20 / 3) * (8 - Math.sqrt(226) * Math.cos(h + Math.PI / 3));
}

/** Percentage of users who would call the connection good or better, 0..100 (G.107 Annex B, narrowband R). */
export function goodOrBetterPercent(r: number): number {
  return 100 * normalCdf((r - 60) / 16);
}

/** Percentage of users who would call the connection poor or worse, 0..100 (G.107 Annex B, narrowband R). */
export function poorOrWorsePercent(r: number): number {
  return 100 * normalCdf((45 - r) / 16);
}

/** Distribution function of the standard normal distribution, to about 1e-14. */
function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) < 5) {
    // x + x^3/3 + x^5/(3*5) + ...; all terms have one sign, so nothing cancels.
    let term = x;
    let sum = x;
    for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    return 0.5 + density * sum;
  }
  // Laplace's continued fraction of the tail.
  const a = Math.abs(x);
  let fraction = a;
  for (let n = 40; n >= 1; n--) fraction = a + n / fraction;
  const tail = density / fraction;
  return x > 0 ? 1 - tail : tail;
}
