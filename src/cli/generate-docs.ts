// Writes the documents that TypeScript itself defines. `--check` only compares,
// for CI. Run by scripts/generate.mjs as `node dist/cli/generate-docs.js`.
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurationDocument } from '../config/configuration-document.js';
import { defaultsSource } from '../config/defaults-source.js';
import { publishedJsonSchema } from '../config/json-schema.js';
import { doctorDocument } from '../doctor/doctor-document.js';
import { rebuildSql, rollupsSql } from '../export/clickhouse-rollups.js';
import { kafkaSql, oldTablesSql, tablesSql } from '../export/clickhouse-schema.js';
import { collectorsDocument } from '../export/collectors-document.js';
import { postgresSchema } from '../export/postgres-schema.js';
import { errorsDocument } from '../ops/errors-document.js';
import { summaryJsonSchema } from '../summary/schema.js';
import { summaryDocument } from '../summary/summary-document.js';

/** A generated file. */
export interface GeneratedDocument {
  /** Path from the top of the repository. */
  path: string;
  /** The whole text. */
  text(): string;
}

/** JSON as it stands in the repository. */
export const jsonText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Every generated document; add new ones here. */
export const generatedDocuments: readonly GeneratedDocument[] = [
  { path: 'config/rtpsonde.schema.json', text: () => jsonText(publishedJsonSchema()) },
  { path: 'src/config/defaults.gen.ts', text: defaultsSource },
  { path: 'deploy/clickhouse/01-tables.sql', text: tablesSql },
  { path: 'deploy/clickhouse/02-rollups.sql', text: rollupsSql },
  { path: 'deploy/clickhouse/03-kafka.sql', text: kafkaSql },
  { path: 'deploy/clickhouse/18.16/tables.sql', text: oldTablesSql },
  { path: 'deploy/clickhouse/rebuild-rollups.sql', text: rebuildSql },
  { path: 'deploy/postgres/schema.sql', text: postgresSchema },
  { path: 'docs/collectors.md', text: collectorsDocument },
  { path: 'docs/configuration.md', text: configurationDocument },
  { path: 'docs/doctor.md', text: doctorDocument },
  { path: 'docs/errors.md', text: errorsDocument },
  { path: 'docs/summary.md', text: summaryDocument },
  { path: 'docs/summary.schema.json', text: summaryJsonSchema },
];

/** Paths of documents whose file differs from what would be generated. */
export function staleDocuments(root: string, documents = generatedDocuments): string[] {
  return documents
    .filter(({ path, text }) => {
      const file = join(root, path);
      return !existsSync(file) || readFileSync(file, 'utf8') !== text();
    })
    .map(({ path }) => path);
}

/** Writes those that differ. */
export function writeDocuments(root: string, documents = generatedDocuments): void {
  const stale = new Set(staleDocuments(root, documents));
  for (const { path, text } of documents.filter((document) => stale.has(document.path))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text());
  }
}

function main(): void {
  // dist/cli/generate-docs.js
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  if (!process.argv.includes('--check')) {
    writeDocuments(root);
    return;
  }
  const stale = staleDocuments(root);
  if (stale.length === 0) return;
  process.stderr.write(`stale generated files, run \`npm run generate\`:\n  ${stale.join('\n  ')}\n`);
  process.exitCode = 1;
}

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url))) main();
