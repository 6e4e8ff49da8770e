import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src/native/block.js';
import { counters } from '../../../src/native/counters.gen.js';
import type { Engine, EngineStats } from '../../../src/native/engine.js';
import { RtpsondeError } from '../../../src/ops/errors.js';
import { BlockPump } from '../../../src/windows/block-pump.js';
import { blockOf } from '../native/blocks.js';

/** An engine whose blocks the test puts in. */
class FakeEngine implements Engine {
  queue: ArrayBuffer[] = [];
  released: ArrayBuffer[] = [];
  ended = false;
  error: EngineStats['error'] = null;
  looks = 0;

  start(): void {}
  take(): ArrayBuffer | null {
    return this.queue.shift() ?? null;
  }
  release(block: ArrayBuffer): void {
    this.released.push(block);
  }
  stop(): void {
    if (!this.ended) this.queue.push(blockOf({ flags: 5, windowStartNs: 99n }));
    this.ended = true;
  }
  stats(): EngineStats {
    this.looks++;
    const { ended, error } = this;
    return {
      counters: new Float64Array(counters.length),
      queueDepth: this.queue.length,
      cpuSeconds: 0,
      workers: [],
      bytesRead: 0,
      bytesTotal: 0,
      tableBytes: 0,
      captureState: 'file',
      interfaces: [],
      captureMethod: 'file',
      ended,
      error,
      problems: [],
    };
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the block pump', () => {
  it('hands blocks on one at a time, in order, and gives each back when its consumer is done', async () => {
    const engine = new FakeEngine();
    const blocks = [1n, 2n, 3n].map((windowStartNs) => blockOf({ windowStartNs }));
    engine.queue = [...blocks];
    engine.ended = true;
    const seen: string[] = [];
    await new BlockPump(engine, async ({ windowStartNs }: Block) => {
      seen.push(`begin ${windowStartNs}, ${engine.released.length} back`);
      await turn();
      seen.push(`end ${windowStartNs}`);
    }).run();
    expect(seen).toEqual([
      'begin 1, 0 back',
      'end 1',
      'begin 2, 1 back',
      'end 2',
      'begin 3, 2 back',
      'end 3',
    ]);
    expect(engine.released).toEqual(blocks);
  });

  it('lets timers and sockets have their turn while blocks never run out', async () => {
    const engine = new FakeEngine();
    engine.queue = Array.from({ length: 5 }, () => blockOf());
    let turns = 0;
    const count = () => {
      turns++;
      if (!engine.ended) setImmediate(count);
    };
    setImmediate(count);
    let consumed = 0;
    await new BlockPump(engine, async () => {
      consumed++;
      engine.ended = consumed === 5;
    }).run();
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('waits for blocks that come later, and seals what is open when it is stopped', async () => {
    const engine = new FakeEngine();
    const starts: bigint[] = [];
    const pump = new BlockPump(engine, async ({ windowStartNs }) => {
      starts.push(windowStartNs);
      if (windowStartNs === 1n) setTimeout(() => pump.stop(), 5);
    });
    setTimeout(() => engine.queue.push(blockOf({ windowStartNs: 1n })), 5);
    expect(await pump.run()).toMatchObject({ ended: true, error: null });
    expect(starts).toEqual([1n, 99n]);
  });

  it('ends with the fault of the engine after its last block', async () => {
    const engine = new FakeEngine();
    engine.queue = [blockOf()];
    engine.ended = true;
    engine.error = { code: 'ERR_ENGINE_FAULT', message: 'out of luck' };
    let consumed = 0;
    const pump = new BlockPump(engine, async () => void consumed++);
    await expect(pump.run()).rejects.toEqual(new RtpsondeError('ERR_ENGINE_FAULT', 'out of luck'));
    expect(consumed).toBe(1);
  });

  it('gives a block back that its consumer could not take', async () => {
    const engine = new FakeEngine();
    engine.queue = [blockOf()];
    const pump = new BlockPump(engine, async () => {
      throw new Error('full');
    });
    await expect(pump.run()).rejects.toThrow('full');
    expect(engine.released.length).toBe(1);
  });
});
