// Options of the exporter `http`.
import { z } from 'zod';
import { commonKeys, httpKeys, httpUrlSchema, tokenKey } from './parts.js';

export const httpSchema = z.strictObject({
  type: z.literal('http').describe('POST batches of NDJSON.'),
  ...commonKeys,
  url: httpUrlSchema('https://collector.example/summaries').describe(
    'http:// or https:// address to POST to.',
  ),
  ...tokenKey,
  ...httpKeys,
});
