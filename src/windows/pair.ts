// Both directions between two addresses and ports, and the streams that live in each.
import type { DirectedStream } from './directed-stream.js';

/** One direction between two addresses and ports: the streams that live, newest first. */
export class Direction {
  newest: DirectedStream | null = null;
  count = 0;
  /** Last packet of the last window with sound, ended streams included; NaN before the first. */
  heardMs = Number.NaN;

  find(idHigh: number, idLow: number): DirectedStream | null {
    for (let s = this.newest; s !== null; s = s.older) if (s.idLow === idLow && s.idHigh === idHigh) return s;
    return null;
  }

  /** @param limit most streams that are kept; the oldest one goes */
  add(stream: DirectedStream, limit: number): void {
    stream.older = this.newest;
    this.newest = stream;
    this.count++;
    if (this.count <= limit) return;
    let s: DirectedStream = stream;
    while (s.older?.older != null) s = s.older;
    s.older = null;
    this.count--;
  }

  remove(stream: DirectedStream): void {
    let before: DirectedStream | null = null;
    for (let s = this.newest; s !== null; before = s, s = s.older) {
      if (s !== stream) continue;
      if (before === null) this.newest = s.older;
      else before.older = s.older;
      this.count--;
      return;
    }
  }
}

/** Both directions between two addresses and ports. */
export class Pair {
  readonly forward = new Direction();
  readonly backward = new Direction();

  /** @param next another pair with the same short key */
  constructor(
    readonly idHigh: number,
    readonly idLow: number,
    public next: Pair | null,
  ) {}
}

/** A key that needs no box; pairs with the same one hang in a chain. */
const shortKey = (high: number, low: number) => (high ^ low) & 0x3fffffff;

/** The pairs by id. A map keyed by whole ids would make a number object for each row. */
export class PairTable {
  readonly #first = new Map<number, Pair>();

  /** The pair with this id, made when it is new. */
  of(high: number, low: number): Pair {
    const key = shortKey(high, low);
    const first = this.#first.get(key) ?? null;
    for (let pair = first; pair !== null; pair = pair.next)
      if (pair.idLow === low && pair.idHigh === high) return pair;
    const made = new Pair(high, low, first);
    this.#first.set(key, made);
    return made;
  }

  forget(gone: Pair): void {
    const key = shortKey(gone.idHigh, gone.idLow);
    const first = this.#first.get(key) ?? null;
    if (first === gone) {
      if (gone.next === null) this.#first.delete(key);
      else this.#first.set(key, gone.next);
      return;
    }
    for (let pair = first; pair !== null; pair = pair.next) if (pair.next === gone) pair.next = gone.next;
  }
}
