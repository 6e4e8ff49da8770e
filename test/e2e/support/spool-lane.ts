// A lane with its spool and an HTTP exporter in the process of the test, on a clock that runs faster.
import { onTestFinished } from 'vitest';
import { ndjson } from '../../../src/export/collectors/http.js';
import { HttpExporter, type HttpExporterOptions } from '../../../src/export/http-exporter.js';
import { Lane } from '../../../src/export/lane.js';
import type { LaneOptions } from '../../../src/export/lane-options.js';
import type { LaneStats } from '../../../src/export/lane-stats.js';
import { droppedOf } from '../../../src/export/lane-stats.js';
import { type SpoolOptions, SpoolStore } from '../../../src/export/spool/spool-store.js';
import { type Clock, sleepOn, systemClock } from '../../../src/ops/clock.js';
import { lineOf } from '../../../src/summary/line.js';
import { LogRecorder, temporaryFolder } from '../../unit/export/support.js';
import { eventually } from './eventually.js';

/** Runs `factor` times as fast; its wall clock can be set. */
export class FastClock implements Clock {
  /** Added to the wall clock alone. */
  wallOffsetMs = 0;
  readonly #startMs = Date.now();

  constructor(private readonly factor: number) {}

  now(): number {
    return this.#startMs + (Date.now() - this.#startMs) * this.factor + this.wallOffsetMs;
  }

  monotonicNs(): bigint {
    return systemClock.monotonicNs() * BigInt(this.factor);
  }

  setTimeout(callback: () => void, delayMs: number) {
    return systemClock.setTimeout(callback, delayMs / this.factor);
  }

  setInterval(callback: () => void, periodMs: number) {
    return systemClock.setInterval(callback, periodMs / this.factor);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }
}

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;
export const STREAMS = 10;

export interface SpoolLaneOptions {
  url: string;
  folder?: string;
  clock?: FastClock;
  spool?: Partial<SpoolOptions>;
  lane?: Partial<LaneOptions>;
  http?: Partial<HttpExporterOptions>;
}

export class SpoolLane {
  readonly folder: string;
  readonly lane: Lane;
  readonly store: SpoolStore;
  readonly logger = new LogRecorder();
  readonly clock: FastClock;
  /** Ids of all that was offered, in order. */
  readonly offered: string[] = [];

  constructor(options: SpoolLaneOptions) {
    this.folder = options.folder ?? temporaryFolder();
    this.clock = options.clock ?? new FastClock(1);
    const deps = { clock: this.clock, logger: this.logger, random: Math.random };
    const limits = { maxBytes: 64 * MIB, maxAgeMs: 72 * HOUR_MS, keepMs: 0 };
    const segments = { segmentBytes: 100_000, segmentMs: HOUR_MS, memoryBytes: 16 * MIB };
    this.store = new SpoolStore('far', this.folder, { ...limits, ...segments, ...options.spool }, deps);
    const exporter = new HttpExporter(
      {
        name: 'far',
        form: ndjson,
        url: options.url,
        compression: 'none',
        timeoutMs: 2000,
        version: 't',
        ...options.http,
      },
      deps,
    );
    const lane: LaneOptions = {
      queue: { maxRecords: 1, maxBytes: 1 },
      batch: { maxRecords: 20, maxBytes: MIB, maxAgeMs: 20 },
      retry: { initialMs: 10, maxMs: 100 },
      slowRetryMs: 100,
      logPeriodMs: 0,
      ...options.lane,
    };
    this.lane = new Lane(exporter, lane, deps, this.store);
    onTestFinished(() => this.lane.close(0));
  }

  offer(count: number, paddingBytes = 0): void {
    const lines = Array.from({ length: count }, () => {
      const n = this.offered.length;
      const id = `s-${n % STREAMS}-${n}`;
      this.offered.push(id);
      return lineOf({ kind: 'window', id, padding: 'x'.repeat(paddingBytes) } as {
        kind: 'window';
        id: string;
      });
    });
    this.lane.offer(lines);
  }

  get stats(): LaneStats {
    return this.lane.stats();
  }

  /** Of what was offered or found: delivered + waiting + counted as given up; 0 when the counts are exact. */
  get unaccounted(): number {
    const { offered, recovered, filtered, delivered, queued, inFlight, ...rest } = this.stats;
    return (
      offered + recovered - filtered - delivered - queued - inFlight - droppedOf({ ...this.stats, ...rest })
    );
  }

  async untilEmpty(): Promise<void> {
    await eventually('the lane to be empty', () => this.stats.queued + this.stats.inFlight === 0);
  }
}
