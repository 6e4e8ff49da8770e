// What lies in the spool, for people: read beside a running probe, changing nothing.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CursorFile } from './cursor-file.js';
import { DEAD_LETTERS } from './dead-letters.js';
import type { StoredRecord } from './format.js';
import { SegmentScan } from './scan.js';
import { listSegments, type Segment } from './segments.js';

/** The spool of one exporter. */
export interface LaneContents {
  /** Of the exporter. */
  name: string;
  /** Records that its collector has not acknowledged. */
  waiting: number;
  /** When the oldest of them came, ms since the Unix epoch; null when none waits. */
  oldestMs: number | null;
  /** Records that were delivered and can be replayed. */
  delivered: number;
  /** All of it on disk. */
  bytes: number;
  /** Records that the collector refused for good. */
  deadLetters: number;
}

/** Names of the exporters that have a spool in the folder. Rejects with a system error. */
export async function spooledExporters(spool: string): Promise<string[]> {
  const entries = await readdir(spool, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Rejects with a system error. */
export async function laneContents(spool: string, name: string): Promise<LaneContents> {
  const folder = join(spool, name);
  const segments = await listSegments(folder);
  const acknowledged = await CursorFile.read(join(folder, 'cursor'));
  const sum = (value: (segment: Segment) => number) => segments.reduce((total, one) => total + value(one), 0);
  const waiting = sum(({ first, end }) => Math.max(0, end - Math.max(first, acknowledged)));
  const letters = await readFile(join(folder, DEAD_LETTERS), 'utf8').catch(() => '');
  return {
    name,
    waiting,
    oldestMs: waiting === 0 ? null : await arrivalOf(segments, acknowledged),
    delivered: sum(({ first, end }) => end - first) - waiting,
    bytes: sum(({ bytes }) => bytes) + Buffer.byteLength(letters),
    deadLetters: letters.split('\n').length - 1,
  };
}

/** When the first record at or behind a sequence number came, ms; null when it cannot be read. */
async function arrivalOf(segments: readonly Segment[], sequence: number): Promise<number | null> {
  for (const segment of segments.filter(({ end }) => end > sequence))
    for await (const record of recordsOf(segment)) if (record.sequence >= sequence) return record.arrivedMs;
  return null;
}

/** All records that came from `fromMs` on and before `toMs`, in order, delivered or not. Rejects with a system error. */
export async function* recordsBetween(
  folder: string,
  fromMs: number,
  toMs: number,
): AsyncGenerator<StoredRecord> {
  for (const segment of await listSegments(folder)) {
    // Written last before that time: nothing in it is younger.
    if (segment.lastMs < fromMs) continue;
    for await (const record of recordsOf(segment)) {
      if (record.arrivedMs >= fromMs && record.arrivedMs < toMs) yield record;
    }
  }
}

async function* recordsOf(segment: Segment): AsyncGenerator<StoredRecord> {
  const scan = await SegmentScan.open(segment.path);
  try {
    for (
      let record = await scan.next(segment.bytes);
      record !== null;
      record = await scan.next(segment.bytes)
    )
      yield record;
  } finally {
    await scan.close();
  }
}

/** Whether the folder is there at all. */
export const hasSpool = (spool: string) =>
  stat(spool).then(
    (found) => found.isDirectory(),
    () => false,
  );
