// How busy the capture thread is: its CPU time over the time that has passed.
import { type Clock, systemClock } from './ops/clock.js';

export class LoadMeter {
  readonly #clock: Pick<Clock, 'monotonicNs'>;
  #atNs: bigint;
  #cpuSeconds = 0;

  /** Measures from now on. */
  constructor(clock: Pick<Clock, 'monotonicNs'> = systemClock) {
    this.#clock = clock;
    this.#atNs = clock.monotonicNs();
  }

  /**
   * Share of one core since the call before, 0..1; null when no time has passed.
   * @param cpuSeconds CPU time of the thread since its start
   */
  since(cpuSeconds: number): number | null {
    const nowNs = this.#clock.monotonicNs();
    const seconds = Number(nowNs - this.#atNs) / 1e9;
    const used = cpuSeconds - this.#cpuSeconds;
    this.#atNs = nowNs;
    this.#cpuSeconds = cpuSeconds;
    // The thread tells its CPU time now and then, so that a short span may seem to hold more than fits.
    return seconds > 0 ? Math.min(1, Math.max(0, used / seconds)) : null;
  }
}
