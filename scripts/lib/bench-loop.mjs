// Takes windows of very many streams from the engine and tells how long
// JavaScript was held up. Argument: a capture. Prints one JSON object. Run with --expose-gc.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { toEngineOptions } from '../../dist/config/engine-options.js';
import { configSchema } from '../../dist/config/schema.js';
import { MemoryStore } from '../../dist/export/memory-store.js';
import { Block } from '../../dist/native/block.js';
import { createEngine } from '../../dist/native/load.js';
import { mosValues } from '../../dist/quality/mos-values.js';
import { ratingDelayMs } from '../../dist/quality/mouth-to-ear.js';
import { burstRatio } from '../../dist/quality/rate.js';
import { staticPayloadTypeOptions, summaryContext } from '../../dist/summary/context.js';
import { SummaryPipeline } from '../../dist/summary/pipeline.js';
import { Directions } from '../../dist/windows/directions.js';

const [file] = process.argv.slice(2);
const parsed = configSchema.parse({
  capture: { files: [file] },
  measure: { windowSeconds: 0.1, maxStreams: 400_000, queueBlocks: 4 },
  export: [{ type: 'stdout' }],
});
const config = { ...parsed, probe: { name: 'bench' } };
const context = summaryContext(config, null);

/** Hands each block to `work` and releases it. */
async function blocks(work) {
  const engine = createEngine(toEngineOptions(config, staticPayloadTypeOptions));
  engine.start();
  for (;;) {
    const { ended } = engine.stats();
    const start = performance.now();
    const buffer = engine.take();
    if (buffer === null) {
      if (ended) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
      continue;
    }
    await work(buffer, start);
    engine.release(buffer);
  }
}

/** MOS of every row of a block, by the fast path. */
function rateRows(block, out) {
  const codec = context.rating.settings.codecs.find('PCMA');
  const values = context.rating.settings.codecs.resolve(codec, 64, true);
  const { settings } = context.rating;
  for (let row = 0; row < block.rows; row++) {
    const record = block.record(row);
    const { lost, expected, captureLost, bad, badRuns, decided } = record;
    const discards = record.lateDiscards(2) + record.earlyDiscards(2);
    const ratio = expected > 0 ? (lost - captureLost + discards) / expected : 0;
    const runs = badRuns > 0 ? bad / badRuns : null;
    const badRatio = decided > 0 ? bad / decided : ratio;
    const packetMs = record.clockRate > 0 ? (record.timestampStep * 1000) / record.clockRate : null;
    const jitterBufferMs = record.adaptiveDelayMeanMs;
    const input = { networkDelayMs: null, packetizationMs: packetMs, jitterBufferMs, jitterMs: null };
    const delayMs = ratingDelayMs(codec, input, settings);
    mosValues(values, ratio * 100, burstRatio(badRatio, runs), delayMs, context.rating, out, 3 * row);
  }
}

/** What is left of the heap once garbage is collected, bytes. */
function heapBytes() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

const takes = [];
const ratings = [];
const joins = [];
const directions = new Directions(context);
let streams = 0;
const heapBefore = heapBytes();
let heapBytesAStream = Number.NaN;
await blocks(async (buffer, start) => {
  const taken = performance.now() - start;
  const block = new Block(buffer);
  const joining = performance.now();
  await directions.take(block);
  const joined = performance.now() - joining;
  if (Number.isNaN(heapBytesAStream)) heapBytesAStream = (heapBytes() - heapBefore) / directions.size;
  // Windows at either end hold few rows.
  if (block.rows < 0.9 * Math.max(streams, block.counters.streamsActive)) return;
  streams = Math.max(streams, block.rows);
  takes.push(taken);
  joins.push(joined);
  const out = new Float64Array(3 * block.rows);
  // The first time shows the compiler still warming up; a daemon runs for days.
  for (let i = 0; i < 10; i++) {
    const before = performance.now();
    rateRows(block, out);
    ratings.push(taken + performance.now() - before);
  }
});

const pauses = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) pauses.push(duration);
}).observe({ entryTypes: ['gc'] });
/** CPU time of the main thread, ms: on a busy machine the clock tells of others too. */
function threadCpuMs() {
  const [onCpuNs] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(onCpuNs) / 1e6;
}

/** The longest stretch of CPU time between two turns of the event loop, while it runs. */
function watchTurns() {
  let longest = 0;
  let last = threadCpuMs();
  let running = true;
  const turn = () => {
    const now = threadCpuMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    running = false;
    return longest;
  };
}

const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

/** All windows of the capture through the daemon's pipeline, into a queue. */
async function summarize() {
  // What a lane holds whose collector is down: the worst that happens to memory.
  const queue = new MemoryStore({ maxRecords: 100_000, maxBytes: 256 * 1024 * 1024 });
  const made = { rows: 0, bytes: 0, cpuUs: 0, ms: [], longestBlockMs: 0, longestCpuMs: 0, rssBytes: 0 };
  const pipeline = new SummaryPipeline(context, {
    workerLoad: () => null,
    sink: (lines) => {
      for (const line of lines) {
        made.bytes += line.length;
        line.retain();
      }
      queue.push(lines, 0);
    },
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await turns();
  pauses.length = 0;
  await blocks(async (buffer, start) => {
    const block = new Block(buffer);
    delay.reset();
    delay.enable();
    const endWatch = watchTurns();
    const before = threadCpuMs();
    await pipeline.consume(block);
    const cpuMs = threadCpuMs() - before;
    const longestCpuMs = endWatch();
    delay.disable();
    if (block.rows === 0) return;
    made.rows += block.rows;
    made.cpuUs += cpuMs * 1000;
    made.longestCpuMs = Math.max(made.longestCpuMs, longestCpuMs);
    made.ms.push(performance.now() - start);
    made.longestBlockMs = Math.max(made.longestBlockMs, delay.max / 1e6);
    made.rssBytes = Math.max(made.rssBytes, process.memoryUsage.rss());
  });
  await turns();
  return { ...made, pauses: [...pauses] };
}

// The first time warms the compiler up; a daemon runs for days.
await summarize();
const made = await summarize();
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(
  JSON.stringify({
    streams,
    takeMs: median(takes),
    takeAndMosFirstMs: ratings[0],
    takeAndMosMs: median(ratings),
    directionsMs: median(joins),
    directionsHeapBytes: heapBytesAStream,
    directionsMaxMs: Math.max(...joins),
    summariesMs: median(made.ms),
    rowUs: made.cpuUs / made.rows,
    rowBytes: made.bytes / made.rows,
    longestBlockMs: made.longestBlockMs,
    longestBlockCpuMs: made.longestCpuMs,
    gcPauses: made.pauses.length,
    gcMs: made.pauses.reduce((sum, ms) => sum + ms, 0),
    gcLongestMs: Math.max(0, ...made.pauses),
    rssBytes: made.rssBytes,
  }),
);
