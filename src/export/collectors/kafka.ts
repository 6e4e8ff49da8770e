// Summaries to Apache Kafka, a message each.
import zlib from 'node:zlib';
import { RtpsondeError } from '../../ops/errors.js';
import type { Collector, ConfigOf } from '../collector.js';
import { KafkaExporter } from '../kafka-exporter.js';

export const kafka: Collector<ConfigOf<'kafka'>> = {
  type: 'kafka',
  title: 'Apache Kafka',
  promise:
    'At least once: a batch is delivered when every replica in sync has it (`acks=all`). The producer is idempotent: what is only repeated because an answer was lost stands in the topic once.',
  recognise: '`id` of each summary.',
  mapping:
    'One summary a message, the JSON of summary.md as its value. Its key is `streamId` (or `pairId`, or the name of the probe), and decides the partition as in Java clients (murmur2): what belongs to a stream is in one partition and in order.',
  example: `
- type: kafka
  brokers: ["kafka1.example:9093", "kafka2.example:9093"]
  topics: {window: rtpsonde.window, stream: rtpsonde.stream, capture: rtpsonde.capture}
  sasl:
    mechanism: scram-sha-512
    username: rtpsonde
    password: {env: RTPSONDE_KAFKA_PASSWORD}
  tls: {caFile: /etc/rtpsonde/kafka-ca.pem}
`,
  notes: `
Create the topics first, with as many partitions as consumers will share the work, or set \`createTopics\`:

\`\`\`sh
kafka-topics.sh --bootstrap-server kafka1.example:9092 --create --topic rtpsonde.window --partitions 12 --replication-factor 3 --config min.insync.replicas=2
\`\`\`

The user needs \`Write\` and \`Describe\` on them (\`Create\` with \`createTopics\`). More partitions later move streams to other
partitions; only within one is there an order. \`acks=all\` is worth what \`min.insync.replicas\` of the topic says.

Compression happens on the thread that also reads sealed windows: \`lz4\` takes about 1 ms a MiB, \`gzip\` 30 times that. A request therefore
holds 512 KiB at most before compression (\`gzip\` 96 KiB), and one is under way at a time, which keeps the order: with a round trip of 20 ms that is some 5,000 summaries a
second. What is still more than the topic takes (\`max.message.bytes\`) is halved until it fits.

After a time-out, the batch is sent again under the same sequence numbers, so that the brokers recognise it. Duplicates remain possible
when the probe itself is started again, or a batch is given up: a reader that counts should recognise \`id\`.

Kafka from 2.4 on; tested with 4.1. Two parts of the client, @platformatic/kafka, ask npm for Node 22.19, which prints a warning on older ones;
the tests run on Node 20.
`,
  words: ({ brokers, topics, compression, tls, sasl }) =>
    `topics ${topics.window}, ${topics.stream}, ${topics.capture} at ${brokers.join(', ')}${tls === undefined ? '' : ', TLS'}${sasl === undefined ? '' : `, SASL ${sasl.mechanism}`}, ${compression}`,
  create(options) {
    const { name, brokers, clientId, topics, createTopics, key, compression, sasl, tls, timeoutSeconds } =
      options;
    if (compression === 'zstd' && !('zstdCompress' in zlib))
      throw new RtpsondeError(
        'ERR_CONFIG_INVALID',
        `exporter ${name}: compression zstd needs Node 22.15 or later, this is ${process.version}; choose lz4`,
      );
    const timeoutMs = timeoutSeconds * 1000;
    return new KafkaExporter({
      name,
      brokers,
      clientId,
      topics,
      createTopics,
      key,
      compression,
      sasl,
      tls,
      timeoutMs,
    });
  },
};
