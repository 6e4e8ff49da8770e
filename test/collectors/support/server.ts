// A real collector for a test: a program of the machine, started in a folder of
// its own on free ports, and stopped with the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Also where Debian puts servers that are not in everybody's PATH, and what scripts/lib/go-programs.mjs built. */
const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  '/sbin',
  join(homedir(), '.cache/rtpsonde/bin'),
  ...postgresFolders(),
];

/** The newest version first. */
function postgresFolders(): string[] {
  const folder = '/usr/lib/postgresql';
  if (!existsSync(folder)) return [];
  const versions = readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(folder, version, 'bin'));
}

/** The path of a program, or null. */
export function findProgram(name: string): string | null {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * Why tests against a server cannot run here, for `describe.skipIf`; null when they can.
 * In CI a missing server is an error: there they must run.
 */
export function missing(...programs: string[]): string | null {
  const absent = programs.filter((name) => findProgram(name) === null);
  if (absent.length === 0) return null;
  const why = `not installed: ${absent.join(', ')}`;
  if (['true', '1'].includes(process.env.CI ?? '')) throw new Error(why);
  console.log(`NOT RUN: ${why}`);
  return why;
}

/** A TCP port of 127.0.0.1 that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether somebody listens on a TCP port of 127.0.0.1. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(true);
      socket.destroy();
    }).on('error', () => resolve(false));
  });
}

export interface ServerOptions {
  command: string;
  args: readonly string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Asked until it answers true; may throw while the server is not there yet. */
  ready(): Promise<boolean>;
  /** Longest wait for that, ms. */
  timeoutMs?: number;
}

export class Server {
  /** What it wrote, both outputs. */
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #hasEnded = false;

  private constructor({ command, args, cwd, env }: ServerOptions) {
    this.#child = spawn(findProgram(command) ?? command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#child.on('error', (error) => (this.output += error.message));
    this.#ended = once(this.#child, 'exit').then(
      () => (this.#hasEnded = true),
      () => (this.#hasEnded = true),
    );
  }

  /** Starts it and waits until it is ready. Throws with what it said when it is not. */
  static async start(options: ServerOptions): Promise<Server> {
    const server = new Server(options);
    const endMs = Date.now() + (options.timeoutMs ?? 60_000);
    while (!(await options.ready().catch(() => false))) {
      if (server.#hasEnded || Date.now() > endMs) {
        await server.stop('SIGKILL');
        throw new Error(`${options.command} did not become ready:\n${server.output.slice(-4000)}`);
      }
      await sleep(100);
    }
    return server;
  }

  /** Ends it and the programs that it started. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.#hasEnded) this.signal(signal);
    const late = setTimeout(() => this.signal('SIGKILL'), 10_000);
    await this.#ended;
    clearTimeout(late);
  }

  /** To it and the programs that it started; does not wait. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.#child.pid ?? 0), signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}
