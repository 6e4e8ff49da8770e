import { describe, expect, it } from 'vitest';
import { defaults } from '../../../src/config/defaults.gen.js';
import { Block } from '../../../src/native/block.js';
import { summaryContext } from '../../../src/summary/context.js';
import { type PipelineOptions, SummaryPipeline, toLine } from '../../../src/summary/pipeline.js';
import type { Summary } from '../../../src/summary/schema.js';
import { blockOf } from '../native/blocks.js';

const contextOf = (name: string) => summaryContext({ ...defaults, probe: { name } }, null);

function pipelineOf(options: Partial<PipelineOptions> = {}) {
  const batches: Summary[][] = [];
  const pipeline = new SummaryPipeline(contextOf('p1'), {
    sink: (summaries) => void batches.push([...summaries]),
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

  it('leaves the windows out on request', async () => {
    const { pipeline, batches } = pipelineOf({ windows: false });
    await pipeline.consume(new Block(blockOf({ records: [{ kind: 1 }, { kind: 2 }, { kind: 1 }] })));
    expect(kinds(batches)).toEqual([['stream', 'capture']]);
  });

  it('hands on 64 rows at a time, waits for the sink, and lets the event loop turn between', async () => {
    const records = Array.from({ length: 300 }, (_, i) => ({ streamId: BigInt(i) }));
    const events: string[] = [];
    const { pipeline } = pipelineOf({
      sink: async (summaries) => {
        events.push(`begin ${summaries.length}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
        events.push('end');
      },
    });
    let turns = 0;
    let running = true;
    const count = () => {
      turns++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    await pipeline.consume(new Block(blockOf({ records })));
    running = false;
    expect(events).toEqual([
      'begin 64',
      'end',
      'begin 64',
      'end',
      'begin 64',
      'end',
      'begin 64',
      'end',
      'begin 45',
      'end',
    ]);
    expect(turns).toBeGreaterThan(2);
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
      condition: () => ({ workerLoad: loads.shift()!, state: 'capturing' }),
    });
    for (let i = 0; i < 2; i++) await pipeline.consume(new Block(blockOf()));
    expect(batches.flat()).toMatchObject([{ workerLoad: 0.25 }, { workerLoad: null }]);
  });

  it('writes a summary as one line of JSON with its kind and id beside it', async () => {
    const { pipeline, batches } = pipelineOf();
    await pipeline.consume(new Block(blockOf({ records: [{}] })));
    const [window] = batches[0]!;
    const line = toLine(window!);
    expect({ ...line, json: JSON.parse(line.json) }).toEqual({
      kind: 'window',
      id: 'p1/0123456789abcdef/10000',
      json: window,
    });
    expect(line.json).not.toContain('\n');
  });
});
