// Apache Kafka for the tests: its jars, fetched once by maven into a cache folder.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, fetchOnce } from './cache.mjs';
import { root, run, which } from './process.mjs';

const pom = join(root, 'test/collectors/support/kafka-pom.xml');

/** The folder of the jars; there is one for each text of the pom. It may not be there yet. */
export function kafkaJars() {
  return cached(`kafka/${createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)}`);
}

/** Fetches them when they are missing. */
export function ensureKafka() {
  if (which('mvn') === null) {
    console.log('not fetched: Apache Kafka (mvn is missing)');
    return;
  }
  fetchOnce(kafkaJars(), (folder) =>
    run('kafka', 'mvn', [
      '-q',
      '-B',
      '-f',
      pom,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${folder}`,
    ]),
  );
}
