// The order of tables: worst first, and only the worst of many kept.
import type { StreamRow } from '../summary/stream-row.js';

export type SortKey = 'mos' | 'loss' | 'jitter';

export const sortKeys: readonly SortKey[] = ['mos', 'loss', 'jitter'];

/** Unknown values go last, whatever the order. */
function badness(row: StreamRow, key: SortKey): number {
  const value = { mos: row.mos.cq, loss: row.lossRatio, jitter: row.jitterMs.max }[key];
  if (value === null) return Number.NEGATIVE_INFINITY;
  return key === 'mos' ? -value : value;
}

/** Worst first; ties by the other measures, then by stream and window, so that the order is always the same. */
export function worstFirst(key: SortKey): (a: StreamRow, b: StreamRow) => number {
  const keys = [key, ...sortKeys.filter((other) => other !== key)];
  return (a, b) => {
    for (const k of keys) {
      const difference = badness(b, k) - badness(a, k);
      if (difference > 0 || difference < 0) return difference;
    }
    if (a.streamId !== b.streamId) return a.streamId < b.streamId ? -1 : 1;
    return (a.windowStart ?? '') < (b.windowStart ?? '') ? -1 : 1;
  };
}

/** Keeps the worst `limit` rows of any number, without keeping them all. */
export class WorstRows {
  #rows: StreamRow[] = [];
  seen = 0;

  constructor(
    private readonly limit: number,
    private readonly compare: (a: StreamRow, b: StreamRow) => number,
  ) {}

  add(row: StreamRow): void {
    this.seen++;
    this.#rows.push(row);
    if (this.#rows.length >= 4 * this.limit + 64) this.#trim();
  }

  rows(): readonly StreamRow[] {
    this.#trim();
    return this.#rows;
  }

  #trim(): void {
    this.#rows.sort(this.compare);
    this.#rows.length = Math.min(this.#rows.length, this.limit);
  }
}

/** `1 stream`, `2 streams`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
