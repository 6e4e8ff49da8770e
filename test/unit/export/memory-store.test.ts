import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SummaryLine } from '../../../src/export/exporter.js';
import { MemoryStore } from '../../../src/export/memory-store.js';
import { ids, line } from './support.js';

const steps = fc.array(
  fc.oneof(
    fc.record({ push: fc.integer({ min: 0, max: 1500 }) }),
    fc.record({ peek: fc.integer({ min: 1, max: 900 }), maxBytes: fc.integer({ min: 1, max: 40_000 }) }),
    fc.record({ ack: fc.double({ min: 0, max: 1, noNaN: true }) }),
  ),
  { maxLength: 25 },
);

it('the memory store does what two plain lists would do, through all growing and wrapping', async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 150_000 }),
      async (script, maxRecords, maxBytes) => {
        const store = new MemoryStore({ maxRecords, maxBytes });
        let waiting: SummaryLine[] = [];
        let peeked: readonly SummaryLine[] = [];
        let next = 0;
        const bytesOf = (list: readonly SummaryLine[]) =>
          list.reduce((sum, { json }) => sum + json.length + 1, 0);
        for (const step of script) {
          if ('push' in step) {
            const fresh = Array.from({ length: step.push }, () => line(next++));
            const all = [...waiting, ...fresh];
            let kept = all.slice(Math.max(0, all.length - Math.max(0, maxRecords - peeked.length)));
            let bytes = bytesOf(peeked) + bytesOf(kept);
            while (bytes > maxBytes && kept.length > 0) {
              bytes -= bytesOf(kept.slice(0, 1));
              kept = kept.slice(1);
            }
            expect(store.push(fresh, next)).toBe(all.length - kept.length);
            waiting = kept;
          } else if ('peek' in step) {
            if (peeked.length === 0) {
              let count = Math.min(waiting.length, step.peek);
              while (count > 1 && bytesOf(waiting.slice(0, count)) > step.maxBytes) count--;
              peeked = waiting.slice(0, count);
              waiting = waiting.slice(count);
            }
            const batch = await store.peekBatch({ maxRecords: step.peek, maxBytes: step.maxBytes });
            expect(ids(batch)).toEqual(ids(peeked.slice(0, step.peek)));
          } else {
            const count = Math.floor(step.ack * peeked.length);
            store.ack(count);
            peeked = peeked.slice(count);
          }
          expect(store.size()).toMatchObject({
            records: waiting.length + peeked.length,
            bytes: bytesOf(waiting) + bytesOf(peeked),
          });
        }
        expect(store.close()).toBe(waiting.length + peeked.length);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

it('the memory store knows since when its oldest record waits', async () => {
  const store = new MemoryStore({ maxRecords: 3, maxBytes: 1000 });
  expect(store.size().oldestMs).toBe(null);
  store.push([line(0)], 100);
  store.push([line(1), line(2)], 200);
  expect(store.size().oldestMs).toBe(100);
  store.push([line(3)], 300);
  expect(store.size().oldestMs).toBe(200);
  await store.peekBatch({ maxRecords: 2, maxBytes: 1000 });
  store.push([line(4)], 400);
  expect(store.size().oldestMs).toBe(200);
  store.ack(2);
  expect(store.size().oldestMs).toBe(400);
});
