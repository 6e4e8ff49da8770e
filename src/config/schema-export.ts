// The section `export`: where summaries go. Each entry is an exporter with a
// lane of its own, so that one that is slow or down holds up none of the others.
import { z } from 'zod';
import { nameSchema } from './schema-capture.js';
import { secretSchema } from './secret.js';

export const summaryKinds = ['window', 'stream', 'capture'] as const;

const common = {
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

const fileSchema = z.strictObject({
  type: z.literal('file').describe('Write to a file.'),
  ...common,
  path: z
    .string()
    .min(1)
    .describe('File to append NDJSON to; a rotated file gets the UTC time of its end in its name.'),
  rotate: z
    .strictObject({
      maxMiB: z
        .number()
        .min(1)
        .max(1_048_576)
        .default(100)
        .describe('Start a new file when this one would grow beyond so many MiB.'),
      maxFiles: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .default(10)
        .describe('Files to keep, the current one included.'),
      everySeconds: z
        .number()
        .int()
        .min(10)
        .max(31_536_000)
        .exactOptional()
        .describe('Start a new file at least every so many seconds. Default: by size alone.'),
    })
    .prefault({})
    .describe('When to start a new file, and how many to keep.'),
});

const stdoutSchema = z.strictObject({
  type: z.literal('stdout').describe('Write to standard output, one JSON object a line.'),
  ...common,
});

const tlsSchema = z
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

const httpSchema = z.strictObject({
  type: z.literal('http').describe('POST batches of NDJSON.'),
  ...common,
  url: z
    .string()
    .superRefine((url, context) => {
      const message = urlProblem(url);
      if (message !== null) context.addIssue({ code: 'custom', message, path: [], input: url });
    })
    .describe('http:// or https:// address to POST to.'),
  token: secretSchema.exactOptional().describe('Bearer token (RFC 6750), as {env: NAME} or {file: PATH}.'),
  tls: tlsSchema.exactOptional().describe('Certificates for https.'),
  gzip: z.boolean().default(true).describe('Compress each request.'),
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
});

/** What is wrong with the URL of a collector, or null. Does not repeat the URL: it may hold a password. */
function urlProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'expected a URL, for example https://collector.example/summaries';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'expected an http:// or https:// URL';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password; use `token`';
  return null;
}

export const exporterSchema = z.discriminatedUnion('type', [fileSchema, stdoutSchema, httpSchema]);

export const exportSchema = z
  .array(exporterSchema)
  .min(1)
  .superRefine((exporters, context) => {
    const problem = (index: number, key: string, message: string) =>
      context.addIssue({ code: 'custom', message, path: [index, key], input: exporters });

    exporters.forEach((exporter, index) => {
      const before = exporters.slice(0, index);
      if (exporter.name !== undefined && before.some(({ name }) => name === exporter.name))
        problem(index, 'name', `another exporter is named ${exporter.name}`);
      if (
        exporter.type === 'file' &&
        before.some((other) => other.type === 'file' && other.path === exporter.path)
      )
        problem(index, 'path', 'another exporter writes to this file');
      if (exporter.type === 'stdout' && before.some(({ type }) => type === 'stdout'))
        problem(index, 'type', 'another exporter writes to standard output');
    });
  });
