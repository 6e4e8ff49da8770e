// The segment files of one spool: what is there, what a crash left unfinished,
// and which may go.
//
//   0000000000000001-0000000000000500.seg   sealed: records 1 to 499
//   0000000000000500.open                   being written, or left so by a crash
import { mkdir, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { HEAD_BYTES } from './format.js';
import { lastSound } from './scan.js';

export interface Segment {
  path: string;
  /** Sequence number of its first record. */
  first: number;
  /** One more than that of its last; grows while it is written. */
  end: number;
  /** Length of what is sound. */
  bytes: number;
  /** While it gets its other name. */
  renaming?: Promise<void>;
  /** When it was last written, ms: wall clock as it lies there, monotonic while a log has it. */
  lastMs: number;
}

const DIGITS = 16;
const SEALED = /^(\d{16})-(\d{16})\.seg$/;
const OPEN = /^(\d{16})\.open$/;
const padded = (sequence: number) => String(sequence).padStart(DIGITS, '0');

export const openPath = (folder: string, first: number) => join(folder, `${padded(first)}.open`);

/** Gives a segment the name that tells what is in it. An empty one is removed. Rejects with a system error. */
export async function sealSegment(folder: string, segment: Segment): Promise<void> {
  if (segment.end === segment.first) return rm(segment.path, { force: true });
  const path = join(folder, `${padded(segment.first)}-${padded(segment.end)}.seg`);
  segment.renaming = rename(segment.path, path).then(() => {
    segment.path = path;
  });
  await segment.renaming;
}

export interface FoundSegments {
  /** Oldest first, all sealed. */
  segments: Segment[];
  /** Bytes cut off behind the last sound record of segments that a crash left open. */
  cutBytes: number;
  /** Files without a sound record, or of another version: left alone, under another name. */
  unreadable: string[];
}

/**
 * The segments of a folder as they lie there, oldest first, whoever may be writing them: of those that are not
 * sealed only the sound part. Changes nothing. Rejects with a system error.
 */
export async function listSegments(folder: string): Promise<(Segment & { isSealed: boolean })[]> {
  const names = (await readdir(folder)).flatMap((name) => {
    const sealed = SEALED.exec(name);
    const first = Number((sealed ?? OPEN.exec(name))?.[1] ?? Number.NaN);
    return Number.isSafeInteger(first) ? [{ path: join(folder, name), first, sealed }] : [];
  });
  names.sort((a, b) => a.first - b.first);
  return Promise.all(
    names.map(async ({ path, first, sealed }, i) => {
      const { size, mtimeMs: lastMs } = await stat(path);
      if (sealed !== null)
        return { path, first, end: Number(sealed[2]), bytes: size, lastMs, isSealed: true };
      // A disk that failed may have left more in it than was counted: that was written again in the next one.
      const limit = names[i + 1]?.first ?? Number.POSITIVE_INFINITY;
      return { path, first, ...(await lastSound(path, first, limit)), lastMs, isSealed: false };
    }),
  );
}

/** Makes the folder, or reads what is in it and seals what a crash left open. Rejects with a system error. */
export async function findSegments(folder: string): Promise<FoundSegments> {
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const found: FoundSegments = { segments: [], cutBytes: 0, unreadable: [] };
  for (const { isSealed, ...segment } of await listSegments(folder)) {
    if (!isSealed && !(await finish(folder, segment, found))) continue;
    found.segments.push(segment);
  }
  return found;
}

/** Cuts off what a crash left unfinished, and seals the rest; false when there is none. */
async function finish(folder: string, segment: Segment, found: FoundSegments): Promise<boolean> {
  const { path, first, end, bytes } = segment;
  const { size } = await stat(path);
  if (end === first && size > HEAD_BYTES) {
    await rename(path, `${path}.unreadable`);
    found.unreadable.push(`${path}.unreadable`);
    return false;
  }
  if (size > bytes) {
    await truncate(path, bytes);
    found.cutBytes += size - bytes;
  }
  await sealSegment(folder, segment);
  return end > first;
}

/** Names in a folder are safe on disk only when the folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
