// Options of the exporter `file`.
import { z } from 'zod';
import { commonKeys } from './parts.js';

export const fileSchema = z.strictObject({
  type: z.literal('file').describe('Write to a file.'),
  ...commonKeys,
  path: z
    .string()
    .min(1)
    .describe(
      'File to append to; a rotated file gets the UTC time of its end in its name. Of `csv` and `parquet` there is a file for each kind of summary, with `-windows`, `-streams` or `-captures` behind the name.',
    ),
  format: z
    .enum(['ndjson', 'csv', 'parquet'])
    .default('ndjson')
    .describe(
      '`ndjson`: one summary a line, as JSON. `csv`: a column for each field, with a header line. `parquet`: the same columns; a file becomes Parquet when it is rotated, and is NDJSON until then.',
    ),
  rotate: z
    .strictObject({
      maxMiB: z
        .number()
        .min(1)
        .max(1_048_576)
        .default(100)
        .describe(
          'Start a new file when this one would grow beyond so many MiB (of `parquet`, before it is made so).',
        ),
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
