// The one way by which facts are got: everything that asks the system goes through
// here, so that tests can put any machine in its place. Nothing is ever changed.
import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import {
  accessSync,
  constants,
  readdirSync,
  readFileSync,
  readlinkSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { availableParallelism, networkInterfaces, userInfo } from 'node:os';
import { basename } from 'node:path';
import type { Inspection } from '../native/inspection.js';
import { inspection } from '../native/load.js';
import { systemClock } from '../ops/clock.js';

/** Owner, group and permission bits of a folder, and the room in its file system. */
export interface FolderStatus {
  uid: number;
  gid: number;
  mode: number;
  /** This process may write into it. */
  writable: boolean;
  freeBytes: number | null;
}

export interface Machine extends Inspection {
  /** Text of a small file without white space around it; null when it cannot be read. */
  read(path: string): string | null;
  /** Names in a folder; none when it cannot be read. */
  list(path: string): string[];
  /** Last part of what a symbolic link points to; null when it is none. */
  linkName(path: string): string | null;
  /** Null when there is no such folder, or it may not be looked at. */
  folder(path: string): FolderStatus | null;
  /** Size of a file in bytes; 0 when it is not there. */
  size(path: string): number;
  /** Standard output of a program; null when it is not there, fails or takes longer than 3 s. */
  run(program: string, ...args: string[]): Promise<string | null>;
  /** Whether a name (or address) has an address. */
  resolves(host: string): Promise<boolean>;
  /** IP addresses of an interface. */
  addresses(name: string): string[];
  /** CPUs that this process may use. */
  cpus(): number;
  user(): { uid: number; name: string };
  sleep(seconds: number): Promise<void>;
}

const RUN_TIMEOUT_MS = 3000;

/** What `read` gives, or null where the system refuses. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** This machine. @throws RtpsondeError when the addon is missing */
export function thisMachine(): Machine {
  const native = inspection();
  return {
    inspectInterface: (name) => native.inspectInterface(name),
    inspectClock: () => native.inspectClock(),
    tryPacketSocket: () => native.tryPacketSocket(),
    takeCensus: (...options) => native.takeCensus(...options),
    read: (path) => orNull(() => readFileSync(path, 'utf8').trim()),
    list: (path) => orNull(() => readdirSync(path)) ?? [],
    linkName: (path) => orNull(() => basename(readlinkSync(path))),
    folder: (path) => orNull(() => statusOf(path)),
    size: (path) => orNull(() => statSync(path).size) ?? 0,
    run,
    resolves: (host) =>
      lookup(host).then(
        () => true,
        () => false,
      ),
    addresses: (name) => (networkInterfaces()[name] ?? []).map(({ address }) => address),
    cpus: availableParallelism,
    user: () => {
      const uid = process.getuid?.() ?? 0;
      return { uid, name: orNull(() => userInfo().username) ?? String(uid) };
    },
    sleep: (seconds) => systemClock.sleep(1000 * seconds),
  };
}

function statusOf(path: string): FolderStatus {
  const { uid, gid, mode } = statSync(path);
  const space = orNull(() => statfsSync(path));
  return {
    uid,
    gid,
    mode,
    writable: orNull(() => accessSync(path, constants.W_OK | constants.X_OK)) === undefined,
    freeBytes: space === null ? null : space.bavail * space.bsize,
  };
}

function run(program: string, ...args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const environment = { ...process.env, LC_ALL: 'C' };
    execFile(program, args, { timeout: RUN_TIMEOUT_MS, env: environment }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    );
  });
}
