// What the tests of the export room share: a clock that they move, a logger
// that they read, summary lines, and an exporter that follows a script.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { ExportDependencies } from '../../../src/export/dependencies.js';
import type { Exporter, SummaryKind, SummaryLine } from '../../../src/export/exporter.js';
import type { LaneOptions } from '../../../src/export/lane-options.js';
import { type Clock, sleepOn, type Timer } from '../../../src/ops/clock.js';
import { lineOf } from '../../../src/summary/line.js';

/** 2026-11-21T10:15:00Z */
export const START_MS = Date.UTC(2026, 10, 21, 10, 15, 0);

/** Stands still until it is told to move. */
export class FakeClock implements Clock {
  /** Added to the wall clock only, as when an administrator sets it. */
  wallOffsetMs = 0;
  #elapsedMs = 0;
  #timers = new Set<{ atMs: number; callback: () => void }>();

  now(): number {
    return START_MS + this.#elapsedMs + this.wallOffsetMs;
  }

  monotonicNs(): bigint {
    return BigInt(Math.round(this.#elapsedMs * 1e6));
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const entry = { atMs: this.#elapsedMs + delayMs, callback };
    this.#timers.add(entry);
    const timer: Timer = { cancel: () => void this.#timers.delete(entry), unref: () => timer };
    return timer;
  }

  setInterval(): Timer {
    throw new Error('the export room has no use for it');
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on, running each timer at its time and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#elapsedMs + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#elapsedMs = Math.max(this.#elapsedMs, due.atMs);
      due.callback();
      await settle();
    }
    this.#elapsedMs = endMs;
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await setImmediate();
}

/** Waits in real time for what real I/O brings about. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export class LogRecorder {
  readonly entries: { level: string; fields: object; message: string }[] = [];
  readonly info = (fields: object, message: string) => this.#add('info', fields, message);
  readonly warn = (fields: object, message: string) => this.#add('warn', fields, message);
  readonly error = (fields: object, message: string) => this.#add('error', fields, message);

  get messages(): string[] {
    return this.entries.map(({ level, message }) => `${level}: ${message}`);
  }

  #add(level: string, fields: object, message: string): void {
    this.entries.push({ level, fields, message });
  }
}

export interface TestDependencies extends ExportDependencies {
  clock: FakeClock;
  logger: LogRecorder;
}

/** @param random 1 gives the longest back-off, 0 none */
export function dependencies(random = 1): TestDependencies {
  return { clock: new FakeClock(), logger: new LogRecorder(), random: () => random };
}

export function line(id: string | number, kind: SummaryKind = 'window', padding = ''): SummaryLine {
  const summary = { kind, id: String(id), padding };
  return lineOf(summary);
}

/** Lines with ids from `first`. */
export function lines(first: number, count: number, kind: SummaryKind = 'window'): SummaryLine[] {
  return Array.from({ length: count }, (_, i) => line(first + i, kind));
}

export const ids = (batch: readonly SummaryLine[]) => batch.map(({ id }) => id);

export const laneOptions: LaneOptions = {
  queue: { maxRecords: 100, maxBytes: 1_000_000 },
  batch: { maxRecords: 10, maxBytes: 100_000, maxAgeMs: 1000 },
  retry: { initialMs: 100, maxMs: 1000 },
  slowRetryMs: 60_000,
  logPeriodMs: 30_000,
};

/** Takes a batch, or throws the error that the script has for this attempt. */
export class ScriptedExporter implements Exporter {
  readonly name: string;
  /** One entry per attempt; null, or none left, takes the batch. */
  script: (unknown | null)[] = [];
  /** Ids of the batches taken. */
  readonly taken: string[][] = [];
  /** Ids of all attempts. */
  readonly attempts: string[][] = [];
  isClosed = false;
  /** While set, attempts wait. */
  gate: Promise<void> | null = null;

  constructor(name = 'scripted') {
    this.name = name;
  }

  async deliver(batch: readonly SummaryLine[]): Promise<void> {
    this.attempts.push(ids(batch));
    await this.gate;
    const error = this.script.shift() ?? null;
    if (error !== null) throw error;
    this.taken.push(ids(batch));
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'rtpsonde-export-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
