import { expect, it } from 'vitest';
import { defaults } from '../../../src/config/defaults.gen.js';
import { Block } from '../../../src/native/block.js';
import { ChunkPool } from '../../../src/summary/chunk.js';
import { summaryContext } from '../../../src/summary/context.js';
import type { SummaryLine } from '../../../src/summary/line.js';
import { SummaryPipeline } from '../../../src/summary/pipeline.js';
import { blockOf } from '../native/blocks.js';

it('a chunk is used again when nobody uses it any more, and not before', () => {
  const pool = new ChunkPool();
  const first = pool.take(1);
  first.retain();
  first.release();
  // Compared here, as a failed comparison of chunks prints all of them.
  expect(pool.take(1) === first).toBe(false);
  first.release();
  expect(pool.take(1) === first).toBe(true);
  expect(pool.take(1) === first).toBe(false);
});

it('a chunk that is larger than others is not kept', () => {
  const pool = new ChunkPool();
  const large = pool.take(3_000_000);
  expect(large.bytes.length).toBe(3_000_000);
  large.release();
  expect(pool.take(3_000_000) === large).toBe(false);
});

it('lines that are retained stay what they are while others are made in the memory of those that are gone', async () => {
  const kept = new Map<SummaryLine, string>();
  let made = 0;
  const pipeline = new SummaryPipeline(summaryContext({ ...defaults, probe: { name: 'p1' } }, null), {
    sink: (lines) => {
      // Every third line is kept, for a while; all others are forgotten.
      for (const line of lines) {
        if (made++ % 3 !== 0) continue;
        line.retain();
        kept.set(line, line.json);
      }
      for (const [line, json] of [...kept].slice(0, -400)) {
        expect(line.json).toBe(json);
        kept.delete(line);
        line.release();
      }
    },
  });
  for (let block = 0; block < 3; block++) {
    const records = Array.from({ length: 1000 }, (_, i) => ({ streamId: BigInt(i), ssrc: block }));
    await pipeline.consume(new Block(blockOf({ records })));
  }
  for (const [line, json] of kept) expect(line.json).toBe(json);
  expect(made).toBe(3 * 1001);
});
