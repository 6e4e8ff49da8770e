// Wall clock and timers behind a small interface, so that tests decide the
// time. It serves retries, time-outs, the watchdog and log lines; what is
// measured runs on packet time and never comes here.

/** A running timer. */
export interface Timer {
  /** Stops it; may be called again. */
  cancel(): void;
  /** Lets the process end although the timer runs. */
  unref(): Timer;
}

export interface Clock {
  /** Wall clock, ms since the Unix epoch. Steps when the system clock is set. */
  now(): number;
  /** CLOCK_MONOTONIC, ns. Never steps. */
  monotonicNs(): bigint;
  /** Calls once after `delayMs` (0..2147483647; more is taken as that). */
  setTimeout(callback: () => void, delayMs: number): Timer;
  /** Calls every `periodMs` (1..2147483647; more is taken as that). */
  setInterval(callback: () => void, periodMs: number): Timer;
  /** Resolves after `delayMs`, or at once when the signal aborts: the caller looks at the signal. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

// Node takes a longer delay as 1 ms.
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  // libuv's hrtime is CLOCK_MONOTONIC on Linux.
  monotonicNs: () => process.hrtime.bigint(),
  setTimeout(callback, delayMs) {
    const handle = setTimeout(callback, Math.min(delayMs, LONGEST_DELAY_MS));
    return timerOf(handle, () => clearTimeout(handle));
  },
  setInterval(callback, periodMs) {
    const handle = setInterval(callback, Math.min(periodMs, LONGEST_DELAY_MS));
    return timerOf(handle, () => clearInterval(handle));
  },
  sleep: (delayMs, signal) => sleepOn(systemClock, delayMs, signal),
};

function timerOf(handle: NodeJS.Timeout, cancel: () => void): Timer {
  const timer: Timer = {
    cancel,
    unref() {
      handle.unref();
      return timer;
    },
  };
  return timer;
}

/** `sleep` over the timers of any clock. */
export function sleepOn(
  clock: Pick<Clock, 'setTimeout'>,
  delayMs: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimeout(done, delayMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}
