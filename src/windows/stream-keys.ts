// Numbers read straight from the bytes of a record, so that no bigint and no string
// is made for each of 100,000 rows.
import { type RecordView, recordOffsets } from '../native/record.gen.js';

/** Nanoseconds since the epoch in ms, exact to less than a microsecond, without a bigint. */
export function msAt(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * 4294.967296 + view.getUint32(at, true) / 1e6;
}

/** Nanoseconds from one time to another, exact up to a hundred days. */
export function nsBetween(view: DataView, fromAt: number, toAt: number): number {
  const upper = view.getInt32(toAt + 4, true) - view.getInt32(fromAt + 4, true);
  return upper * 0x100000000 + (view.getUint32(toAt, true) - view.getUint32(fromAt, true));
}

/** Whether source and destination stand in one order; the reverse stream has the other. */
export function isForward(view: DataView, base: number, record: RecordView): boolean {
  const { srcPort, dstPort } = record;
  if (srcPort !== dstPort) return srcPort < dstPort;
  for (let i = 12; i >= 0; i -= 4) {
    const src = view.getUint32(base + recordOffsets.src + i, true);
    const dst = view.getUint32(base + recordOffsets.dst + i, true);
    if (src !== dst) return src < dst;
  }
  return true;
}

/** A key of 64 bits, as two halves. */
export interface Key {
  high: number;
  low: number;
}

/** Hashes destination and SSRC. */
export function destinationKey(view: DataView, base: number, record: RecordView, key: Key): void {
  let a = record.ssrc ^ 0x9e3779b9;
  let b = (record.dstPort << 16) ^ record.ssrc;
  for (let i = 0; i < 16; i += 4) {
    const word = view.getUint32(base + recordOffsets.dst + i, true);
    a = Math.imul(a ^ word, 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul((b << 13) ^ (b >>> 19) ^ word, 0xc2b2ae35);
  }
  a = Math.imul(a ^ record.dstPort, 0x27d4eb2f);
  key.high = (b ^ (b >>> 16)) >>> 0;
  key.low = (a ^ (a >>> 13)) >>> 0;
}
