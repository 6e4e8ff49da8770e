// Number formats of extended report blocks.

/** Unsigned with the two highest values reserved: over range, and unavailable (RFC 6958 and its kin). */
export function limited(value: number | null, bits: 16 | 24 | 32): number {
  const top = 2 ** bits;
  if (value === null) return top - 1;
  return value >= top - 2 ? top - 2 : Math.max(0, Math.round(value));
}

/** Milliseconds as S11:4 (RFC 6798 3.2). */
export function s11_4(ms: number | null): number {
  if (ms === null) return 0x7fff;
  const value = Math.round(ms * 16);
  if (value < -0x7fff) return 0x8000;
  return value > 0x7ffd ? 0x7ffe : value & 0xffff;
}

/** Milliseconds in 1/65536 s; all ones when unknown (RFC 6843). */
export function seconds16_16(ms: number | null): number {
  return ms === null ? 0xffff_ffff : Math.round((ms * 65_536) / 1000) >>> 0;
}

/** A time span as seconds and 1/2^32 s. */
export function spanNtp(ns: number): [seconds: number, fraction: number] {
  const seconds = Math.floor(ns / 1e9);
  return [seconds >>> 0, Math.floor(((ns - seconds * 1e9) / 1e9) * 2 ** 32) >>> 0];
}

/** Interval metric flag in the top two bits of a block's second octet (RFC 6776 and its kin). */
export const intervalFlag = 0b10 << 6;
export const cumulativeFlag = 0b11 << 6;
export const sampledFlag = 0b01 << 6;

const vectorBits = 15;

/**
 * The chunks of a trace (RFC 3611 4.1.1 to 4.1.3), an even number of them.
 *
 *   run length chunk |0|R| length (14) |   bit vector |1| 15 bits, the first on the left |
 */
export function chunksOf(bits: readonly boolean[]): number[] {
  const chunks: number[] = [];
  for (let at = 0; at < bits.length; ) {
    let run = 1;
    while (run < 0x3fff && at + run < bits.length && bits[at + run] === bits[at]) run += 1;
    if (run > vectorBits) {
      chunks.push((bits[at] ? 0x4000 : 0) | run);
      at += run;
      continue;
    }
    let vector = 0;
    for (let i = 0; i < vectorBits; i += 1) vector = (vector << 1) | (bits[at + i] ? 1 : 0);
    chunks.push(0x8000 | vector);
    at += vectorBits;
  }
  if (chunks.length % 2 === 1) chunks.push(0);
  return chunks;
}
