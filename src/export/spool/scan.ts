// Reads the records of a segment one after the other, over damage if need be.
import { type FileHandle, open } from 'node:fs/promises';
import {
  claimedLength,
  FIXED_BYTES,
  FORMAT_VERSION,
  HEAD_BYTES,
  nextMark,
  readRecord,
  type StoredRecord,
  versionOf,
} from './format.js';

/** Read at a time, unless one record is longer. */
const CHUNK_BYTES = 1024 * 1024;

export class SegmentScan {
  #chunk: Buffer = Buffer.alloc(0);
  /** Where the chunk begins in the file. */
  #chunkAt = 0;
  #at: number;

  private constructor(
    private readonly file: FileHandle,
    at: number,
  ) {
    this.#at = at;
  }

  /** At the first record. Rejects with a system error. */
  static async open(path: string): Promise<SegmentScan> {
    const file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    // Of another version nothing is read, and nothing of it removed: a newer rtpsonde may want it.
    const isKnown = versionOf(buffer.subarray(0, bytesRead)) === FORMAT_VERSION;
    return new SegmentScan(file, isKnown ? HEAD_BYTES : Number.MAX_SAFE_INTEGER);
  }

  /** Where the next record is looked for. */
  get at(): number {
    return this.#at;
  }

  /**
   * The next sound record; null at the end.
   * @param until where the sound part of the file ends, for one that is being written
   */
  async next(until = Number.MAX_SAFE_INTEGER): Promise<StoredRecord | null> {
    while (this.#at < until) {
      const record = await this.#recordHere(until);
      if (record !== null) {
        this.#at = this.#chunkAt + record.end;
        return record;
      }
      if (!(await this.#skipDamage(until))) return null;
    }
    return null;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  async #recordHere(until: number): Promise<StoredRecord | null> {
    const within = this.#at - this.#chunkAt;
    const held = readRecord(this.#chunk, within);
    // One that is wholly here and still not sound is damaged: to read it again would not help.
    if (held !== null || within + (claimedLength(this.#chunk, within) ?? CHUNK_BYTES) <= this.#chunk.length)
      return held;
    await this.#load(CHUNK_BYTES, until);
    const claimed = claimedLength(this.#chunk, 0);
    if (claimed !== null && claimed > this.#chunk.length) await this.#load(claimed, until);
    return readRecord(this.#chunk, 0);
  }

  /** Goes on to the next mark; false when there is none. */
  async #skipDamage(until: number): Promise<boolean> {
    for (let from = 1; ; from = 0) {
      const mark = nextMark(this.#chunk, this.#at - this.#chunkAt + from);
      if (mark >= 0) {
        this.#at = this.#chunkAt + mark;
        return true;
      }
      const end = this.#chunkAt + this.#chunk.length;
      // A mark may lie across the end of the chunk.
      const next = Math.max(this.#at + 1, end - 3);
      this.#at = next;
      await this.#load(CHUNK_BYTES, until);
      if (this.#chunk.length < 4) return false;
    }
  }

  async #load(bytes: number, until: number): Promise<void> {
    const wanted = Math.max(0, Math.min(bytes, until - this.#at));
    // Lines that were given out lie in the old one.
    const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, this.#at);
    this.#chunk = buffer.subarray(0, bytesRead);
    this.#chunkAt = this.#at;
  }
}

/**
 * Up to where a segment is sound: what follows the last sound record is of no use. Records whose numbers cannot be
 * are none of it: after a power cut a file may hold blocks of one that was there before. Rejects with a system error.
 * @param first sequence number of its first record
 * @param limit that of the next segment: what lies beyond was written again there
 */
export async function lastSound(
  path: string,
  first: number,
  limit: number,
): Promise<{ end: number; bytes: number }> {
  const scan = await SegmentScan.open(path);
  try {
    let sound = { end: first, bytes: HEAD_BYTES };
    for (let record = await scan.next(); record !== null; record = await scan.next()) {
      const most = Math.min(limit, first + scan.at / FIXED_BYTES);
      if (record.sequence >= sound.end && record.sequence < most)
        sound = { end: record.sequence + 1, bytes: scan.at };
    }
    return sound;
  } finally {
    await scan.close();
  }
}
