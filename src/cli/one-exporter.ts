// One exporter by itself, for commands that send through it past queue and spool.
import type { ExporterConfig } from '../config/schema.js';
import { createExporter } from '../export/collectors.js';
import type { ExportLogger } from '../export/dependencies.js';
import type { Exporter } from '../export/exporter.js';
import { systemClock } from '../ops/clock.js';
import { version } from '../version.js';

/** Opens nothing yet. Throws ERR_CONFIG_INVALID when the options contradict themselves. */
export function oneExporter(options: ExporterConfig, logger: ExportLogger): Exporter {
  return createExporter(options, {
    clock: systemClock,
    logger,
    random: Math.random,
    version,
    stdout: process.stdout,
    onStdoutClosed: () => {},
  });
}
