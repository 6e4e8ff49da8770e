// A current ClickHouse for the tests: chDB, its engine as a Python package, fetched
// once by pip into a cache folder. Debian's clickhouse-server is too old for our schema.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, which } from './process.mjs';

const PACKAGE = 'chdb-core==26.9.0';

/** The folder of the package, for PYTHONPATH. It may not be there yet. */
export function chdbFolder() {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rtpsonde/chdb', PACKAGE);
}

/** Fetches it when it is missing. */
export function ensureChdb() {
  const folder = chdbFolder();
  if (existsSync(folder)) return;
  if (which('pip3') === null) {
    console.log('not fetched: chDB (pip3 is missing)');
    return;
  }
  mkdirSync(dirname(folder), { recursive: true });
  // Whole or not at all, also when two do it at once.
  const fresh = mkdtempSync(`${folder}-`);
  run('chdb', 'pip3', ['install', '-q', '--no-deps', '--target', fresh, PACKAGE]);
  try {
    renameSync(fresh, folder);
  } catch {
    // The other was faster.
    rmSync(fresh, { recursive: true });
  }
}
