// The schema in ClickHouse: deploy/clickhouse/*.sql, generated from the columns.
import { columnLines, type Dialect, extractLines } from './clickhouse-types.js';
import { tableNames, timeColumns } from './columns.js';
import type { SummaryKind } from './exporter.js';

const NOTICE = '-- Generated from src/export/columns.ts by `npm run generate`. Do not edit.';
const DATABASE = 'rtpsonde';
const KINDS: readonly SummaryKind[] = ['window', 'stream', 'capture'];

/** Days that rows are kept; an ALTER TABLE ... MODIFY TTL changes it. */
const KEPT_DAYS: Readonly<Record<SummaryKind, number>> = { window: 30, stream: 90, capture: 90 };
/** Inserted blocks that are remembered, so that one that comes twice is known. */
const REMEMBERED_BLOCKS = 10_000;

/** deploy/clickhouse/01-tables.sql */
export function tablesSql(): string {
  const tables = KINDS.map((kind) => table(kind, 'current'));
  const views = KINDS.map(
    (kind) =>
      `CREATE VIEW IF NOT EXISTS ${DATABASE}.${tableNames[kind]}_unique AS SELECT * FROM ${DATABASE}.${tableNames[kind]} FINAL;\n`,
  );
  return `${NOTICE}
-- ClickHouse 22.2 or later. A row that is delivered twice is kept once: the block it comes in is known by its
-- insert_deduplication_token, and what comes in another block is merged away by its id (at once in *_unique).

CREATE DATABASE IF NOT EXISTS ${DATABASE};

${tables.join('\n')}
-- Every summary once, also before the merges: for everything that counts rows. Slower than the tables themselves.
${views.join('')}`;
}

/** deploy/clickhouse/18.16/tables.sql */
export function oldTablesSql(): string {
  return `${NOTICE}
-- For clickhouse-server 18.16 (Debian 11 and 12): times in whole seconds, no retention (drop partitions instead), no
-- known insert tokens (\`insertToken: false\`), no roll-ups. Prefer a current server and ../01-tables.sql.

CREATE DATABASE IF NOT EXISTS ${DATABASE};

${KINDS.map((kind) => table(kind, '18.16')).join('\n')}`;
}

function table(kind: SummaryKind, dialect: Dialect): string {
  const time = timeColumns[kind];
  const rest =
    dialect === '18.16'
      ? ''
      : `
TTL toDateTime(${time}) + INTERVAL ${KEPT_DAYS[kind]} DAY
SETTINGS non_replicated_deduplication_window = ${REMEMBERED_BLOCKS}, ttl_only_drop_parts = 1`;
  return `CREATE TABLE IF NOT EXISTS ${DATABASE}.${tableNames[kind]}
(
${columnLines(kind, dialect)}
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMMDD(${time})
ORDER BY (${time}, probe, id)${rest};
`;
}

/** deploy/clickhouse/03-kafka.sql */
export function kafkaSql(): string {
  return `${NOTICE}
-- Summaries from Kafka, for many probes: ClickHouse reads the topics itself (JSONAsString, handle_error_mode: 21.6 or
-- later). Not together with the exporter \`clickhouse\` of the same probes. Mind kafka_broker_list and, with several
-- ClickHouse servers, the same group names on all. What cannot be read goes to kafka_errors.

CREATE TABLE IF NOT EXISTS ${DATABASE}.kafka_errors
(
    received DateTime DEFAULT now(),
    topic LowCardinality(String),
    partition Int64,
    offset Int64,
    message String,
    error String
)
ENGINE = MergeTree
ORDER BY received
TTL received + INTERVAL 30 DAY;

${KINDS.map(kafkaTable).join('\n')}`;
}

function kafkaTable(kind: SummaryKind): string {
  const name = tableNames[kind];
  return `CREATE TABLE IF NOT EXISTS ${DATABASE}.kafka_${name}
(
    summary String
)
ENGINE = Kafka
SETTINGS kafka_broker_list = 'kafka:9092',
    kafka_topic_list = 'rtpsonde.${kind}',
    kafka_group_name = 'clickhouse-rtpsonde-${name}',
    kafka_format = 'JSONAsString',
    kafka_num_consumers = 1,
    kafka_handle_error_mode = 'stream';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.from_kafka_${name} TO ${DATABASE}.${name} AS
SELECT
${extractLines(kind)}
FROM ${DATABASE}.kafka_${name}
WHERE length(_error) = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.kafka_errors_${name} TO ${DATABASE}.kafka_errors AS
SELECT _topic AS topic, _partition AS partition, _offset AS offset, _raw_message AS message, _error AS error
FROM ${DATABASE}.kafka_${name}
WHERE length(_error) > 0;
`;
}
