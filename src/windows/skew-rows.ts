// How the clock skew of long streams changed over their life: a row for each that lived long enough to tell.
import { NumberRows, RowCursor } from './number-rows.js';

/**
 * A skew is told from 20 s on, but only that of five minutes is fit to be compared, as no later one rests on less
 * (clock_skew.h). That of half a minute is uncertain by several ppm; the least and the largest would tell of nothing else.
 */
const FIT_MS = 280_000;
/**
 * A skew rests on ten minutes at most, so three that have no packet in common span twenty. Two always lie on a line, and
 * windows between them share packets with both: only the third can contradict.
 */
const SLOPE_MS = 1_200_000;
const MS_AN_HOUR = 3_600_000;

/** Of one stream, ppm; signs as of `skewPpm`. */
export interface SkewDrift {
  readonly firstPpm: number;
  readonly lastPpm: number;
  readonly minPpm: number;
  readonly maxPpm: number;
  /** Slope of the line of least squares; NaN until they span twenty minutes. */
  readonly ppmPerHour: number;
}

class SkewCursor extends RowCursor implements SkewDrift {
  get firstMs(): number {
    return this.floats[this.floatsAt]!;
  }
  get lastMs(): number {
    return this.floats[this.floatsAt + 1]!;
  }
  get firstPpm(): number {
    return this.floats[this.floatsAt + 2]!;
  }
  get lastPpm(): number {
    return this.floats[this.floatsAt + 3]!;
  }
  get minPpm(): number {
    return this.floats[this.floatsAt + 4]!;
  }
  get maxPpm(): number {
    return this.floats[this.floatsAt + 5]!;
  }
  get ppmPerHour(): number {
    if (this.lastMs - this.firstMs < SLOPE_MS) return Number.NaN;
    return (this.floats[this.floatsAt + 9]! / this.floats[this.floatsAt + 8]!) * MS_AN_HOUR;
  }

  /** The first skew of the row. */
  begin(atMs: number, ppm: number): void {
    this.floats.fill(ppm, this.floatsAt + 2, this.floatsAt + 6);
    this.floats[this.floatsAt] = this.floats[this.floatsAt + 1] = atMs;
    this.words[this.wordsAt] = 1;
    // Means of times since the first and of skews, then sums of squares and of products of what differs from them.
    this.floats[this.floatsAt + 7] = ppm;
  }

  /** One more; sums as by Welford, as those of squares themselves would lose all digits. */
  add(atMs: number, ppm: number): void {
    const { floats, floatsAt: at } = this;
    const count = ++this.words[this.wordsAt]!;
    const offMs = atMs - this.firstMs - floats[at + 6]!;
    floats[at + 6]! += offMs / count;
    floats[at + 7]! += (ppm - floats[at + 7]!) / count;
    floats[at + 8]! += offMs * (atMs - this.firstMs - floats[at + 6]!);
    floats[at + 9]! += offMs * (ppm - floats[at + 7]!);
    floats[at + 1] = atMs;
    floats[at + 3] = ppm;
    floats[at + 4] = Math.min(this.minPpm, ppm);
    floats[at + 5] = Math.max(this.maxPpm, ppm);
  }
}

export class SkewRows {
  readonly #rows = new NumberRows(10, 1);
  readonly #cursor = new SkewCursor(this.#rows);

  /** Rows in use. */
  get used(): number {
    return this.#rows.used;
  }

  /**
   * Takes the skew of a window into a row, or into a new one for 0; returns it, or 0 while it is too early for one.
   * @param sinceMs since when skews were known without a break
   */
  note(row: number, sinceMs: number, atMs: number, ppm: number): number {
    if (atMs - sinceMs < FIT_MS) return row;
    const at = row === 0 ? this.#rows.add() : row;
    this.#cursor.moveTo(at);
    if (row === 0) this.#cursor.begin(atMs, ppm);
    else this.#cursor.add(atMs, ppm);
    return at;
  }

  /** What a row says; null for row 0. One view that the next call moves on. */
  read(row: number): SkewDrift | null {
    if (row === 0) return null;
    this.#cursor.moveTo(row);
    return this.#cursor;
  }

  /** Gives a row back; 0 is none. */
  leave(row: number): void {
    if (row !== 0) this.#rows.remove(row);
  }
}
