// The summaries that leave the probe: one definition for types, validation and
// the published JSON Schema.
import { z } from 'zod';
import { captureFields } from './schema-capture.js';
import { delayFields, skewDriftSchema } from './schema-delay.js';
import { directionFields } from './schema-direction.js';
import { lossFields } from './schema-loss.js';
import { mosSchema } from './schema-mos.js';
import { count, time } from './schema-parts.js';
import { rtcpFields } from './schema-rtcp.js';
import { streamFields } from './schema-stream.js';
import { SCHEMA_VERSION } from './version.js';

const head = {
  schema: z.literal(SCHEMA_VERSION).describe('Version of this schema'),
  id: z.string().describe('Stable id: the same summary delivered twice has the same id'),
  probe: z.string().describe('Name of the probe'),
};

const measured = {
  ...streamFields,
  ...lossFields,
  ...delayFields,
  ...rtcpFields,
  ...directionFields,
  mos: mosSchema,
};

export const windowSummarySchema = z.strictObject({
  kind: z.literal('window').describe('What the line speaks of'),
  ...head,
  windowStart: time('Start of the window'),
  windowEnd: time('End of the window'),
  ...measured,
  recovered: count('Losses told by earlier windows that are taken back'),
});

export const streamSummarySchema = z.strictObject({
  kind: z.literal('stream').describe('What the line speaks of'),
  ...head,
  endReason: z
    .enum(['idle', 'end-of-capture', 'evicted', 'stopped', 'shed'])
    .describe('Why the stream was closed; shed: the probe could not keep up, and measures it no longer'),
  ...measured,
  skewDrift: skewDriftSchema,
});

export const captureSummarySchema = z.strictObject({
  kind: z.literal('capture').describe('What the line speaks of'),
  ...head,
  windowStart: time('Start of the window'),
  windowEnd: time('End of the window'),
  ...captureFields,
});

export const summarySchema = z.discriminatedUnion('kind', [
  windowSummarySchema,
  streamSummarySchema,
  captureSummarySchema,
]);

export type WindowSummary = z.infer<typeof windowSummarySchema>;
export type StreamSummary = z.infer<typeof streamSummarySchema>;
export type CaptureSummary = z.infer<typeof captureSummarySchema>;
export type Summary = z.infer<typeof summarySchema>;

/** The published schema as a document. */
export function summaryJsonSchema(): string {
  const schema = z.toJSONSchema(summarySchema, { target: 'draft-2020-12' });
  return `${JSON.stringify({ ...schema, title: 'rtpsonde summaries' }, null, 2)}\n`;
}
