// Summaries as messages of NATS, kept by JetStream.
import type { Collector, ConfigOf } from '../collector.js';
import { MessagesExporter } from '../messages/exporter.js';
import { NatsBroker } from '../messages/nats.js';

export const nats: Collector<ConfigOf<'nats'>> = {
  type: 'nats',
  title: 'NATS',
  promise:
    'At least once: a summary is delivered when JetStream has stored it; with `jetstream: false`, when the server has read it.',
  recognise:
    '`Nats-Msg-Id` is the `id` of the summary: JetStream drops it by itself within the `duplicate_window` of the stream.',
  mapping: `One summary a message, JSON as in summary.md, with the subject \`rtpsonde.{probe}.{kind}\` (\`subject\`). In the name of the probe \`.\`, \`*\`, \`>\` and
spaces become \`_\`.`,
  example: `
- type: nats
  url: tls://nats.example:4222
  token: {env: RTPSONDE_COLLECTOR_TOKEN}
`,
  notes: `
JetStream needs a stream that takes the subjects; the longer its window for duplicates, the later a repetition may come:

\`\`\`sh
nats stream add RTPSONDE --subjects 'rtpsonde.>' --storage file --retention limits --max-age 7d --dupe-window 1h --defaults
nats consumer add RTPSONDE reader --pull --filter 'rtpsonde.*.stream' --defaults
\`\`\`

Without one, records wait and the log says so. Up to 100 messages are on their way at a time; what is larger than \`max_payload\` of the server is dropped and counted.
`,
  words: ({ url, subject, jetstream }) => `NATS ${url}, subject ${subject}${jetstream ? ', JetStream' : ''}`,
  create(options) {
    const { name, url, username, password, token, subject, jetstream, tls, timeoutSeconds } = options;
    const timeoutMs = timeoutSeconds * 1000;
    const broker = new NatsBroker({ url, username, password, token, subject, jetstream, timeoutMs });
    return new MessagesExporter({ name, tls, timeoutMs }, broker);
  },
};
