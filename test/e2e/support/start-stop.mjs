// Starts and stops the engine very often, in a process of its own, and tells what the process holds
// now and then. Arguments: JSON of `capture` in the configuration, times, how often to look.
// Run with --expose-gc: an engine is gone when its object is.
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { toEngineOptions } from '../../../dist/config/engine-options.js';
import { configSchema } from '../../../dist/config/schema.js';
import { createEngine } from '../../../dist/native/load.js';
import { staticPayloadTypeOptions } from '../../../dist/summary/context.js';

const [capture, times, every] = process.argv.slice(2).map((text) => JSON.parse(text));

function optionsOf(workers) {
  const parsed = configSchema.parse({ capture: { ...capture, workers }, export: [{ type: 'stdout' }] });
  return toEngineOptions({ ...parsed, probe: { name: 'p1' } }, staticPayloadTypeOptions);
}

/**
 * Lets engines that nobody holds go; their finalizers run in later turns of the event loop. Often, as
 * of some hundreds that wait glibc keeps tens of MB.
 */
async function collect() {
  for (let i = 0; i < 10; i++) {
    await sleep(2);
    globalThis.gc();
  }
}

function held() {
  const files = readdirSync('/proc/self/fd').length;
  const threads = readdirSync('/proc/self/task').length;
  return { files, threads, rss: process.memoryUsage.rss() };
}

// Apart, so that nothing holds the engine afterwards.
function once(i) {
  const engine = createEngine(options[i % options.length]);
  engine.start();
  // Every second one is left to the collector of garbage while it runs.
  if (i % 2 === 0) engine.stop();
  for (let block = engine.take(); block !== null; block = engine.take()) engine.release(block);
}

const COLLECT_EVERY = 50;
const options = [1, 2, 4].map(optionsOf);
const seen = [];
for (let i = 1; i <= times; i++) {
  once(i);
  if (i % COLLECT_EVERY === 0 || i % every === 0) await collect();
  if (i % every !== 0) continue;
  seen.push(held());
}
console.log(JSON.stringify(seen));
