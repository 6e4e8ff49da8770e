// A wait between two attempts that can be cut short, but never below what the
// other side asked for.
import type { Clock, Timer } from '../ops/clock.js';

export class Pause {
  readonly #clock: Clock;
  #timer: Timer | null = null;
  #end: (() => void) | null = null;
  #earliestMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves after `waitMs`, or when the signal aborts.
   * @param options `notBeforeMs`: `cutShort` does not end the wait before this much of it is over
   */
  async wait(
    waitMs: number,
    { notBeforeMs, signal }: { notBeforeMs: number; signal: AbortSignal },
  ): Promise<void> {
    if (signal.aborted) return;
    this.#earliestMs = this.#nowMs() + notBeforeMs;
    await new Promise<void>((resolve) => {
      const end = () => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      this.#end = end;
      signal.addEventListener('abort', end);
      this.#timer = this.#clock.setTimeout(end, waitMs);
    });
    this.#timer?.cancel();
    this.#timer = this.#end = null;
  }

  /** Ends the wait that is on now, at once or when `notBeforeMs` is over. */
  cutShort(): void {
    if (this.#end === null) return;
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimeout(this.#end, Math.max(0, this.#earliestMs - this.#nowMs()));
  }

  #nowMs(): number {
    return Number(this.#clock.monotonicNs() / 1_000_000n);
  }
}
