// Fetches the native addon and makes sure that it fits this program.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RtpsondeError, toRtpsondeError } from '../ops/errors.js';
import type { BenchAddon } from './bench.js';
import type { Engine, EngineOptions } from './engine.js';
import type { Inspection } from './inspection.js';
import { LAYOUT_HASH } from './record.gen.js';

interface Addon extends Inspection, BenchAddon {
  Engine: new (options: EngineOptions) => Engine;
  /** Sends one datagram to a Unix socket (sd_notify); false when it could not. */
  notify(path: string, message: string): boolean;
  /** Throws as an engine would that is given this filter. */
  checkFilter(expression: string, onInterface: boolean): void;
  /** Locks a file for this process: its descriptor, or -1 when another has it. Throws system errors. */
  lockFile(path: string): number;
  layoutHash: number;
}

let loaded: Addon | undefined;

/**
 * The addon: the file named by RTPSONDE_ADDON, else the one that was built or
 * shipped with the package.
 * @throws RtpsondeError ERR_ADDON_MISSING, ERR_ADDON_LAYOUT
 */
function addon(): Addon {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  const root = packageRoot();
  const named = process.env.RTPSONDE_ADDON;
  let found: Addon;
  try {
    found = named ? require(named) : require('node-gyp-build')(root);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new RtpsondeError('ERR_ADDON_MISSING', `the native addon cannot be loaded: ${why}`, { cause });
  }
  if (found.layoutHash !== LAYOUT_HASH) {
    throw new RtpsondeError(
      'ERR_ADDON_LAYOUT',
      'the native addon was built from another version of the sources',
    );
  }
  loaded = found;
  return found;
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** A new engine; nothing is opened before `start()`. */
export function createEngine(options: EngineOptions): Engine {
  return new (addon().Engine)(options);
}

/**
 * Whether a capture filter can be used, on an interface or on files.
 * @throws RtpsondeError ERR_CAPTURE_FILTER with what libpcap says against it, ERR_CAPTURE_LIBPCAP
 */
export function checkFilter(expression: string, onInterface: boolean): void {
  try {
    addon().checkFilter(expression, onInterface);
  } catch (error) {
    throw toRtpsondeError(error);
  }
}

/** One sd_notify datagram to the socket at `path`. */
export function notify(path: string, message: string): boolean {
  return addon().notify(path, message);
}

/** See Addon.lockFile. */
export function lockFile(path: string): number {
  return addon().lockFile(path);
}

/** What the addon can ask of the kernel about this machine. */
export function inspection(): Inspection {
  return addon();
}

/** What only bench-capture needs. */
export function benchAddon(): BenchAddon {
  return addon();
}
