// What all real clients have in common: they are programs that are started on two hosts and end again.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { TwoLegs } from '../two-legs.js';

export interface Peers {
  name: 'GStreamer' | 'baresip' | 'linphone' | 'SIPp';
  /** Program, and the Debian package that has it. */
  program: string;
  package: string;
  /** Calls from host A to host B for so long; resolves when both ends have hung up. */
  call(path: TwoLegs, folder: string, seconds: number): Promise<void>;
}

/** Why these peers cannot call here, or null. */
export function missing({ program, package: of }: Peers): string | null {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
    ? null
    : `${program} is not installed (package ${of})`;
}

/** Starts a client on a host, with `home` as its home and working folder. */
export function start(wrapper: readonly string[], command: readonly string[], home: string): ChildProcess {
  const [first, ...rest] = [...wrapper, ...command];
  const env = { ...process.env, HOME: home };
  const child = spawn(first!, rest, { cwd: home, stdio: ['pipe', 'ignore', 'ignore'], env });
  // A client that has gone reads no more commands.
  child.stdin!.on('error', () => {});
  return child;
}

export function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('close', resolve).once('error', resolve));
}

/** Asks to end, and does not take no for an answer. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended(child);
  clearTimeout(hard);
}
