// Summaries as NDJSON to any HTTP server. A batch carries a key by which a
// second delivery of it is recognised.
import type { Collector, ConfigOf } from '../collector.js';
import { compressionWords } from '../compression.js';
import { encodeBatch } from '../encode.js';
import { HttpExporter, type HttpForm } from '../http-exporter.js';

/** One summary a line. */
export const ndjson: HttpForm = {
  async encode(batch) {
    const { body, key } = await encodeBatch(batch);
    return {
      body,
      headers: { 'Content-Type': 'application/x-ndjson', 'Idempotency-Key': key, 'X-Rtpsonde-Batch': key },
    };
  },
};

export const http: Collector<ConfigOf<'http'>> = {
  type: 'http',
  title: 'HTTP, NDJSON',
  promise: 'At least once: a batch is delivered when the server answers 2xx.',
  recognise: '`Idempotency-Key` of the batch, `id` of each summary.',
  mapping: 'One summary a line, as in summary.md.',
  example: `
- type: http
  name: collector
  url: https://collector.example/summaries
  token: {env: RTPSONDE_COLLECTOR_TOKEN}
`,
  words: ({ url, compression }) => `POST ${url}${compressionWords(compression)}`,
  create(options, deps) {
    const { name, url, token: secret, tls, compression, timeoutSeconds } = options;
    const timeoutMs = timeoutSeconds * 1000;
    return new HttpExporter(
      { name, form: ndjson, url, secret, tls, compression, timeoutMs, version: deps.version },
      deps,
    );
  },
};
