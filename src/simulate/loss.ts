// Which packets the network loses: the two-state Gilbert model, which for
// q = 1 - p is independent random loss.
import type { Prng } from './prng.js';

export interface LossModel {
  /** Probability to go from the good state to the lossy one, for each packet. */
  p: number;
  /** Probability to go back from the lossy state, for each packet; mean run length = 1/q. */
  q: number;
}

/**
 * The Gilbert parameters for a loss ratio and a mean length of loss runs.
 * @param lossRatio 0..1
 * @param meanRun packets, or null for independent losses
 */
export function lossModel(lossRatio: number, meanRun: number | null): LossModel {
  if (lossRatio >= 1) return { p: 1, q: 0 };
  if (meanRun === null) return { p: lossRatio, q: 1 - lossRatio };
  const q = 1 / meanRun;
  return { p: Math.min(1, (q * lossRatio) / (1 - lossRatio)), q };
}

/** The loss of one stream, packet by packet. */
export class LossProcess {
  private lossy: boolean;

  constructor(
    private readonly model: LossModel,
    private readonly prng: Prng,
  ) {
    const { p, q } = model;
    // Start in the long-run mix of both states, so that the first packets are like all others.
    this.lossy = p > 0 && prng.uniform() < p / (p + q);
  }

  /** Whether the next packet is lost. */
  next(): boolean {
    const { model } = this;
    if (model.p === 0) return false;
    const draw = this.prng.uniform();
    this.lossy = this.lossy ? draw >= model.q : draw < model.p;
    return this.lossy;
  }
}
