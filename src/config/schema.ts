// The whole configuration: the only place with defaults. From this schema come
// the types, the JSON Schema, docs/configuration.md and the checks of the example.
import { z } from 'zod';
import { captureSchema, probeSchema } from './schema-capture.js';
import { exportSchema } from './schema-export.js';
import { measureSchema, qualitySchema } from './schema-measure.js';
import { spoolSchema } from './schema-spool.js';

const logSchema = z.strictObject({
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severe level that is logged.'),
  format: z
    .enum(['auto', 'journald', 'json', 'text'])
    .default('auto')
    .describe(
      'Form of the log on standard error: `journald` (priority prefixes), `json`, `text`. `auto`: journald under systemd, text on a terminal, else json.',
    ),
});

const metricsSchema = z.strictObject({
  intervalSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(60)
    .describe('Seconds between log lines with the metrics of the probe itself; 0 logs none.'),
});

export const configSchema = z.strictObject({
  probe: probeSchema.prefault({}).describe('Who measures.'),
  capture: captureSchema.describe(
    'Where packets come from: one mirror port, several interfaces as one, or capture files.',
  ),
  measure: measureSchema.prefault({}).describe('How streams are recognised and counted.'),
  quality: qualitySchema.prefault({}).describe('How counts become R, MOS and ratings.'),
  export: exportSchema.describe('Where summaries go: a list of exporters, at least one.'),
  spool: spoolSchema.prefault({}).describe('Where summaries wait on disk while a collector is down.'),
  log: logSchema.prefault({}).describe('The log, on standard error.'),
  metrics: metricsSchema.prefault({}).describe('What the probe says about itself.'),
});

/** Which sections SIGHUP applies; a change in the others needs a restart. */
export const reloadable = {
  probe: false,
  capture: false,
  measure: false,
  quality: true,
  export: true,
  spool: false,
  log: true,
  metrics: true,
} as const satisfies Record<keyof z.infer<typeof configSchema>, boolean>;

/** What the YAML may hold. */
export type ConfigInput = z.input<typeof configSchema>;
/** What the schema makes of it; `load.ts` fills in what depends on the machine. */
export type ParsedConfig = z.infer<typeof configSchema>;

type Named<T> = T extends unknown ? Omit<T, 'name'> & { name: string } : never;

/** One exporter, complete; `type` tells which. */
export type ExporterConfig = Named<ParsedConfig['export'][number]>;
export type FileExporterConfig = Extract<ExporterConfig, { type: 'file' }>;
export type StdoutExporterConfig = Extract<ExporterConfig, { type: 'stdout' }>;
export type HttpExporterConfig = Extract<ExporterConfig, { type: 'http' }>;

/** The configuration, complete: every default filled in, paths absolute, secrets looked up. */
export interface Config extends Omit<ParsedConfig, 'probe' | 'export'> {
  probe: { name: string };
  export: ExporterConfig[];
}
export type SpoolConfig = Config['spool'];
export type CaptureConfig = Config['capture'];
export type MeasureConfig = Config['measure'];
export type QualityConfig = Config['quality'];
export type CodecConfig = QualityConfig['codecs'][string];
