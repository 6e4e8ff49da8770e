// The pending store on disk. Lines are written as they come and read back when it
// is their turn, so that an outage fills the disk and not the memory. While the disk
// fails, lines wait in memory, within a bound, and are delivered from there.
import type { Clock, Timer } from '../../ops/clock.js';
import { systemReason } from '../../ops/errors.js';
import type { ExportLogger } from '../dependencies.js';
import { LINES_PER_TURN } from '../encode.js';
import type { SummaryLine } from '../exporter.js';
import type { BatchLimit, PendingSize, PendingStore, Rejection, StoreEvents } from '../pending-store.js';
import { DeadLetters } from './dead-letters.js';
import { RecordWriter } from './format.js';
import { type LogLimits, SpoolLog } from './log.js';

export interface SpoolOptions extends LogLimits {
  /** Lines that may wait in memory for a disk that is slow or fails, bytes. */
  memoryBytes: number;
}

/** Written at a time: enough to be fast, little enough to be copied in a turn of the loop. */
const WRITE_BYTES = 4 * 1024 * 1024;
const WRITE_LINES = 4 * LINES_PER_TURN;
/** What was written is asked to be on the disk after so many bytes or so much time. */
const SYNC_BYTES = 8 * 1024 * 1024;
const SYNC_MS = 500;
/** A disk that failed is tried again. */
const RETRY_MS = 5000;

interface Waiting {
  line: SummaryLine;
  arrivedMs: number;
}

interface Peeked extends Waiting {
  /** One more than its number on disk; null for one that is in memory alone. */
  end: number | null;
}

export class SpoolStore implements PendingStore {
  readonly isDurable = true;
  readonly #options: SpoolOptions;
  readonly #log: SpoolLog;
  readonly #dead: DeadLetters;
  #events: StoreEvents = { discarded: () => {}, recovered: () => {} };
  #opening: Promise<void> | null = null;
  #isOpen = false;
  /** What is not on disk. */
  #tail: Waiting[] = [];
  #inWrite: Waiting[] = [];
  /** Of both. */
  #tailBytes = 0;
  #peeked: Peeked[] = [];
  #oldestMs: number | null = null;
  #writing: Promise<void> | null = null;
  #fault: string | null = null;
  #retry: Timer | null = null;
  #sync: Timer | null = null;
  #syncing: Promise<void> | null = null;
  #isClosed = false;

  /** @param folder of this exporter alone */
  constructor(
    readonly name: string,
    folder: string,
    options: SpoolOptions,
    private readonly deps: { clock: Clock; logger: ExportLogger },
  ) {
    this.#options = options;
    this.#log = new SpoolLog(folder, options, (records, why) => this.#events.discarded(records, why));
    this.#dead = new DeadLetters(folder);
  }

  attach(events: StoreEvents): void {
    this.#events = events;
  }

  /** Never rejects: without a disk it works in memory, and says so. */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  push(lines: readonly SummaryLine[], nowMs: number): number {
    if (this.size().records === 0) this.#oldestMs = nowMs;
    for (const line of lines) {
      this.#tail.push({ line, arrivedMs: nowMs });
      this.#tailBytes += line.length;
    }
    const dropped = this.#dropAbove(this.#options.memoryBytes);
    if (!this.#isOpen) void this.open();
    else if (this.#fault === null) this.#write();
    return dropped;
  }

  async peekBatch(limit: BatchLimit): Promise<readonly SummaryLine[]> {
    await this.open();
    if (this.#peeked.length === 0) {
      this.#peeked = await this.#fromDisk(limit);
      if (this.#peeked.length === 0 && this.#fault !== null) this.#peeked = this.#takeFromMemory(limit);
    }
    this.#oldestMs = this.#peeked[0]?.arrivedMs ?? this.#oldestMs;
    return this.#peeked.slice(0, limit.maxRecords).map(({ line }) => line);
  }

  ack(count: number): void {
    const gone = this.#peeked.splice(0, count);
    const stored = gone.filter(({ end }) => end !== null);
    const end = stored.at(-1)?.end ?? null;
    if (end !== null) this.#log.acknowledge(end, stored.length);
    for (const one of gone) if (one.end === null) one.line.release();
    this.#oldestMs = this.size().records === 0 ? null : (gone.at(-1)?.arrivedMs ?? this.#oldestMs);
    this.#write();
  }

  async reject(count: number, why: Rejection): Promise<boolean> {
    const lines = this.#peeked.slice(0, count).map(({ line }) => line);
    let isKept = true;
    try {
      await this.#dead.add(lines, why, this.deps.clock.now());
    } catch (error) {
      isKept = false;
      this.#failed(error);
    }
    this.ack(count);
    return isKept;
  }

  size(): PendingSize {
    const { records: stored, waitingBytes } = this.#log.state;
    const records = stored + this.unwritten;
    return {
      records,
      bytes: waitingBytes + this.#tailBytes,
      // All that waited may have been discarded.
      oldestMs: records === 0 ? null : this.#oldestMs,
    };
  }

  /** Records that are not on disk. */
  get unwritten(): number {
    const peeked = this.#peeked.reduce((sum, { end }) => sum + (end === null ? 1 : 0), 0);
    return this.#tail.length + this.#inWrite.length + peeked;
  }

  /** Resolves when no write is under way. */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /** For a capture file that can wait: half of the memory, and half of the disk. */
  hasRoom(): boolean {
    const { memoryBytes, maxBytes } = this.#options;
    return (
      this.#tailBytes <= memoryBytes / 2 && (this.#fault !== null || this.#log.state.bytes <= maxBytes / 2)
    );
  }

  get isBehind(): boolean {
    return this.#fault === null && this.#tailBytes > this.#options.memoryBytes / 2;
  }

  get fault(): string | null {
    return this.#fault;
  }

  /** Its limits are those of the disk: a change of them needs a restart. */
  resize(): number {
    return 0;
  }

  /** @returns what is lost with this process: nothing, unless the disk fails */
  async close(): Promise<number> {
    await this.open();
    this.#retry?.cancel();
    this.#fault = null;
    this.#putBack();
    this.#write();
    await this.settled();
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#sync?.cancel();
    await this.#syncing;
    await this.#log.close().catch((error) => this.#failed(error));
    return this.#tail.length;
  }

  async #open(): Promise<void> {
    try {
      const { cutBytes, unreadable } = await this.#log.open(this.deps.clock.now(), this.#nowMs());
      this.#isOpen = true;
      const { records } = this.#log.state;
      this.#events.recovered(records);
      if (records > 0) this.#oldestMs ??= this.deps.clock.now();
      const fields = { exporter: this.name, records, cutBytes };
      if (records > 0)
        this.deps.logger.info(
          fields,
          `export ${this.name}: ${records} records wait in the spool from before`,
        );
      if (cutBytes > 0)
        this.deps.logger.warn(
          fields,
          `export ${this.name}: spool repaired, ${cutBytes} bytes of an unfinished write cut off`,
        );
      for (const path of unreadable)
        this.deps.logger.error(
          { exporter: this.name, path },
          `export ${this.name}: not a segment of this version, left alone: ${path}`,
        );
      this.#write();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Starts a write unless one is under way; goes on until nothing waits. */
  #write(): void {
    if (this.#writing !== null || this.#isClosed || !this.#isOpen) return;
    this.#writing = this.#writeSome().then(() => {
      this.#writing = null;
      if (this.#tail.length > 0 && this.#fault === null) this.#write();
    });
  }

  async #writeSome(): Promise<void> {
    try {
      // First, since a full disk may be full of what was delivered.
      await this.#log.enforceLimits(this.#nowMs());
      if (this.#tail.length > 0) await this.#append();
      await this.#log.writeCursor();
      if (this.#log.unsyncedBytes > SYNC_BYTES) this.#syncNow();
      else this.#syncSoon();
      this.#recovered();
      this.#events.written?.();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #append(): Promise<void> {
    const records = new RecordWriter();
    const first = this.#log.next;
    for (const { line, arrivedMs } of this.#tail) {
      if (records.bytes >= WRITE_BYTES || records.records === WRITE_LINES) break;
      records.add(line, first + records.records, arrivedMs);
    }
    // Out of the tail while they are written, so that nothing else takes them.
    this.#inWrite = this.#tail.splice(0, records.records);
    try {
      await this.#log.append(records, this.#nowMs());
      for (const { line } of this.#inWrite) {
        this.#tailBytes -= line.length;
        line.release();
      }
    } catch (error) {
      this.#tail = [...this.#inWrite, ...this.#tail];
      throw error;
    } finally {
      this.#inWrite = [];
    }
  }

  #syncSoon(): void {
    this.#sync ??= this.deps.clock.setTimeout(() => {
      this.#sync = null;
      if (!this.#isClosed) this.#syncNow();
    }, SYNC_MS);
  }

  /** Beside the writes: a window comes faster than a disk confirms it. */
  #syncNow(): void {
    this.#syncing ??= this.#log
      .sync()
      .catch((error) => this.#failed(error))
      .finally(() => {
        this.#syncing = null;
      });
  }

  #failed(error: unknown): void {
    const reason = systemReason(error) || String(error);
    const fields = { exporter: this.name, code: 'ERR_SPOOL' };
    if (this.#fault === null)
      this.deps.logger.error(
        fields,
        `export ${this.name}: spool: ${reason}; summaries wait in memory, measuring goes on`,
      );
    this.#fault = reason;
    this.#events.written?.();
    if (this.#isClosed) return;
    this.#retry?.cancel();
    this.#retry = this.deps.clock.setTimeout(() => void this.#tryAgain(), RETRY_MS);
  }

  async #tryAgain(): Promise<void> {
    if (this.#isOpen) return this.#write();
    this.#opening = this.#open();
    await this.#opening;
  }

  #recovered(): void {
    if (this.#fault === null) return;
    this.#fault = null;
    this.deps.logger.info(
      { exporter: this.name },
      `export ${this.name}: spool: the disk takes records again`,
    );
  }

  /** What was pushed is read back from the disk, so that it is delivered in order. */
  async #fromDisk(limit: BatchLimit): Promise<Peeked[]> {
    for (;;) {
      while (!this.#log.hasUnread && this.#writing !== null) await this.#writing;
      const records = await this.#log.read(limit);
      // All of them may have been damaged, and sound ones come behind.
      if (records.length === 0 && this.#writing !== null) continue;
      return records.map(({ line, arrivedMs, sequence }) => ({ line, arrivedMs, end: sequence + 1 }));
    }
  }

  /** Drops the oldest lines that are not being written until so many bytes are left. */
  #dropAbove(bytes: number): number {
    let dropped = 0;
    while (this.#tailBytes > bytes && dropped < this.#tail.length) {
      const { line } = this.#tail[dropped] as Waiting;
      this.#tailBytes -= line.length;
      line.release();
      dropped++;
    }
    this.#tail.splice(0, dropped);
    return dropped;
  }

  /** What was taken from memory and is not delivered goes to the disk after all, if that works again. */
  #putBack(): void {
    const inMemory = this.#peeked.filter(({ end }) => end === null);
    this.#peeked = this.#peeked.filter(({ end }) => end !== null);
    this.#tail = [...inMemory, ...this.#tail];
    this.#tailBytes += inMemory.reduce((sum, { line }) => sum + line.length, 0);
  }

  /** Ages are by this clock, which nobody sets. */
  #nowMs(): number {
    return Number(this.deps.clock.monotonicNs() / 1_000_000n);
  }

  #takeFromMemory({ maxRecords, maxBytes }: BatchLimit): Peeked[] {
    let bytes = 0;
    let count = 0;
    for (const { line } of this.#tail) {
      bytes += line.length;
      if (count === maxRecords || (count > 0 && bytes > maxBytes)) break;
      count++;
    }
    const taken = this.#tail.splice(0, count);
    this.#tailBytes -= taken.reduce((sum, { line }) => sum + line.length, 0);
    return taken.map((waiting) => ({ ...waiting, end: null }));
  }
}
