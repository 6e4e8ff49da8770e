// Options of the exporter `prometheus`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { commonKeys, maxGroupsKey, tlsSchema } from './parts.js';

/** `host:port`; the host may be left out for all addresses, IPv6 stands in brackets. */
export const LISTEN_PATTERN = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]\s/]*):(\d{1,5})$/;

export const prometheusSchema = z.strictObject({
  type: z.literal('prometheus').describe('Let Prometheus fetch metrics: serve /metrics.'),
  ...commonKeys,
  listen: z
    .string()
    .regex(LISTEN_PATTERN, {
      error: 'expected an address and a port, for example 127.0.0.1:9464 or [::1]:9464',
      abort: true,
    })
    .refine((listen) => Number(listen.split(':').at(-1)) <= 65_535, 'the port must be 65535 or less')
    .default('127.0.0.1:9464')
    .describe('Address and port to listen on; without an address (`:9464`) on all of them.'),
  token: secretSchema
    .exactOptional()
    .describe('Bearer token that Prometheus must show, as {env: NAME} or {file: PATH}. Default: none.'),
  tls: tlsSchema
    .refine(({ certFile }) => certFile !== undefined, {
      error: 'a server needs `certFile` and `keyFile`',
    })
    .exactOptional()
    .describe('Serve https with certFile and keyFile; with caFile, clients need a certificate signed by it.'),
  ...maxGroupsKey,
  streams: z
    .boolean()
    .default(false)
    .describe('Tell of single streams too: series that come and go with every call.'),
  maxStreams: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe('Most single streams to tell of, with four series each; the others are counted.'),
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(300)
    .default(10)
    .describe('Give up a client that is slower with its request or with reading its answer.'),
});
