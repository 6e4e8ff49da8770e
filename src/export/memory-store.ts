// The pending store in memory: a ring that grows up to its bound and drops the
// oldest, with the peeked batch set aside so that it cannot give way.
import { setImmediate } from 'node:timers/promises';
import { LINES_PER_TURN } from './encode.js';
import type { SummaryLine } from './exporter.js';
import type { BatchLimit, PendingSize, PendingStore, StoreLimit } from './pending-store.js';

const FIRST_CAPACITY = 1024;

export class MemoryStore implements PendingStore {
  readonly isDurable = false;
  readonly fault = null;
  #limit: StoreLimit;
  #ring: (SummaryLine | undefined)[] = new Array(FIRST_CAPACITY);
  #arrivedMs = new Float64Array(FIRST_CAPACITY);
  #head = 0;
  #count = 0;
  #peeked: SummaryLine[] = [];
  #peekedSinceMs = 0;
  #bytes = 0;

  constructor(limit: StoreLimit) {
    this.#limit = limit;
  }

  push(lines: readonly SummaryLine[], nowMs: number): number {
    const { maxRecords, maxBytes } = this.#limit;
    const most = maxRecords - this.#peeked.length;
    this.#makeRoom(Math.min(this.#count + lines.length, Math.max(most, 0) + 1));
    let dropped = 0;
    for (const line of lines) {
      const at = (this.#head + this.#count) % this.#ring.length;
      this.#ring[at] = line;
      this.#arrivedMs[at] = nowMs;
      this.#count++;
      this.#bytes += line.length;
      while (this.#count > 0 && (this.#count > most || this.#bytes > maxBytes)) {
        this.#forget(this.#shift());
        dropped++;
      }
    }
    return dropped;
  }

  resize(limit: StoreLimit): number {
    this.#limit = limit;
    const most = limit.maxRecords - this.#peeked.length;
    let dropped = 0;
    for (; this.#count > 0 && (this.#count > most || this.#bytes > limit.maxBytes); dropped++) {
      this.#forget(this.#shift());
    }
    return dropped;
  }

  async peekBatch({ maxRecords, maxBytes }: BatchLimit): Promise<readonly SummaryLine[]> {
    if (this.#peeked.length > 0) {
      return this.#peeked.length <= maxRecords ? this.#peeked : this.#peeked.slice(0, maxRecords);
    }
    if (this.#count > 0) this.#peekedSinceMs = this.#arrivedMs[this.#head] as number;
    for (let bytes = 0; this.#count > 0 && this.#peeked.length < maxRecords; ) {
      bytes += (this.#ring[this.#head] as SummaryLine).length;
      if (bytes > maxBytes && this.#peeked.length > 0) break;
      this.#peeked.push(this.#shift());
      if (this.#peeked.length % LINES_PER_TURN === 0) await setImmediate();
    }
    return this.#peeked;
  }

  ack(count: number): void {
    const gone = this.#peeked.slice(0, count);
    for (const line of gone) this.#forget(line);
    this.#peeked = this.#peeked.slice(gone.length);
  }

  reject(count: number): boolean {
    this.ack(count);
    return false;
  }

  hasRoom(): boolean {
    const { maxRecords, maxBytes } = this.#limit;
    return this.#peeked.length + this.#count <= maxRecords / 2 && this.#bytes <= maxBytes / 2;
  }

  size(): PendingSize {
    const oldestMs =
      this.#peeked.length > 0
        ? this.#peekedSinceMs
        : this.#count > 0
          ? this.#arrivedMs[this.#head]
          : undefined;
    return {
      records: this.#peeked.length + this.#count,
      bytes: this.#bytes,
      oldestMs: oldestMs ?? null,
    };
  }

  close(): number {
    const lost = this.#peeked.length + this.#count;
    // Not released: a delivery that was given up may still be reading.
    this.#ring = [];
    this.#arrivedMs = new Float64Array(0);
    this.#head = this.#count = this.#bytes = 0;
    this.#peeked = [];
    return lost;
  }

  #forget(line: SummaryLine): void {
    this.#bytes -= line.length;
    line.release();
  }

  /** Takes the oldest out of the ring. */
  #shift(): SummaryLine {
    const line = this.#ring[this.#head] as SummaryLine;
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#ring.length;
    this.#count--;
    return line;
  }

  #makeRoom(records: number): void {
    if (records <= this.#ring.length) return;
    const capacity = 2 ** Math.ceil(Math.log2(records));
    const ring: (SummaryLine | undefined)[] = new Array(capacity);
    const arrivedMs = new Float64Array(capacity);
    for (let i = 0; i < this.#count; i++) {
      const from = (this.#head + i) % this.#ring.length;
      ring[i] = this.#ring[from];
      arrivedMs[i] = this.#arrivedMs[from] as number;
    }
    this.#ring = ring;
    this.#arrivedMs = arrivedMs;
    this.#head = 0;
  }
}
