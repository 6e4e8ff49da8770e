// Appends to the segment that is being written, and begins the next one when it is full.
import { type FileHandle, open } from 'node:fs/promises';
import { HEAD_BYTES, segmentHead } from './format.js';
import { openPath, type Segment, sealSegment, syncFolder } from './segments.js';

export class SegmentWriter {
  #file: FileHandle | null = null;
  #segment: Segment | null = null;
  #beganMs = 0;
  #unsynced = 0;

  constructor(
    private readonly folder: string,
    private readonly limits: { segmentBytes: number; segmentMs: number },
  ) {}

  /** Whether it is the one that is being written. */
  isAt(segment: Segment): boolean {
    return segment === this.#segment;
  }

  /** Bytes written and not yet asked to be on the disk. */
  get unsyncedBytes(): number {
    return this.#unsynced;
  }

  /**
   * Appends records and returns the segment that they are in; a new one comes back as such.
   * Rejects with a system error: then none of them counts, and the next call begins a new segment.
   */
  async append(
    bytes: Buffer,
    sequence: { first: number; end: number },
    nowMs: number,
  ): Promise<{ segment: Segment; isNew: boolean }> {
    if (this.#isFull(bytes.length, nowMs)) await this.seal();
    const isNew = this.#segment === null;
    const segment = this.#segment ?? (await this.#begin(sequence.first, nowMs));
    try {
      await this.#write(bytes, segment.bytes);
    } catch (error) {
      await this.#abandon(isNew);
      throw error;
    }
    segment.bytes += bytes.length;
    segment.end = sequence.end;
    segment.lastMs = nowMs;
    this.#unsynced += bytes.length;
    return { segment, isNew };
  }

  /** Sees that what was written is on the disk. Rejects with a system error. */
  async sync(): Promise<void> {
    const bytes = this.#unsynced;
    await this.#file?.datasync();
    // It may have been ended meanwhile.
    this.#unsynced = Math.max(0, this.#unsynced - bytes);
  }

  /** Ends the segment: the next record begins a new one. Rejects with a system error. */
  async seal(): Promise<void> {
    const segment = this.#segment;
    const file = this.#file;
    this.#segment = this.#file = null;
    if (segment === null || file === null) return;
    await file.datasync().finally(() => file.close());
    this.#unsynced = 0;
    await sealSegment(this.folder, segment);
    await syncFolder(this.folder);
  }

  #isFull(bytes: number, nowMs: number): boolean {
    if (this.#segment === null) return false;
    const { segmentBytes, segmentMs } = this.limits;
    return this.#segment.bytes + bytes > segmentBytes || nowMs - this.#beganMs > segmentMs;
  }

  async #begin(first: number, nowMs: number): Promise<Segment> {
    const path = openPath(this.folder, first);
    this.#file = await open(path, 'w', 0o640);
    this.#beganMs = nowMs;
    this.#segment = { path, first, end: first, bytes: HEAD_BYTES, lastMs: nowMs };
    try {
      await this.#write(segmentHead(), 0);
      await syncFolder(this.folder);
    } catch (error) {
      await this.#abandon(true);
      throw error;
    }
    return this.#segment;
  }

  async #write(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await (this.#file as FileHandle).write(
        bytes,
        done,
        bytes.length - done,
        at + done,
      );
      done += bytesWritten;
    }
  }

  /** Leaves a segment with an unfinished write behind; what was sound in it stays. */
  async #abandon(isNew: boolean): Promise<void> {
    const segment = this.#segment;
    const file = this.#file;
    this.#segment = this.#file = null;
    this.#unsynced = 0;
    if (segment === null || file === null) return;
    const quietly = (action: Promise<unknown>) => action.catch(() => {});
    await quietly(file.truncate(isNew ? 0 : segment.bytes));
    await quietly(file.close());
    await quietly(sealSegment(this.folder, segment));
  }
}
