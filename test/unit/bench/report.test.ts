import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../src/bench/figures.js';
import type { BenchResult } from '../../../src/bench/procedure.js';
import { reportText } from '../../../src/bench/report.js';
import { aRun } from './runs.js';

function result(changes: Partial<BenchResult> = {}): BenchResult {
  const runs = [
    aRun({ consumer: 'none', generatorNs: 300, consumerNs: null, consumerLoad: null }),
    aRun({ consumerNs: 20 }),
    aRun({ consumer: 'full', consumerNs: 70, consumerLoad: 0.07 }),
  ];
  const sustained = { null: { rate: 2e6, firstDrop: null }, full: { rate: 1.5e6, firstDrop: 1.6e6 } };
  return {
    kind: 'bench-capture',
    date: '2026-01-02T03:04:05.000Z',
    machine: {
      ...{ cpu: 'Some CPU', cpus: 2, architecture: 'x64', kernel: '6.1.0', node: 'v20.0.0' },
      ...{ memoryGiB: 8, load: 0.1, virtual: true },
    },
    sender: 'live-frames',
    senderReason: null,
    places: { consumer: 0, generator: 1 },
    ...{ seconds: 3, rounds: 1 },
    capture: { ringBytes: 256 * 2 ** 20, blockBytes: 2 ** 20, snapLength: 128 },
    streams: [figuresOf(1000, runs, sustained)],
    exact: true,
    warnings: [],
    runs,
    ...changes,
  };
}

describe('the report', () => {
  it('names machine, method and figures', () => {
    const text = reportText(result());
    expect(text).toContain('Some CPU, 2 CPUs (virtual), 8 GiB, load 0.1');
    expect(text).toContain('Linux 6.1.0 x64');
    expect(text).toContain('live-frames');
    expect(text).toContain('1,000 streams at 1,000,000 packets/s');
    expect(text).toContain('null 2,000,000 packets/s, all that the generator sends');
    expect(text).toContain('full 1,500,000 packets/s (drops at 1,600,000)');
    expect(text).toContain('used up at 14,285,714 packets/s');
    expect(text).toContain('Exact: in each of 3 runs');
  });

  it('holds goals against figures, both ways', () => {
    const text = reportText(result());
    expect(text).toContain('full / null, consumer alone: 3.50 (goal: at most 3) MISSED');
    expect(text).toContain('full / null, whole path: 1.10 (goal: at most 1.35) met');
    expect(text).toContain('full / null, rate without drops: 0.75 (goal: at least 0.9) MISSED');
  });

  it('does not call a run exact that is not, and passes warnings on', () => {
    const text = reportText(result({ exact: false, warnings: ['the machine was busy'] }));
    expect(text).toContain('NOT EXACT');
    expect(text).not.toContain('Exact: in each');
    expect(text).toContain('Warning: the machine was busy');
  });
});
