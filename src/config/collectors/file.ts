// Options of the exporter `file`.
import { z } from 'zod';
import { commonKeys } from './parts.js';

export const fileSchema = z.strictObject({
  type: z.literal('file').describe('Write to a file.'),
  ...commonKeys,
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
