// Summaries as rows of ClickHouse.
import { RtpsondeError } from '../../ops/errors.js';
import { ClickHouseExporter } from '../clickhouse-exporter.js';
import type { Collector, ConfigOf } from '../collector.js';
import { compressionWords } from '../compression.js';

export const clickhouse: Collector<ConfigOf<'clickhouse'>> = {
  type: 'clickhouse',
  title: 'ClickHouse',
  promise: 'At least once: rows are delivered when ClickHouse answers that it has stored them.',
  recognise:
    'Token of the insert (`insert_deduplication_token`, from the ids in it); `id` of each row: ReplacingMergeTree keeps one.',
  mapping:
    'A table for each kind of summary: `windows`, `streams`, `captures`. A column for each field, in snake case with its unit (`jitterMs.mean` is `jitter_mean_ms`), described in the schema itself; lists and what belongs to few streams (`endpoint`, `rtcp_feedback`) are JSON text. Unknown is NULL. MOS has columns of its own for each scale: `mos_cq_nb`, `mos_cq_wb`, `mos_cq_fb`.',
  example: `
- type: clickhouse
  url: https://clickhouse.example:8443/
  user: rtpsonde
  password: {env: RTPSONDE_CLICKHOUSE_PASSWORD}
  batchMaxRecords: 20000
  batchMaxKiB: 65536
  batchMaxSeconds: 5
`,
  notes: `
The schema is in [deploy/clickhouse](../deploy/clickhouse): \`01-tables.sql\` (tables, retention by TTL, views \`*_unique\` without
duplicates), \`02-rollups.sql\` (a minute and an hour, as counts, sums and states of quantiles), \`03-kafka.sql\` (the tables filled from Kafka
instead, for many probes: [fleet.md](fleet.md)). It needs ClickHouse 22.2 or later.

\`\`\`sh
clickhouse-client --multiquery < deploy/clickhouse/01-tables.sql
clickhouse-client --multiquery < deploy/clickhouse/02-rollups.sql
\`\`\`

The user needs \`INSERT\` on the tables. ClickHouse likes few large inserts: a batch every few seconds, as in the example.
After an upgrade that adds fields, records wait until the new columns are there, as nothing may be dropped silently.

What is repeated after a lost answer is the same insert with the same token and is taken once, in tables and roll-ups. After a restart of
the probe a summary may come again in another insert: the tables merge it away (\`*_unique\` at once), the roll-ups count it until
\`rebuild-rollups.sql\` has made the day anew.

clickhouse-server 18.16 of Debian works with \`18.16/tables.sql\` and \`insertToken: false\`, without roll-ups.
`,
  words: ({ url, database, tables, compression }) =>
    `POST ${url}, tables ${tables.window}, ${tables.stream}, ${tables.capture} of ${database}${compressionWords(compression)}`,
  create(options, deps) {
    const { name, url, database, tables, user, password, insertToken, tls, compression, timeoutSeconds } =
      options;
    if (user !== 'default' && password === undefined)
      throw new RtpsondeError('ERR_CONFIG_INVALID', `exporter ${name}: user ${user} needs a password`);
    const timeoutMs = timeoutSeconds * 1000;
    const { version } = deps;
    return new ClickHouseExporter(
      {
        name,
        url,
        database,
        tables,
        user,
        secret: password,
        insertToken,
        tls,
        compression,
        timeoutMs,
        version,
      },
      deps,
    );
  },
};
