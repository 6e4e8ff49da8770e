// Observations counted in buckets, each bucket with the stream that was seen in it last.

export interface Exemplar {
  value: number;
  streamId: string;
  /** End of its window, ms since the Unix epoch. */
  atMs: number;
}

export class Histogram {
  /** Observations of each bucket, not of those below; the last bucket is open. */
  readonly counts: number[];
  readonly exemplars: (Exemplar | null)[];
  sum = 0;
  count = 0;

  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
    this.exemplars = new Array<Exemplar | null>(bounds.length + 1).fill(null);
  }

  add(exemplar: Exemplar): void {
    const { value } = exemplar;
    const found = this.bounds.findIndex((bound) => value <= bound);
    const bucket = found < 0 ? this.bounds.length : found;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.exemplars[bucket] = exemplar;
    this.sum += value;
    this.count += 1;
  }
}
