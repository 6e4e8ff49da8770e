// Options of the exporter `kafka`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { commonKeys, deliveryKeys, refuseUnknownToNode, tlsSchema } from './parts.js';

/** What Kafka allows in the name of a topic. */
const topicSchema = z
  .string()
  .max(249)
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]+$/, 'expected the name of a topic: letters, digits, `.`, `_` and `-`');

const topic = (kind: string, what: string) =>
  topicSchema.default(`rtpsonde.${kind}`).describe(`Topic for summaries of ${what}.`);

const brokerSchema = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:/@[\]]+):\d{1,5}$/, 'expected HOST:PORT, for example kafka.example:9092')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'the port is above 65535');

const saslSchema = z
  .strictObject({
    mechanism: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
      .describe('SASL mechanism (RFC 4616, RFC 5802, RFC 7677); `plain` only over TLS.'),
    username: z.string().min(1).describe('Name of the user.'),
    password: secretSchema.describe('Password of the user, as {env: NAME} or {file: PATH}.'),
  })
  .exactOptional()
  .describe('How the probe shows who it is. Default: not at all.');

export const kafkaSchema = z.strictObject({
  type: z.literal('kafka').describe('Produce to Apache Kafka.'),
  ...commonKeys,
  brokers: z
    .array(brokerSchema)
    .min(1)
    .describe('Brokers to ask first, as HOST:PORT; the others are learnt from them.'),
  clientId: z
    .string()
    .regex(/^\S+$/, 'must not hold spaces')
    .default('rtpsonde')
    .describe('Name of this client in the logs and quotas of the brokers.'),
  topics: z
    .strictObject({
      window: topic('window', 'a stream in a window'),
      stream: topic('stream', 'a whole stream'),
      capture: topic('capture', 'the capture'),
    })
    .prefault({})
    .describe('A topic for each kind of summary.'),
  createTopics: z
    .boolean()
    .default(false)
    .describe('Ask the brokers to create topics that are missing, with the defaults of the brokers.'),
  key: z
    .enum(['stream', 'pair'])
    .default('stream')
    .describe(
      'Key of a message, which decides its partition and so what keeps its order: `stream` (streamId) or `pair` (pairId: both directions together). Captures have the name of the probe.',
    ),
  compression: z
    .enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    .superRefine(refuseUnknownToNode)
    .default('lz4')
    .describe('How batches are compressed; `zstd` needs Node 22.15 or later.'),
  sasl: saslSchema,
  tls: tlsSchema
    .exactOptional()
    .describe('Speak TLS; `{}` trusts the built-in authorities. Default: no TLS.'),
  ...deliveryKeys,
});
