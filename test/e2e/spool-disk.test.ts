// Disks that are full or read-only: measuring goes on, the state says so, and when the disk
// works again everything is there.
import { afterAll, expect, it, onTestFinished, type TestContext } from 'vitest';
import { temporaryFolder } from '../unit/export/support.js';
import { Collector } from './collector.js';
import { eventually } from './support/eventually.js';
import { idsOf, outOfOrder } from './support/ledger.js';
import { notRun, Scratch } from './support/scratch.js';
import { SmallDisk } from './support/small-disk.js';
import { type ChildStats, SpoolChild } from './support/spool-child.js';

const TIMEOUT_MS = 120_000;
const scratch = new Scratch();
afterAll(() => scratch.remove());

async function setUp(context: TestContext, spool: object = {}) {
  const disk = await SmallDisk.mount(temporaryFolder(), 4096);
  if (typeof disk === 'string') return notRun(context, disk);
  onTestFinished(() => disk.close());
  const collector = await Collector.start();
  onTestFinished(() => collector.close());
  collector.otherwise({ status: 503 });
  const options = {
    folder: `${disk.folder}/spool`,
    url: collector.url,
    isOnDemand: true,
    wrapper: disk.wrapper,
  };
  const start = async (run: string) => {
    const child = await SpoolChild.start({ ...options, run, spool });
    onTestFinished(() => child.kill());
    return child;
  };
  return { disk, collector, start };
}

/** offered + recovered = delivered + waiting + counted: what a lane promises at every moment. */
function expectAccounts(stats: ChildStats): void {
  const { offered, recovered, delivered, queued, inFlight, droppedQueueFull, droppedAtClose, setAside } =
    stats;
  expect(offered + recovered).toBe(
    delivered + queued + inFlight + droppedQueueFull + droppedAtClose + setAside + stats.droppedDamaged,
  );
}

async function untilStats(
  child: SpoolChild,
  what: string,
  is: (stats: ChildStats) => boolean,
): Promise<ChildStats> {
  return eventually(what, async () => {
    const stats = await child.stats();
    expectAccounts(stats);
    return is(stats) ? stats : null;
  });
}

const pushed = (run: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${run}-${n % 7}-${n}`);

it(
  'a disk that is full and freed: summaries wait in memory meanwhile and are written then',
  async (context) => {
    const { disk, collector, start } = await setUp(context);
    const first = await start('a');
    await first.push(1000, 400);
    await untilStats(first, 'the records on disk', ({ queued, inFlight }) => queued + inFlight === 1000);
    disk.fill(100);
    await first.push(2000, 400);
    const full = await untilStats(first, 'the fault', ({ fault }) => fault !== null);
    expect(full).toMatchObject({ store: 'disk-fails', droppedQueueFull: 0 });
    expect(full.fault).toMatch(/no space/);
    disk.free();
    await first.push(10, 400);
    await untilStats(first, 'all of it to be on disk', ({ unwritten }) => unwritten === 0);
    await first.kill();
    const second = await start('b');
    const found = await second.stats();
    expect(found.recovered).toBe(3010);
    collector.heal();
    const stats = await second.close(60_000);
    expect(stats).toMatchObject({ delivered: 3010, droppedDamaged: 0, queued: 0 });
    expect(idsOf(collector.lines)).toEqual(pushed('a', 3010));
  },
  TIMEOUT_MS,
);

it(
  'a disk that the spool itself has filled: everything is delivered as soon as the collector is back',
  async (context) => {
    const { collector, start } = await setUp(context);
    const child = await start('a');
    for (let i = 0; i < 10; i++) await child.push(1000, 500);
    await untilStats(child, 'the fault', ({ fault }) => fault !== null);
    collector.heal();
    await child.push(100, 500);
    await untilStats(child, 'everything delivered', ({ delivered }) => delivered === 10_100);
    await child.push(100, 500);
    const stats = await untilStats(
      child,
      'the rest',
      ({ delivered, store }) => delivered === 10_200 && store === 'disk',
    );
    expect(stats).toMatchObject({ queued: 0, inFlight: 0, droppedQueueFull: 0, droppedDamaged: 0 });
    expect(collector.lines.length).toBe(10_200);
    expect(outOfOrder(idsOf(collector.lines))).toEqual([]);
    await child.close();
  },
  TIMEOUT_MS,
);

it(
  'more than memory holds while the disk is full: the oldest give way, and are counted to the record',
  async (context) => {
    const { disk, collector, start } = await setUp(context, { memoryBytes: 200_000 });
    disk.fill(8);
    const child = await start('a');
    for (let i = 0; i < 20; i++) await child.push(100, 400);
    const { droppedQueueFull } = await untilStats(child, 'drops', (stats) => stats.droppedQueueFull > 0);
    collector.heal();
    const stats = await untilStats(child, 'the rest', ({ queued, inFlight }) => queued + inFlight === 0);
    expect(stats.delivered).toBe(2000 - droppedQueueFull);
    expect(idsOf(collector.lines).length).toBe(stats.delivered);
    await child.close();
  },
  TIMEOUT_MS,
);

it(
  'a read-only disk: from the start, and again while it is written',
  async (context) => {
    const { disk, collector, start } = await setUp(context, { segmentBytes: 20_000 });
    disk.run('mkdir spool; mount -o remount,ro .');
    const child = await start('a');
    await child.push(100, 400);
    const first = await untilStats(child, 'the fault', ({ fault }) => fault !== null);
    expect(first.fault).toMatch(/read-only/);
    disk.run('mount -o remount,rw .');
    const written = await untilStats(
      child,
      'the disk to be used',
      ({ store, unwritten }) => store === 'disk' && unwritten <= 50,
    );
    const stillInMemory = written.unwritten;
    // Over its folder, since the kernel keeps what is open for writing writable.
    disk.run('cd spool; mount --bind . . && mount -o remount,bind,ro "$PWD"');
    await child.push(500, 400);
    const second = await untilStats(child, 'the fault again', ({ fault }) => fault !== null);
    expect(second.fault).toMatch(/read-only/);
    disk.run('umount "$PWD/spool"');
    await child.push(10, 400);
    await untilStats(child, 'the disk to be used again', ({ unwritten }) => unwritten === stillInMemory);
    await child.kill();
    const next = await start('b');
    collector.heal();
    const stats = await next.close(60_000);
    expect(stats).toMatchObject({ queued: 0, droppedDamaged: 0 });
    expect(stats.recovered).toBe(stats.delivered);
    // But the batch that was being delivered from memory when the disk began to work: it was never written.
    expect(idsOf(collector.lines)).toEqual(pushed('a', 610).slice(stillInMemory));
    expect(stillInMemory).toBeLessThanOrEqual(50);
  },
  TIMEOUT_MS,
);
