import { expect, test } from 'vitest';
import { SkewRows } from '../../../src/windows/skew-rows.js';

const MINUTE = 60_000;

/** Notes a skew for each minute of a stream, from minute `from` on; the last row that was told. */
function noted(rows: SkewRows, ppmOf: (minute: number) => number, minutes: number, from = 0): number {
  let row = 0;
  for (let minute = from; minute <= minutes; minute++)
    row = rows.note(row, from * MINUTE, minute * MINUTE, ppmOf(minute));
  return row;
}

test('a skew of less than five minutes is not fit to be compared', () => {
  const rows = new SkewRows();
  expect(noted(rows, () => 3, 4)).toBe(0);
  expect(rows.read(0)).toBeNull();
  expect(rows.used).toBe(0);
});

test('the first, the last, the least and the largest are those from five minutes on', () => {
  const rows = new SkewRows();
  const ppm = [900, -900, 0, 0, 0, 7, -2, 5, 11, 4];
  const { firstPpm, lastPpm, minPpm, maxPpm } = rows.read(noted(rows, (minute) => ppm[minute]!, 9))!;
  expect({ firstPpm, lastPpm, minPpm, maxPpm }).toEqual({ firstPpm: 7, lastPpm: 4, minPpm: -2, maxPpm: 11 });
});

test('a slope is told once the skews span twenty minutes', () => {
  const rows = new SkewRows();
  expect(rows.read(noted(rows, (minute) => minute, 24))!.ppmPerHour).toBeNaN();
  expect(rows.read(noted(rows, (minute) => minute, 25))!.ppmPerHour).toBeCloseTo(60, 9);
});

test('the slope is that of least squares, far from the epoch too', () => {
  const rows = new SkewRows();
  const start = 29_000_000;
  const ppmOf = (minute: number) => 50 + Math.sin(minute) + 0.1 * (minute - start);
  const row = noted(rows, ppmOf, start + 90, start);
  // By the normal equations, over the hours since the start.
  const points = Array.from({ length: 86 }, (_, i) => [(i + 5) / 60, ppmOf(start + i + 5)] as const);
  const sum = (term: (hour: number, ppm: number) => number) =>
    points.reduce((total, [hour, ppm]) => total + term(hour, ppm), 0);
  const n = points.length;
  const [t, s] = [sum((hour) => hour), sum((_, ppm) => ppm)];
  const slope = (n * sum((hour, ppm) => hour * ppm) - t * s) / (n * sum((hour) => hour * hour) - t * t);
  expect(rows.read(row)!.ppmPerHour).toBeCloseTo(slope, 6);
});

test('a row that is given back begins anew', () => {
  const rows = new SkewRows();
  const row = noted(rows, (minute) => minute, 60);
  rows.leave(row);
  rows.leave(0);
  expect(rows.used).toBe(0);
  expect(noted(rows, () => -4, 30)).toBe(row);
  expect(rows.read(row)).toMatchObject({ firstPpm: -4, lastPpm: -4, minPpm: -4, maxPpm: -4, ppmPerHour: 0 });
});
