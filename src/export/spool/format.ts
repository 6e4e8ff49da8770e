// How the spool lies on disk. A segment is a head and records, all little-endian:
//
//    head    0  8  "RTPSPOOL"
//            8  4  version of the format, 1
//           12  4  0
//   record   0  4  "rec1"
//            4  4  length of what follows the CRC, bytes
//            8  4  CRC-32 (zlib) of what follows
//           12  8  sequence number: one more than that of the record before
//           20  8  when it came, wall clock, ms since the Unix epoch (double)
//           28  1  kind: index in KINDS
//           29  1  0
//           30  2  length of the id, bytes
//           32  n  id
//         32+n  m  the summary as JSON in UTF-8, with its newline
//
// A record that was not written to its end has a wrong CRC, and the mark finds
// the next one; sequence numbers tell how many are missing between.
import { crc32 } from 'node:zlib';
import type { SummaryKind, SummaryLine } from '../exporter.js';
import { StoredLine } from './stored-line.js';

export const FORMAT_VERSION = 1;
export const HEAD_BYTES = 16;

const HEAD_MARK = Buffer.from('RTPSPOOL');
const RECORD_MARK = Buffer.from('rec1');
/** A record without id and summary: none is shorter. */
export const FIXED_BYTES = 32;
/** From there on the CRC covers everything. */
const COVERED_FROM = 12;
/** A summary has some 3 kB; what claims to be longer than this is damage. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Their places are part of the format: new ones go to the end. */
const KINDS: readonly SummaryKind[] = ['window', 'stream', 'capture'];

export function segmentHead(): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  HEAD_MARK.copy(head);
  head.writeUInt32LE(FORMAT_VERSION, 8);
  return head;
}

/** The version of the format of a segment that begins with these bytes; null when it is no segment. */
export function versionOf(head: Buffer): number | null {
  if (head.length < HEAD_BYTES || !head.subarray(0, 8).equals(HEAD_MARK)) return null;
  return head.readUInt32LE(8);
}

/** Records that are written together. */
export class RecordWriter {
  #parts: Buffer[] = [];
  bytes = 0;
  records = 0;

  /** Copies the line. */
  add(line: SummaryLine, sequence: number, arrivedMs: number): void {
    const id = Buffer.from(line.id);
    const record = Buffer.allocUnsafe(FIXED_BYTES + id.length + line.length);
    RECORD_MARK.copy(record);
    record.writeUInt32LE(record.length - COVERED_FROM, 4);
    record.writeBigUInt64LE(BigInt(sequence), 12);
    record.writeDoubleLE(arrivedMs, 20);
    record.writeUInt8(KINDS.indexOf(line.kind), 28);
    record.writeUInt8(0, 29);
    record.writeUInt16LE(id.length, 30);
    id.copy(record, FIXED_BYTES);
    line.copyTo(record, FIXED_BYTES + id.length);
    record.writeUInt32LE(crc32(record.subarray(COVERED_FROM)), 8);
    this.#parts.push(record);
    this.bytes += record.length;
    this.records++;
  }

  /** All of them, one after the other. */
  take(): Buffer {
    return Buffer.concat(this.#parts, this.bytes);
  }
}

/** A record as it was read. */
export interface StoredRecord {
  sequence: number;
  arrivedMs: number;
  line: StoredLine;
  /** Where the next one begins. */
  end: number;
}

/** The record at `at`; null when there is no whole and sound one. */
export function readRecord(bytes: Buffer, at: number): StoredRecord | null {
  if (at + FIXED_BYTES > bytes.length || bytes.compare(RECORD_MARK, 0, 4, at, at + 4) !== 0) return null;
  const covered = bytes.readUInt32LE(at + 4);
  const end = at + COVERED_FROM + covered;
  if (covered > MOST_BYTES || end > bytes.length) return null;
  if (crc32(bytes.subarray(at + COVERED_FROM, end)) !== bytes.readUInt32LE(at + 8)) return null;
  const kind = KINDS[bytes.readUInt8(at + 28)];
  const textAt = at + FIXED_BYTES + bytes.readUInt16LE(at + 30);
  if (kind === undefined || textAt > end) return null;
  return {
    sequence: Number(bytes.readBigUInt64LE(at + 12)),
    arrivedMs: bytes.readDoubleLE(at + 20),
    line: new StoredLine(kind, bytes.toString('utf8', at + FIXED_BYTES, textAt), bytes.subarray(textAt, end)),
    end,
  };
}

/** How long the record at `at` claims to be, all its bytes; null when less than its head is there or it is none. */
export function claimedLength(bytes: Buffer, at: number): number | null {
  if (at + 8 > bytes.length || bytes.compare(RECORD_MARK, 0, 4, at, at + 4) !== 0) return null;
  const covered = bytes.readUInt32LE(at + 4);
  return covered > MOST_BYTES ? null : COVERED_FROM + covered;
}

/** Where the next record may begin after damage; -1 when nowhere. */
export function nextMark(bytes: Buffer, from: number): number {
  return bytes.indexOf(RECORD_MARK, from);
}
