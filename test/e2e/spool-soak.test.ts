// Faults at random, one upon the other, for as long as asked: collectors that fail in all ways, a disk that
// is full, `kill -9`. By hand: RTPSONDE_SOAK_SECONDS=1200 RTPSONDE_SEED=7 npx vitest run test/e2e/spool-soak.test.ts
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../collectors/support/server.js';
import { temporaryFolder } from '../unit/export/support.js';
import { Collector, type Reply } from './collector.js';
import { eventually } from './support/eventually.js';
import { outOfOrder, seeded, without } from './support/ledger.js';
import { Scratch } from './support/scratch.js';
import { SmallDisk } from './support/small-disk.js';
import { SpoolChild } from './support/spool-child.js';

const SECONDS = Number(process.env.RTPSONDE_SOAK_SECONDS ?? 20);
const SEED = Number(process.env.RTPSONDE_SEED ?? 20_265);

const scratch = new Scratch();
afterAll(() => scratch.remove());

/** The collector with its ups and downs; remembers ids alone, so that hours fit into memory. */
class Ground {
  readonly delivered = new Set<string>();
  twice = 0;
  #collector: Collector | null = null;

  private constructor(readonly port: number) {}

  static async find(): Promise<Ground> {
    return new Ground(await freePort());
  }

  async up(): Promise<Collector> {
    this.#collector ??= await Collector.start({ port: this.port });
    return this.#collector;
  }

  async down(): Promise<void> {
    this.take();
    await this.#collector?.close();
    this.take();
    this.#collector = null;
  }

  /** Notes what has come. */
  take(): void {
    for (const text of this.#collector?.lines ?? []) {
      const { id } = JSON.parse(text) as { id: string };
      if (this.delivered.has(id)) this.twice++;
      this.delivered.add(id);
    }
    this.#collector?.requests.splice(0);
  }
}

it(
  `${SECONDS} s of faults at random: what the spool had taken is delivered, or set aside with the reason`,
  async () => {
    const random = seeded(SEED);
    const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const ground = await Ground.find();
    onTestFinished(() => ground.down());
    const mounted = await SmallDisk.mount(temporaryFolder(), 16_384);
    const disk = typeof mounted === 'string' ? null : mounted;
    if (disk === null) console.log(`NOT RUN: full disks in the soak of the spool: ${mounted as string}`);
    else onTestFinished(() => disk.close());
    const folder = `${disk?.folder ?? temporaryFolder()}/spool`;
    const options = {
      folder,
      url: `http://127.0.0.1:${ground.port}/`,
      wrapper: disk?.wrapper ?? [],
      paceMs: 40,
    };
    const accepted: string[] = [];
    const faults: Record<string, number> = {};
    const scripts: Record<string, Reply> = {
      'answers 503': { status: 503 },
      'answers 429': { status: 429, headers: { 'Retry-After': '1' } },
      'answers nothing': 'hang',
      'closes the connection': 'close',
      'cuts its answer': 'cut',
    };
    const acceptedPath = scratch.fresh('.accepted');
    let runs = 0;
    const start = () => {
      writeFileSync(acceptedPath, '');
      return SpoolChild.start({ ...options, acceptedPath, run: `r${runs++}` });
    };
    let child = await start();
    onTestFinished(() => child.kill());
    const endMs = performance.now() + SECONDS * 1000;
    while (performance.now() < endMs) {
      const what = one([
        ...Object.keys(scripts),
        'is well',
        'is well',
        'is down',
        'refuses',
        'kill',
        'disk full',
      ]);
      faults[what] = (faults[what] ?? 0) + 1;
      const collector = await ground.up();
      collector.heal();
      const reply = scripts[what];
      if (reply !== undefined) collector.otherwise(reply);
      if (what === 'is down') await ground.down();
      if (what === 'refuses') collector.reply({ status: 400 });
      if (what === 'disk full') disk?.fill(8);
      await sleep(random() * 1000);
      if (what === 'kill') {
        await child.kill();
        const run = `r${runs - 1}`;
        const count = Number(readFileSync(acceptedPath, 'latin1') || 0);
        for (let n = 0; n < count; n++) accepted.push(`${run}-${n % 7}-${n}`);
        child = await start();
      }
      disk?.free();
      ground.take();
    }
    (await ground.up()).heal();
    await child.rest();
    await eventually('everything to be delivered', async () => {
      const { queued, inFlight } = await child.stats();
      return queued + inFlight === 0;
    });
    const stats = await child.close();
    ground.take();
    const letters = disk?.run('cat spool/dead-letters.ndjson* 2>/dev/null || true') ?? readLetters(folder);
    const dead = [...letters.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id as string);
    const delivered = [...ground.delivered];
    console.log(
      `soak of the spool, seed ${SEED}: ${accepted.length} taken before kills, ${delivered.length} delivered,` +
        ` ${ground.twice} of them twice, ${dead.length} set aside; ${JSON.stringify(faults)}`,
    );
    expect({ seed: SEED, missing: without(accepted, delivered, dead) }).toEqual({ seed: SEED, missing: [] });
    expect(outOfOrder(delivered)).toEqual([]);
    const { offered, recovered, setAside, droppedQueueFull, droppedDamaged, droppedAtClose } = stats;
    expect(offered + recovered).toBe(stats.delivered + setAside);
    expect([stats.queued, stats.inFlight, droppedQueueFull, droppedDamaged, droppedAtClose]).toEqual([
      0, 0, 0, 0, 0,
    ]);
  },
  SECONDS * 1000 + 120_000,
);

function readLetters(folder: string): string {
  const paths = ['dead-letters.ndjson.1', 'dead-letters.ndjson'].map((name) => `${folder}/${name}`);
  return paths.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('');
}
