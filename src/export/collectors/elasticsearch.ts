// Summaries as documents of Elasticsearch or OpenSearch.

import type { Collector, ConfigOf } from '../collector.js';
import { bulkForm } from '../elasticsearch-bulk.js';
import { HttpExporter } from '../http-exporter.js';
import { basicAuthorization } from '../http-secrets.js';

export const elasticsearch: Collector<ConfigOf<'elasticsearch'>> = {
  type: 'elasticsearch',
  title: 'Elasticsearch, OpenSearch',
  promise:
    'At least once: a batch is delivered when the bulk API has taken every record. Records that it refuses are found, dropped and counted; the others of their batch are kept.',
  recognise:
    '`_id` is the `id` of the summary: a second `create` is refused with 409, which counts as delivered.',
  mapping:
    'The summary as it is in summary.md, with `@timestamp`: the start of its window, or the end of a whole stream. Unknown is null, which is not indexed.',
  example: `
- type: elasticsearch
  url: https://elasticsearch.example:9200
  token: {env: RTPSONDE_ELASTICSEARCH_API_KEY}
  tls: {caFile: /etc/rtpsonde/ca.pem}
`,
  notes: `
Put the index template there first:
\`curl -X PUT https://elasticsearch.example:9200/_index_template/rtpsonde -H 'Content-Type: application/json' -d @deploy/elasticsearch/template.json\`.
Without it the cluster guesses types from the first value that it sees: a loss ratio of 0 makes the field an integer, and all that
follow are cut off to 0 without a word. The API key needs \`create_doc\` and \`auto_configure\` on \`rtpsonde-*\`.

The index is named by the day of the summary, so that a second delivery finds the first however late it comes; old days are deleted
as whole indices (ILM). With a name without \`{date}\`, such as \`rtpsonde-{kind}\`, summaries go to one index or, with a template that says
\`data_stream\`, to a data stream; there a second delivery is recognised within one backing index only. Use \`filter_path\` rights and
Tested against a contract of the bulk API, not against a cluster:
Debian has none.
`,
  words: ({ url, index }) => `${url}, index ${index}`,
  create(options, deps) {
    const { name, url, index, token, user, password, tls, compression, timeoutSeconds } = options;
    const bulk = new URL(url);
    bulk.pathname = `${bulk.pathname.replace(/\/$/, '')}/_bulk`;
    const authorization = (secret: string) =>
      user === undefined ? `ApiKey ${secret}` : basicAuthorization(user, secret);
    return new HttpExporter(
      {
        name,
        form: { ...bulkForm(index), authorization },
        url: bulk.href,
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
