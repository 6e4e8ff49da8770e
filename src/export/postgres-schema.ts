// The tables of PostgreSQL, from the columns that all collectors share.
// deploy/postgres/schema.sql is generated from here.
import { factsOf } from './column-facts.js';
import { type Column, type ColumnType, columnsFor, tableNames, timeColumns } from './columns.js';
import type { SummaryKind } from './exporter.js';

/** `time` is kept to the microsecond, rounded. */
export const postgresTypes: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  integer: 'bigint',
  real: 'double precision',
  time: 'timestamptz',
  boolean: 'boolean',
  json: 'jsonb',
};

export const kinds: readonly SummaryKind[] = ['window', 'stream', 'capture'];

/** A name in SQL, whatever it holds. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const HEAD = `-- Tables of rtpsonde for PostgreSQL 12 or newer, with or without Timescale.
-- Generated from src/export/columns.ts by \`npm run generate\`.
--   psql -v ON_ERROR_STOP=1 -d DATABASE -f schema.sql
-- May be applied again: after an update it adds the columns that are new.
-- The role of the probes needs no more than this:
--   GRANT TEMPORARY ON DATABASE ... TO probe;
--   GRANT USAGE ON SCHEMA rtpsonde TO probe;
--   GRANT INSERT ON ALL TABLES IN SCHEMA rtpsonde TO probe;
`;

/** SQL that makes all that is missing. Not for text from outside: it may run as an owner. */
export function postgresSchema(schema = 'rtpsonde'): string {
  return `${HEAD}
BEGIN;
-- Several probes may start at once.
SELECT pg_advisory_xact_lock(hashtext('rtpsonde schema'));
CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
SET LOCAL search_path TO ${quoted(schema)}, public;

${kinds.map(tableSql).join('\n')}
-- With Timescale each table is cut into chunks by its time.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
${kinds.map(hypertableSql).join('\n')}
  END IF;
END
$$;
COMMIT;
`;
}

function tableSql(kind: SummaryKind): string {
  const table = tableNames[kind];
  const time = timeColumns[kind];
  const columns = columnsFor(kind);
  const [head, rest] = [columns.filter(isKey), columns.filter((column) => !isKey(column))];
  const byStream = columns.some(({ name }) => name === 'stream_id')
    ? `CREATE INDEX IF NOT EXISTS ${table}_stream ON ${table} (stream_id, ${time});\n`
    : '';
  return `CREATE TABLE IF NOT EXISTS ${table} (
${head.map((column) => `  ${columnSql(column)} NOT NULL,`).join('\n')}
  PRIMARY KEY (id, ${time})
);
ALTER TABLE ${table}
${rest.map((column, i) => `  -- ${factsOf(column).describe}\n  ADD COLUMN IF NOT EXISTS ${columnSql(column)}${i === rest.length - 1 ? ';' : ','}`).join('\n')}
CREATE INDEX IF NOT EXISTS ${table}_time ON ${table} (${time});
${byStream}`;

  function isKey({ name }: Column): boolean {
    return name === 'id' || name === time;
  }
}

const columnSql = ({ name, type }: Column) => `${quoted(name)} ${postgresTypes[type]}`;

function hypertableSql(kind: SummaryKind): string {
  const options = 'create_default_indexes => FALSE, if_not_exists => TRUE, migrate_data => TRUE';
  return `    PERFORM create_hypertable('${tableNames[kind]}', '${timeColumns[kind]}',
      chunk_time_interval => INTERVAL '1 day', ${options});`;
}
