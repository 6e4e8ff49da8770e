// Metrics and logs for OpenTelemetry.
import type { Collector, ConfigOf } from '../collector.js';
import { compressionWords } from '../compression.js';
import { OtlpExporter } from '../otlp/exporter.js';
import { EVENT_NAME, logAttributes } from '../otlp/logs.js';
import { metricRows } from '../otlp/metrics.js';

const metricTable = [
  '| metric | kind | unit | meaning (field of the summary) |',
  '| --- | --- | --- | --- |',
  ...metricRows.map(([name, kind, unit, help]) => `| \`${name}\` | ${kind} | \`${unit}\` | ${help} |`),
].join('\n');

const attributeTable = [
  '| attribute of a log record | field |',
  '| --- | --- |',
  ...logAttributes.map(({ name, field }) => `| \`${name}\` | ${field} |`),
].join('\n');

export const otlp: Collector<ConfigOf<'otlp'>> = {
  type: 'otlp',
  title: 'OpenTelemetry, OTLP/HTTP',
  promise:
    'At least once: a batch is delivered when the collector answers 2xx to both its metrics and its logs.',
  recognise: 'Metrics need not be: they are cumulative. Log records by `rtpsonde.summary.id`.',
  mapping: `Resource: \`service.name\` (rtpsonde), \`service.version\`, \`service.instance.id\` (name of the probe), and what \`resource\` adds.

Windows of streams are observations of histograms and add to sums, by group: attributes \`rtp.codec\`, \`rtp.dscp\`, \`rtp.vlan\`,
\`network.interface.name\` and \`rtp.mos.scale\` (never add up different ones); \`rtp.windows\` by \`rtp.mos.rating\` too. Temporality is
cumulative, from the start of the exporter; a request holds the groups that have changed, at the time it is made. Each bucket
brings as exemplar the stream that was counted in it last (\`rtp.stream.id\`).

${metricTable}

A stream that has ended is a log record, event \`${EVENT_NAME}\`, severity WARN when its rating is poor or bad and INFO otherwise. Its time is that of the
last packet, its body the whole summary ([summary.md](summary.md)) without what is unknown. Names are those of the semantic conventions
where these have one; \`rtp.\` and \`rtpsonde.\` are ours.

${attributeTable}`,
  example: `
- type: otlp
  url: https://otel.example:4318
  token: {env: RTPSONDE_COLLECTOR_TOKEN}
  resource: {deployment.environment.name: production}
`,
  notes: `
The OpenTelemetry Collector takes it with its \`otlp\` receiver:

\`\`\`yaml
receivers:
  otlp:
    protocols:
      http: {endpoint: 0.0.0.0:4318}
service:
  pipelines:
    metrics: {receivers: [otlp], exporters: [prometheusremotewrite]}
    logs: {receivers: [otlp], exporters: [loki]}
\`\`\`

Encoding is JSON, compressed. By the specification only 429, 502, 503 and 504 are tried again, with \`Retry-After\`; other refusals drop the batch and count it,
but for 401 and 403, where records wait until somebody has mended the token. A part that the collector refuses
(\`partialSuccess\`) is told in the log and not sent again; when it refuses all of a request the batch counts as dropped. What of metrics was dropped comes with the next
request, since sums go on.
`,
  words: ({ url, compression }) => `OTLP ${url}${compressionWords(compression)}`,
  create(options, deps) {
    const { name, url, token: secret, tls, compression, timeoutSeconds, resource, maxGroups } = options;
    const { version } = deps;
    return new OtlpExporter(
      { name, url, secret, tls, compression, timeoutMs: timeoutSeconds * 1000, version, resource, maxGroups },
      deps,
    );
  },
};
