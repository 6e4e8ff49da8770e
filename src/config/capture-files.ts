// Expands the globs of `capture.files` into the files that are there now.
import { existsSync, readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { ConfigError } from './config-error.js';

const GLOB = /[*?[]/;

/** Whether a path holds a glob, and does not happen to be the name of a file. */
export function isGlob(path: string): boolean {
  return GLOB.test(path) && !existsSync(path);
}

/**
 * One segment of a glob as fnmatch(3) reads it with FNM_PERIOD: `*`, `?` and
 * `[...]` (`[!...]` for all others); a leading dot is only matched by a dot.
 */
export function segmentMatcher(glob: string): (name: string) => boolean {
  let source = '';
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i]!;
    const close = c === '[' ? glob.indexOf(']', glob[i + 1] === '!' ? i + 3 : i + 2) : -1;
    if (close > 0) {
      const body = glob
        .slice(i + 1, close)
        .replace(/^!/, '^')
        .replaceAll(/[\\\]&[~|]/g, '\\$&');
      source += `[${body}]`;
      i = close;
    } else if (c === '*') source += source.endsWith('.*') ? '' : '.*';
    else source += c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  }
  const hidden = glob.startsWith('.');
  const pattern = compile(source, glob);
  return (name) => (hidden || !name.startsWith('.')) && pattern.test(name);
}

// A range such as [z-a] is no expression; the glob then only matches itself, as in a shell.
function compile(source: string, glob: string): { test(name: string): boolean } {
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return { test: (name) => name === glob };
  }
}

/** Files that match one absolute glob, sorted by name; none when a folder cannot be read. */
function matches(path: string): string[] {
  const { root } = parse(path);
  let found = [root];
  for (const segment of path.slice(root.length).split('/')) {
    const match = segmentMatcher(segment);
    found = found.flatMap((folder) => {
      const literal = join(folder, segment);
      if (!GLOB.test(segment) || existsSync(literal)) return [literal];
      return entriesOf(folder)
        .filter(match)
        .sort()
        .map((name) => join(folder, name));
    });
  }
  return found.filter((file) => existsSync(file));
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * The files of a list of absolute paths and globs, each once, in the order of
 * the list. A plain path stays even when it is missing: the engine names it.
 * @param mayBeEmpty whether a glob without a match is fine (files are followed)
 * @throws ConfigError with ERR_CAPTURE_FILE_NOT_FOUND
 */
export function expandCaptureFiles(paths: readonly string[], mayBeEmpty: boolean): string[] {
  const files = paths.flatMap((path) => {
    if (!isGlob(path)) return [path];
    const found = matches(path);
    if (found.length === 0 && !mayBeEmpty)
      throw new ConfigError('ERR_CAPTURE_FILE_NOT_FOUND', `${path}: no file matches`);
    return found;
  });
  return [...new Set(files)];
}
