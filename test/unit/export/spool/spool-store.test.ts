import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SummaryLine } from '../../../../src/export/exporter.js';
import type { DiscardReason } from '../../../../src/export/pending-store.js';
import { type SpoolOptions, SpoolStore } from '../../../../src/export/spool/spool-store.js';
import { dependencies, ids, line, lines, START_MS, temporaryFolder, until } from '../support.js';

const options: SpoolOptions = {
  maxBytes: 1_000_000,
  maxAgeMs: 3_600_000,
  keepMs: 0,
  segmentBytes: 2000,
  segmentMs: 3_600_000,
  memoryBytes: 100_000,
};
const ALL = { maxRecords: 1000, maxBytes: 1_000_000 };

function openStore(folder: string, changes: Partial<SpoolOptions> = {}) {
  const deps = dependencies();
  const store = new SpoolStore('collector', folder, { ...options, ...changes }, deps);
  const discarded: [DiscardReason, number][] = [];
  let recovered = 0;
  store.attach({
    discarded: (records, why) => discarded.push([why, records]),
    recovered: (records) => (recovered += records),
  });
  onTestFinished(async () => void (await store.close()));
  return { ...deps, store, discarded, recovered: () => recovered };
}

/** Pushes one by one, so that each is written before the next. */
async function pushAll(store: SpoolStore, all: readonly SummaryLine[]): Promise<void> {
  for (const one of all) {
    store.push([one], START_MS);
    await written(store);
  }
}

async function written(store: SpoolStore): Promise<void> {
  await until(() => store.unwritten === 0, 'the write');
  await store.settled();
}
const segmentsIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => /\.(seg|open)$/.test(name))
    .sort();
const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => String(first + i));

describe('the spool', () => {
  it('gives back in order what was pushed, byte for byte', async () => {
    const { store } = openStore(temporaryFolder());
    const pushed = lines(0, 100);
    store.push(pushed, START_MS);
    const batch = await store.peekBatch(ALL);
    expect(batch.map(({ json }) => json)).toEqual(pushed.map(({ json }) => json));
    expect(batch.map(({ kind, length }) => [kind, length])).toEqual(
      pushed.map(({ kind, length }) => [kind, length]),
    );
    expect(store.size()).toMatchObject({ records: 100, oldestMs: START_MS });
    store.ack(100);
    expect(store.size()).toMatchObject({ records: 0, oldestMs: null });
  });

  it('gives the same batch until it is acknowledged, and parts of it from the front', async () => {
    const { store } = openStore(temporaryFolder());
    store.push(lines(0, 10), START_MS);
    expect(ids(await store.peekBatch({ maxRecords: 4, maxBytes: 1_000_000 }))).toEqual(range(0, 4));
    expect(ids(await store.peekBatch(ALL))).toEqual(range(0, 4));
    expect(ids(await store.peekBatch({ maxRecords: 2, maxBytes: 1_000_000 }))).toEqual(range(0, 2));
    store.ack(2);
    expect(ids(await store.peekBatch(ALL))).toEqual(range(2, 2));
    store.ack(2);
    expect(ids(await store.peekBatch(ALL))).toEqual(range(4, 6));
  });

  it('keeps what is not acknowledged for the next run, over many segments', async () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    await pushAll(first.store, lines(0, 60));
    expect(segmentsIn(folder).length).toBeGreaterThan(2);
    await first.store.peekBatch({ maxRecords: 25, maxBytes: 1_000_000 });
    first.store.ack(25);
    expect(await first.store.close()).toBe(0);

    const second = openStore(folder);
    await second.store.open();
    expect(second.recovered()).toBe(35);
    second.store.push(lines(60, 5), START_MS);
    await written(second.store);
    const got: string[] = [];
    while (second.store.size().records > 0) {
      const batch = await second.store.peekBatch(ALL);
      got.push(...ids(batch));
      second.store.ack(batch.length);
    }
    expect(got).toEqual(range(25, 40));
    expect(second.discarded).toEqual([]);
  });

  it('removes segments that are delivered, unless they are kept to be replayed', async () => {
    for (const keepMs of [0, 3_600_000]) {
      const folder = temporaryFolder();
      const { store, clock } = openStore(folder, { keepMs });
      await pushAll(store, lines(0, 60));
      const before = segmentsIn(folder).length;
      await clock.advance(1000);
      const batch = await store.peekBatch(ALL);
      store.ack(batch.length);
      await store.settled();
      expect(segmentsIn(folder).length).toBe(keepMs === 0 ? 1 : before);
    }
  });

  it('discards the oldest segments when it is full, never those that are being delivered, and counts to the record', async () => {
    const folder = temporaryFolder();
    const { store, discarded } = openStore(folder, { maxBytes: 10_000 });
    await pushAll(store, lines(0, 10));
    const peeked = await store.peekBatch({ maxRecords: 10, maxBytes: 1_000_000 });
    await pushAll(store, lines(10, 190));
    const lost = discarded.reduce((sum, [, records]) => sum + records, 0);
    expect(discarded.every(([why]) => why === 'full')).toBe(true);
    expect(lost).toBeGreaterThan(50);
    expect(store.size().records + lost).toBe(200);
    expect(ids(await store.peekBatch(ALL))).toEqual(ids(peeked));
    store.ack(peeked.length);
    const rest: string[] = [];
    while (store.size().records > 0) {
      const batch = await store.peekBatch(ALL);
      rest.push(...ids(batch));
      store.ack(batch.length);
    }
    // What was in a segment with them stays too; the rest are the newest.
    const kept = rest.filter((id, i) => Number(id) === 10 + i);
    const newest = range(200 - rest.length + kept.length, rest.length - kept.length);
    expect(rest).toEqual([...kept, ...newest]);
    expect(peeked.length + rest.length + lost).toBe(200);
    // After the next start nothing of it is found missing a second time.
    await store.close();
    const next = openStore(folder);
    await next.store.open();
    expect([next.recovered(), next.discarded]).toEqual([0, []]);
  });

  it('discards what is too old', async () => {
    const { store, discarded, clock } = openStore(temporaryFolder(), { maxAgeMs: 60_000, segmentMs: 10_000 });
    await pushAll(store, lines(0, 5));
    await clock.advance(30_000);
    await pushAll(store, lines(5, 5));
    await clock.advance(45_000);
    await pushAll(store, lines(10, 1));
    expect(discarded).toEqual([['old', 5]]);
    expect(ids(await store.peekBatch(ALL))).toEqual(range(5, 6));
  });
});

describe('after a crash the spool', () => {
  /** As `kill -9` leaves it: nothing is sealed. */
  async function crashed(folder: string, count: number): Promise<string> {
    const { store } = openStore(folder, { segmentBytes: 1_000_000 });
    await pushAll(store, lines(0, count));
    return join(folder, segmentsIn(folder)[0] ?? '');
  }

  it('cuts off a record that was not written to its end', async () => {
    for (const cut of [1, 20, 43, 44, 60]) {
      const folder = temporaryFolder();
      const path = await crashed(folder, 10);
      truncateSync(path, statSync(path).size - cut);
      const { store, recovered, logger } = openStore(folder);
      await store.open();
      const survivors = recovered();
      expect(survivors).toBe(cut < 76 ? 9 : 8);
      expect(logger.messages.some((text) => text.includes('spool repaired'))).toBe(true);
      store.push(lines(100, 1), START_MS);
      await written(store);
      const got: string[] = [];
      while (store.size().records > 0) {
        const batch = await store.peekBatch(ALL);
        got.push(...ids(batch));
        store.ack(batch.length);
      }
      expect(got).toEqual([...range(0, survivors), '100']);
    }
  });

  it('steps over damage in the middle, and counts what it cost', async () => {
    const folder = temporaryFolder();
    const path = await crashed(folder, 10);
    const bytes = readFileSync(path);
    bytes.fill(0xff, 200, 330);
    writeFileSync(path, bytes);
    const { store, recovered, discarded } = openStore(folder);
    await store.open();
    const batch = await store.peekBatch(ALL);
    const lost = discarded.reduce((sum, [, records]) => sum + records, 0);
    expect(lost).toBeGreaterThanOrEqual(1);
    expect(batch.length + lost).toBe(recovered());
    expect(ids(batch)).toEqual(range(0, 10).filter((id) => ids(batch).includes(id)));
    expect([ids(batch)[0], ids(batch).at(-1)]).toEqual(['0', '9']);
  });

  it('goes on behind what was acknowledged when the end of the data did not reach the disk', async () => {
    const folder = temporaryFolder();
    const { store } = openStore(folder);
    await pushAll(store, lines(0, 10));
    await store.peekBatch(ALL);
    store.ack(10);
    await store.close();
    for (const name of segmentsIn(folder)) rmSync(join(folder, name));
    const next = openStore(folder);
    next.store.push(lines(10, 3), START_MS);
    expect(ids(await next.store.peekBatch(ALL))).toEqual(range(10, 3));
    expect(next.discarded).toEqual([]);
  });

  it('leaves alone what it does not know', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'README'), 'not ours');
    writeFileSync(join(folder, '0000000000000005.open'), 'RTPSPOOL\x02\0\0\0\0\0\0\0 of a later version');
    const { store, logger } = openStore(folder);
    await store.open();
    expect(readdirSync(folder)).toContain('0000000000000005.open.unreadable');
    expect(readFileSync(join(folder, 'README'), 'utf8')).toBe('not ours');
    expect(logger.messages.join()).toContain('left alone');
  });

  it('knows how far it was acknowledged even when one half of that was spoilt', async () => {
    const folder = temporaryFolder();
    const { store } = openStore(folder);
    await pushAll(store, lines(0, 10));
    for (let i = 0; i < 4; i++) {
      await store.peekBatch({ maxRecords: 1, maxBytes: 1_000_000 });
      store.ack(1);
      await store.settled();
    }
    await store.close();
    const cursor = readFileSync(join(folder, 'cursor'));
    for (const at of [0, 24]) {
      const spoilt = Buffer.from(cursor);
      spoilt.fill(0xee, at, at + 24);
      writeFileSync(join(folder, 'cursor'), spoilt);
      const next = openStore(folder);
      const first = Number(ids(await next.store.peekBatch({ maxRecords: 1, maxBytes: 1_000_000 }))[0]);
      expect([3, 4]).toContain(first);
      await next.store.close();
    }
  });
});

describe('while the disk fails the spool', () => {
  /** A folder that cannot be made: a file stands in its way. */
  function blocked() {
    const folder = temporaryFolder();
    const obstacle = join(folder, 'spool');
    writeFileSync(obstacle, '');
    return { ...openStore(join(obstacle, 'collector'), { memoryBytes: 5000 }), obstacle };
  }

  it('says so once, delivers from memory, and drops the oldest above its bound', async () => {
    const { store, logger } = blocked();
    await store.open();
    expect(store.fault).toBe('a part of the path is not a directory');
    expect(store.push(lines(0, 10), START_MS)).toBe(0);
    expect(ids(await store.peekBatch({ maxRecords: 4, maxBytes: 1_000_000 }))).toEqual(range(0, 4));
    const dropped = store.push(lines(10, 200), START_MS);
    expect(dropped).toBeGreaterThan(0);
    expect(store.size().records).toBe(210 - dropped);
    store.ack(4);
    const batch = ids(await store.peekBatch(ALL));
    expect(batch).toEqual(range(4 + dropped, 206 - dropped));
    expect(logger.messages.filter((text) => text.includes('measuring goes on')).length).toBe(1);
  });

  it('writes what waits in memory as soon as the disk takes it', async () => {
    const { store, obstacle, clock, logger } = blocked();
    await store.open();
    store.push(lines(0, 10), START_MS);
    rmSync(obstacle);
    await clock.advance(6000);
    await until(() => store.fault === null && store.unwritten === 0);
    expect(logger.messages.some((text) => text.includes('the disk takes records again'))).toBe(true);
    expect(await store.close()).toBe(0);
  });

  it('says at its end how many are lost with it', async () => {
    const { store } = blocked();
    store.push(lines(0, 7), START_MS);
    expect(await store.close()).toBe(7);
  });
});

it('refused records are kept with the reason', async () => {
  const folder = temporaryFolder();
  const { store } = openStore(folder);
  store.push([line('good'), line('bad'), line('next')], START_MS);
  await store.peekBatch({ maxRecords: 2, maxBytes: 1_000_000 });
  await store.reject(2, { code: 'ERR_EXPORT_REJECTED', message: 'answers 400' });
  const dead = readFileSync(join(folder, 'dead-letters.ndjson'), 'utf8').trim().split('\n');
  expect(dead.map((text) => JSON.parse(text) as object)).toMatchObject([
    { code: 'ERR_EXPORT_REJECTED', reason: 'answers 400', summary: { id: 'good' } },
    { summary: { id: 'bad' } },
  ]);
  expect(ids(await store.peekBatch(ALL))).toEqual(['next']);
});
