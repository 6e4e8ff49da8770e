// What this room is given from outside, so that tests decide time and chance.
import type { Clock } from '../ops/clock.js';

/** The part of pino's logger that exporters use. */
export interface ExportLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ExportDependencies {
  clock: Clock;
  logger: ExportLogger;
  /** Uniform in [0, 1), as Math.random. */
  random: () => number;
}
