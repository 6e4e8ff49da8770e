// Options of the exporter `stdout`.
import { z } from 'zod';
import { commonKeys } from './parts.js';

export const stdoutSchema = z.strictObject({
  type: z.literal('stdout').describe('Write to standard output, one JSON object a line.'),
  ...commonKeys,
});
