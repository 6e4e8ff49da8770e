// A time of its own for each point of a series. A database of time series knows
// a point by its series and time: of two streams of one window with the same
// tags, the first would be lost.
import { createHash } from 'node:crypto';

/** Points that are remembered, to keep two apart that fall on the same time by chance: some 100 bytes each. */
const MAX_REMEMBERED = 131_072;

export class PointTimes {
  /** Hash of the id, by hash of series and time. Two generations: the older goes when the younger is full. */
  #young = new Map<number, number>();
  #old = new Map<number, number>();
  readonly #maxRemembered: number;

  constructor(maxRemembered = MAX_REMEMBERED) {
    this.#maxRemembered = maxRemembered;
  }

  /**
   * From `time` to before `time + spread`, ns. The same for the same id, so that
   * a second delivery writes the same point again.
   */
  timeOf(series: string, time: bigint, spread: bigint, id: string): bigint {
    const owner = hash(id);
    let offset = BigInt(owner) % spread;
    for (;;) {
      const key = hash(`${time + offset} ${series}`);
      const taken = this.#young.get(key) ?? this.#old.get(key);
      if (taken === undefined) this.#remember(key, owner);
      if (taken === undefined || taken === owner) return time + offset;
      offset = (offset + 1n) % spread;
    }
  }

  #remember(key: number, owner: number): void {
    if (this.#young.size >= this.#maxRemembered) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, owner);
  }
}

/** 48 bits, which a number holds exactly. */
function hash(text: string): number {
  return createHash('sha1').update(text).digest().readUIntBE(0, 6);
}
