// What is fetched once and kept for all clones: a folder, whole or not at all.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder of that name; it may not be there yet. */
export function cached(name) {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rtpsonde', name);
}

/** Has `fetch(FOLDER)` fill the folder unless it is there; also when two do it at once. */
export function fetchOnce(folder, fetch) {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  fetch(fresh);
  try {
    renameSync(fresh, folder);
  } catch {
    // The other was faster.
    rmSync(fresh, { recursive: true });
  }
}
