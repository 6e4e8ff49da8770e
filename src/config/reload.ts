// What changed between two configurations, and whether SIGHUP can apply it.
import { isDeepStrictEqual } from 'node:util';
import { formatPath } from './issues.js';
import { type Config, reloadable } from './schema.js';
import { Secret } from './secret.js';

/** Paths of changed keys, for example `export[0].url`, in the order of the sections. */
export interface ConfigChanges {
  /** Can be applied to the running daemon. */
  apply: string[];
  /** Need a restart; until then the old value stays in force. */
  restart: string[];
}

/** Compares key by key; secrets by their value, without showing it. */
export function diffConfig(before: Config, after: Config): ConfigChanges {
  const changes: ConfigChanges = { apply: [], restart: [] };
  for (const section of Object.keys(reloadable) as (keyof typeof reloadable)[]) {
    const paths = differences(before[section], after[section], [section]).map(formatPath);
    changes[reloadable[section] ? 'apply' : 'restart'].push(...paths);
  }
  return changes;
}

function differences(before: unknown, after: unknown, path: PropertyKey[]): PropertyKey[][] {
  if (before instanceof Secret && after instanceof Secret) return before.equals(after) ? [] : [path];
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after))
    return isDeepStrictEqual(before, after) ? [] : [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    differences(before[key], after[key], [...path, Array.isArray(before) ? Number(key) : key]),
  );
}

// Lists of plain values are one value to the reader, lists of mappings are taken apart.
function isBranch(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return false;
  return !Array.isArray(value) || value.every((item) => typeof item === 'object' && item !== null);
}
