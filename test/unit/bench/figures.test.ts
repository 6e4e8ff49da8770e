import { describe, expect, it } from 'vitest';
import { figuresOf, rateRatio, spread } from '../../../src/bench/figures.js';
import { aRun } from './runs.js';

const none = (generatorNs: number) =>
  aRun({ consumer: 'none', generatorNs, consumerNs: null, consumerLoad: null });
const idle = (generatorNs: number, consumerNs: number) => aRun({ generatorNs, consumerNs });
const full = (generatorNs: number, consumerNs: number) => aRun({ consumer: 'full', generatorNs, consumerNs });

describe('figures of the rounds', () => {
  it('are medians with the extremes', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(spread([])).toBeNull();
  });

  it('are ratios within a round, so that a slow round disturbs none', () => {
    const rounds = [none(300), idle(500, 20), full(500, 100), none(600), idle(1000, 40), full(1000, 200)];
    const { consumers } = figuresOf(1000, rounds, null);
    const row = consumers.find(({ consumer }) => consumer === 'full')!;
    expect(row.consumerOverNull).toEqual({ median: 5, min: 5, max: 5 });
    expect(row.wholePathNs).toEqual({ median: 900, min: 600, max: 1200 });
    expect(row.wholePathOverNull!.median).toBeCloseTo(600 / 520, 12);
    // Without what it costs to send with nobody listening: 450 of 900, and of 780.
    expect(row.socketNs).toBe(300);
    expect(row.socketPathOverNull).toBeCloseTo(450 / 330, 12);
  });

  it('leave out what was not measured', () => {
    const { consumers, fullOverLibpcap, fullOverNullRate } = figuresOf(1, [full(500, 100)], null);
    expect(consumers).toHaveLength(1);
    expect(consumers[0]).toMatchObject({ consumerOverNull: null, socketNs: null, socketPathOverNull: null });
    expect(fullOverLibpcap).toBeNull();
    expect(fullOverNullRate).toBeNull();
  });

  it('are held against goals only where the highest rate was searched', () => {
    const rounds = [idle(500, 20), full(500, 50)];
    const borne = { rate: 1e6, firstDrop: null };
    expect(figuresOf(1000, rounds, null).goals).toEqual([]);
    expect(figuresOf(1000, rounds, { null: borne, full: borne }).goals).toMatchObject([
      { value: 2.5, sign: '<=', limit: 3, met: true },
      { value: 550 / 520, sign: '<=', limit: 1.35, met: true },
      { value: 1, sign: '>=', limit: 0.9, met: true },
    ]);
    const [alone] = figuresOf(100_000, [idle(500, 20), full(500, 130)], { null: borne, full: borne }).goals;
    expect(alone).toMatchObject({ value: 6.5, limit: 6, met: false });
  });

  it('compare with libpcap', () => {
    const libpcap = aRun({ consumer: 'libpcap', consumerNs: 125 });
    expect(figuresOf(1, [full(500, 100), libpcap], null).fullOverLibpcap!.median).toBe(0.8);
  });

  it('call the rates equal where both bear all that is sent', () => {
    expect(rateRatio({ rate: 9e5, firstDrop: null }, { rate: 1e6, firstDrop: null })).toBe(1);
    expect(rateRatio({ rate: 9e5, firstDrop: 95e4 }, { rate: 1e6, firstDrop: null })).toBe(0.9);
  });
});
