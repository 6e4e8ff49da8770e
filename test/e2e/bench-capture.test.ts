// `rtpsonde bench-capture` in a namespace of its own: short and slow, as a test asks only
// whether every packet has a fate and the figures have their shape.
import { networkInterfaces } from 'node:os';
import { describe, expect, it, type TestContext } from 'vitest';
import type { BenchResult } from '../../src/bench/procedure.js';
import type { RunResult } from '../../src/bench/run.js';
import { rtpsonde } from './support/program.js';
import { notRun } from './support/scratch.js';

const TIMEOUT_MS = 240_000;
const SHORT = ['--seconds', '0.5', '--rounds', '1', '--streams', '200', '--json'];

async function bench(context: TestContext, ...args: string[]): Promise<BenchResult> {
  const { code, stdout, stderr } = await rtpsonde(['bench-capture', ...SHORT, ...args]);
  if (stderr.includes('ERR_BENCH_NAMESPACE')) notRun(context, stderr.trim());
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as BenchResult;
}

const sumOf = (fates: RunResult['fates']) =>
  Object.values(fates).reduce<number>((sum, count) => sum + (count ?? 0), 0);

/** What holds of each run whatever the machine does meanwhile. */
function expectExact(run: RunResult): void {
  expect(run.sent).toBeGreaterThan(400);
  expect(run.rate).toBeGreaterThan(0);
  expect(run.generatorNs).toBeGreaterThan(0);
  if (run.consumer === 'none') return;
  expect(run.delivered + run.kernelDrops).toBe(run.sent);
  expect(run.unaccounted).toBe(0);
  expect(run.exact).toBe(true);
  expect(run.consumerNs).toBeGreaterThan(0);
}

describe('bench-capture', () => {
  it(
    'accounts for every packet with every consumer, and loses none at a low rate',
    async (context) => {
      const consumers = ['none', 'null', 'parse', 'full'];
      const result = await bench(context, '--rate', '10000', '--consumers', consumers.join(','));

      expect(result.kind).toBe('bench-capture');
      expect(result.exact).toBe(true);
      expect(['live-frames', 'sendmmsg']).toContain(result.sender);
      expect(result.machine.cpus).toBeGreaterThan(0);
      expect(result.capture.snapLength).toBe(128);
      expect(result.runs.map(({ consumer }) => consumer)).toEqual(consumers);
      for (const run of result.runs) {
        expectExact(run);
        expect(run.rateAsked).toBe(10_000);
        expect(run.kernelDrops).toBe(0);
      }
      // Our generator sends in sequence: the engine finds nothing wrong with any stream.
      const full = result.runs.find(({ consumer }) => consumer === 'full')!;
      expect(full.fates).toEqual({ rtp: full.sent });
      expect(full.streamsLost).toBe(0);

      const [figures] = result.streams;
      expect(figures!.streams).toBe(200);
      expect(figures!.consumers.map(({ consumer }) => consumer)).toEqual(consumers);
      const row = figures!.consumers.at(-1)!;
      expect(row.consumerOverNull!.median).toBeGreaterThan(0);
      expect(row.wholePathNs!.median).toBeCloseTo(full.generatorNs + full.consumerNs!, 6);
    },
    TIMEOUT_MS,
  );

  it(
    'sends through a packet socket where the kernel gives no live frames',
    async (context) => {
      const args = ['--generator', 'sendmmsg', '--rate', '5000', '--consumers', 'null,full'];
      const result = await bench(context, ...args);
      expect(result.sender).toBe('sendmmsg');
      for (const run of result.runs) expectExact(run);
      expect(result.runs[1]!.streamsLost).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'measures by AF_XDP behind the driver and in it, and accounts for every packet there too',
    async (context) => {
      if (process.geteuid?.() !== 0) notRun(context, 'AF_XDP takes root');
      const result = await bench(context, '--rate', '10000', '--consumers', 'xdp-generic,xdp-native');
      expect(result.exact).toBe(true);
      for (const run of result.runs) {
        expectExact(run);
        expect(sumOf(run.fates)).toBe(run.delivered);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'stays exact when packets come faster than they can be measured, and says what was borne',
    async (context) => {
      const result = await bench(context, '--consumers', 'null,full');
      expect(result.exact).toBe(true);
      for (const run of result.runs) expectExact(run);
      const { sustained, fullOverNullRate } = result.streams[0]!;
      expect(sustained!.null.rate).toBeGreaterThan(0);
      expect(fullOverNullRate).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    'stays exact when the kernel drops, as a ring of 2 MiB is no match for a busy machine',
    async (context) => {
      // More than the generator can do.
      const args = ['--rate', '20000000', '--ring', '2', '--consumers', 'null,parse,full'];
      const result = await bench(context, ...args);
      expect(result.capture.ringBytes).toBe(2 * 2 ** 20);
      for (const run of result.runs) expectExact(run);
    },
    TIMEOUT_MS,
  );

  it('leaves no interface behind', () => {
    expect(Object.keys(networkInterfaces()).filter((name) => name.startsWith('bench'))).toEqual([]);
  });

  it('says what is wrong with its options before it makes anything', async () => {
    const { code, stderr } = await rtpsonde(['bench-capture', '--streams', '0']);
    expect(code).toBe(64);
    expect(stderr).toContain('--streams 0: expected a whole number from 1 to 1000000');
  });
});
