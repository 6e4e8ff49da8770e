// The addon itself: what crosses the boundary, and that memory comes back at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Block } from '../../../src/native/block.js';
import type { EngineOptions } from '../../../src/native/engine.js';
import { createEngine } from '../../../src/native/load.js';
import { simulate } from '../../../src/simulate/index.js';
import { staticPayloadTypeOptions } from '../../../src/summary/context.js';

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = (path: string, changes: Partial<EngineOptions> = {}): EngineOptions => ({
  source: { kind: 'files', paths: [path], follow: false, followPattern: '', replaySpeed: 0, filter: '' },
  workers: 1,
  cpus: [],
  overload: 'shed',
  windowMs: 1000,
  idleTimeoutMs: 60_000,
  maxStreams: 10_000,
  fragmentDatagrams: 64,
  fragmentTimeoutMs: 5000,
  queueBlocks: 8,
  playoutProfiles: [{ adaptive: false, delayMs: 50, maxMs: 100 }],
  playoutUsedByQuality: 0,
  gmin: 16,
  burstGapA2: false,
  speechLevel: false,
  transmissionOffsetId: 0,
  stallMs: 500,
  spanCopies: { mode: 'auto', windowMs: 50 },
  payloadTypes: [...staticPayloadTypeOptions],
  ...changes,
});

function capture(name: string, streams: number, durationMs: number): string {
  const path = join(folder, name);
  simulate({ streams, calls: 0, durationMs, rampMs: 100, ptimeMs: 40 }, path);
  return path;
}

/** Holds this thread, so that the event loop does not turn. */
const hold = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('the engine', () => {
  it('seals windows of a capture, the last one partial', async () => {
    const engine = createEngine(options(capture('small.pcap', 3, 2500)));
    engine.start();
    const seen: [number, boolean, boolean][] = [];
    for (;;) {
      const { ended } = engine.stats();
      const buffer = engine.take();
      if (buffer === null) {
        if (ended) break;
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      const { rows, partial, last } = new Block(buffer);
      seen.push([rows, partial, last]);
      engine.release(buffer);
      expect(buffer.byteLength).toBe(0);
      engine.release(buffer); // twice is harmless
    }
    // Three windows of streams, and in the last block their ends as well.
    expect(seen).toEqual([
      [3, false, false],
      [3, false, false],
      [6, true, true],
    ]);
    expect(engine.stats()).toMatchObject({ ended: true, error: null, problems: [], queueDepth: 0 });
    engine.stop();
    engine.stop();
  });

  it('gives the memory of a released block back at once, though the event loop does not turn', () => {
    const engine = createEngine(options(capture('wide.pcap', 3000, 4000), { windowMs: 20 }));
    engine.start();
    const before = process.memoryUsage.rss();
    let most = 0;
    let bytes = 0;
    const deadline = performance.now() + 60_000;
    for (;;) {
      const { ended } = engine.stats();
      const buffer = engine.take();
      if (buffer === null) {
        if (ended || performance.now() > deadline) break;
        hold(1);
        continue;
      }
      bytes += buffer.byteLength;
      new Uint8Array(buffer)[buffer.byteLength - 1] = 1;
      engine.release(buffer);
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    expect(engine.stats().ended).toBe(true);
    const MIB = 1024 * 1024;
    expect(bytes).toBeGreaterThan(80 * MIB);
    expect(most).toBeLessThan(50 * MIB);
  });

  it('refuses what it cannot open or use, with a code, at once', () => {
    const missing = createEngine(options(join(folder, 'none.pcap')));
    expect(() => missing.start()).toThrow(
      expect.objectContaining({ code: 'ERR_CAPTURE_FILE_NOT_FOUND' }) as Error,
    );
    expect(() => createEngine(options('x', { windowMs: 0 }))).toThrow(
      expect.objectContaining({ code: 'ERR_ENGINE_OPTIONS' }) as Error,
    );
    expect(() => createEngine(options('x', { spanCopies: { mode: 'some' as 'all', windowMs: 50 } }))).toThrow(
      'unknown mode of span copies some',
    );
    expect(() => createEngine(options('x', { spanCopies: undefined as never }))).toThrow(
      'spanCopies must be an object',
    );
    expect(() => createEngine({ ...options('x'), windowMs: -1 })).toThrow('windowMs must be 0 or more');
    expect(() => createEngine({ ...options('x'), workers: 0 })).toThrow('workers must be 1 or more');
    expect(() => createEngine({ ...options('x'), workers: 5 })).toThrow('at most 4 workers');
    expect(() => createEngine({ ...options('x'), cpus: [-1] })).toThrow('no such CPU number');
    expect(() => createEngine({ ...options('x'), overload: 'wait' as 'drop' })).toThrow(
      'unknown way to bear overload wait',
    );
    expect(() => createEngine({ ...options('x'), maxStreams: 2 ** 33 })).toThrow('maxStreams is too large');
    expect(() => createEngine({ ...options('x'), maxStreams: undefined as unknown as number })).toThrow(
      expect.objectContaining({
        code: 'ERR_ENGINE_OPTIONS',
        message: 'maxStreams must be a number',
      }) as Error,
    );
  });
});
