// The records of one exporter on disk: appended at one end, read and acknowledged
// at the other. Whole segments go when they are too many or too old.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchLimit, DiscardReason } from '../pending-store.js';
import { CursorFile } from './cursor-file.js';
import type { RecordWriter, StoredRecord } from './format.js';
import { SegmentScan } from './scan.js';
import { SegmentWriter } from './segment-writer.js';
import { findSegments, type Segment } from './segments.js';

export interface LogLimits {
  /** What all segments may take, bytes. */
  maxBytes: number;
  /** Records that have waited longer are discarded, ms. */
  maxAgeMs: number;
  /** Segments that were delivered are kept so long, to be replayed, ms. */
  keepMs: number;
  /** A segment is ended at so many bytes... */
  segmentBytes: number;
  /** ...or when it is so old, ms. */
  segmentMs: number;
}

export interface LogState {
  /** Records not acknowledged. */
  records: number;
  /** What they take, bytes; about, for a segment that is acknowledged in part. */
  waitingBytes: number;
  /** All segments, bytes. */
  bytes: number;
}

export class SpoolLog {
  #segments: Segment[] = [];
  readonly #writer: SegmentWriter;
  #cursor: CursorFile | null = null;
  /** First that is not acknowledged. */
  #acknowledged = 0;
  /** What the cursor file says. */
  #cursorAt = 0;
  /** Next to be written. */
  #next = 0;
  /** Next to be read. */
  #position = 0;
  #records = 0;
  #scan: { of: Segment; scan: SegmentScan } | null = null;

  constructor(
    private readonly folder: string,
    private readonly limits: LogLimits,
    private readonly discarded: (records: number, why: DiscardReason) => void,
  ) {
    this.#writer = new SegmentWriter(folder, limits);
  }

  /**
   * Reads what an earlier run left. Rejects with a system error.
   * @param wallMs only the wall clock tells how old that is
   * @param nowMs of the monotonic clock, as in all other calls: a step of the wall clock makes nothing old
   */
  async open(wallMs: number, nowMs: number): Promise<{ cutBytes: number; unreadable: string[] }> {
    const { segments, cutBytes, unreadable } = await findSegments(this.folder);
    this.#cursor = await CursorFile.open(join(this.folder, 'cursor'));
    for (const segment of segments) segment.lastMs = nowMs - Math.max(0, wallMs - segment.lastMs);
    this.#segments = segments;
    this.#acknowledged = this.#position = this.#cursorAt = this.#cursor.found;
    this.#next = Math.max(this.#cursor.found, segments.at(-1)?.end ?? 0);
    this.#records = segments.reduce((sum, segment) => sum + this.#waitingIn(segment), 0);
    return { cutBytes, unreadable };
  }

  get state(): LogState {
    let bytes = 0;
    let waitingBytes = 0;
    for (const segment of this.#segments) {
      bytes += segment.bytes;
      waitingBytes += (segment.bytes * this.#waitingIn(segment)) / Math.max(1, segment.end - segment.first);
    }
    return { records: this.#records, waitingBytes, bytes };
  }

  /** Whether records are there that were not read. */
  get hasUnread(): boolean {
    return this.#position < this.#next;
  }

  /** The sequence number that the next record gets. */
  get next(): number {
    return this.#next;
  }

  get unsyncedBytes(): number {
    return this.#writer.unsyncedBytes;
  }

  /** Writes records that were numbered from `next` on. Rejects with a system error: then none counts. */
  async append(records: RecordWriter, nowMs: number): Promise<void> {
    const sequence = { first: this.#next, end: this.#next + records.records };
    const { segment, isNew } = await this.#writer.append(records.take(), sequence, nowMs);
    if (isNew) this.#segments.push(segment);
    this.#next = sequence.end;
    this.#records += records.records;
  }

  /** Rejects with a system error. */
  async sync(): Promise<void> {
    await this.#writer.sync();
    await this.#cursor?.sync();
  }

  /** The next records in order, at least one unless there is none. What cannot be read is counted as damaged. */
  async read({ maxRecords, maxBytes }: BatchLimit): Promise<StoredRecord[]> {
    const batch: StoredRecord[] = [];
    let bytes = 0;
    while (batch.length < maxRecords && bytes < maxBytes) {
      const record = await this.#readNext();
      if (record === null) break;
      batch.push(record);
      bytes += record.line.length;
    }
    return batch;
  }

  /** All before `sequence` is done with. The disk follows in time. */
  acknowledge(sequence: number, records: number): void {
    this.#records -= records;
    this.#acknowledged = sequence;
  }

  /** Brings the disk up to date with what was acknowledged. Rejects with a system error. */
  async writeCursor(): Promise<void> {
    const acknowledged = this.#acknowledged;
    if (acknowledged === this.#cursorAt) return;
    await this.#cursor?.write(acknowledged);
    this.#cursorAt = acknowledged;
  }

  /** Removes segments that are delivered and old, or that there is no more room for. Rejects with a system error. */
  async enforceLimits(nowMs: number): Promise<void> {
    const { maxBytes, maxAgeMs, keepMs } = this.limits;
    let bytes = this.state.bytes;
    for (const segment of [...this.#segments]) {
      if (this.#writer.isAt(segment)) continue;
      const ageMs = nowMs - segment.lastMs;
      const isDelivered = segment.end <= this.#acknowledged;
      const isRead = segment.first < this.#position && !isDelivered;
      const isOld = ageMs > (isDelivered ? keepMs : maxAgeMs);
      // What is being delivered now gives way to nothing.
      if (isRead || (!isOld && bytes <= maxBytes)) continue;
      await rm(segment.path, { force: true });
      bytes -= segment.bytes;
      this.#segments.splice(this.#segments.indexOf(segment), 1);
      const lost = this.#waitingIn(segment);
      this.#records -= lost;
      if (lost > 0) this.discarded(lost, isOld ? 'old' : 'full');
    }
  }

  async close(): Promise<void> {
    await this.#closeScan();
    await this.#writer.seal();
    await this.writeCursor();
    await this.#cursor?.sync();
    await this.#cursor?.close();
  }

  #waitingIn({ first, end }: Segment): number {
    return Math.max(0, end - Math.max(first, this.#acknowledged));
  }

  async #readNext(): Promise<StoredRecord | null> {
    for (;;) {
      const segment = this.#segments.find(({ end }) => end > this.#position);
      if (segment === undefined) {
        // What there was behind was discarded.
        this.#position = Math.max(this.#position, this.#next);
        return null;
      }
      // What lies between was discarded, and counted then.
      this.#position = Math.max(this.#position, segment.first);
      const record = await this.#readFrom(segment);
      const missing = (record?.sequence ?? segment.end) - this.#position;
      if (missing > 0) {
        this.#records -= missing;
        this.discarded(missing, 'damaged');
      }
      this.#position = record === null ? segment.end : record.sequence + 1;
      if (record !== null) return record;
    }
  }

  /** The first record at or behind the position; null when the segment has none. */
  async #readFrom(segment: Segment): Promise<StoredRecord | null> {
    try {
      if (this.#scan?.of !== segment) {
        await this.#closeScan();
        this.#scan = { of: segment, scan: await openScan(segment) };
      }
      for (;;) {
        const record = await this.#scan.scan.next(segment.bytes);
        if (record === null) return null;
        // Others are what an earlier file or a failed write left in its blocks.
        if (record.sequence >= this.#position && record.sequence < segment.end) return record;
      }
    } catch {
      // The file is gone or the disk cannot read it: told by the count of what is lost.
      return null;
    }
  }

  async #closeScan(): Promise<void> {
    await this.#scan?.scan.close().catch(() => {});
    this.#scan = null;
  }
}

/** Opens a segment although it may be getting another name just now. Rejects with a system error. */
async function openScan(segment: Segment): Promise<SegmentScan> {
  const { path } = segment;
  try {
    return await SegmentScan.open(path);
  } catch (error) {
    await segment.renaming?.catch(() => {});
    if (segment.path === path) throw error;
    return SegmentScan.open(segment.path);
  }
}
