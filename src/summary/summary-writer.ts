// The kinds of values that only summaries have: ids, SSRCs, addresses and times.
import { formatAddress, formatTime } from './format.js';
import type { JsonText } from './json-text.js';
import { JsonWriter } from './json-writer.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
const COLON = 0x3a;
const X = 0x78;
const ZERO = 0x30;
const Z = 0x5a;
const HEX = Buffer.from('0123456789abcdef');

const DAY_SECONDS = 86_400;

export class SummaryWriter extends JsonWriter {
  /** The day that was written last, counted from the epoch, and its text: most times share it. */
  #day = -1;
  readonly #dayText = Buffer.from('1970-01-01T');

  /** A number of 64 bits as 16 digits, without quotes. */
  hexDigits(high: number, low: number): void {
    this.#hex32(high);
    this.#hex32(low);
  }

  /** The same as a field. */
  hex64(key: JsonText, high: number, low: number): void {
    this.put(key);
    this.bytes[this.at++] = QUOTE;
    this.hexDigits(high, low);
    this.#endString();
  }

  /** The same, read at `from`. */
  hex64At(key: JsonText, view: DataView, from: number): void {
    this.hex64(key, view.getUint32(from + 4, true), view.getUint32(from, true));
  }

  /** `0x` and eight digits. */
  ssrc(key: JsonText, ssrc: number): void {
    this.put(key);
    this.bytes[this.at++] = QUOTE;
    this.bytes[this.at++] = ZERO;
    this.bytes[this.at++] = X;
    this.#hex32(ssrc);
    this.#endString();
  }

  /** Address of a record: 16 bytes from `from` on. */
  address(key: JsonText, view: DataView, from: number, ipVersion: number): void {
    if (ipVersion !== 4) {
      this.string(key, formatAddress(new Uint8Array(view.buffer, view.byteOffset + from, 16), ipVersion));
      return;
    }
    this.put(key);
    this.bytes[this.at++] = QUOTE;
    for (let i = 12; i < 16; i++) {
      if (i > 12) this.bytes[this.at++] = DOT;
      this.whole(view.getUint8(from + i));
    }
    this.#endString();
  }

  /** Nanoseconds since the epoch, read at `from`, as RFC 3339 with nine decimals. No bigint is made for the usual ones. */
  time(key: JsonText, view: DataView, from: number): void {
    const high = view.getInt32(from + 4, true);
    if (high < 0) {
      this.string(key, formatTime(view.getBigInt64(from, true)));
      return;
    }
    const low = view.getUint32(from, true);
    // Long division by 10^9 with digits of 16 bits: every step is exact in a double.
    const upper = high * 0x10000 + (low >>> 16);
    const upperSeconds = Math.floor(upper / 1e9);
    const rest = (upper - upperSeconds * 1e9) * 0x10000 + (low & 0xffff);
    const lowerSeconds = Math.floor(rest / 1e9);
    this.put(key);
    this.bytes[this.at++] = QUOTE;
    this.#seconds(upperSeconds * 0x10000 + lowerSeconds);
    this.bytes[this.at++] = DOT;
    this.digits(rest - lowerSeconds * 1e9, 9);
    this.bytes[this.at++] = Z;
    this.#endString();
  }

  /** The positions of the bits that are set in `bytes` bytes from `from` on, a multiple of four, as an array. */
  bits(key: JsonText, view: DataView, from: number, bytes: number): void {
    this.openArray(key);
    for (let i = 0; i < bytes; i += 4) {
      let word = view.getUint32(from + i, true);
      while (word !== 0) {
        this.numberElement(8 * i + 31 - Math.clz32(word & -word));
        word &= word - 1;
      }
    }
    this.closeArray();
  }

  #seconds(seconds: number): void {
    const day = Math.floor(seconds / DAY_SECONDS);
    if (day !== this.#day) {
      this.#dayText.write(new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 11), 'latin1');
      this.#day = day;
    }
    for (let i = 0; i < 11; i++) this.bytes[this.at++] = this.#dayText[i]!;
    const ofDay = seconds - day * DAY_SECONDS;
    this.digits(ofDay / 3600, 2);
    this.bytes[this.at++] = COLON;
    this.digits((ofDay / 60) % 60, 2);
    this.bytes[this.at++] = COLON;
    this.digits(ofDay % 60, 2);
  }

  #hex32(value: number): void {
    for (let shift = 28; shift >= 0; shift -= 4) this.bytes[this.at++] = HEX[(value >>> shift) & 15]!;
  }

  #endString(): void {
    this.bytes[this.at++] = QUOTE;
    this.bytes[this.at++] = COMMA;
  }
}
