// The probe dies, or the power goes: what the spool had taken is delivered after the next start.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../unit/export/support.js';
import { Collector } from './collector.js';
import { eventually } from './support/eventually.js';
import { idsInSpool, idsOf, outOfOrder, seeded, without } from './support/ledger.js';
import { RunningDaemon, rtpsonde } from './support/program.js';
import { Scratch } from './support/scratch.js';
import { SpoolChild } from './support/spool-child.js';

const SEED = Number(process.env.RTPSONDE_SEED ?? 20_261);
/** Of the whole daemon, which takes longer to start than the lane alone. */
const DAEMON_KILLS = Number(process.env.RTPSONDE_KILLS ?? 50);
const LANE_KILLS = 50;
const TIMEOUT_MS = 900_000;

const scratch = new Scratch();
afterAll(() => scratch.remove());

async function startCollector(): Promise<Collector> {
  const collector = await Collector.start();
  onTestFinished(() => collector.close());
  return collector;
}

/** Replies as chance has it, so that the kills meet writing, sending, waiting and retrying. */
function misbehave(collector: Collector, random: () => number): void {
  const replies = [{ status: 200 }, { status: 503 }, 'close', 'cut', 'hang'] as const;
  collector.otherwise({ status: random() < 0.5 ? 200 : 503 });
  for (let i = 0; i < 20; i++) collector.reply(replies[Math.floor(random() * replies.length)] ?? 'close');
}

const firstIds = (run: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${run}-${n % 7}-${n}`);

it(
  `kill -9 at ${LANE_KILLS} random moments: everything that was taken is delivered, none is left out`,
  async () => {
    const random = seeded(SEED);
    const folder = temporaryFolder();
    const acceptedPath = scratch.fresh('.accepted');
    const collector = await startCollector();
    const accepted: string[] = [];
    for (let kill = 0; kill < LANE_KILLS; kill++) {
      const run = `r${kill}`;
      misbehave(collector, random);
      writeFileSync(acceptedPath, '');
      const child = await SpoolChild.start({ folder, url: collector.url, run, acceptedPath });
      await sleep(random() * 120);
      await child.kill();
      accepted.push(...firstIds(run, Number(readFileSync(acceptedPath, 'latin1') || 0)));
      // What is delivered or lies there is all that was taken; delivered segments are gone from the disk.
      expect(without(accepted, idsOf(collector.lines), idsInSpool(folder)), `kill ${kill}`).toEqual([]);
    }
    collector.heal();
    const last = await SpoolChild.start({ folder, url: collector.url, run: 'last', isOnDemand: true });
    const stats = await last.close(60_000);
    const delivered = idsOf(collector.lines);
    expect({ seed: SEED, missing: without(accepted, delivered) }).toEqual({ seed: SEED, missing: [] });
    expect(outOfOrder(delivered)).toEqual([]);
    expect(stats).toMatchObject({ queued: 0, inFlight: 0, droppedDamaged: 0, droppedQueueFull: 0 });
    expect(stats.recovered).toBe(stats.delivered);
    expect(accepted.length).toBeGreaterThan(LANE_KILLS);
  },
  TIMEOUT_MS,
);

/**
 * How much of each segment is safe, by inode: what was synced of those that this run has written, all of
 * those of earlier ones.
 */
function safeLengths(folder: string, run: string, syncedPath: string): Record<string, number> {
  const synced = JSON.parse(readFileSync(syncedPath, 'utf8') || '{}') as Record<string, number>;
  const safe = segmentsIn(folder).map((path) => {
    const { ino, size } = statSync(path);
    const isOfRun = readFileSync(path, 'latin1').includes(`"id":"${run}-`);
    return [ino, synced[ino] ?? (isOfRun ? 0 : size)];
  });
  return Object.fromEntries(safe) as Record<string, number>;
}

const segmentsIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => /\.(seg|open)$/.test(name))
    .map((name) => join(folder, name));

/** What a power cut may leave: of each file what is safe, and of the rest a part, zeros or junk. */
function cutPower(folder: string, safe: Readonly<Record<string, number>>, random: () => number): void {
  for (const path of segmentsIn(folder)) {
    const { ino, size } = statSync(path);
    const from = safe[ino] ?? 0;
    const left = Math.floor(random() * (size - from + 1));
    if (random() < 0.5) truncateSync(path, from + left);
    if (random() < 0.5) continue;
    const bytes = readFileSync(path);
    const spoiltFrom = Math.min(bytes.length, from + Math.floor(random() * left));
    writeFileSync(path, bytes.fill(random() < 0.5 ? 0 : 0xa5, spoiltFrom));
  }
}

it(
  'a power cut loses at most what was not synced',
  async () => {
    const random = seeded(SEED + 1);
    const folder = temporaryFolder();
    const collector = await startCollector();
    const safe: string[] = [];
    const taken: string[] = [];
    for (let cut = 0; cut < 12; cut++) {
      collector.otherwise({ status: cut % 3 === 0 ? 200 : 503 });
      const syncedPath = scratch.fresh('.synced');
      const acceptedPath = scratch.fresh('.accepted');
      for (const path of [syncedPath, acceptedPath]) writeFileSync(path, '');
      const run = `r${cut}`;
      // Small segments, so that their ends are among the moments.
      const spool = { segmentBytes: 20_000 + Math.floor(random() * 200_000) };
      const files = { folder, acceptedPath, syncedPath };
      const child = await SpoolChild.start({ ...files, url: collector.url, run, spool });
      await sleep(200 + random() * 900);
      await child.kill();
      const lengths = safeLengths(folder, run, syncedPath);
      safe.push(...idsInSpool(folder, lengths));
      taken.push(...firstIds(run, Number(readFileSync(acceptedPath, 'latin1') || 0)));
      cutPower(folder, lengths, random);
      const cursor = `${syncedPath}.cursor`;
      if (random() < 0.5 && existsSync(cursor)) copyFileSync(cursor, join(folder, 'cursor'));
    }
    collector.heal();
    const last = await SpoolChild.start({ folder, url: collector.url, run: 'last', isOnDemand: true });
    const stats = await last.close(60_000);
    const delivered = idsOf(collector.lines);
    expect({ seed: SEED, missing: without(safe, delivered) }).toEqual({ seed: SEED, missing: [] });
    expect(outOfOrder(delivered)).toEqual([]);
    expect(stats.recovered).toBe(stats.delivered + stats.droppedDamaged);
    expect(stats.queued).toBe(0);
    // Else nothing was simulated.
    expect(safe.length).toBeGreaterThan(100);
    expect(without(taken, delivered).length).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

it(
  `kill -9 of the daemon at ${DAEMON_KILLS} random moments: what lay in the spool is delivered by the next one`,
  async () => {
    const random = seeded(SEED + 2);
    const spool = temporaryFolder();
    const collector = await startCollector();
    const owed: string[] = [];
    const configOf = (capture: string, follow = true) =>
      scratch.config({
        probe: { name: 'e2e' },
        capture: { files: [capture], follow },
        measure: { windowSeconds: 0.2 },
        spool: { path: spool },
        export: [
          {
            type: 'http',
            name: 'far',
            url: collector.url,
            batchMaxRecords: 20,
            batchMaxSeconds: 0.05,
            timeoutSeconds: 1,
            retry: { initialMs: 10, maxMs: 50 },
          },
        ],
      });
    const lane = join(spool, 'far');
    mkdirSync(lane);
    for (let kill = 0; kill < DAEMON_KILLS; kill++) {
      misbehave(collector, random);
      const config = configOf(scratch.capture({ calls: 10, durationMs: 20_000, seed: SEED + kill }));
      const before = idsInSpool(lane).length;
      const daemon = new RunningDaemon(config);
      onTestFinished(() => daemon.kill());
      await daemon.isMeasuring();
      // Some while the first summaries are written, the others at any time.
      if (kill % 2 === 0) await eventually('more summaries', () => idsInSpool(lane).length > before);
      await sleep(random() * 400);
      await daemon.kill();
      owed.push(...idsInSpool(lane));
      expect(without(owed, idsOf(collector.lines), idsInSpool(lane))).toEqual([]);
    }
    collector.heal();
    const empty = scratch.capture({ calls: 1, durationMs: 1000, seed: 1 });
    const { code, stderr } = await rtpsonde(['run', '-c', configOf(empty, false)]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(without(owed, idsOf(collector.lines))).toEqual([]);
    expect(owed.length).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

it('two daemons on one spool: the second refuses, the first goes on', async () => {
  const spool = temporaryFolder();
  const collector = await startCollector();
  const settings = (files: string[], follow: boolean) =>
    scratch.config({
      capture: { files, follow },
      spool: { path: spool },
      export: [{ type: 'http', name: 'far', url: collector.url, batchMaxSeconds: 0.05 }],
    });
  const capture = scratch.capture({ calls: 2, durationMs: 3000 });
  const first = new RunningDaemon(settings([capture], true));
  onTestFinished(() => first.kill());
  await first.isMeasuring();
  const second = await rtpsonde(['run', '-c', settings([capture], false)]);
  expect(second.code).toBe(73);
  expect(second.stderr).toMatch(/another rtpsonde uses it.*\(ERR_SPOOL_LOCKED\)/);
  expect(collector.requests).toEqual([]);
  expect(await first.stop()).toBe(0);
  expect(collector.lines.length).toBeGreaterThan(2);
  // The lock ends with its holder.
  expect((await rtpsonde(['run', '-c', settings([capture], false)])).code).toBe(0);
}, 60_000);
