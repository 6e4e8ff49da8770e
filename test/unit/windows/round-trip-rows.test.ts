import { expect, it } from 'vitest';
import { RoundTripRows } from '../../../src/windows/round-trip-rows.js';

const trips = (count: number, ms: number) => ({ count, meanMs: ms, minMs: ms, maxMs: ms });

it('round trips add up, and their window is that of one block', () => {
  const rows = new RoundTripRows();
  const row = rows.note(0, 1, trips(1, 20), 20);
  expect(rows.note(row, 2, trips(3, 40), 41)).toBe(row);
  const total = { count: 4, meanMs: 35, minMs: 20, maxMs: 40 };
  expect(rows.read(row, 2)).toEqual({ window: trips(3, 40), total, lastMs: 41 });
  expect(rows.read(row, 3)).toEqual({ window: trips(0, Number.NaN), total, lastMs: 41 });
  expect(rows.read(0, 3)).toBeNull();
});

it('a row is given back by the last who names it', () => {
  const rows = new RoundTripRows();
  const row = rows.note(0, 1, trips(1, 20), 20);
  rows.use(row);
  rows.leave(row);
  expect(rows.used).toBe(1);
  expect(rows.read(row, 1)).toMatchObject({ lastMs: 20 });
  rows.leave(row);
  expect(rows.used).toBe(0);
});
