// Names of rotated files and which of them to keep. `rtpsonde.ndjson` becomes
// `rtpsonde-20261121T101500Z.ndjson`, with `-1`, `-2` ... behind the time when
// that name is taken. The names alone hold the order, so nothing has to be
// remembered over a restart, and one rename does it.
import { readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

export interface RotatedName {
  file: string;
  /** `20261121T101500Z`; sorts as text. */
  stamp: string;
  number: number;
}

function stampOf(nowMs: number): string {
  return new Date(nowMs)
    .toISOString()
    .replace(/\.\d{3}Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The rotated files of `path`, oldest first. */
export async function listRotated(path: string): Promise<RotatedName[]> {
  const extension = extname(path);
  const stem = basename(path, extension);
  const pattern = new RegExp(
    `^${escapeRegExp(stem)}-(\\d{8}T\\d{6}Z)(?:-(\\d+))?${escapeRegExp(extension)}$`,
  );
  const names: RotatedName[] = [];
  for (const file of await readdir(dirname(path))) {
    const match = pattern.exec(file);
    if (match !== null) names.push({ file, stamp: match[1] as string, number: Number(match[2] ?? 0) });
  }
  return names.sort(byAge);
}

function byAge(a: RotatedName, b: RotatedName): number {
  if (a.stamp === b.stamp) return a.number - b.number;
  return a.stamp < b.stamp ? -1 : 1;
}

/**
 * Moves the file at `path` out of the way.
 * @param nowMs wall clock, ms since the Unix epoch
 * @param madePath what is made of rotated files is named as the rotated ones of this path
 */
export async function rotateAway(path: string, nowMs: number, madePath = path): Promise<void> {
  const made = madePath === path ? [] : await listRotated(madePath);
  const newest = [...(await listRotated(path)), ...made].sort(byAge).at(-1);
  const now = stampOf(nowMs);
  // Never a name that sorts before the newest, also when the clock was set back.
  const taken = newest !== undefined && newest.stamp >= now;
  const stamp = taken ? `${newest.stamp}-${newest.number + 1}` : now;
  const extension = extname(path);
  const target = join(dirname(path), `${basename(path, extension)}-${stamp}${extension}`);
  try {
    await rename(path, target);
  } catch (error) {
    // Somebody (logrotate) was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Deletes the oldest rotated files of `path` until `maxFiles` are left. */
export async function pruneRotated(path: string, maxFiles: number): Promise<void> {
  const names = await listRotated(path);
  for (const { file } of names.slice(0, Math.max(0, names.length - maxFiles))) {
    await unlink(join(dirname(path), file));
  }
}
