// The way of summaries to one collector: queue, batches, one delivery at a
// time, retries. Each exporter has a lane of its own, so that one collector
// that is slow or down holds up no other.
import type { RtpsondeError } from '../ops/errors.js';
import { attempt, closeExporter } from './attempt.js';
import { backoffMs } from './backoff.js';
import type { ExportDependencies } from './dependencies.js';
import { DeliveryError, type Exporter, type SummaryKind, type SummaryLine } from './exporter.js';
import { LaneLog } from './lane-log.js';
import { includeOf, type LaneOptions } from './lane-options.js';
import { droppedOf, emptyCounts, type LaneStats } from './lane-stats.js';
import { MemoryStore } from './memory-store.js';
import { Pause } from './pause.js';
import type { DiscardReason, PendingStore } from './pending-store.js';

const DISCARDS = { full: 'droppedSpoolFull', old: 'droppedTooOld', damaged: 'droppedDamaged' } as const;

interface FlushWaiter {
  /** Done when this many records have left, delivered or dropped. */
  target: number;
  done: () => void;
}

export class Lane {
  readonly name: string;
  #exporter: Exporter;
  #options: LaneOptions;
  readonly #deps: ExportDependencies;
  readonly #store: PendingStore;
  readonly #log: LaneLog;
  #include: ReadonlySet<SummaryKind> | null;
  readonly #stop = new AbortController();
  readonly #pause: Pause;
  readonly #counts = emptyCounts();
  readonly #flushes = new Set<FlushWaiter>();
  readonly #roomWaiters = new Set<() => void>();
  readonly #behindWaiters = new Set<() => void>();
  /** Wrote nothing for as long as somebody would wait. */
  #diskHangs = false;
  /** Sizes of the parts that a batch was split into, the next one last. */
  #parts: number[] = [];
  #inFlight = 0;
  #running: Promise<void> | null = null;
  #timer: { cancel(): void } | null = null;
  #timerAtMs = 0;
  #closing: Promise<void> | null = null;
  /** Done when the exporter before this one has let go: two must not write to one file. */
  #handover: Promise<void> = Promise.resolve();
  /** When the delivery that failed is tried again; null while deliveries succeed. */
  #retryAtMs: number | null = null;
  #lastError: string | null = null;
  #lastErrorAt: number | null = null;
  #lastSuccessAt: number | null = null;

  /** @param store where records wait; the memory store unless given */
  constructor(exporter: Exporter, options: LaneOptions, deps: ExportDependencies, store?: PendingStore) {
    this.name = exporter.name;
    this.#exporter = exporter;
    this.#options = options;
    this.#deps = deps;
    this.#store = store ?? new MemoryStore(options.queue);
    this.#log = new LaneLog(exporter.name, deps.clock, deps.logger, options.logPeriodMs);
    this.#include = includeOf(options);
    this.#pause = new Pause(deps.clock);
    this.#store.attach?.({
      discarded: (records, why) => this.#discarded(records, why),
      written: () => {
        this.#diskHangs = false;
        this.#wakeWaiters();
      },
      recovered: (records) => {
        this.#counts.recovered += records;
        this.#schedule();
      },
    });
  }

  /** Takes the lines over. Never waits and never throws; what does not fit is dropped, oldest first, and counted. */
  offer(lines: readonly SummaryLine[]): void {
    const include = this.#include;
    const wanted = include === null ? lines : lines.filter(({ kind }) => include.has(kind));
    this.#counts.offered += lines.length;
    this.#counts.filtered += lines.length - wanted.length;
    if (this.#closing !== null) {
      this.#counts.droppedAtClose += wanted.length;
      return;
    }
    if (wanted.length === 0) return;
    for (const line of wanted) line.retain();
    const dropped = this.#store.push(wanted, this.#deps.clock.now());
    if (dropped > 0) {
      this.#counts.droppedQueueFull += dropped;
      this.#log.queueFull(dropped);
    }
    this.#schedule();
  }

  /**
   * Resolves when the queue is at most half full. For a capture file, whose
   * reader can wait instead of losing records; live capture never waits.
   */
  async room(): Promise<void> {
    if (this.#hasRoom()) return;
    await new Promise<void>((resolve) => this.#roomWaiters.add(resolve));
  }

  /**
   * Resolves when the disk has written most of what it was given, or is known to be bad, or after `deadlineMs`. For live
   * capture: a window of very many streams comes faster than a disk writes, and its rows need less memory than its lines.
   */
  async caughtUp(deadlineMs: number): Promise<void> {
    if (this.#store.isBehind !== true || this.#diskHangs) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        timer.cancel();
        this.#behindWaiters.delete(look);
        resolve();
      };
      const look = () => {
        if (this.#store.isBehind !== true) done();
      };
      const timer = this.#deps.clock.setTimeout(() => {
        // Once is enough, until it writes again.
        this.#diskHangs = true;
        done();
      }, deadlineMs);
      this.#behindWaiters.add(look);
    });
  }

  /**
   * Sends what is queued now, full batch or not. Resolves when all of it has
   * left, `deadlineMs` from now are over, or the collector is down and the disk has it all; never rejects.
   */
  async flush(deadlineMs: number): Promise<void> {
    const target = this.#left() + this.#store.size().records;
    if (target === this.#left() || this.#isSafe()) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        timer.cancel();
        this.#flushes.delete(waiter);
        resolve();
      };
      const waiter: FlushWaiter = { target, done };
      const timer = this.#deps.clock.setTimeout(done, deadlineMs);
      this.#flushes.add(waiter);
      this.#pause.cutShort();
      this.#schedule();
    });
  }

  /** Flushes, then ends: what is left `deadlineMs` from now is dropped and counted. May be called again. */
  close(deadlineMs: number): Promise<void> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  /** Tries again now what waits for a retry (but not before a Retry-After), for example after new credentials. */
  retryNow(): void {
    this.#pause.cutShort();
  }

  /** Lets the exporter open its outside anew. Rejects with what is wrong there; the lane goes on. */
  async reopen(): Promise<void> {
    await this.#store.open?.();
    await this.#exporter.reopen?.();
    this.retryNow();
  }

  /**
   * Goes on with another exporter and other options, as after a change of the
   * configuration. What waits is kept, and goes to the new exporter.
   */
  replace(exporter: Exporter, options: LaneOptions): void {
    const old = this.#exporter;
    this.#exporter = exporter;
    this.#options = options;
    this.#include = includeOf(options);
    this.#counts.droppedQueueFull += this.#store.resize(options.queue);
    this.#handover = this.#handover.then(() => this.#closeExporter(old));
    this.retryNow();
    this.#schedule();
  }

  /** Delivers nothing before `other` is done: another lane may still write to the same file. */
  holdUntil(other: Promise<unknown>): void {
    this.#handover = this.#handover.then(async () => void (await other));
  }

  stats(): LaneStats {
    const { records, bytes, oldestMs } = this.#store.size();
    return {
      name: this.name,
      ...this.#counts,
      queued: records - this.#inFlight,
      queuedBytes: bytes,
      inFlight: this.#inFlight,
      state: this.#retryAtMs === null ? 'delivering' : 'retrying',
      nextAttemptAt: this.#retryAtMs,
      store: this.#store.fault !== null ? 'disk-fails' : this.#store.isDurable ? 'disk' : 'memory',
      oldestMs,
      lastError: this.#lastError,
      lastErrorAt: this.#lastErrorAt,
      lastSuccessAt: this.#lastSuccessAt,
    };
  }

  /** Records that have left the lane one way or the other. */
  #left(): number {
    return this.#counts.delivered + droppedOf(this.#counts);
  }

  /** Whether the collector is down and all that waits is on disk: delivered the next time, nobody needs to wait for it. */
  #isSafe(): boolean {
    return this.#retryAtMs !== null && this.#store.isDurable && this.#store.fault === null;
  }

  #hasRoom(): boolean {
    return this.#stop.signal.aborted || this.#store.hasRoom();
  }

  #discarded(records: number, why: DiscardReason): void {
    this.#counts[DISCARDS[why]] += records;
    this.#log.discarded(records, why);
    this.#wakeWaiters();
  }

  /** Time until there is a batch to send, ms; null when nothing waits. */
  #dueInMs(): number | null {
    const { records, bytes, oldestMs } = this.#store.size();
    const { maxRecords, maxBytes, maxAgeMs } = this.#options.batch;
    if (oldestMs === null) return null;
    if (this.#flushes.size > 0 || this.#parts.length > 0) return 0;
    if (records >= maxRecords || bytes >= maxBytes) return 0;
    const ageMs = this.#deps.clock.now() - oldestMs;
    // Negative when the wall clock was set back: nobody knows the age then.
    return ageMs < 0 ? 0 : Math.max(maxAgeMs - ageMs, 0);
  }

  #schedule(): void {
    if (this.#running !== null || this.#stop.signal.aborted) return;
    const dueInMs = this.#dueInMs();
    if (dueInMs === null) return;
    const atMs = this.#deps.clock.now() + dueInMs;
    if (this.#timer !== null && this.#timerAtMs <= atMs) return;
    this.#timer?.cancel();
    this.#timerAtMs = atMs;
    this.#timer = this.#deps.clock.setTimeout(() => {
      this.#timer = null;
      this.#running = this.#run().then(() => {
        this.#running = null;
        this.#schedule();
      });
    }, dueInMs);
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted && this.#dueInMs() === 0) {
      const { maxRecords, maxBytes } = this.#options.batch;
      const batch = await this.#store.peekBatch({ maxRecords: this.#parts.at(-1) ?? maxRecords, maxBytes });
      if (batch.length === 0) break;
      this.#inFlight = batch.length;
      await this.#settle(batch);
      this.#inFlight = 0;
      this.#wakeWaiters();
    }
  }

  /** Tries until the batch is delivered, dropped or split, or the lane stops. */
  async #settle(batch: readonly SummaryLine[]): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted; failures++) {
      await this.#handover;
      const error = await attempt(this.#exporter, batch, this.#stop.signal);
      if (error === null) {
        this.#log.delivered();
        this.#retryAtMs = null;
        this.#lastSuccessAt = this.#deps.clock.now();
        this.#counts.batches++;
        return this.#delivered(batch.length);
      }
      // The collector may have it or not; the records stay and are counted at close.
      if (this.#stop.signal.aborted) return;
      this.#lastError = `${error.message} (${error.code})`;
      this.#lastErrorAt = this.#deps.clock.now();
      const remedy = error instanceof DeliveryError ? error.remedy : 'retry';
      if (remedy === 'split' && batch.length > 1) {
        this.#counts.retries++;
        return this.#split(batch.length);
      }
      if (remedy === 'split' || remedy === 'drop') {
        this.#retryAtMs = null;
        return this.#refused(batch.length, error);
      }
      this.#counts.retries++;
      await this.#waitForRetry(error, failures);
    }
  }

  async #waitForRetry(error: RtpsondeError, failures: number): Promise<void> {
    const { retry, slowRetryMs } = this.#options;
    const asked = error instanceof DeliveryError ? error.retryAfterMs : null;
    const slow = error instanceof DeliveryError && error.remedy === 'retry-slowly' ? slowRetryMs : 0;
    const waitMs = Math.max(backoffMs(retry, failures, this.#deps.random), slow, asked ?? 0);
    this.#log.failed(error, waitMs, this.#store.size().records);
    this.#retryAtMs = this.#deps.clock.now() + waitMs;
    if (this.#isSafe()) for (const { done } of this.#flushes) done();
    await this.#pause.wait(waitMs, { notBeforeMs: asked ?? 0, signal: this.#stop.signal });
  }

  #split(records: number): void {
    this.#parts.pop();
    const first = Math.ceil(records / 2);
    this.#parts.push(records - first, first);
  }

  async #delivered(records: number): Promise<void> {
    this.#parts.pop();
    const done = this.#store.ack(records);
    // In the same turn, so that the numbers add up whenever somebody looks.
    this.#counts.delivered += records;
    this.#inFlight = 0;
    await done;
  }

  async #refused(records: number, error: RtpsondeError): Promise<void> {
    this.#parts.pop();
    const done = this.#store.reject(records, error);
    // Those that are set aside leave when they are written.
    const isKept = typeof done === 'boolean' ? done : await done;
    this.#counts[isKept ? 'setAside' : 'droppedRejected'] += records;
    this.#inFlight = 0;
    this.#log.rejected(error, records, isKept);
  }

  #wakeWaiters(): void {
    for (const { target, done } of this.#flushes) if (this.#left() >= target) done();
    for (const look of this.#behindWaiters) look();
    if (!this.#hasRoom()) return;
    for (const resolve of this.#roomWaiters) resolve();
    this.#roomWaiters.clear();
  }

  async #close(deadlineMs: number): Promise<void> {
    await this.flush(deadlineMs);
    this.#timer?.cancel();
    this.#stop.abort();
    await this.#running;
    const closed = this.#store.close();
    // Without a turn between, so that the numbers add up whenever somebody looks.
    const lost = typeof closed === 'number' ? closed : await closed;
    this.#counts.droppedAtClose += lost;
    this.#wakeWaiters();
    this.#log.closed(lost, this.#store.isDurable ? this.#store.size().records - lost : 0);
    await this.#handover;
    await this.#closeExporter(this.#exporter);
  }

  async #closeExporter(exporter: Exporter): Promise<void> {
    const fault = await closeExporter(exporter, this.#deps.clock);
    if (fault !== null) this.#log.closeFailed(fault);
  }
}
