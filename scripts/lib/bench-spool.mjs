// What the spool costs, measured in a process of its own. Prints one JSON object.
//   bench-spool.mjs outage STREAMS WINDOWS   nobody listens: windows as fast as the disk takes them
//   bench-spool.mjs window STREAMS           a collector in another process: one window as fast as it comes
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { configSchema } from '../../dist/config/schema.js';
import { createExporters } from '../../dist/export/create.js';
import { systemClock } from '../../dist/ops/clock.js';
import { ChunkPool } from '../../dist/summary/chunk.js';
import { SummaryLine } from '../../dist/summary/line.js';
import { root } from './process.mjs';

const [what, streamsText, windowsText = '1'] = process.argv.slice(2);
const streams = Number(streamsText);
const windows = Number(windowsText);
/** Lines between two turns of the loop: about what the pipeline makes of rows in its few milliseconds. */
const SLICE = 200;
const PERIOD_MS = 20;
const RSS_EVERY_WINDOWS = 10;

/** A summary of a window as the program writes it, with room for a number in its id. */
function template() {
  const args = ['analyze', '--json', '--windows', '--probe', 'bench', 'test/captures/gst-pcma.pcap'];
  const lines = execFileSync(process.execPath, ['dist/main.js', ...args], { cwd: root, encoding: 'utf8' });
  const summary = JSON.parse(lines.split('\n').find((line) => line.includes('"kind":"window"')));
  const text = Buffer.from(`${JSON.stringify({ ...summary, id: '0'.repeat(32) })}\n`);
  return { text, idAt: text.indexOf('"0000') };
}

const { text, idAt } = template();
const pool = new ChunkPool();
let made = 0;

/** The next lines, in chunks that are used again as those of the pipeline are. */
function slice(count) {
  const lines = [];
  const perChunk = Math.floor((1024 * 1024) / text.length);
  for (let left = count; left > 0; left -= perChunk) {
    const chunk = pool.take(perChunk * text.length);
    for (let i = 0; i < Math.min(left, perChunk); i++) {
      const at = i * text.length;
      text.copy(chunk.bytes, at);
      chunk.bytes.write(String(made++).padStart(32, '0'), at + idAt + 1, 'latin1');
      lines.push(new SummaryLine('window', chunk, at, at + text.length, idAt, 34));
    }
    chunk.release();
  }
  return lines;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-bench-spool-'));
let collector = null;
let port = await freePort();
if (what === 'window') {
  collector = fork(join(root, 'scripts/lib/soak-collector.mjs'));
  [{ port }] = await once(collector, 'message');
}
const config = configSchema.parse({
  capture: { interface: 'none' },
  spool: { path: folder, maxMiB: 65_536 },
  export: [{ type: 'http', name: 'collector', url: `http://127.0.0.1:${port}/` }],
});
const quiet = { info() {}, warn() {}, error() {} };
const deps = {
  clock: systemClock,
  logger: quiet,
  random: Math.random,
  version: 'bench',
  spool: config.spool,
};
const exporters = createExporters(config.export, deps);
const [lane] = exporters.lanes;
await exporters.reopen();

const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();
const startMs = performance.now();
const startCpu = process.cpuUsage();
const rssMB = [];
for (let window = 0; window < windows; window++) {
  for (let row = 0; row < streams; row += SLICE) {
    exporters.offer(slice(Math.min(SLICE, streams - row)));
    await setImmediate();
    // As the daemon does.
    await exporters.caughtUp(1000);
  }
  // As fast as the disk takes them.
  if (what === 'outage') await exporters.room();
  if (window % RSS_EVERY_WINDOWS === 0) rssMB.push(process.memoryUsage.rss() / 1e6);
}
const offeredSeconds = (performance.now() - startMs) / 1000;
if (what === 'window') {
  while (lane.stats().queued + lane.stats().inFlight > 0) {
    rssMB.push(process.memoryUsage.rss() / 1e6);
    await sleep(PERIOD_MS);
  }
} else {
  // Until the disk has what memory still held.
  await sleep(2000);
}
rssMB.push(process.memoryUsage.rss() / 1e6);
const seconds = (performance.now() - startMs) / 1000;
loop.disable();
const { user, system } = process.cpuUsage(startCpu);
const stats = lane.stats();
await exporters.close(0);
collector?.disconnect();
rmSync(folder, { recursive: true, force: true });
console.log(
  JSON.stringify({
    streams,
    windows,
    bytesPerRow: text.length,
    offeredSeconds,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    rssFirstMB: rssMB[1] ?? rssMB[0],
    rssLastMB: rssMB.at(-1),
    rssMostMB: Math.max(...rssMB),
    longestBlockMs: loop.max / 1e6,
    block99Ms: loop.percentile(99) / 1e6,
    delivered: stats.delivered,
    waiting: stats.queued + stats.inFlight,
    dropped: stats.droppedQueueFull + stats.droppedSpoolFull + stats.droppedTooOld + stats.droppedDamaged,
  }),
);
