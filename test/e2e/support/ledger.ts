// Who has which summary: what the tests of faults compare.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Ids in the order in which they first came. */
export const idsOf = (lines: readonly string[]): string[] => [
  ...new Set(lines.map((text) => (JSON.parse(text) as { id: string }).id)),
];

/**
 * Ids in the segments of a spool, read as text and not by the program's own reader.
 * @param lengths of what of each file counts, by inode; all of it unless given
 */
export function idsInSpool(folder: string, lengths?: Readonly<Record<string, number>>): string[] {
  const names = readdirSync(folder).filter((name) => /\.(seg|open)$/.test(name));
  return names.sort().flatMap((name) => {
    const path = join(folder, name);
    const length = lengths === undefined ? undefined : (lengths[statSync(path).ino] ?? 0);
    const text = readFileSync(path).subarray(0, length).toString('latin1');
    return [...text.matchAll(/\{"[^\n]*?"id":"([^"]+)"[^\n]*\}\n/g)].map(([, id]) => id as string);
  });
}

/** Those of the first that are not in the others. */
export function without(ids: readonly string[], ...others: (readonly string[])[]): string[] {
  const known = new Set(others.flat());
  return ids.filter((id) => !known.has(id));
}

/** Ids `run-stream-number` whose number is not above that of the one before of the same stream. */
export function outOfOrder(ids: readonly string[]): string[] {
  const last = new Map<string, number>();
  return ids.filter((id) => {
    const at = id.lastIndexOf('-');
    const [stream, number] = [id.slice(0, at), Number(id.slice(at + 1))];
    const isLater = number > (last.get(stream) ?? -1);
    last.set(stream, number);
    return !isLater;
  });
}

/** A repeatable source of chance in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
