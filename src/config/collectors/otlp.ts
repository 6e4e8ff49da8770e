// Options of the exporter `otlp`.
import { z } from 'zod';
import { commonKeys, httpKeys, httpUrlSchema, maxGroupsKey, tokenKey } from './parts.js';

export const otlpSchema = z.strictObject({
  type: z.literal('otlp').describe('Send metrics and logs by OTLP/HTTP (OpenTelemetry), as JSON.'),
  ...commonKeys,
  url: httpUrlSchema('https://otel.example:4318').describe(
    'http:// or https:// address of the collector; `/v1/metrics` and `/v1/logs` are added to its path.',
  ),
  ...tokenKey,
  resource: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe(
      'Attributes of the resource besides `service.name`, `service.version` and `service.instance.id`, or instead of them.',
    ),
  ...maxGroupsKey,
  ...httpKeys,
  // A request carries all groups that have changed, whatever the number of summaries: fewer and larger ones cost less.
  batchMaxRecords: httpKeys.batchMaxRecords.unwrap().default(2000).describe('Most summaries in one request.'),
  batchMaxKiB: httpKeys.batchMaxKiB
    .unwrap()
    .default(4096)
    .describe(
      'Most KiB of summaries in one request; log records take about twice as much, before compression.',
    ),
});
