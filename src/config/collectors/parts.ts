// What the options of several collectors have in common.
import * as zlib from 'node:zlib';
import { z } from 'zod';
import { nameSchema } from '../schema-capture.js';
import { secretSchema } from '../secret.js';

export const summaryKinds = ['window', 'stream', 'capture'] as const;

/** Of every exporter. */
export const commonKeys = {
  name: nameSchema
    .exactOptional()
    .describe(
      'Name of this exporter in logs and metrics, unique. Default: its type, numbered when there are several.',
    ),
  include: z
    .array(z.enum(summaryKinds))
    .min(1)
    .default([...summaryKinds])
    .describe(
      'Kinds of summary to send: `window` (a stream within one window), `stream` (a whole stream at its end), `capture` (the probe itself).',
    ),
};

/** Certificates of a connection by TLS. */
export const tlsSchema = z
  .strictObject({
    caFile: z
      .string()
      .min(1)
      .exactOptional()
      .describe('PEM file of the authorities to trust instead of the built-in ones.'),
    certFile: z.string().min(1).exactOptional().describe('PEM file of the client certificate.'),
    keyFile: z.string().min(1).exactOptional().describe('PEM file of its private key.'),
  })
  .superRefine((tls, context) => {
    const missing = (tls.certFile === undefined) !== (tls.keyFile === undefined);
    if (missing)
      context.addIssue({
        code: 'custom',
        message: '`certFile` and `keyFile` go together',
        path: [],
        input: tls,
      });
  });

/** Of every collector that is reached over the network: batches, repetitions, what may wait. */
export const deliveryKeys = {
  batchMaxRecords: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('Most summaries in one request.'),
  batchMaxKiB: z
    .number()
    .int()
    .min(16)
    .max(65_536)
    .default(1024)
    .describe('Most KiB in one request, before compression.'),
  batchMaxSeconds: z
    .number()
    .min(0)
    .max(300)
    .default(1)
    .describe('Longest that a summary waits for its batch to fill, in seconds.'),
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(300)
    .default(10)
    .describe('Give up a request after so many seconds and try it again.'),
  retry: z
    .strictObject({
      initialMs: z
        .number()
        .int()
        .min(10)
        .max(600_000)
        .default(500)
        .describe('Wait in ms before the first repetition; doubled each time, with jitter.'),
      maxMs: z
        .number()
        .int()
        .min(10)
        .max(3_600_000)
        .default(60_000)
        .describe('Longest wait in ms. A Retry-After of the collector goes before it.'),
    })
    .refine(({ initialMs, maxMs }) => initialMs <= maxMs, {
      error: 'must not be lower than initialMs',
      path: ['maxMs'],
    })
    .prefault({})
    .describe('How failed requests are repeated: for ever, ever more slowly.'),
  queueMaxRecords: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .default(100_000)
    .describe('Summaries that may wait for the collector. Above it the oldest are dropped and counted.'),
};

/** Kinds of summary for a collector that takes figures of streams alone; @param kinds the default */
export function measuredKinds(kinds: ('window' | 'stream')[]) {
  return z
    .array(z.enum(['window', 'stream']))
    .min(1)
    .default(kinds);
}

/** Where a collector is that is not reached by a URL. */
export const hostKey = {
  host: z
    .string()
    .regex(/^[0-9A-Za-z._:-]+$/, 'expected a host name or an IP address')
    .describe('Host name or IP address of the collector.'),
};

export function portKey(port: number) {
  return { port: z.number().int().min(1).max(65_535).default(port).describe('Its port.') };
}

/** Of collectors that acknowledge nothing, over a connection. */
export const resendKey = {
  resendSeconds: z
    .number()
    .min(0)
    .max(600)
    .default(30)
    .describe(
      'Over TCP and TLS: when the connection breaks, what was written in so many seconds before is written again. 0 repeats nothing.',
    ),
};

/** A bearer token (RFC 6750). */
export const tokenKey = {
  token: secretSchema.exactOptional().describe('Bearer token (RFC 6750), as {env: NAME} or {file: PATH}.'),
};

/** Whether this Node has zstd, which Node 20 has not. */
const hasZstd = 'zstdCompress' in zlib;

/** For options of compression: what this Node cannot do is a fault of the configuration. */
export function refuseUnknownToNode(compression: string, context: z.RefinementCtx): void {
  if (compression !== 'zstd' || hasZstd) return;
  const message = `zstd needs Node 22.15 or later, this is ${process.version}; use gzip`;
  context.addIssue({ code: 'custom', message, path: [], input: compression });
}

/** Of every collector that is spoken to by HTTP. */
export const httpKeys = {
  tls: tlsSchema.exactOptional().describe('Certificates for https.'),
  compression: z
    .enum(['gzip', 'zstd', 'none'])
    .superRefine(refuseUnknownToNode)
    .default('gzip')
    .describe(
      'How requests are compressed; `zstd` needs Node 22.15 or later, and a collector that takes it.',
    ),
  ...deliveryKeys,
};

/** The http:// or https:// address of a collector, for example `example`. */
export const httpUrlSchema = (example: string) => urlSchema(['http:', 'https:'], example);

/** The address of a broker, by one of these protocols. */
export const brokerUrlSchema = (protocols: readonly string[], example: string) =>
  urlSchema(protocols, example).refine((url) => !URL.canParse(url) || new URL(url).hostname !== '', {
    error: `expected a URL, for example ${example}`,
  });

function urlSchema(protocols: readonly string[], example: string) {
  return z.string().superRefine((url, context) => {
    const message = urlProblem(url, protocols, example);
    if (message !== null) context.addIssue({ code: 'custom', message, path: [], input: url });
  });
}

/** What is wrong with the URL of a collector, or null. Does not repeat the URL: it may hold a password. */
function urlProblem(text: string, protocols: readonly string[], example: string): string | null {
  if (!URL.canParse(text)) return `expected a URL, for example ${example}`;
  const url = new URL(text);
  if (!protocols.includes(url.protocol)) {
    const named = protocols.map((protocol) => `${protocol}//`).join(' or ');
    return `expected ${named.startsWith('n') ? 'a' : 'an'} ${named} URL`;
  }
  if (url.username !== '' || url.password !== '')
    return 'must not hold a user name or password; use the options for them';
  return null;
}

/** Of collectors that get streams as groups. */
export const maxGroupsKey = {
  maxGroups: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe(
      'Most groups (codec, DSCP, VLAN, interface, MOS scale), of some 60 series each. Further ones are told as one group `other`; the log says so.',
    ),
};
