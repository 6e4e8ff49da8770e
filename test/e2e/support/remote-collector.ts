// Starts test/e2e/collector.ts inside a network namespace and asks it what it got.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../../src/summary/schema.js';
import type { Namespace } from './namespace.js';
import { root } from './program.js';

/** Compiles the collector, since Node 20 runs no TypeScript; gives the path of its program. */
export function compileCollector(folder: string): string {
  const source = join(root, 'test/e2e/support/collector-process.ts');
  const flags = ['--ignoreConfig', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
  const where = ['--types', 'node', '--rootDir', join(root, 'test'), '--outDir', folder];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...flags, ...where, source], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the collector does not compile: ${stdout}`);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return join(folder, 'e2e/support/collector-process.js');
}

export class RemoteCollector {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(program: string, namespace: Namespace, token: string): Promise<RemoteCollector> {
    const [first, ...rest] = [...namespace.wrapper, process.execPath, program, token];
    const child = spawn(first!, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { url } = await messageOf<{ url: string }>(child);
    return new RemoteCollector(url, child);
  }

  /** Everything that was answered with 200, in order. */
  async summaries(): Promise<Summary[]> {
    const answer = messageOf<{ lines: string[] }>(this.child);
    this.child.send('what do you have?');
    return (await answer).lines.map((line) => JSON.parse(line) as Summary);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }
}

/** The next message; rejects when there will be none. */
function messageOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the collector has ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}
