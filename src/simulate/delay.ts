// How long each packet takes on one leg of its way: a base
// delay, steps of it at given times, and jitter.
import type { MediaOptions } from './options.js';
import type { Prng } from './prng.js';

export class DelayProcess {
  private baseNs: number;
  private nextStep = 0;

  /**
   * @param baseMs delay of the leg without jitter
   * @param startNs start of the stream, from which the times of the steps count
   */
  constructor(
    baseMs: number,
    private readonly media: Pick<MediaOptions, 'jitterMs' | 'jitterShape' | 'delaySteps'>,
    private readonly startNs: number,
    private readonly prng: Prng,
  ) {
    // A gaussian delay lies on both sides of its mean; four deviations keep it above the base.
    this.baseNs = (baseMs + (media.jitterShape === 'gaussian' ? 4 * media.jitterMs : 0)) * 1e6;
  }

  /** Delay in ns (whole, never negative) of a packet sent at `sendNs`. */
  next(sendNs: number): number {
    const { media } = this;
    while (this.nextStep < media.delaySteps.length) {
      const step = media.delaySteps[this.nextStep]!;
      if (sendNs < this.startNs + step.atMs * 1e6) break;
      this.baseNs += step.deltaMs * 1e6;
      this.nextStep += 1;
    }
    let delayNs = this.baseNs;
    if (media.jitterMs > 0) {
      const draw = media.jitterShape === 'gaussian' ? this.prng.normal() : this.prng.exponential();
      delayNs += media.jitterMs * 1e6 * draw;
    }
    return delayNs > 0 ? Math.floor(delayNs) : 0;
  }
}
