// Single faults of disk and clock, as the end-to-end tests have them by chance.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DeliveryError, type SummaryLine } from '../../../../src/export/exporter.js';
import { Lane } from '../../../../src/export/lane.js';
import { RecordWriter, segmentHead } from '../../../../src/export/spool/format.js';
import { type SpoolOptions, SpoolStore } from '../../../../src/export/spool/spool-store.js';
import {
  dependencies,
  ids,
  laneOptions,
  line,
  lines,
  ScriptedExporter,
  START_MS,
  temporaryFolder,
  until,
} from '../support.js';

const HOUR_MS = 3_600_000;
const options: SpoolOptions = {
  maxBytes: 1_000_000,
  maxAgeMs: HOUR_MS,
  keepMs: 0,
  segmentBytes: 2000,
  segmentMs: HOUR_MS,
  memoryBytes: 100_000,
};
const ALL = { maxRecords: 1000, maxBytes: 1_000_000 };

function openStore(folder: string, changes: Partial<SpoolOptions> = {}) {
  const deps = dependencies();
  const store = new SpoolStore('collector', folder, { ...options, ...changes }, deps);
  const counts = { recovered: 0, full: 0, old: 0, damaged: 0 };
  store.attach({
    discarded: (records, why) => (counts[why] += records),
    recovered: (records) => (counts.recovered += records),
  });
  onTestFinished(async () => void (await store.close()));
  return { ...deps, store, counts };
}

async function push(store: SpoolStore, all: readonly SummaryLine[]): Promise<void> {
  await store.open();
  for (const one of all) {
    store.push([one], START_MS);
    await store.settled();
  }
}

function segmentOf(
  first: number,
  names: readonly string[],
  numbers = names.map((_, i) => first + i),
): Buffer {
  const writer = new RecordWriter();
  names.forEach((name, i) => {
    writer.add(line(name), numbers[i] as number, START_MS);
  });
  return Buffer.concat([segmentHead(), writer.take()]);
}

it('a wall clock that is set makes nothing old, and nothing young', async () => {
  const { store, counts, clock } = openStore(temporaryFolder());
  await push(store, lines(0, 60));
  clock.wallOffsetMs = 400 * 24 * HOUR_MS;
  await push(store, lines(60, 1));
  clock.wallOffsetMs = -400 * 24 * HOUR_MS;
  await push(store, lines(61, 1));
  expect([store.size().records, counts.old]).toEqual([62, 0]);
  await clock.advance(2 * HOUR_MS);
  await push(store, lines(62, 1));
  expect(counts.old).toBeGreaterThan(50);
});

it('when all that waited cannot be read nothing is due any more', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, '0000000000000000-0000000000000003.seg'), segmentHead());
  const { store, counts } = openStore(folder);
  expect(await store.peekBatch(ALL)).toEqual([]);
  expect([counts.damaged, store.size().records, store.size().oldestMs]).toEqual([3, 0, null]);
});

it('what a failed write left in a segment and was written again in the next one counts once', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, '0000000000000000.open'), segmentOf(0, ['a', 'b', 'not counted', 'nor this']));
  writeFileSync(join(folder, '0000000000000002.open'), segmentOf(2, ['c', 'd', 'e']));
  const { store, counts } = openStore(folder);
  expect(ids(await store.peekBatch(ALL))).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(counts).toMatchObject({ recovered: 5, damaged: 0 });
});

it('blocks of a file that was there before are not taken for records', async () => {
  const folder = temporaryFolder();
  const stale = segmentOf(0, ['new 0', 'new 1', 'old', 'older'], [100, 101, 5, 90]);
  writeFileSync(join(folder, '0000000000000100.open'), stale);
  const { store, counts } = openStore(folder);
  expect(ids(await store.peekBatch(ALL))).toEqual(['new 0', 'new 1']);
  await push(store, lines(0, 3));
  store.ack(2);
  expect(ids(await store.peekBatch(ALL))).toEqual(['0', '1', '2']);
  expect(counts).toMatchObject({ recovered: 2, damaged: 0 });
});

it('refused records that cannot be set aside count as dropped', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'dead-letters.ndjson'));
  const { store, clock, logger } = openStore(folder);
  const exporter = new ScriptedExporter();
  exporter.script = [new DeliveryError('ERR_EXPORT_REJECTED', 'answers 400', { remedy: 'drop' })];
  const lane = new Lane(exporter, laneOptions, { clock, logger, random: () => 1 }, store);
  lane.offer(lines(0, 3));
  await clock.advance(2000);
  await until(() => lane.stats().droppedRejected > 0);
  expect(lane.stats()).toMatchObject({ droppedRejected: 3, setAside: 0, queued: 0, inFlight: 0 });
  expect(logger.messages.join()).toContain('records dropped');
  await lane.close(0);
});

it('a batch that was taken from memory goes to the disk at the end when that works again', async () => {
  const folder = temporaryFolder();
  const obstacle = join(folder, 'spool');
  writeFileSync(obstacle, '');
  const { store, clock } = openStore(join(obstacle, 'collector'));
  await store.open();
  store.push(lines(0, 10), START_MS);
  expect(ids(await store.peekBatch({ maxRecords: 4, maxBytes: 1_000_000 })).length).toBe(4);
  rmSync(obstacle);
  await clock.advance(6000);
  await until(() => store.fault === null && store.unwritten === 4);
  expect(await store.close()).toBe(0);
  const next = openStore(join(obstacle, 'collector'));
  await next.store.open();
  expect(next.counts.recovered).toBe(10);
  expect(ids(await next.store.peekBatch(ALL)).sort()).toEqual(ids(lines(0, 10)).sort());
});

it('a segment that could not be renamed goes when its time has come', async () => {
  const folder = temporaryFolder();
  const { store, clock } = openStore(folder);
  await store.open();
  // A folder in the way of its name.
  mkdirSync(join(folder, '0000000000000000-0000000000000005.seg', 'in the way'), { recursive: true });
  await push(store, lines(0, 5));
  await push(store, [line(5, 'window', 'x'.repeat(2000))]);
  expect(store.fault).not.toBeNull();
  await clock.advance(6000);
  await until(() => store.fault === null && store.unwritten === 0);
  await push(store, [line(6)]);
  while (store.size().records > 0) store.ack((await store.peekBatch(ALL)).length);
  await clock.advance(1000);
  await push(store, [line(7)]);
  expect(readdirSync(folder)).not.toContain('0000000000000000.open');
});

it('a source can wait for a disk that is behind: while it writes, not when it fails, never for the collector', async () => {
  const folder = temporaryFolder();
  const { store, clock, logger } = openStore(folder, { memoryBytes: 20_000 });
  const exporter = new ScriptedExporter();
  exporter.gate = new Promise(() => {});
  const lane = new Lane(exporter, laneOptions, { clock, logger, random: () => 1 }, store);
  await lane.reopen();
  for (let i = 0; i < 20; i++) {
    lane.offer(lines(i * 400, 400));
    // The clock stands still: only the disk can end it.
    await lane.caughtUp(1000);
    expect(store.isBehind).toBe(false);
  }
  expect(lane.stats()).toMatchObject({ offered: 8000, droppedQueueFull: 0, delivered: 0 });
  const bad = join(temporaryFolder(), 'file');
  writeFileSync(bad, '');
  const failing = openStore(join(bad, 'spool'), { memoryBytes: 20_000 });
  const other = new Lane(new ScriptedExporter(), laneOptions, failing, failing.store);
  other.offer(lines(0, 300));
  await other.caughtUp(1000);
  expect(failing.store.fault).not.toBeNull();
});
