// Summaries as rows of PostgreSQL, or of Timescale when its extension is there.
import type { Collector, ConfigOf } from '../collector.js';
import { PostgresExporter } from '../postgres-exporter.js';

export const postgres: Collector<ConfigOf<'postgres'>> = {
  type: 'postgres',
  title: 'PostgreSQL, Timescale',
  promise: 'At least once: a batch is delivered when its transaction is committed.',
  recognise: 'Primary key (`id` and time): a row that is there already is left alone.',
  mapping:
    'A table for each kind: `windows`, `streams`, `captures`; columns with their units as in [schema.sql](../deploy/postgres/schema.sql). Unknown is NULL. Times are kept to the microsecond, objects and lists as `jsonb`; the character U+0000 becomes U+FFFD.',
  example: `
- type: postgres
  url: postgresql://probe@db.example/voice
  password: {env: RTPSONDE_POSTGRES_PASSWORD}
  tls: {caFile: /etc/rtpsonde/ca.pem}
`,
  notes: `
Set up once, as the owner of the database: \`psql -v ON_ERROR_STOP=1 -d voice -f deploy/postgres/schema.sql\`; the
grants that the role of the probe needs are at its top (INSERT alone, and temporary tables). Apply it again after an
update of rtpsonde. With \`createTables: true\` the probe does so itself. What is missing is said in the log, and
records wait until it is there.

When the extension \`timescaledb\` is in the database, \`schema.sql\` makes hypertables with chunks of a day;
\`SELECT add_retention_policy('rtpsonde.windows', INTERVAL '90 days');\` removes old ones. Without it,
\`DELETE FROM rtpsonde.windows WHERE window_start < now() - INTERVAL '90 days'\` from a daily job does. TLS is never left
out once \`tls\` is given, and the certificate is always checked. Behind PgBouncer, pool by session: staging tables belong to
the connection. MOS of different scales are in columns of their own (\`mos_cq_nb\`, \`mos_cq_wb\`, \`mos_cq_fb\`).

\`\`\`sql
-- The worst narrowband streams of the last hour.
SELECT stream_id, src_address, dst_address, codec, mos_cq_nb, loss_ratio, jitter_mean_ms
  FROM rtpsonde.streams WHERE end_time > now() - INTERVAL '1 hour' AND mos_cq_nb IS NOT NULL
  ORDER BY mos_cq_nb LIMIT 20;
\`\`\`
`,
  words: ({ url, schema }) => `${withoutUser(url)}, schema ${schema}`,
  create: (options) => new PostgresExporter(options),
};

function withoutUser(url: string): string {
  const { host, pathname } = new URL(url);
  return `postgresql://${host}${pathname}`;
}
