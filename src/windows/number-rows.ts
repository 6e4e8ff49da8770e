// Rows of numbers outside of the JavaScript heap: what is remembered of 100,000 streams costs
// the collector of garbage nothing. They lie in pieces, so that a table grows without a copy.

/** Rows of a piece, as a power of two. */
const PIECE_BITS = 10;
const PIECE_ROWS = 1 << PIECE_BITS;

export class NumberRows {
  readonly #floats: Float64Array[] = [];
  readonly #words: Uint32Array[] = [];
  // Row 0 is never given out: 0 says "none" wherever a row is named.
  #end = 1;
  /** The last row that was given back; its first word names the one before. */
  #free = 0;
  #used = 0;

  /** @param wordsARow unsigned numbers of 32 bits in a row, at least one */
  constructor(
    readonly floatsARow: number,
    readonly wordsARow: number,
  ) {}

  /** Rows in use. */
  get used(): number {
    return this.#used;
  }

  /** Above the number of every row that was ever in use. */
  get end(): number {
    return this.#end;
  }

  /** A row full of zeros. */
  add(): number {
    this.#used++;
    const row = this.#free;
    if (row === 0) return this.#addNew();
    const words = this.words(row);
    const wordsAt = this.wordsAt(row);
    this.#free = words[wordsAt]!;
    words.fill(0, wordsAt, wordsAt + this.wordsARow);
    const floatsAt = this.floatsAt(row);
    this.floats(row).fill(0, floatsAt, floatsAt + this.floatsARow);
    return row;
  }

  /** Gives a row back; it must be in use. */
  remove(row: number): void {
    this.words(row)[this.wordsAt(row)] = this.#free;
    this.#free = row;
    this.#used--;
  }

  floats(row: number): Float64Array {
    return this.#floats[row >>> PIECE_BITS]!;
  }

  /** Where the numbers of a row begin within `floats(row)`. */
  floatsAt(row: number): number {
    return (row & (PIECE_ROWS - 1)) * this.floatsARow;
  }

  words(row: number): Uint32Array {
    return this.#words[row >>> PIECE_BITS]!;
  }

  /** Where the numbers of a row begin within `words(row)`. */
  wordsAt(row: number): number {
    return (row & (PIECE_ROWS - 1)) * this.wordsARow;
  }

  #addNew(): number {
    const row = this.#end++;
    if (row >>> PIECE_BITS === this.#words.length) {
      this.#floats.push(new Float64Array(PIECE_ROWS * this.floatsARow));
      this.#words.push(new Uint32Array(PIECE_ROWS * this.wordsARow));
    }
    return row;
  }
}

const NO_FLOATS = new Float64Array(0);
const NO_WORDS = new Uint32Array(0);

/** Reads and writes the row that it was moved to; a subclass names the numbers. */
export abstract class RowCursor {
  /** Number of the row; 0 before the first move. */
  row = 0;
  protected floats: Float64Array = NO_FLOATS;
  protected floatsAt = 0;
  protected words: Uint32Array = NO_WORDS;
  protected wordsAt = 0;

  constructor(protected readonly rows: NumberRows) {}

  /** @param row one that is in use */
  moveTo(row: number): void {
    const { rows } = this;
    this.row = row;
    this.floats = rows.floats(row);
    this.floatsAt = rows.floatsAt(row);
    this.words = rows.words(row);
    this.wordsAt = rows.wordsAt(row);
  }
}
