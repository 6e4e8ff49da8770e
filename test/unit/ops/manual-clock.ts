// A clock that stands still until a test moves it.
import { type Clock, sleepOn, type Timer } from '../../../src/ops/clock.js';

interface Pending {
  dueMs: number;
  periodMs: number | null;
  callback: () => void;
}

export class ManualClock implements Clock {
  #elapsedMs = 0;
  readonly #startMs: number;
  readonly #pending = new Set<Pending>();

  constructor(startMs = 0) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonicNs(): bigint {
    return BigInt(this.#elapsedMs) * 1_000_000n;
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    return this.#add({ dueMs: this.#elapsedMs + delayMs, periodMs: null, callback });
  }

  setInterval(callback: () => void, periodMs: number): Timer {
    return this.#add({ dueMs: this.#elapsedMs + periodMs, periodMs, callback });
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Moves time on; what falls due is called in order. */
  advance(byMs: number): void {
    const end = this.#elapsedMs + byMs;
    for (;;) {
      const next = [...this.#pending].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > end) break;
      this.#elapsedMs = next.dueMs;
      if (next.periodMs === null) this.#pending.delete(next);
      else next.dueMs += next.periodMs;
      next.callback();
    }
    this.#elapsedMs = end;
  }

  #add(entry: Pending): Timer {
    this.#pending.add(entry);
    const timer: Timer = {
      cancel: () => {
        this.#pending.delete(entry);
      },
      unref: () => timer,
    };
    return timer;
  }
}
