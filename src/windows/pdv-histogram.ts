// The histogram of packet delay variation: merging windows, and percentiles of
// what was merged. Bins end at `pdvBinEndsMs` (record.yaml); the last is open.
import { pdvBinEndsMs } from '../native/record.gen.js';

/** Number of bins. */
export const PDV_BINS = pdvBinEndsMs.length + 1;

/** Counts of several histograms together. */
export function mergePdv(...histograms: readonly (readonly number[])[]): number[] {
  return Array.from({ length: PDV_BINS }, (_, bin) =>
    histograms.reduce((sum, histogram) => sum + (histogram[bin] ?? 0), 0),
  );
}

/**
 * The delay variation that a share of the packets stays within, ms: interpolated inside its bin, so the error
 * is below the width of that bin. NaN without packets.
 * @param share 0..1
 * @param maxMs largest delay variation, which ends the bin that it lies in, the open one too
 */
export function pdvPercentile(histogram: readonly number[], share: number, maxMs: number): number {
  let total = 0;
  for (const count of histogram) total += count;
  if (total === 0) return Number.NaN;
  const wanted = share * total;
  let below = 0;
  for (let bin = 0; bin < PDV_BINS; bin++) {
    const count = histogram[bin] ?? 0;
    if (count > 0 && below + count >= wanted) {
      const start = bin === 0 ? 0 : pdvBinEndsMs[bin - 1]!;
      const end = Math.max(start, Math.min(pdvBinEndsMs[bin] ?? Number.POSITIVE_INFINITY, maxMs));
      return start + ((wanted - below) / count) * (end - start);
    }
    below += count;
  }
  return maxMs;
}
