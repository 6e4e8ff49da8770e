// Runs the program as a user does: the built file, in a process of its own.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const program = `${root}dist/main.js`;
if (!existsSync(program)) throw new Error('there is no dist/main.js; run npm run build first');

export interface Result {
  /** Exit code, or 128 + the number of the signal, as a shell has it. */
  code: number;
  stdout: string;
  stderr: string;
}

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGPIPE: 13,
  SIGTERM: 15,
};

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Text for standard input; closed at once without it. */
  input?: string | Buffer;
  /** Words in front of the command, for example `unshare`, `-U`. */
  wrapper?: readonly string[];
  /** File descriptor for standard output instead of a pipe. */
  stdout?: number;
  /** File descriptor for standard error instead of a pipe. */
  stderr?: number;
}

/** Environment without what the caller's own terminal and service manager put there. */
function plainEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { NOTIFY_SOCKET: _socket, JOURNAL_STREAM: _journal, WATCHDOG_USEC: _usec, ...env } = process.env;
  return { ...env, NODE_OPTIONS: '', ...extra };
}

function start(args: readonly string[], options: RunOptions, stdio: SpawnOptions['stdio']): ChildProcess {
  const [command, ...rest] = [...(options.wrapper ?? []), process.execPath, program, ...args];
  return spawn(command!, rest, { cwd: options.cwd, env: plainEnvironment(options.env), stdio });
}

async function exitOf(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return code ?? 128 + (SIGNALS[signal ?? ''] ?? 0);
}

/** Runs one command to its end. */
export async function rtpsonde(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const child = start(args, options, ['pipe', options.stdout ?? 'pipe', options.stderr ?? 'pipe']);
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin?.on('error', () => {}).end(options.input ?? '');
  return { code: await exitOf(child), ...output };
}

/** `rtpsonde run` in the background. Its log is read as JSON, unless another format is configured. */
export class RunningDaemon {
  stderr = '';
  stdout = '';
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  #hasEnded = false;

  constructor(config: string, options: RunOptions = {}) {
    this.#child = start(['run', '-c', config], options, [
      'ignore',
      options.stdout ?? 'pipe',
      options.stderr ?? 'pipe',
    ]);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = exitOf(this.#child).finally(() => {
      this.#hasEnded = true;
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Messages of the log so far. */
  get messages(): string[] {
    return this.entries.map(({ msg }) => String(msg));
  }

  get entries(): Record<string, unknown>[] {
    const lines = this.stderr.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  /** Waits until the log says `text`; a daemon that ends without it fails the test with what it said. */
  async says(text: string, times = 1): Promise<void> {
    await eventually(`the daemon to say ${JSON.stringify(text)}`, () => {
      if (this.stderr.split(text).length > times) return true;
      if (this.#hasEnded) throw new Error(`the daemon has ended: ${this.stderr}`);
      return false;
    }).catch((error: Error) => {
      throw new Error(`${error.message}\nlog:\n${this.stderr}`);
    });
  }

  async isMeasuring(): Promise<void> {
    await this.says('measuring ');
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** SIGTERM, and the exit code. */
  stop(): Promise<number> {
    this.signal('SIGTERM');
    return this.ended;
  }

  /** For the end of a test, whatever has happened. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    this.signal('SIGKILL');
    await this.ended;
  }
}
