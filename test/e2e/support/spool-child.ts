// Starts spool-child.mjs and asks it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LaneStats } from '../../../src/export/lane-stats.js';
import type { SpoolOptions } from '../../../src/export/spool/spool-store.js';
import './program.js';

const program = fileURLToPath(new URL('spool-child.mjs', import.meta.url));

export interface ChildOptions {
  /** Of the spool. */
  folder: string;
  /** Of the collector. */
  url: string;
  /** First part of the ids. */
  run: string;
  spool?: Partial<SpoolOptions>;
  /** File in which it keeps how many records the spool has taken. */
  acceptedPath?: string;
  /** File in which it keeps how much of which file was synced. */
  syncedPath?: string;
  /** Whether it pushes only when asked. */
  isOnDemand?: boolean;
  /** Longest time between two pushes, ms; 4 unless given. */
  paceMs?: number;
  /** Words in front of the command. */
  wrapper?: readonly string[];
}

export interface ChildStats extends LaneStats {
  fault: string | null;
  /** Records that are not on disk. */
  unwritten: number;
  logged: string[];
}

export class SpoolChild {
  #asked = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<unknown>,
  ) {}

  /** Ready: what was left from before is read. */
  static async start({ wrapper = [], ...options }: ChildOptions): Promise<SpoolChild> {
    const [command, ...rest] = [...wrapper, process.execPath, program, JSON.stringify(options)];
    const child = spawn(command as string, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const started = new SpoolChild(child, once(child, 'close'));
    await started.#answer('ready');
    return started;
  }

  push(count: number, bytes: number): Promise<unknown> {
    return this.#ask({ ask: 'push', count, bytes });
  }

  /** No more of its own accord. */
  rest(): Promise<unknown> {
    return this.#ask({ ask: 'rest' });
  }

  stats(): Promise<ChildStats> {
    return this.#ask({ ask: 'stats' }) as Promise<ChildStats>;
  }

  /** Lets it end as the daemon does. */
  async close(deadlineMs = 10_000): Promise<ChildStats> {
    const stats = (await this.#ask({ ask: 'close', deadlineMs })) as ChildStats;
    await this.ended;
    return stats;
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async #ask(question: object): Promise<unknown> {
    const id = String(this.#asked++);
    this.child.send({ ...question, id });
    return this.#answer(id);
  }

  #answer(id: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const done = () => {
        this.child.off('message', hear);
        this.child.off('exit', gone);
      };
      const hear = (message: { id: string; answer: unknown }) => {
        if (message.id !== id) return;
        done();
        resolve(message.answer);
      };
      const gone = (code: number | null) => {
        done();
        reject(new Error(`the process has ended with ${code} before it answered`));
      };
      this.child.on('message', hear).on('exit', gone);
    });
  }
}
