// Whatever bytes a fault leaves in the files of a spool: it opens, gives back only what was
// written, each at most once and in order, takes new records, and its counts add up.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecordWriter, segmentHead } from '../../../../src/export/spool/format.js';
import { SpoolStore } from '../../../../src/export/spool/spool-store.js';
import { dependencies, line, lines, START_MS } from '../support.js';

type Damage =
  | { how: 'truncate'; at: number }
  | { how: 'flip'; at: number; bit: number }
  | { how: 'overwrite' | 'insert'; at: number; junk: Uint8Array }
  /** As when a block of the file, or of another one that is gone, turns up elsewhere. */
  | { how: 'copy'; from: number; bytes: number; at: number };

/** A place in a file, as a share of its length. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
const junk = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  // Marks, and a mark that claims a length.
  fc
    .constantFrom('rec1', 'rec1rec1rec1rec1', 'rec1\xff\xff\xff\0', 'rec1\x20\0\0\0', 'RTPSPOOL')
    .map((text) => Buffer.from(text, 'latin1')),
);
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ how: fc.constant('truncate' as const), at: place }),
  fc.record({ how: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ how: fc.constantFrom('overwrite' as const, 'insert' as const), at: place, junk }),
  fc.record({ how: fc.constant('copy' as const), from: place, bytes: fc.nat(500), at: place }),
);

function spoil(bytes: Buffer, done: Damage): Buffer {
  const at = Math.floor(done.at * bytes.length);
  switch (done.how) {
    case 'truncate':
      return bytes.subarray(0, at);
    case 'flip': {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed.writeUInt8(changed.readUInt8(at) ^ (1 << done.bit), at);
      return changed;
    }
    case 'overwrite':
    case 'insert': {
      const behind = done.how === 'insert' ? at : Math.min(bytes.length, at + done.junk.length);
      return Buffer.concat([bytes.subarray(0, at), done.junk, bytes.subarray(behind)]);
    }
    case 'copy': {
      const from = Math.floor(done.from * bytes.length);
      const block = bytes.subarray(from, from + done.bytes);
      return Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(at + block.length)]);
    }
  }
}

const padded = (number: number) => String(number).padStart(16, '0');

/** A spool as a crash leaves it: sealed segments and an open one; gives the ids in it. */
function writeSpool(folder: string, sizes: readonly number[]): string[] {
  const ids: string[] = [];
  sizes.forEach((size, index) => {
    const writer = new RecordWriter();
    const first = ids.length;
    for (let i = 0; i < size; i++) {
      const id = `old-${ids.length}`;
      writer.add(line(id, 'window', 'x'.repeat((ids.length * 37) % 90)), ids.length, START_MS);
      ids.push(id);
    }
    const name =
      index === sizes.length - 1 ? `${padded(first)}.open` : `${padded(first)}-${padded(ids.length)}.seg`;
    writeFileSync(join(folder, name), Buffer.concat([segmentHead(), writer.take()]));
  });
  return ids;
}

async function openAndDrain(folder: string, added: number) {
  const deps = dependencies();
  const options = {
    maxBytes: 1e9,
    maxAgeMs: 1e9,
    keepMs: 1e9,
    segmentBytes: 2000,
    segmentMs: 1e9,
    memoryBytes: 1e6,
  };
  const store = new SpoolStore('collector', folder, options, deps);
  let recovered = 0;
  let discarded = 0;
  store.attach({
    recovered: (records) => (recovered += records),
    discarded: (records) => (discarded += records),
  });
  await store.open();
  const fault = store.fault;
  store.push(
    lines(0, added).map(({ id }) => line(`new-${id}`)),
    START_MS,
  );
  const delivered: string[] = [];
  for (;;) {
    const batch = await store.peekBatch({ maxRecords: 7, maxBytes: 1e6 });
    if (batch.length === 0) break;
    delivered.push(...batch.map(({ id }) => id));
    store.ack(batch.length);
  }
  const size = store.size();
  const lost = await store.close();
  return { recovered, discarded, delivered, size, lost, fault };
}

it('a spool with any damage gives back only what was written, once, in order, and counts what is missing', async () => {
  const segments = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
  const where = fc.array(fc.tuple(fc.nat(3), damage), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(segments, where, fc.nat(5), async (sizes, damages, added) => {
      const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-damage-'));
      try {
        const written = writeSpool(folder, sizes);
        for (const [which, done] of damages) {
          const names = readdirSync(folder).sort();
          const path = join(folder, names[which % names.length] as string);
          writeFileSync(path, spoil(readFileSync(path), done));
        }
        const { recovered, discarded, delivered, size, lost, fault } = await openAndDrain(folder, added);
        expect(fault).toBeNull();
        const fresh = Array.from({ length: added }, (_, i) => `new-${i}`);
        const expected = [...written, ...fresh];
        // In the order in which they were written, and so none twice and none unknown.
        expect(delivered).toEqual(expected.filter((id) => new Set(delivered).has(id)));
        expect(delivered.slice(delivered.length - added)).toEqual(fresh);
        expect(delivered.length + discarded).toBe(recovered + added);
        expect([size.records, size.oldestMs, lost]).toEqual([0, null, 0]);
        // A second start finds nothing left, and no more damage than is behind the last that was delivered.
        const again = await openAndDrain(folder, 1);
        expect(again.delivered).toEqual(['new-0']);
        expect(again.discarded).toBe(again.recovered);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 150 },
  );
}, 120_000);

it('two halves of a cursor with any damage: records come again, none is left out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
      const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-cursor-'));
      try {
        const written = writeSpool(folder, [5, 5]);
        await openAndDrain(folder, 0);
        const cursor = join(folder, 'cursor');
        writeFileSync(cursor, damages.reduce(spoil, readFileSync(cursor)));
        const { delivered, recovered } = await openAndDrain(folder, 2);
        expect(delivered.length).toBe(recovered + 2);
        expect(delivered).toEqual([...written, 'new-0', 'new-1'].slice(-delivered.length));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 50 },
  );
}, 60_000);
