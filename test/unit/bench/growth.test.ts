import { describe, expect, it } from 'vitest';
import { growthOf, type Point } from '../../../src/bench/growth.js';

const points = (count: number, y: (x: number) => number): Point[] =>
  Array.from({ length: count }, (_, x): Point => [x, y(x)]);

describe('growth', () => {
  it('of a straight line is its rise', () => {
    expect(growthOf(points(1801, (x) => 500 + x / 9)).growth).toBeCloseTo(200);
  });

  it('is none of a saw, of a single peak, and of a step up and down', () => {
    const saw = (x: number) => 100 + (x % 7);
    const peak = (x: number) => (x === 900 ? 10_000 : 100);
    const step = (x: number) => (x > 800 && x < 1000 ? 200 : 100);
    for (const y of [saw, peak, step]) expect(growthOf(points(1800, y)).growth).toBeCloseTo(0);
  });

  it('is seen through a saw that is larger', () => {
    const { growth, median } = growthOf(points(1800, (x) => 100 + 50 * (x % 20 < 10 ? 0 : 1) + x / 180));
    expect(growth).toBeGreaterThan(8);
    expect(growth).toBeLessThan(12);
    expect(median).toBeGreaterThan(100);
  });

  it('of too few points is not known', () => {
    expect(growthOf([]).growth).toBeNaN();
    expect(growthOf([[1, 5]])).toEqual({ median: 5, growth: Number.NaN });
  });
});
