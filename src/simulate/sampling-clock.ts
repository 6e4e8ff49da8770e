// The clock that a sender samples by: a little fast or slow, and perhaps more so
// with time, as when its crystal warms up. Times are counted from the start of the stream.

const hourNs = 3600e9;

export class SamplingClock {
  /** How fast it runs at the start; 1 is true. */
  readonly rate: number;
  /** By how much the rate grows in a ns. */
  private readonly growth: number;

  /**
   * @param skewPpm how much faster than true it runs at the start, parts per million
   * @param driftPpmPerHour by how much faster with each hour, parts per million
   */
  constructor(skewPpm: number, driftPpmPerHour: number) {
    this.rate = 1 + skewPpm * 1e-6;
    this.growth = (driftPpmPerHour * 1e-6) / hourNs;
  }

  /** What it has counted after the true time `ns`, ns. */
  countedAt(ns: number): number {
    return ns * (this.rate + (this.growth * ns) / 2);
  }

  /** The true time after which it has counted `countedNs`, ns. */
  timeOf(countedNs: number): number {
    const steadyNs = countedNs / this.rate;
    // The root of rate * t + growth / 2 * t^2 = counted, in a form that is exact without growth.
    return (2 * steadyNs) / (1 + Math.sqrt(1 + (2 * this.growth * steadyNs) / this.rate));
  }
}
