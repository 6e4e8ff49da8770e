// Smallest, mean and largest of some values.

export interface SpreadFacts {
  samples: number;
  min: number;
  mean: number;
  max: number;
}

export class Spread {
  private samples = 0;
  private sum = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.samples += 1;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Null without values. */
  get facts(): SpreadFacts | null {
    const { samples, sum, min, max } = this;
    return samples === 0 ? null : { samples, min, mean: sum / samples, max };
  }
}
