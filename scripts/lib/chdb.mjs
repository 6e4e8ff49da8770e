// A current ClickHouse for the tests: chDB, its engine as a Python package, fetched
// once by pip into a cache folder. Debian's clickhouse-server is too old for our schema.
import { cached, fetchOnce } from './cache.mjs';
import { run, which } from './process.mjs';

const PACKAGE = 'chdb-core==26.9.0';

/** The folder of the package, for PYTHONPATH. It may not be there yet. */
export const chdbFolder = () => cached(`chdb/${PACKAGE}`);

/** Fetches it when it is missing. */
export function ensureChdb() {
  if (which('pip3') === null) {
    console.log('not fetched: chDB (pip3 is missing)');
    return;
  }
  fetchOnce(chdbFolder(), (folder) =>
    run('chdb', 'pip3', ['install', '-q', '--no-deps', '--target', folder, PACKAGE]),
  );
}
