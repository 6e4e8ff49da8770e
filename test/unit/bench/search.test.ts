import { describe, expect, it } from 'vitest';
import { findSustained, isSustained } from '../../../src/bench/search.js';
import { aRun } from './runs.js';

/** A machine whose generator sends `fastest` at most and whose consumer drops above `limit`. */
function machine(fastest: number, limit: number) {
  const asked: (number | null)[] = [];
  const attempt = async (rate: number | null) => {
    asked.push(rate);
    const sent = Math.min(rate ?? fastest, fastest);
    return aRun({ rate: sent, kernelDrops: sent > limit ? 1 : 0 });
  };
  return { asked, attempt };
}

describe('the rate without drops', () => {
  it('is that of the generator when nothing is dropped, after one try', async () => {
    const { asked, attempt } = machine(2e6, 3e6);
    expect(await findSustained(attempt, 6)).toEqual({ rate: 2e6, firstDrop: null });
    expect(asked).toEqual([null]);
  });

  it('is found by halving, between a rate that is borne and one that is not', async () => {
    const { attempt } = machine(2e6, 700_000);
    const { rate, firstDrop } = await findSustained(attempt, 8);
    expect(rate).toBeLessThanOrEqual(700_000);
    expect(firstDrop).toBeGreaterThan(700_000);
    expect(firstDrop! - rate).toBeLessThan(2e6 / 2 ** 7);
  });

  it('is not lowered by a disturbance that does not come back', async () => {
    let disturbed = false;
    const { attempt } = machine(1e6, 2e6);
    const once = async (rate: number | null) => {
      const run = await attempt(rate);
      if (disturbed) return run;
      disturbed = true;
      return { ...run, kernelDrops: 1000 };
    };
    expect(await findSustained(once, 6)).toEqual({ rate: 1e6, firstDrop: null });
  });

  it('is 0 when every rate has drops', async () => {
    const { attempt } = machine(1e6, 0);
    const { rate, firstDrop } = await findSustained(attempt, 3);
    expect(rate).toBe(0);
    expect(firstDrop).toBe(125_000);
  });

  it('is not borne by a consumer that falls behind, though the ring hides it', () => {
    expect(isSustained(aRun({ rate: 1e6, backlog: 200_000 }))).toBe(true);
    expect(isSustained(aRun({ rate: 1e6, backlog: 300_000 }))).toBe(false);
    expect(isSustained(aRun({ rate: 1e6, backlog: 0, kernelDrops: 1 }))).toBe(false);
  });
});
