// The section `spool`: where summaries wait on disk while a collector is down.
import { z } from 'zod';

export const spoolSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .exactOptional()
    .describe(
      'Folder in which summaries wait for their collectors, one folder within for each exporter over the network. Default: none, they wait in memory and are lost when the probe ends.',
    ),
  maxMiB: z
    .number()
    .int()
    .min(64)
    .max(16_777_216)
    .default(1024)
    .describe('Most MiB on disk for one exporter. Above it the oldest summaries are discarded and counted.'),
  maxAgeHours: z
    .number()
    .min(0.1)
    .max(8760)
    .default(72)
    .describe('Summaries that have waited for so many hours are discarded and counted.'),
  keepHours: z
    .number()
    .min(0)
    .max(8760)
    .default(24)
    .describe('Delivered summaries stay for so many hours, within `maxMiB`, to be replayed.'),
  memoryMiB: z
    .number()
    .int()
    .min(1)
    .max(4096)
    .default(64)
    .describe('Most MiB in memory for one exporter while the disk is slow, full or cannot be written.'),
});
