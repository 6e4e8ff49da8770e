// The engine, started and stopped very often through the addon, leaves nothing behind.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Namespace, near } from './support/namespace.js';
import { root } from './support/program.js';
import { notRun, Scratch } from './support/scratch.js';

const TIMEOUT_MS = 300_000;
/** More than garbage and fragments make of the memory, and less than 8 KiB a start. */
const MOST_GROWTH_BYTES = 6e6;

interface Held {
  files: number;
  threads: number;
  rss: number;
}

const scratch = new Scratch();
let namespace: Namespace | string;
beforeAll(async () => {
  namespace = await Namespace.open();
});
afterAll(() => {
  if (typeof namespace !== 'string') namespace.close();
  scratch.remove();
});

async function startAndStop(
  capture: object,
  times: number,
  every: number,
  wrapper: readonly string[] = [],
): Promise<Held[]> {
  const script = `${root}test/e2e/support/start-stop.mjs`;
  const words = [JSON.stringify(capture), String(times), String(every)];
  const [command, ...args] = [...wrapper, process.execPath, '--expose-gc', script, ...words];
  // So that resident memory tells what is in use: pieces of this size and more go back to the system at
  // once; glibc keeps others for later, and more of them with time.
  const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '16384' };
  const { stdout } = await promisify(execFile)(command!, args, { env });
  return JSON.parse(stdout) as Held[];
}

it(
  'a thousand times on a file: memory, files and threads are as before',
  async () => {
    const path = scratch.capture({ calls: 2, durationMs: 2000 });
    const [first, ...later] = await startAndStop({ files: [path] }, 1000, 250);
    const last = later.at(-1)!;
    expect({ files: last.files, threads: last.threads }).toEqual({
      files: first!.files,
      threads: first!.threads,
    });
    expect(last.rss - first!.rss).toBeLessThan(MOST_GROWTH_BYTES);
  },
  TIMEOUT_MS,
);

it(
  'on an interface: sockets, rings and threads are gone',
  async (context) => {
    const inside = typeof namespace === 'string' ? notRun(context, namespace) : namespace;
    const capture = { interface: near, ringMiB: 8 };
    const [first, ...later] = await startAndStop(capture, 60, 20, inside.wrapper);
    for (const { files, threads, rss } of later) {
      expect({ files, threads }).toEqual({ files: first!.files, threads: first!.threads });
      expect(rss - first!.rss).toBeLessThan(MOST_GROWTH_BYTES);
    }
  },
  TIMEOUT_MS,
);

it(
  'engines that nobody holds go by themselves, before their memory has become much',
  async () => {
    const path = scratch.capture({ calls: 0, streams: 10_000, durationMs: 1000, ptimeMs: 100 });
    const script = `${root}test/e2e/support/forgotten-engines.mjs`;
    const { stdout } = await promisify(execFile)(process.execPath, [script, path, '100']);
    const { tableBytes, rss } = JSON.parse(stdout) as Record<'tableBytes' | 'rss', number>;
    expect(tableBytes).toBeGreaterThan(2e6);
    // Without a word to V8 of what hangs on them it was 590 to 1,790 MB; now 90 to 100.
    expect(rss).toBeLessThan(300e6);
  },
  TIMEOUT_MS,
);
