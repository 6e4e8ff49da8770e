// What a window tells before it can be sure, packet by packet: the sums are those
// of the final record, or differ in the one way that docs/accuracy.md names.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { WindowSummary } from '../../src/summary/schema.js';
import { analyzeCapture } from './analyze-capture.js';
import { captureOf } from './capture-writer.js';
import { streamsOf } from './streams.js';

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-windows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** PCMA of 20 ms, the n-th packet (`null`: none) sent at n * 20 ms; windows of 1 s hold 50 each. */
async function measure(name: string, numbers: readonly (number | null)[]) {
  const packets = numbers.flatMap((sequence, n) =>
    sequence === null
      ? []
      : [
          {
            ...{ seconds: 0.02 * n, timestamp: 160 * n, sequence: sequence & 0xffff },
            ...{ payloadType: 8, marker: false, octets: 160 },
          },
        ],
  );
  const file = join(folder, `${name}.pcap`);
  writeFileSync(file, captureOf(packets));
  const summaries = await analyzeCapture(file, { windowSeconds: 1, windows: true });
  const windows = summaries.filter((summary): summary is WindowSummary => summary.kind === 'window');
  return { windows, stream: streamsOf(summaries)[0]! };
}

type Counts = Pick<WindowSummary, 'packets' | 'expected' | 'lost' | 'restarts' | 'sequenceErrors'>;
const countsOf = ({ packets, expected, lost, restarts, sequenceErrors }: Counts): Counts => ({
  ...{ packets, expected, lost, restarts, sequenceErrors },
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

describe('a window', () => {
  it('tells a loss at once, and its run when 128 later numbers have passed', async () => {
    const numbers = range(0, 250).map((n) => (n === 45 || n === 46 ? null : n));
    const { windows, stream } = await measure('run', numbers);
    expect(windows.map(({ lost, lossRuns }) => ({ lost, ...lossRuns }))).toEqual([
      { lost: 2, count: 0, meanLength: null, longest: 0 },
      { lost: 0, count: 0, meanLength: null, longest: 0 },
      { lost: 0, count: 0, meanLength: null, longest: 0 },
      { lost: 0, count: 1, meanLength: 2, longest: 2 },
      { lost: 0, count: 0, meanLength: null, longest: 0 },
    ]);
    expect(stream.lossRuns).toEqual({ count: 1, meanLength: 2, longest: 2 });
  });

  it('tells a loss as recovered when the packet comes in the next one', async () => {
    const numbers = range(0, 100).map((n) => (n === 48 ? 49 : n === 49 ? 50 : n === 50 ? 48 : n));
    const { windows, stream } = await measure('recovered', numbers);
    expect(
      windows.map(({ packets, expected, lost, recovered, reordered }) => ({
        ...{ packets, expected, lost, recovered, reordered },
      })),
    ).toEqual([
      { packets: 50, expected: 51, lost: 1, recovered: 0, reordered: 0 },
      { packets: 50, expected: 49, lost: 0, recovered: 1, reordered: 1 },
    ]);
    expect(stream.lost).toBe(0);
  });

  it('tells a jump as an error when only the next window confirms it as a restart', async () => {
    const numbers = [...range(0, 49), ...range(30_000, 30_051)];
    const { windows, stream } = await measure('restart', numbers);
    expect(windows.map(countsOf)).toEqual([
      { packets: 50, expected: 49, lost: 0, restarts: 0, sequenceErrors: 1 },
      { packets: 50, expected: 51, lost: 0, restarts: 1, sequenceErrors: 0 },
    ]);
    expect(countsOf(stream)).toEqual({
      ...{ packets: 100, expected: 100, lost: 0, restarts: 1, sequenceErrors: 0 },
    });
  });
});
