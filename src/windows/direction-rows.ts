// The directions between two addresses and ports, two to a pair, and the streams that live in each.
import { IdTable } from './id-table.js';
import { NumberRows, RowCursor } from './number-rows.js';

/** One direction between two addresses and ports. */
export class DirectionCursor extends RowCursor {
  /** The newest of its streams that live, a row; each names the next older one. */
  get newest(): number {
    return this.words[this.wordsAt]!;
  }
  set newest(value: number) {
    this.words[this.wordsAt] = value;
  }
  /** How many they are. */
  get count(): number {
    return this.words[this.wordsAt + 1]!;
  }
  set count(value: number) {
    this.words[this.wordsAt + 1] = value;
  }
  /** Streams that name this direction; some of them may have been pushed out of it. */
  get users(): number {
    return this.words[this.wordsAt + 5]!;
  }
  set users(value: number) {
    this.words[this.wordsAt + 5] = value;
  }
  /** Row of the opposite direction. */
  get opposite(): number {
    return this.words[this.wordsAt + 2]!;
  }
  set opposite(value: number) {
    this.words[this.wordsAt + 2] = value;
  }
  /** Id of the pair, upper and lower half. */
  get pairHigh(): number {
    return this.words[this.wordsAt + 3]!;
  }
  set pairHigh(value: number) {
    this.words[this.wordsAt + 3] = value;
  }
  get pairLow(): number {
    return this.words[this.wordsAt + 4]!;
  }
  set pairLow(value: number) {
    this.words[this.wordsAt + 4] = value;
  }
  /** Last packet of the last window with sound, ended streams included; NaN before the first. */
  get heardMs(): number {
    return this.floats[this.floatsAt]!;
  }
  set heardMs(value: number) {
    this.floats[this.floatsAt] = value;
  }
}

export class DirectionRows {
  readonly #rows = new NumberRows(1, 6);
  /** Row of the forward direction by id of the pair. */
  readonly #forward = new IdTable();
  readonly #cursor = this.cursor();

  cursor(): DirectionCursor {
    return new DirectionCursor(this.#rows);
  }

  /** The row of a direction of a pair; both are made when the pair is new. */
  of(pairHigh: number, pairLow: number, isForward: boolean): number {
    const found = this.#forward.get(pairHigh, pairLow);
    const forward = found === 0 ? this.#add(pairHigh, pairLow) : found;
    if (isForward) return forward;
    this.#cursor.moveTo(forward);
    return this.#cursor.opposite;
  }

  /** A stream names the direction no longer; the pair is forgotten when no other does. */
  leave(row: number): void {
    const cursor = this.#cursor;
    cursor.moveTo(row);
    const { opposite, pairHigh, pairLow } = cursor;
    if (--cursor.users > 0) return;
    cursor.moveTo(opposite);
    if (cursor.users > 0) return;
    this.#forward.delete(pairHigh, pairLow);
    this.#rows.remove(row);
    this.#rows.remove(opposite);
  }

  #add(pairHigh: number, pairLow: number): number {
    const forward = this.#rows.add();
    const backward = this.#rows.add();
    this.#fill(forward, backward, pairHigh, pairLow);
    this.#fill(backward, forward, pairHigh, pairLow);
    this.#forward.set(pairHigh, pairLow, forward);
    return forward;
  }

  #fill(row: number, opposite: number, pairHigh: number, pairLow: number): void {
    const cursor = this.#cursor;
    cursor.moveTo(row);
    cursor.opposite = opposite;
    cursor.pairHigh = pairHigh;
    cursor.pairLow = pairLow;
    cursor.heardMs = Number.NaN;
  }
}
