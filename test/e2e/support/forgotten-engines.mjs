// Measures a file with many engines, one after the other, and holds none of them; tells how many V8 has collected by
// itself, and the resident memory at the end. Arguments: the file, how many engines.
import { setTimeout as sleep } from 'node:timers/promises';
import { toEngineOptions } from '../../../dist/config/engine-options.js';
import { configSchema } from '../../../dist/config/schema.js';
import { createEngine } from '../../../dist/native/load.js';
import { staticPayloadTypeOptions } from '../../../dist/summary/context.js';

const [file, count] = process.argv.slice(2);
const parsed = configSchema.parse({ capture: { files: [file] }, export: [{ type: 'stdout' }] });
const options = toEngineOptions({ ...parsed, probe: { name: 'p1' } }, staticPayloadTypeOptions);

let collected = 0;
const registry = new FinalizationRegistry(() => collected++);

// Apart, so that nothing holds the engine afterwards.
async function measure() {
  const engine = createEngine(options);
  registry.register(engine);
  engine.start();
  while (!engine.stats().ended) {
    for (let block = engine.take(); block !== null; block = engine.take()) engine.release(block);
    await sleep(2);
  }
  engine.stop();
  return engine.stats().tableBytes;
}

let tableBytes = 0;
for (let i = 0; i < Number(count); i++) tableBytes = await measure();
console.log(JSON.stringify({ collected, tableBytes, rss: process.memoryUsage.rss() }));
