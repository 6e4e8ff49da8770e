// JSON written once, as bytes: nothing is made for a value, so that 100,000 summaries
// leave nothing behind but their lines. Values are those of JSON.stringify.
import { type Chunk, ChunkPool } from './chunk.js';
import { JsonText } from './json-text.js';

/** Different strings that are kept ready; those of one row alone soon fill it, after the common ones. */
const WORDS_KEPT = 512;
/** Room that a line finds at its beginning and after every string of unknown length; its numbers and keys need a third. */
const ROOM_BYTES = 48 * 1024;

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** "null", "true" and "alse" as numbers of 32 bits. */
const NULL = 0x6c6c756e;
const TRUE = 0x65757274;
const ALSE = 0x65736c61;

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8] as const;
/** Below this a number of up to eight decimals has at most 15 digits: then they are the shortest that name it. */
const EXACT_BELOW = 1e15;

/** Writes lines of one JSON object each. Every value is followed by a comma, which the end of its object takes back. */
export class JsonWriter {
  protected bytes: Buffer;
  protected view: DataView;
  /** Where the next byte goes. */
  protected at = 0;
  #start = 0;
  readonly #pool: ChunkPool;
  #chunk: Chunk;
  /** Chunks that are full, until their lines have been handed on. */
  #full: Chunk[] = [];
  /** Strings that were written before, with the comma: most are words of few. */
  readonly #words = new Map<string, JsonText>();

  constructor(pool: ChunkPool = new ChunkPool()) {
    this.#pool = pool;
    this.#chunk = pool.take(ROOM_BYTES);
    ({ bytes: this.bytes, view: this.view } = this.#chunk);
  }

  /** Says that whoever wants to keep lines has retained them. */
  settle(): void {
    for (const chunk of this.#full) chunk.release();
    this.#full = [];
  }

  /** Begins a line. */
  begin(): void {
    this.#start = this.at;
    if (this.bytes.length - this.at < ROOM_BYTES) this.#takeChunk(ROOM_BYTES);
    this.bytes[this.at++] = OPEN;
  }

  /** Ends the line with a newline. Its bytes lie in `chunk` from `lineStart` to `lineEnd`, and are not written again. */
  end(): void {
    this.bytes[this.at - 1] = CLOSE;
    this.bytes[this.at++] = NEWLINE;
  }

  get chunk(): Chunk {
    return this.#chunk;
  }

  get lineStart(): number {
    return this.#start;
  }

  get lineEnd(): number {
    return this.at;
  }

  open(key: JsonText): void {
    this.put(key);
    this.bytes[this.at++] = OPEN;
  }

  /** Begins an object that is an element of an array. */
  openElement(): void {
    this.bytes[this.at++] = OPEN;
  }

  /** Ends an object that has at least one field. */
  close(): void {
    this.bytes[this.at - 1] = CLOSE;
    this.bytes[this.at++] = COMMA;
  }

  openArray(key: JsonText): void {
    this.put(key);
    this.bytes[this.at++] = OPEN_ARRAY;
  }

  closeArray(): void {
    if (this.bytes[this.at - 1] === COMMA) this.at--;
    this.bytes[this.at++] = CLOSE_ARRAY;
    this.bytes[this.at++] = COMMA;
  }

  /** A number as it is; null, NaN and infinities are null. */
  number(key: JsonText, value: number | null): void {
    this.put(key);
    this.numberElement(value);
  }

  numberElement(value: number | null): void {
    if (value === null) this.#word(NULL);
    else if ((value | 0) === value) this.#signed(value | 0);
    else if (Math.round(value * 1e6) / 1e6 === value) this.#decimal(value, 6);
    else this.#shortest(value);
    this.bytes[this.at++] = COMMA;
  }

  /** A number rounded to `decimals` places, 0..8; NaN and infinities are null. */
  fixed(key: JsonText, value: number, decimals: number): void {
    this.put(key);
    this.#decimal(value, decimals);
    this.bytes[this.at++] = COMMA;
  }

  boolean(key: JsonText, value: boolean | null): void {
    this.put(key);
    if (value === false) {
      this.bytes[this.at++] = 0x66;
      this.#word(ALSE);
    } else {
      this.#word(value === null ? NULL : TRUE);
    }
    this.bytes[this.at++] = COMMA;
  }

  nothing(key: JsonText): void {
    this.put(key);
    this.#word(NULL);
    this.bytes[this.at++] = COMMA;
  }

  string(key: JsonText, value: string | null): void {
    this.put(key);
    if (value !== null) {
      this.stringElement(value);
      return;
    }
    this.#word(NULL);
    this.bytes[this.at++] = COMMA;
  }

  stringElement(value: string): void {
    const text = this.#words.get(value);
    if (text !== undefined) this.put(text);
    else this.#newString(value);
  }

  /** Copies a piece of JSON. */
  put({ words, length }: JsonText): void {
    const { view, at } = this;
    for (let i = 0; i < words.length; i++) view.setFloat64(at + 8 * i, words[i]!, true);
    this.at = at + length;
  }

  /** Writes digits of a whole number below 2^31, `width` of them. */
  protected digits(value: number, width: number): void {
    const { bytes } = this;
    let rest = value | 0;
    for (let i = this.at + width - 1; i >= this.at; i--) {
      const tenth = (rest / 10) | 0;
      bytes[i] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.at += width;
  }

  /** A whole number of 0 to 2^53. */
  protected whole(value: number): void {
    if (value < 10) {
      this.bytes[this.at++] = ZERO + value;
      return;
    }
    if (value < 1e9) {
      let width = 2;
      while (width < 9 && value >= POWERS[width]!) width++;
      this.digits(value, width);
      return;
    }
    const upper = Math.floor(value / 1e9);
    this.whole(upper);
    this.digits(value - upper * 1e9, 9);
  }

  #word(word: number): void {
    this.view.setUint32(this.at, word, true);
    this.at += 4;
  }

  #signed(value: number): void {
    if (value < 0) this.bytes[this.at++] = MINUS;
    this.whole(Math.abs(value));
  }

  #decimal(value: number, decimals: number): void {
    if (value === 0) {
      this.bytes[this.at++] = ZERO;
      return;
    }
    if (Number.isNaN(value)) {
      this.#word(NULL);
      return;
    }
    const factor = POWERS[decimals]!;
    const scaled = Math.round(value * factor);
    let size = Math.abs(scaled);
    // JSON has exponents for what is smaller than a millionth.
    if (!(size < EXACT_BELOW) || (decimals > 6 && size < factor / 1e6 && size > 0)) {
      this.#shortest(scaled / factor);
      return;
    }
    if (scaled < 0) this.bytes[this.at++] = MINUS;
    const whole = Math.floor(size / factor);
    this.whole(whole);
    size -= whole * factor;
    if (size === 0) return;
    let width = decimals;
    let fraction = size | 0;
    while (fraction % 10 === 0) {
      fraction = (fraction / 10) | 0;
      width--;
    }
    this.bytes[this.at++] = DOT;
    this.digits(fraction, width);
  }

  #shortest(value: number): void {
    this.at += this.bytes.write(Number.isFinite(value) ? String(value) : 'null', this.at, 'latin1');
  }

  #newString(value: string): void {
    const text = `${JSON.stringify(value)},`;
    const length = Buffer.byteLength(text);
    if (this.bytes.length - this.at < length + ROOM_BYTES) this.#takeChunk(length + ROOM_BYTES);
    this.at += this.bytes.write(text, this.at);
    if (this.#words.size < WORDS_KEPT && length < ROOM_BYTES / 64) this.#words.set(value, new JsonText(text));
  }

  /** Goes on in another chunk, with what there is of the line. */
  #takeChunk(room: number): void {
    const begun = this.bytes.subarray(this.#start, this.at);
    this.#full.push(this.#chunk);
    this.#chunk = this.#pool.take(begun.length + room);
    ({ bytes: this.bytes, view: this.view } = this.#chunk);
    begun.copy(this.bytes);
    this.#start = 0;
    this.at = begun.length;
  }
}
