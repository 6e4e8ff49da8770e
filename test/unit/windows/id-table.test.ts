import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdTable } from '../../../src/windows/id-table.js';

// Few values, so that ids meet again.
const half = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0x7fffffff, 0x80000000, 0xffffffff));
const step = fc.record({
  what: fc.constantFrom('set', 'set', 'delete', 'get'),
  high: half,
  low: half,
  row: fc.integer({ min: 1, max: 0xffffffff }),
});

describe('a table of ids', () => {
  it('is a Map of them, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const table = new IdTable();
        const map = new Map<string, number>();
        for (const { what, high, low, row } of steps) {
          const key = `${high} ${low}`;
          if (what === 'set') {
            table.set(high, low, row);
            map.set(key, row);
          } else if (what === 'delete') {
            table.delete(high, low);
            map.delete(key);
          }
          expect(table.get(high, low)).toBe(map.get(key) ?? 0);
        }
        for (const [key, row] of map) {
          const [high, low] = key.split(' ').map(Number) as [number, number];
          expect(table.get(high, low)).toBe(row);
        }
      }),
    );
  });

  it('grows and shrinks over very many ids', () => {
    const table = new IdTable();
    const ids = 300_000;
    for (let i = 0; i < ids; i++) table.set(i % 7, i, i + 1);
    // Every second one goes; the others are still found behind the gaps.
    for (let i = 0; i < ids; i += 2) table.delete(i % 7, i);
    let wrong = 0;
    for (let i = 0; i < ids; i++) if (table.get(i % 7, i) !== (i % 2 === 0 ? 0 : i + 1)) wrong++;
    expect(wrong).toBe(0);
  });
});
