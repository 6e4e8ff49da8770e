// Options of the exporter `nats`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { brokerUrlSchema, commonKeys, deliveryKeys, tlsSchema } from './parts.js';

export const natsSchema = z.strictObject({
  type: z.literal('nats').describe('Publish to NATS, one message a summary.'),
  ...commonKeys,
  url: brokerUrlSchema(['nats:', 'tls:'], 'tls://nats.example:4222').describe(
    'nats:// or tls:// address of the server.',
  ),
  subject: z
    .string()
    .regex(/^[^\s*>.]+(\.[^\s*>.]+)*$/, 'expected a subject without wildcards')
    .default('rtpsonde.{probe}.{kind}')
    .describe('Subject; {probe} and {kind} stand for the name of the probe and window, stream or capture.'),
  jetstream: z
    .boolean()
    .default(true)
    .describe(
      'Delivered when a JetStream stream has stored it. false: when the server has read it, whoever may listen.',
    ),
  username: z.string().min(1).exactOptional().describe('User name. Default: none.'),
  password: secretSchema.exactOptional().describe('Password, as {env: NAME} or {file: PATH}.'),
  token: secretSchema
    .exactOptional()
    .describe('Token instead of user name and password, as {env: NAME} or {file: PATH}.'),
  tls: tlsSchema.exactOptional().describe('Certificates for tls.'),
  ...deliveryKeys,
});
