// The section `spool` of the configuration as the store wants it.
import { join } from 'node:path';
import type { SpoolConfig } from '../../config/schema.js';
import type { SpoolOptions } from './spool-store.js';

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;
/** Segments go as a whole, so a small spool has small ones. */
const MOST_SEGMENT_BYTES = 16 * MIB;
const SEGMENTS = 16;

/** Folder of an exporter within the spool. */
export const laneFolder = (spool: string, exporter: string) => join(spool, exporter);

export function spoolOptions({ maxMiB, maxAgeHours, keepHours, memoryMiB }: SpoolConfig): SpoolOptions {
  const maxBytes = maxMiB * MIB;
  return {
    maxBytes,
    maxAgeMs: maxAgeHours * HOUR_MS,
    keepMs: keepHours * HOUR_MS,
    segmentBytes: Math.min(MOST_SEGMENT_BYTES, maxBytes / SEGMENTS),
    segmentMs: Math.min(HOUR_MS, (maxAgeHours * HOUR_MS) / SEGMENTS),
    memoryBytes: memoryMiB * MIB,
  };
}
