// How busy the busiest worker is: its CPU time over the time that has passed.
import { type Clock, systemClock } from './ops/clock.js';

export class LoadMeter {
  readonly #clock: Pick<Clock, 'monotonicNs'>;
  #atNs: bigint;
  #cpuSeconds: number[] = [];

  /** Measures from now on. */
  constructor(clock: Pick<Clock, 'monotonicNs'> = systemClock) {
    this.#clock = clock;
    this.#atNs = clock.monotonicNs();
  }

  /**
   * Share of one core since the call before, 0..1, of the worker that used most; null when no time has passed.
   * @param workers CPU time of each since its start
   */
  since(workers: readonly { cpuSeconds: number }[]): number | null {
    const nowNs = this.#clock.monotonicNs();
    const seconds = Number(nowNs - this.#atNs) / 1e9;
    const used = Math.max(0, ...workers.map(({ cpuSeconds }, i) => cpuSeconds - (this.#cpuSeconds[i] ?? 0)));
    this.#atNs = nowNs;
    this.#cpuSeconds = workers.map(({ cpuSeconds }) => cpuSeconds);
    // The thread tells its CPU time now and then, so that a short span may seem to hold more than fits.
    return seconds > 0 ? Math.min(1, used / seconds) : null;
  }
}
