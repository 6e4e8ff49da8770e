import { expect, it } from 'vitest';
import { LoadMeter } from '../../src/app-load.js';

it('the load is the CPU time since the look before over the time since then', () => {
  let nowNs = 5_000_000_000n;
  const load = new LoadMeter({ monotonicNs: () => nowNs });
  const after = (ms: number, ...cpuSeconds: number[]) => {
    nowNs += BigInt(ms) * 1_000_000n;
    return load.since(cpuSeconds.map((seconds) => ({ cpuSeconds: seconds })));
  };
  expect([after(1000, 0.25), after(2000, 0.75), after(1000, 0.75), after(100, 1.75), after(0, 2)]).toEqual([
    0.25,
    0.25,
    0,
    1,
    null,
  ]);
  // Of several workers that of the busiest.
  expect([after(1000, 2.1, 0.5, 0), after(1000, 2.2, 0.6, 0.75)]).toEqual([0.5, 0.75]);
});
