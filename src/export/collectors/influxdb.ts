// Summaries as points of InfluxDB, by the API of 1.x or of 2.x.

import type { Collector, ConfigOf } from '../collector.js';
import { HttpExporter, type HttpForm } from '../http-exporter.js';
import { basicAuthorization } from '../http-secrets.js';
import { InfluxLines } from '../influx-lines.js';

type Options = ConfigOf<'influxdb'>;

/** Address of the API with what names the target. */
function writeUrl({ url, database, retentionPolicy, org, bucket }: Options): string {
  const whole = new URL(url);
  const path = whole.pathname.replace(/\/$/, '');
  whole.pathname = `${path}${database === undefined ? '/api/v2/write' : '/write'}`;
  const target = database === undefined ? { org, bucket } : { db: database, rp: retentionPolicy };
  for (const [key, value] of Object.entries(target))
    if (value !== undefined) whole.searchParams.set(key, value);
  whole.searchParams.set('precision', 'ns');
  return whole.href;
}

function influxForm({ tags, database, user }: Options): HttpForm {
  const lines = new InfluxLines(tags);
  return {
    async encode(batch) {
      return { body: await lines.encode(batch), headers: { 'Content-Type': 'text/plain; charset=utf-8' } };
    },
    // No such database or bucket: records wait for it. 400 and 422 may be about one point alone.
    remedy: (status) => (status === 404 ? 'retry-slowly' : 'split'),
    authorization: (secret) =>
      database === undefined ? `Token ${secret}` : basicAuthorization(user ?? '', secret),
  };
}

export const influxdb: Collector<Options> = {
  type: 'influxdb',
  title: 'InfluxDB',
  promise: 'At least once: a batch is delivered when the server answers 2xx.',
  recognise: 'Tags and time: the same summary is the same point, which is written again.',
  mapping:
    'Measurements `rtpsonde_windows`, `rtpsonde_streams`, `rtpsonde_captures`; fields and their units as the columns of [schema.sql](../deploy/postgres/schema.sql). Integers have the suffix `i` (64 bits), other numbers are floats; times are integers, ns since 1970. Unknown is left out. Objects and lists (histograms, reports of the endpoint) have no place in a point and are left out.',
  example: `
- type: influxdb
  url: https://influxdb.example:8086
  org: voice
  bucket: rtp
  token: {env: RTPSONDE_INFLUXDB_TOKEN}
`,
  notes: `
For 1.x (and VictoriaMetrics) give \`database\`, \`user\` and \`password\` instead of \`org\`, \`bucket\` and \`token\`.

A series costs memory of the server for good, so nothing without bounds is a tag unless you ask for it: \`stream_id\`, addresses and
SSRC are fields. \`tags: [codec, interface, stream_id]\` makes \`stream_id\` one; do so only with a short retention, or with a server
that bears it.

InfluxDB knows a point by its tags and time alone. Streams of one window with the same tags would overwrite each other; therefore each
point lies at a time of its own within its window, computed from its \`id\` (for whole streams: within a second after \`end_time\`).
\`GROUP BY time(10s)\` finds it in the right window; the exact times are the fields \`window_start\`, \`start_time\`, \`end_time\`.

\`\`\`sql
SELECT mean(loss_ratio), percentile(jitter_mean_ms, 95) FROM rtpsonde_windows WHERE time > now() - 1h GROUP BY time(10s), codec
\`\`\`
`,
  words: (options) => {
    const { url, database, org, bucket } = options;
    return `${url}, ${database === undefined ? `bucket ${org}/${bucket}` : `database ${database}`}`;
  },
  create(options, deps) {
    const { name, token, password, tls, compression, timeoutSeconds } = options;
    return new HttpExporter(
      {
        name,
        form: influxForm(options),
        url: writeUrl(options),
        secret: token ?? password,
        tls,
        compression,
        timeoutMs: timeoutSeconds * 1000,
        version: deps.version,
      },
      deps,
    );
  },
};
