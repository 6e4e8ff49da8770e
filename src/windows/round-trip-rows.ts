// Round-trip times of the streams that have any: a stream's own row, which its reverse stream reads too.
import type { RoundTrips, StreamRoundTrips } from './direction-facts.js';
import { NumberRows, RowCursor } from './number-rows.js';

class RoundTripCursor extends RowCursor {
  /** Streams that name the row; it is given back with the last. */
  get users(): number {
    return this.words[this.wordsAt]!;
  }
  set users(value: number) {
    this.words[this.wordsAt] = value;
  }
  /** Number of the block that the window is of. */
  get block(): number {
    return this.words[this.wordsAt + 1]!;
  }
  set block(value: number) {
    this.words[this.wordsAt + 1] = value;
  }
  get lastMs(): number {
    return this.floats[this.floatsAt]!;
  }
  set lastMs(value: number) {
    this.floats[this.floatsAt] = value;
  }

  get window(): RoundTrips {
    return this.#trips(1);
  }
  set window(value: RoundTrips) {
    this.#setTrips(1, value);
  }
  get total(): RoundTrips {
    return this.#trips(5);
  }
  set total(value: RoundTrips) {
    this.#setTrips(5, value);
  }

  #trips(from: number): RoundTrips {
    const { floats } = this;
    const at = this.floatsAt + from;
    return { count: floats[at]!, meanMs: floats[at + 1]!, minMs: floats[at + 2]!, maxMs: floats[at + 3]! };
  }

  #setTrips(from: number, { count, meanMs, minMs, maxMs }: RoundTrips): void {
    const at = this.floatsAt + from;
    this.floats[at] = count;
    this.floats[at + 1] = meanMs;
    this.floats[at + 2] = minMs;
    this.floats[at + 3] = maxMs;
  }
}

const NONE: RoundTrips = { count: 0, meanMs: Number.NaN, minMs: Number.NaN, maxMs: Number.NaN };

export class RoundTripRows {
  readonly #rows = new NumberRows(9, 2);
  readonly #cursor = new RoundTripCursor(this.#rows);

  /** Rows in use. */
  get used(): number {
    return this.#rows.used;
  }

  /** Takes the round-trip times of a window into a row, or into a new one for 0; returns it. */
  note(row: number, block: number, window: RoundTrips, lastMs: number): number {
    const at = row === 0 ? this.#rows.add() : row;
    const trips = this.#cursor;
    trips.moveTo(at);
    if (row === 0) trips.users = 1;
    trips.total = added(trips.total, window);
    trips.window = window;
    trips.block = block;
    trips.lastMs = lastMs;
    return at;
  }

  /** What a row says in a block; null for row 0. */
  read(row: number, block: number): StreamRoundTrips | null {
    if (row === 0) return null;
    const trips = this.#cursor;
    trips.moveTo(row);
    const { total, lastMs } = trips;
    return { window: trips.block === block ? trips.window : NONE, total, lastMs };
  }

  /** Another stream names the row; 0 is none. */
  use(row: number): void {
    if (row === 0) return;
    this.#cursor.moveTo(row);
    this.#cursor.users++;
  }

  /** A stream names the row no longer; 0 is none. */
  leave(row: number): void {
    if (row === 0) return;
    this.#cursor.moveTo(row);
    if (--this.#cursor.users === 0) this.#rows.remove(row);
  }
}

function added(total: RoundTrips, window: RoundTrips): RoundTrips {
  if (total.count === 0) return window;
  const count = total.count + window.count;
  return {
    count,
    meanMs: (total.meanMs * total.count + window.meanMs * window.count) / count,
    minMs: Math.min(total.minMs, window.minMs),
    maxMs: Math.max(total.maxMs, window.maxMs),
  };
}
