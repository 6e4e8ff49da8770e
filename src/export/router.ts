// All lanes as one: what is offered goes to each, and one deadline ends them together.
import type { SummaryLine } from './exporter.js';
import type { Lane } from './lane.js';
import type { LaneStats } from './lane-stats.js';

/** What an exporter could not open. */
export interface ReopenFault {
  name: string;
  error: unknown;
}

export class Exporters {
  #lanes: readonly Lane[];

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** Routes to these lanes from now on; the caller closes those that he took out. */
  setLanes(lanes: readonly Lane[]): void {
    this.#lanes = lanes;
  }

  /** Hands the lines to every lane. Never waits and never throws. The array may be used again, the lines not changed. */
  offer(lines: readonly SummaryLine[]): void {
    for (const lane of this.#lanes) lane.offer(lines);
  }

  /** Resolves when every queue is at most half full; only for sources that can wait (capture files). */
  async room(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.room()));
  }

  /** Resolves when no disk is behind with writing, or after `deadlineMs`; for live capture, which must not wait for collectors. */
  async caughtUp(deadlineMs: number): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.caughtUp(deadlineMs)));
  }

  /**
   * Opens files and certificates, at the start and again on SIGHUP. The lanes
   * run on whatever is wrong; the caller decides whether a fault ends the start.
   */
  async reopen(): Promise<ReopenFault[]> {
    const results = await Promise.allSettled(this.#lanes.map((lane) => lane.reopen()));
    return results.flatMap((result, index) =>
      result.status === 'rejected'
        ? [{ name: this.#lanes[index]?.name ?? '', error: result.reason as unknown }]
        : [],
    );
  }

  /** Sends what is queued, all lanes at once. Resolves when done or after `deadlineMs`; never rejects. */
  async flush(deadlineMs: number): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.flush(deadlineMs)));
  }

  /** Flushes and ends all lanes at once, within `deadlineMs` and a second. May be called again. */
  async close(deadlineMs: number): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close(deadlineMs)));
  }

  /** One entry a lane, in the order of the configuration. */
  stats(): LaneStats[] {
    return this.#lanes.map((lane) => lane.stats());
  }
}
