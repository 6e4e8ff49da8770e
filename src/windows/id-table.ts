// From ids of 64 bits, as two halves, to rows: open addressing with linear probing. A Map would need
// a number object or a string for each id. It consists of many small tables, each of which
// doubles by itself, so that growth never takes long.

/** Small tables, as a power of two: 500,000 ids are about 500 in each. */
const PART_BITS = 10;
/** Ids that a small table has room for at first; a power of two. */
const FIRST_ROOM = 16;
/** Words of an entry: upper half, lower half, row (0: empty). */
const ENTRY = 3;

class Part {
  entries = new Uint32Array(FIRST_ROOM * ENTRY);
  mask = FIRST_ROOM - 1;
  used = 0;
}

/** Bits of both halves mixed; ids need not be spread evenly. */
function hashOf(high: number, low: number): number {
  let hash = Math.imul(high ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ low, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13), 0x27d4eb2f);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export class IdTable {
  readonly #parts: (Part | undefined)[] = new Array(1 << PART_BITS);

  /** The row of an id; 0 when it has none. */
  get(high: number, low: number): number {
    const hash = hashOf(high, low);
    const part = this.#parts[hash >>> (32 - PART_BITS)];
    return part === undefined ? 0 : part.entries[find(part, hash, high, low) + 2]!;
  }

  /** @param row not 0 */
  set(high: number, low: number, row: number): void {
    const hash = hashOf(high, low);
    const number = hash >>> (32 - PART_BITS);
    let part = this.#parts[number];
    if (part === undefined) {
      part = new Part();
      this.#parts[number] = part;
    }
    const at = find(part, hash, high, low);
    if (part.entries[at + 2] === 0) part.used++;
    put(part, at, high, low, row);
    // At three quarters, chains of occupied places are still short.
    if (4 * part.used > 3 * (part.mask + 1)) double(part);
  }

  delete(high: number, low: number): void {
    const hash = hashOf(high, low);
    const part = this.#parts[hash >>> (32 - PART_BITS)];
    if (part === undefined) return;
    const at = find(part, hash, high, low);
    if (part.entries[at + 2] === 0) return;
    part.used--;
    closeGap(part, at / ENTRY);
  }
}

/** Where the entry of an id lies, or the empty one where it belongs. */
function find({ entries, mask }: Part, hash: number, high: number, low: number): number {
  for (let place = hash & mask; ; place = (place + 1) & mask) {
    const at = place * ENTRY;
    if (entries[at + 2] === 0 || (entries[at + 1] === low && entries[at] === high)) return at;
  }
}

function put({ entries }: Part, at: number, high: number, low: number, row: number): void {
  entries[at] = high;
  entries[at + 1] = low;
  entries[at + 2] = row;
}

function double(part: Part): void {
  const { entries } = part;
  part.mask = 2 * part.mask + 1;
  part.entries = new Uint32Array((part.mask + 1) * ENTRY);
  for (let at = 0; at < entries.length; at += ENTRY) {
    const [high, low, row] = [entries[at]!, entries[at + 1]!, entries[at + 2]!];
    if (row !== 0) put(part, find(part, hashOf(high, low), high, low), high, low, row);
  }
}

/** Empties a place and moves up what would not be found behind it. */
function closeGap(part: Part, gap: number): void {
  const { entries, mask } = part;
  let hole = gap;
  for (let place = (hole + 1) & mask; entries[place * ENTRY + 2] !== 0; place = (place + 1) & mask) {
    const at = place * ENTRY;
    const home = hashOf(entries[at]!, entries[at + 1]!) & mask;
    // It stays if its search begins behind the hole.
    if (((place - home) & mask) < ((place - hole) & mask)) continue;
    entries.copyWithin(hole * ENTRY, at, at + ENTRY);
    hole = place;
  }
  entries[hole * ENTRY + 2] = 0;
}
