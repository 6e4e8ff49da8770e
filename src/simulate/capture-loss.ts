// What the tap itself misses, though the network delivers it: packets at random,
// and gaps in which a mirror port drops everything at once.
import type { SpanDrops } from './leg-options.js';
import { Prng } from './prng.js';

export class CaptureLoss {
  private readonly prng: Prng;
  private readonly gaps: Prng;
  private gapStartNs = Number.POSITIVE_INFINITY;
  private gapEndNs = Number.POSITIVE_INFINITY;

  /**
   * @param ratio share of packets missed at random, 0..1
   * @param drops gaps over all streams; null for none
   */
  constructor(
    private readonly ratio: number,
    private readonly drops: SpanDrops | null,
    seed: number,
  ) {
    this.prng = new Prng(seed);
    this.gaps = new Prng(seed + 1);
    if (drops !== null) this.planGap(0);
  }

  /** Whether nothing is ever missed. */
  get isNone(): boolean {
    return this.ratio === 0 && this.drops === null;
  }

  /** Whether the tap misses a packet that passes at `atNs`; times in rising order. */
  misses(atNs: number): boolean {
    while (atNs >= this.gapEndNs) this.planGap(this.gapEndNs);
    if (atNs >= this.gapStartNs) return true;
    return this.ratio > 0 && this.prng.uniform() < this.ratio;
  }

  private planGap(fromNs: number): void {
    const { everyMs, lengthMs } = this.drops!;
    this.gapStartNs = fromNs + Math.floor(everyMs * 1e6 * this.gaps.between(0.5, 1.5));
    this.gapEndNs = this.gapStartNs + Math.floor(lengthMs * 1e6);
  }
}
