// Runs as tests need them.
import type { RunResult } from '../../../src/bench/run.js';

export function aRun(changes: Partial<RunResult> = {}): RunResult {
  return {
    consumer: 'null',
    streams: 1000,
    rateAsked: null,
    rate: 1e6,
    generatorNs: 500,
    consumerNs: 20,
    consumerLoad: 0.02,
    sent: 1e6,
    delivered: 1e6,
    kernelDrops: 0,
    fates: {},
    streamsLost: null,
    backlog: 0,
    unaccounted: 0,
    exact: true,
    ...changes,
  };
}
