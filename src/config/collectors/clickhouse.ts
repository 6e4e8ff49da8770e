// Options of the exporter `clickhouse`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { commonKeys, httpKeys, httpUrlSchema } from './parts.js';

const nameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected letters, digits and `_`, not beginning with a digit');

export const clickhouseSchema = z.strictObject({
  type: z.literal('clickhouse').describe('Insert rows into ClickHouse, by its HTTP interface.'),
  ...commonKeys,
  url: httpUrlSchema('https://clickhouse.example:8443/').describe(
    'http:// or https:// address of the HTTP interface.',
  ),
  database: nameSchema.default('rtpsonde').describe('Database with the tables of deploy/clickhouse.'),
  tables: z
    .strictObject({
      window: nameSchema.default('windows').describe('Table for summaries of a stream in a window.'),
      stream: nameSchema.default('streams').describe('Table for summaries of a whole stream.'),
      capture: nameSchema.default('captures').describe('Table for summaries of the capture.'),
    })
    .prefault({})
    .describe('A table for each kind of summary.'),
  user: z
    .string()
    .regex(/^[^:\s]+$/, 'must not hold a colon or spaces')
    .default('default')
    .describe('Name of the user; without `password` it is `default`.'),
  password: secretSchema
    .exactOptional()
    .describe('Password of the user, as {env: NAME} or {file: PATH}. Default: none.'),
  insertToken: z
    .boolean()
    .default(true)
    .describe(
      'Name each insert (insert_deduplication_token), so that a repeated one counts once in the roll-ups too; needs ClickHouse 22.2.',
    ),
  ...httpKeys,
});
