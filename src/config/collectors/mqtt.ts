// Options of the exporter `mqtt`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { brokerUrlSchema, commonKeys, deliveryKeys, tlsSchema } from './parts.js';

export const mqttSchema = z.strictObject({
  type: z.literal('mqtt').describe('Publish to an MQTT broker, QoS 1, one message a summary.'),
  ...commonKeys,
  url: brokerUrlSchema(['mqtt:', 'mqtts:'], 'mqtts://mqtt.example:8883').describe(
    'mqtt:// or mqtts:// (TLS) address of the broker.',
  ),
  version: z.enum(['3.1.1', '5']).default('5').describe('Version of the protocol.'),
  topic: z
    .string()
    .regex(/^[^+#\0]+$/, 'must not hold + or #')
    .default('rtpsonde/{probe}/{kind}')
    .describe('Topic; {probe} and {kind} stand for the name of the probe and window, stream or capture.'),
  clientId: z
    .string()
    .min(1)
    .exactOptional()
    .describe('Client identifier, unique at the broker. Default: rtpsonde and a number of its own.'),
  username: z.string().min(1).exactOptional().describe('User name. Default: none.'),
  password: secretSchema.exactOptional().describe('Password, as {env: NAME} or {file: PATH}.'),
  tls: tlsSchema.exactOptional().describe('Certificates for mqtts.'),
  ...deliveryKeys,
});
