import { describe, expect, it } from 'vitest';
import { DeliveryError, type Remedy } from '../../../src/export/exporter.js';
import { Lane } from '../../../src/export/lane.js';
import type { LaneOptions } from '../../../src/export/lane-options.js';
import { MemoryStore } from '../../../src/export/memory-store.js';
import type { PendingStore } from '../../../src/export/pending-store.js';
import { dependencies, laneOptions, line, lines, ScriptedExporter, START_MS, settle } from './support.js';

function fault(remedy: Remedy, retryAfterMs: number | null = null): DeliveryError {
  return new DeliveryError('ERR_EXPORT_UNAVAILABLE', 'collector answers 503', { remedy, retryAfterMs });
}

function setUp(options: Partial<LaneOptions> = {}, random = 1) {
  const deps = dependencies(random);
  const exporter = new ScriptedExporter();
  return { ...deps, exporter, lane: new Lane(exporter, { ...laneOptions, ...options }, deps) };
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => String(first + i));

describe('a lane makes batches', () => {
  it('sends a full batch at once and the rest when its oldest record is old enough', async () => {
    const { lane, exporter, clock } = setUp();
    lane.offer(lines(0, 13));
    await clock.advance(0);
    expect(exporter.taken).toEqual([range(0, 10)]);
    await clock.advance(999);
    expect(exporter.taken).toEqual([range(0, 10)]);
    await clock.advance(1);
    expect(exporter.taken).toEqual([range(0, 10), range(10, 3)]);
  });

  it('counts the age of the oldest record, not of the youngest', async () => {
    const { lane, exporter, clock } = setUp();
    lane.offer([line(0)]);
    await clock.advance(600);
    lane.offer([line(1)]);
    await clock.advance(400);
    expect(exporter.taken).toEqual([['0', '1']]);
  });

  it('keeps a batch below its bytes, in UTF-8, and sends a larger line alone', async () => {
    const { lane, exporter, clock } = setUp({ batch: { ...laneOptions.batch, maxBytes: 199 } });
    const euro = '\u20ac'.repeat(20);
    const batch = [
      line(0, 'window', euro),
      line(1, 'window', euro),
      line(2, 'window', 'x'.repeat(300)),
      line(3),
    ];
    lane.offer(batch);
    await clock.advance(1000);
    expect(exporter.taken).toEqual([['0'], ['1'], ['2'], ['3']]);
  });

  it('sends only the kinds that are included and counts the others', async () => {
    const { lane, exporter, clock } = setUp({ include: ['stream', 'capture'] });
    lane.offer([line(0, 'window'), line(1, 'stream'), line(2, 'window'), line(3, 'capture')]);
    await clock.advance(1000);
    expect(exporter.taken).toEqual([['1', '3']]);
    expect(lane.stats()).toMatchObject({ offered: 4, filtered: 2, delivered: 2, queued: 0 });
  });

  it('has one delivery in flight', async () => {
    const { lane, exporter, clock } = setUp();
    let open = () => {};
    exporter.gate = new Promise((resolve) => {
      open = resolve;
    });
    lane.offer(lines(0, 30));
    await clock.advance(5000);
    expect(exporter.attempts).toEqual([range(0, 10)]);
    expect(lane.stats()).toMatchObject({ queued: 20, inFlight: 10, delivered: 0 });
    exporter.gate = null;
    open();
    await settle();
    expect(exporter.taken).toEqual([range(0, 10), range(10, 10), range(20, 10)]);
  });

  it('sends without delay what came before the wall clock was set back', async () => {
    const { lane, exporter, clock } = setUp();
    lane.offer([line(0)]);
    clock.wallOffsetMs = -3_600_000;
    lane.offer([line(1)]);
    await clock.advance(0);
    expect(exporter.taken).toEqual([['0', '1']]);
  });
});

describe('a lane tries again', () => {
  it('waits twice as long each time, up to the longest wait, and sends the same records', async () => {
    const { lane, exporter, clock } = setUp();
    const attemptsAt: number[] = [];
    const deliver = exporter.deliver.bind(exporter);
    exporter.deliver = (batch) => {
      attemptsAt.push(clock.now() - START_MS);
      return deliver(batch);
    };
    exporter.script = Array.from({ length: 6 }, () => fault('retry'));
    lane.offer(lines(0, 10));
    await clock.advance(10_000);
    // 100, 200, 400, 800, 1000, 1000 ms between the attempts
    expect(attemptsAt).toEqual([0, 100, 300, 700, 1500, 2500, 3500]);
    expect(exporter.attempts).toEqual(Array.from({ length: 7 }, () => range(0, 10)));
    expect(lane.stats()).toMatchObject({
      delivered: 10,
      retries: 6,
      lastError: 'collector answers 503 (ERR_EXPORT_UNAVAILABLE)',
      lastErrorAt: START_MS + 2500,
      lastSuccessAt: START_MS + 3500,
    });
  });

  it('spreads the wait over the whole range', async () => {
    const { lane, exporter, clock } = setUp({}, 0.25);
    exporter.script = [fault('retry'), fault('retry')];
    lane.offer(lines(0, 10));
    await clock.advance(25 + 49);
    expect(exporter.attempts).toHaveLength(2);
    await clock.advance(1);
    expect(exporter.attempts).toHaveLength(3);
  });

  it('stays away for as long as Retry-After says, also when asked to flush', async () => {
    const { lane, exporter, clock } = setUp();
    exporter.script = [fault('retry', 7000)];
    lane.offer(lines(0, 10));
    await clock.advance(2000);
    const flushed = lane.flush(60_000);
    await clock.advance(4999);
    expect(exporter.attempts).toHaveLength(1);
    await clock.advance(1);
    await flushed;
    expect(exporter.taken).toEqual([range(0, 10)]);
  });

  it('waits a minute when credentials are refused, or until somebody says that they are new', async () => {
    const { lane, exporter, clock } = setUp();
    exporter.script = [fault('retry-slowly'), fault('retry-slowly')];
    lane.offer(lines(0, 10));
    await clock.advance(59_999);
    expect(exporter.attempts).toHaveLength(1);
    await clock.advance(1);
    expect(exporter.attempts).toHaveLength(2);
    lane.retryNow();
    await clock.advance(0);
    expect(exporter.taken).toEqual([range(0, 10)]);
  });

  it('takes an unknown error for one that passes', async () => {
    const { lane, exporter, clock } = setUp();
    exporter.script = [new TypeError('a fault of ours')];
    lane.offer(lines(0, 10));
    await clock.advance(100);
    expect(exporter.taken).toEqual([range(0, 10)]);
    expect(lane.stats().lastError).toBe('a fault of ours (ERR_INTERNAL)');
  });

  it('drops a batch that is refused for good, and goes on with the next', async () => {
    const { lane, exporter, clock, logger } = setUp();
    exporter.script = [fault('drop')];
    lane.offer(lines(0, 20));
    await clock.advance(0);
    expect(exporter.taken).toEqual([range(10, 10)]);
    expect(lane.stats()).toMatchObject({ droppedRejected: 10, delivered: 10, retries: 0 });
    expect(logger.messages).toEqual(['error: export scripted: records dropped: collector answers 503']);
  });

  it('halves a batch that is too large until only the line at fault is dropped', async () => {
    const { lane, exporter, clock } = setUp();
    const deliver = exporter.deliver.bind(exporter);
    exporter.deliver = async (batch) => {
      if (batch.some(({ id }) => id === '6')) {
        exporter.attempts.push(batch.map(({ id }) => id));
        throw fault('split');
      }
      await deliver(batch);
    };
    lane.offer(lines(0, 20));
    await clock.advance(0);
    expect(exporter.attempts).toEqual([
      range(0, 10),
      range(0, 5),
      range(5, 5),
      range(5, 3),
      range(5, 2),
      ['5'],
      ['6'],
      ['7'],
      range(8, 2),
      range(10, 10),
    ]);
    expect(exporter.taken.flat()).toEqual(range(0, 20).filter((id) => id !== '6'));
    expect(lane.stats()).toMatchObject({ delivered: 19, droppedRejected: 1, queued: 0, inFlight: 0 });
  });
});

it('a lane sends the halves of a batch that was too large at once', async () => {
  const { lane, exporter, clock } = setUp();
  exporter.script = [fault('split')];
  lane.offer(lines(0, 10));
  await clock.advance(0);
  expect(exporter.taken).toEqual([range(0, 5), range(5, 5)]);
});

it('a lane works over a store that takes its time, as one on disk does', async () => {
  const memory = new MemoryStore(laneOptions.queue);
  const deps = dependencies();
  const later = () => deps.clock.sleep(5);
  const store: PendingStore = {
    isDurable: true,
    fault: null,
    reject: (count) => memory.reject(count),
    hasRoom: () => memory.hasRoom(),
    push: (batch, nowMs) => memory.push(batch, nowMs),
    peekBatch: async (limit) => {
      await later();
      return memory.peekBatch(limit);
    },
    ack: (count) => {
      memory.ack(count);
      return later();
    },
    size: () => memory.size(),
    resize: (limit) => memory.resize(limit),
    close: async () => {
      await later();
      return 0;
    },
  };
  const exporter = new ScriptedExporter();
  exporter.script = [fault('split')];
  const lane = new Lane(exporter, laneOptions, deps, store);
  lane.offer(lines(0, 25));
  const seen: object[] = [];
  for (let i = 0; i < 7; i++) {
    await deps.clock.advance(5);
    const { queued, inFlight, delivered } = lane.stats();
    seen.push({ queued, inFlight, delivered });
  }
  // Peek, refused; peek, first half; acknowledged; peek, second half; ...
  expect(seen).toEqual([
    { queued: 25, inFlight: 0, delivered: 0 },
    { queued: 20, inFlight: 0, delivered: 5 },
    { queued: 20, inFlight: 0, delivered: 5 },
    { queued: 15, inFlight: 0, delivered: 10 },
    { queued: 15, inFlight: 0, delivered: 10 },
    { queued: 5, inFlight: 0, delivered: 20 },
    { queued: 5, inFlight: 0, delivered: 20 },
  ]);
  const closed = lane.close(1000);
  await deps.clock.advance(1000);
  await closed;
  expect(exporter.taken).toEqual([range(0, 5), range(5, 5), range(10, 10), range(20, 5)]);
  expect(lane.stats()).toMatchObject({ delivered: 25, queued: 0, droppedAtClose: 0 });
});

describe('a lane is bounded', () => {
  it('drops the oldest records that are not in flight, and counts them exactly', async () => {
    const { lane, exporter, clock } = setUp();
    exporter.script = [fault('retry', 5000)];
    lane.offer(lines(0, 10));
    await clock.advance(0);
    lane.offer(lines(10, 90));
    expect(lane.stats()).toMatchObject({ droppedQueueFull: 0, queued: 90, inFlight: 10 });
    lane.offer(lines(100, 25));
    expect(lane.stats()).toMatchObject({ offered: 125, droppedQueueFull: 25, queued: 90, inFlight: 10 });
    await clock.advance(10_000);
    expect(exporter.taken.flat()).toEqual([...range(0, 10), ...range(35, 90)]);
    expect(lane.stats()).toMatchObject({ delivered: 100, droppedQueueFull: 25, queued: 0, inFlight: 0 });
  });

  it('is bounded by bytes too', async () => {
    const { lane } = setUp({ queue: { maxRecords: 100, maxBytes: 1000 } });
    const padded = Array.from({ length: 10 }, (_, i) => line(i, 'window', 'x'.repeat(200)));
    const bytes = padded[0]!.json.length + 1;
    lane.offer(padded);
    expect(lane.stats()).toMatchObject({ queued: 4, queuedBytes: 4 * bytes, droppedQueueFull: 6 });
    lane.offer([line(10, 'window', 'x'.repeat(2000))]);
    expect(lane.stats()).toMatchObject({ queued: 0, queuedBytes: 0, droppedQueueFull: 11 });
  });

  it('says so at most once in the log period, with the sum', async () => {
    const { lane, logger, clock, exporter } = setUp({ queue: { maxRecords: 1, maxBytes: 1000 } });
    exporter.gate = new Promise(() => {});
    for (let i = 0; i < 5; i++) lane.offer(lines(0, 3));
    await clock.advance(30_000);
    lane.offer(lines(0, 3));
    const full = logger.entries.map(({ fields, message }) => ({ ...fields, message }));
    const message = 'export scripted: queue full, oldest records dropped';
    const common = { exporter: 'scripted', code: 'ERR_EXPORT_QUEUE_FULL', message };
    expect(full).toEqual([
      { ...common, dropped: 2 },
      { ...common, dropped: 3 * 4 + 3 },
    ]);
  });

  it('lets a reader that can wait know when there is room', async () => {
    const { lane, exporter, clock } = setUp();
    exporter.script = [fault('retry')];
    lane.offer(lines(0, 51));
    let hasRoom = false;
    const waiting = lane.room().then(() => {
      hasRoom = true;
    });
    await settle();
    expect(hasRoom).toBe(false);
    await clock.advance(200);
    await waiting;
    expect(hasRoom).toBe(true);
  });

  it('thins out the log of a collector that is down, and says when it is back', async () => {
    const { lane, exporter, clock, logger } = setUp();
    exporter.script = Array.from({ length: 40 }, () => fault('retry'));
    lane.offer(lines(0, 10));
    await clock.advance(60_000);
    expect(logger.messages).toEqual([
      'warn: export scripted: collector answers 503; trying again',
      'warn: export scripted: collector answers 503; trying again',
      'info: export scripted: delivering again',
    ]);
    expect(logger.entries[1]?.fields).toEqual({
      exporter: 'scripted',
      code: 'ERR_EXPORT_UNAVAILABLE',
      // After the first: at 0.1, 0.3 and 0.7 s, then each second from 1.5 to 30.5 s.
      attempts: 33,
      queued: 10,
      retryInMs: 1000,
    });
  });
});

describe('a lane goes on with another exporter', () => {
  it('that gets all that waits, in order, once the old one has let go', async () => {
    const { lane, exporter, clock } = setUp();
    let letGo = () => {};
    exporter.close = () =>
      new Promise((resolve) => {
        letGo = resolve;
      });
    exporter.script = [null, fault('retry-slowly')];
    lane.offer(lines(0, 25));
    await clock.advance(10);
    const next = new ScriptedExporter();
    lane.replace(next, { ...laneOptions, batch: { ...laneOptions.batch, maxAgeMs: 500 } });
    lane.offer(lines(25, 1));
    await clock.advance(400);
    expect(next.attempts).toEqual([]);
    letGo();
    await clock.advance(100);
    expect(exporter.taken).toEqual([range(0, 10)]);
    expect(next.taken).toEqual([range(10, 10), range(20, 6)]);
    expect(lane.stats()).toMatchObject({ offered: 26, delivered: 26, queued: 0, inFlight: 0 });
  });

  it('and drops what a smaller queue cannot hold', async () => {
    const { lane, clock } = setUp({ include: ['window'] });
    lane.offer(lines(0, 9));
    const next = new ScriptedExporter();
    lane.replace(next, { ...laneOptions, queue: { maxRecords: 4, maxBytes: 1000 }, include: ['stream'] });
    lane.offer(lines(9, 3));
    await clock.advance(1000);
    expect(next.taken).toEqual([range(5, 4)]);
    expect(lane.stats()).toMatchObject({ offered: 12, filtered: 3, droppedQueueFull: 5, delivered: 4 });
  });
});

describe('a lane ends', () => {
  it('flushes what is queued when it is closed', async () => {
    const { lane, exporter, clock } = setUp();
    lane.offer(lines(0, 3));
    const closed = lane.close(5000);
    await clock.advance(0);
    await closed;
    expect(exporter.taken).toEqual([range(0, 3)]);
    expect(exporter.isClosed).toBe(true);
    expect(lane.stats()).toMatchObject({ delivered: 3, droppedAtClose: 0 });
    expect(clock.pending).toBe(0);
  });

  it('gives up at the deadline and counts what it had to leave', async () => {
    const { lane, exporter, clock, logger } = setUp();
    exporter.gate = new Promise(() => {});
    lane.offer(lines(0, 13));
    const closed = lane.close(5000);
    await clock.advance(4999);
    expect(exporter.isClosed).toBe(false);
    await clock.advance(1);
    await closed;
    expect(exporter.isClosed).toBe(true);
    expect(lane.stats()).toMatchObject({ offered: 13, droppedAtClose: 13, queued: 0, inFlight: 0 });
    expect(logger.messages).toEqual([
      'error: export scripted: records dropped, not delivered in the time to stop',
    ]);
    expect(clock.pending).toBe(0);
  });

  it('tries at once when it is closed while it waits for a retry', async () => {
    const { lane, exporter, clock } = setUp();
    exporter.script = [fault('retry-slowly')];
    lane.offer(lines(0, 10));
    await clock.advance(1000);
    const closed = lane.close(5000);
    await clock.advance(0);
    await closed;
    expect(exporter.taken).toEqual([range(0, 10)]);
  });

  it('counts what is offered after the end, and may be closed twice', async () => {
    const { lane, exporter, clock } = setUp();
    await lane.close(1000);
    await lane.close(1000);
    lane.offer(lines(0, 2));
    await clock.advance(5000);
    expect(exporter.attempts).toEqual([]);
    expect(lane.stats()).toMatchObject({ offered: 2, droppedAtClose: 2, queued: 0 });
  });

  it('ends although an exporter never lets go', async () => {
    const { lane, exporter, clock, logger } = setUp();
    exporter.close = () => new Promise(() => {});
    const closed = lane.close(0);
    await clock.advance(1000);
    await expect(closed).resolves.toBeUndefined();
    expect(logger.messages).toEqual([
      'error: export scripted: at the end: still busy after a second, left alone',
    ]);
  });

  it('flushes only what was there when it was asked', async () => {
    const { lane, exporter, clock } = setUp();
    let open = () => {};
    exporter.gate = new Promise((resolve) => {
      open = resolve;
    });
    lane.offer(lines(0, 5));
    let isFlushed = false;
    const flushed = lane.flush(5000).then(() => {
      isFlushed = true;
    });
    await clock.advance(0);
    lane.offer(lines(5, 5));
    expect(isFlushed).toBe(false);
    exporter.gate = null;
    open();
    await flushed;
    expect(exporter.taken).toEqual([range(0, 5)]);
    await clock.advance(1000);
    expect(exporter.taken).toEqual([range(0, 5), range(5, 5)]);
  });
});
