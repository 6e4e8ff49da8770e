// Apache Kafka for the tests: its jars, fetched once by maven into a cache folder.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, run, which } from './process.mjs';

const pom = join(root, 'test/collectors/support/kafka-pom.xml');

/** The folder of the jars; there is one for each text of the pom. It may not be there yet. */
export function kafkaJars() {
  const key = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rtpsonde/kafka', key);
}

/** Fetches what is missing. Throws when maven cannot. */
export function ensureKafka() {
  const folder = kafkaJars();
  if (existsSync(folder)) return;
  if (which('mvn') === null) {
    console.log('not fetched: Apache Kafka (mvn is missing)');
    return;
  }
  mkdirSync(dirname(folder), { recursive: true });
  // Whole or not at all, also when two do it at once.
  const fresh = mkdtempSync(`${folder}-`);
  run('kafka', 'mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${fresh}`]);
  try {
    renameSync(fresh, folder);
  } catch {
    // The other was faster.
    rmSync(fresh, { recursive: true });
  }
}
