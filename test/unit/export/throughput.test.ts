import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { createExporters } from '../../../src/export/create.js';
import type { SummaryLine } from '../../../src/export/exporter.js';
import type { ExporterOptions } from '../../../src/export/options.js';
import { systemClock } from '../../../src/ops/clock.js';
import { LogRecorder, temporaryFolder, until } from './support.js';

const RECORDS = 100_000;
const LINE_BYTES = 900;
const MOST_BLOCK_MS = 20;
/** Before it is compiled, code is slow; and a machine with other work has cold caches. One good run is enough. */
const RUNS = 6;

function window(): SummaryLine[] {
  return Array.from({ length: RECORDS }, (_, i) => {
    const start = `{"kind":"window","id":"probe/${String(i).padStart(10, '0')}","filler":"`;
    return {
      kind: 'window',
      id: `probe/${i}`,
      json: JSON.parse(JSON.stringify(`${start}${'x'.repeat(LINE_BYTES - start.length - 2)}"}`)) as string,
    };
  });
}

/** CPU time of this thread, ms: what other processes take from us meanwhile is not our doing. */
function threadCpuMs(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
}

/** Longest work between two turns of the event loop until it is told to stop, ms. */
function watchLoop() {
  let longestMs = 0;
  let lastMs = threadCpuMs();
  let isOn = true;
  const turn = () => {
    const nowMs = threadCpuMs();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (isOn) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop() {
      isOn = false;
      return longestMs;
    },
  };
}

async function longestBlock(options: ExporterOptions, lines: SummaryLine[]): Promise<number> {
  const exporters = createExporters([options], {
    clock: systemClock,
    logger: new LogRecorder(),
    random: Math.random,
    version: '1',
    stdout: new PassThrough(),
    onStdoutClosed: () => {},
  });
  await exporters.reopen();
  const loop = watchLoop();
  exporters.offer(lines);
  await until(() => exporters.stats()[0]!.delivered === RECORDS, 'delivery');
  const longestMs = loop.stop();
  await exporters.close(1000);
  return longestMs;
}

/** An HTTP server in a process of its own that reads and forgets. */
async function startSink(): Promise<{ url: string }> {
  const script = `
    const server = require('node:http').createServer((request, response) => {
      request.resume().on('end', () => response.end());
    });
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const [port] = await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${String(port).trim()}/` };
}

async function bestOfRuns(run: () => Promise<number>): Promise<number> {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS && bestMs >= MOST_BLOCK_MS; i++) bestMs = Math.min(bestMs, await run());
  return bestMs;
}

it('a window of 100,000 summaries goes to a file without blocking the event loop for 20 ms', async () => {
  const lines = window();
  const folder = temporaryFolder();
  let run = 0;
  const bestMs = await bestOfRuns(() => {
    const path = join(folder, `${run++}.ndjson`);
    return longestBlock({ type: 'file', path, rotate: { maxMiB: 1000, maxFiles: 1 } }, lines);
  });
  console.log(`file: longest block of the event loop ${bestMs.toFixed(1)} ms`);
  expect(readFileSync(join(folder, '0.ndjson')).length).toBe(RECORDS * (LINE_BYTES + 1));
  expect(bestMs).toBeGreaterThan(0);
  expect(bestMs).toBeLessThan(MOST_BLOCK_MS);
}, 60_000);

it('a window of 100,000 summaries goes to a collector without blocking the event loop for 20 ms', async () => {
  const lines = window();
  // In a process of its own: what the collector does must not count here.
  const collector = await startSink();
  const bestMs = await bestOfRuns(() =>
    longestBlock(
      {
        type: 'http',
        url: collector.url,
        gzip: true,
        batchMaxRecords: 20_000,
        batchMaxKiB: 16 * 1024,
        batchMaxSeconds: 1,
        timeoutSeconds: 10,
        retry: { initialMs: 100, maxMs: 1000 },
        queueMaxRecords: 200_000,
      },
      lines,
    ),
  );
  console.log(`http: longest block of the event loop ${bestMs.toFixed(1)} ms`);
  expect(bestMs).toBeGreaterThan(0);
  expect(bestMs).toBeLessThan(MOST_BLOCK_MS);
}, 60_000);
