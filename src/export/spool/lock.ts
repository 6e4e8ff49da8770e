// One spool, one probe: two that write the same segments would spoil them.
import { closeSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RtpsondeError, systemReason } from '../../ops/errors.js';
import type { ExportLogger } from '../dependencies.js';

/** As the addon has it: a descriptor, or -1 when another process has the lock. Throws system errors. */
export type LockFile = (path: string) => number;

/**
 * Takes the spool for this process, until `release` or its end. A folder that cannot be
 * written is no reason not to measure: it is logged, and there is no lock.
 * @throws RtpsondeError ERR_SPOOL_LOCKED when another probe uses it
 */
export function lockSpool(folder: string, lockFile: LockFile, logger: ExportLogger): { release(): void } {
  let descriptor: number;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 });
    descriptor = lockFile(join(folder, 'lock'));
  } catch (error) {
    const reason = systemReason(error) || String(error);
    logger.error({ code: 'ERR_SPOOL', path: folder }, `spool ${folder}: ${reason}; summaries wait in memory`);
    return { release: () => {} };
  }
  if (descriptor < 0)
    throw new RtpsondeError(
      'ERR_SPOOL_LOCKED',
      `spool ${folder}: another rtpsonde uses it; give each its own \`spool.path\``,
    );
  return { release: () => closeSync(descriptor) };
}
