import { describe, expect, it } from 'vitest';
import { effectiveLatency, simplifiedR } from '../../../src/quality/simplified.js';

describe('the simplified rating', () => {
  it('adds twice the jitter and 10 ms to the latency', () => {
    expect(effectiveLatency(50, 7.5)).toBe(75);
  });

  it.each([
    [0, 0, 93.2],
    [80, 0, 91.2],
    [159.999, 0, 89.2],
    [160, 0, 89.2],
    [320, 0, 73.2],
    [80, 4, 81.2],
    [80, 100, -158.8],
  ])('at %f ms and %f %% loss is %f', (latency, loss, r) => {
    expect(simplifiedR(latency, loss)).toBeCloseTo(r, 4);
  });
});
