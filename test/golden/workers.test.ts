// Any number of workers gives the same summaries of a capture, to the octet: of every
// capture at hand and of a simulated one with all that the simulator knows.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulate/index.js';
import { presets } from '../../src/simulate/presets.js';
import { Scratch } from '../e2e/support/scratch.js';
import { analyzeCapture } from './analyze-capture.js';

const root = new URL('../..', import.meta.url).pathname;
const captures = [join(root, 'test/captures'), join(root, '../shared/captures')]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(pcap|pcapng|cap)$/.test(name))
      .map((name) => join(folder, name)),
  );

const linesOf = async (path: string, workers: number, windowSeconds: number, filter: string) =>
  (await analyzeCapture(path, { workers, windowSeconds, filter, windows: true, speechLevel: true }))
    .map((summary) => JSON.stringify(summary))
    .join('\n');

async function expectSame(path: string, windowSeconds: number, filter = ''): Promise<string> {
  const one = await linesOf(path, 1, windowSeconds, filter);
  for (const workers of [2, 4]) expect(await linesOf(path, workers, windowSeconds, filter)).toBe(one);
  return one;
}

describe('summaries by one, two and four workers', () => {
  it.each(captures)('%s', async (path) => void (await expectSame(path, 1)), 60_000);

  const scratch = new Scratch();
  const mixed = scratch.path('mixed.pcap');
  beforeAll(() => {
    simulate({ ...presets.mixed, seed: 4 }, mixed);
  }, 60_000);
  afterAll(() => scratch.remove());

  it.each([0.5, 10])(
    'simulated calls, windows of %d s',
    async (windowSeconds) => void (await expectSame(mixed, windowSeconds)),
    120_000,
  );

  it('what a capture filter leaves out is counted once', async () => {
    expect(await expectSame(mixed, 10, 'udp and less 200')).toMatch(/"filteredOut":[1-9]/);
  }, 120_000);
});
