import { describe, expect, it } from 'vitest';
import { defaults } from '../../../src/config/defaults.gen.js';
import { Block, KIND_STREAM } from '../../../src/native/block.js';
import { summaryContext } from '../../../src/summary/context.js';
import type { SummaryLine } from '../../../src/summary/line.js';
import { type PipelineOptions, SummaryPipeline } from '../../../src/summary/pipeline.js';
import type { Summary } from '../../../src/summary/schema.js';
import { blockOf } from '../native/blocks.js';

const contextOf = (name: string) => summaryContext({ ...defaults, probe: { name } }, null);

function pipelineOf(options: Partial<PipelineOptions> = {}) {
  const batches: Summary[][] = [];
  const pipeline = new SummaryPipeline(contextOf('p1'), {
    sink: (lines) => void batches.push(lines.map((line) => line.parse())),
    ...options,
  });
  return { pipeline, batches };
}

const kinds = (batches: readonly Summary[][]) => batches.map((batch) => batch.map(({ kind }) => kind));

describe('the pipeline', () => {
  it('makes windows and ended streams in the order of the block, then the capture', async () => {
    const { pipeline, batches } = pipelineOf();
    await pipeline.consume(new Block(blockOf({ records: [{ kind: 1 }, { kind: 2 }, { kind: 1 }] })));
    expect(kinds(batches)).toEqual([['window', 'stream', 'window', 'capture']]);
  });

  it('leaves out what is not wanted', async () => {
    const { pipeline, batches } = pipelineOf({ wants: ({ kind }) => kind === KIND_STREAM });
    await pipeline.consume(new Block(blockOf({ records: [{ kind: 1 }, { kind: 2 }, { kind: 1 }] })));
    expect(kinds(batches)).toEqual([['stream', 'capture']]);
  });

  it('hands on what a few milliseconds give, waits for the sink, and lets the event loop turn between', async () => {
    const records = Array.from({ length: 20_000 }, (_, i) => ({ streamId: BigInt(i) }));
    const block = new Block(blockOf({ records }));
    const ids: string[] = [];
    let batches = 0;
    let open = 0;
    const { pipeline } = pipelineOf({
      sink: async (lines) => {
        expect(++open).toBe(1);
        batches++;
        for (const { kind, id } of lines) if (kind === 'window') ids.push(id);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open--;
      },
    });
    let turns = 0;
    let running = true;
    const count = () => {
      turns++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    await pipeline.consume(block);
    running = false;
    expect(ids).toEqual(records.map(({ streamId }) => `p1/${streamId.toString(16).padStart(16, '0')}/10000`));
    // Even the fastest machine needs more than 4 ms for so many.
    expect(batches).toBeGreaterThan(2);
    expect(turns).toBeGreaterThan(batches);
  });

  it('counts each capture summary from the block before, and takes a new context with the next block', async () => {
    const { pipeline, batches } = pipelineOf();
    await pipeline.consume(new Block(blockOf({ counters: { packets: 100, rtp: 100 } })));
    pipeline.context = contextOf('p2');
    await pipeline.consume(new Block(blockOf({ counters: { packets: 130, rtp: 125, tcp: 5 } })));
    expect(batches.flat()).toMatchObject([
      { probe: 'p1', packets: 100, used: { rtp: 100 } },
      { probe: 'p2', packets: 30, used: { rtp: 25 }, reasons: { tcp: 5 } },
    ]);
  });

  it('gives the worker load of the moment', async () => {
    const loads = [0.25, null];
    const { pipeline, batches } = pipelineOf({
      condition: () => ({
        ...{ workerLoad: loads.shift()!, state: 'capturing', method: 'packet', interfaces: [] },
      }),
    });
    for (let i = 0; i < 2; i++) await pipeline.consume(new Block(blockOf()));
    expect(batches.flat()).toMatchObject([{ workerLoad: 0.25 }, { workerLoad: null }]);
  });

  it('writes a summary as one line of JSON with its kind and id beside it', async () => {
    const all: SummaryLine[] = [];
    const { pipeline } = pipelineOf({ sink: (lines) => void all.push(...lines) });
    await pipeline.consume(new Block(blockOf({ records: [{}, { kind: 2 }] })));
    expect(all.map(({ kind, id }) => [kind, id])).toEqual([
      ['window', 'p1/0123456789abcdef/10000'],
      ['stream', 'p1/0123456789abcdef'],
      ['capture', 'p1/capture/files/10000'],
    ]);
    for (const line of all) {
      expect(line.parse()).toMatchObject({ kind: line.kind, id: line.id });
      const bytes = Buffer.alloc(line.length + 1);
      line.copyTo(bytes, 1);
      expect(bytes.toString('utf8', 1)).toBe(`${line.json}\n`);
      expect(line.json).not.toContain('\n');
    }
  });
});
