import { describe, expect, it } from 'vitest';
import { choosePlaces, machine, parseCpuList } from '../../../src/bench/machine.js';

describe('places of generator and consumer', () => {
  const alone = (cpu: number) => [cpu];

  it('are two CPUs that share no core', () => {
    const threads = (cpu: number) => (cpu < 2 ? [0, 1] : [2, 3]);
    expect(choosePlaces([0, 1, 2, 3], threads)).toEqual({ consumer: 0, generator: 2 });
    expect(choosePlaces([1, 3], alone)).toEqual({ consumer: 1, generator: 3 });
  });

  it('are the threads of one core where there is nothing else', () => {
    expect(choosePlaces([0, 1], () => [0, 1])).toEqual({ consumer: 0, generator: 1 });
  });

  it('are left to the kernel with one CPU', () => {
    expect(choosePlaces([0], alone)).toEqual({ consumer: -1, generator: -1 });
    expect(choosePlaces([], alone)).toEqual({ consumer: -1, generator: -1 });
  });
});

describe('the machine', () => {
  it('reads lists of CPUs as the kernel writes them', () => {
    expect(parseCpuList('0-2,8\n')).toEqual([0, 1, 2, 8]);
    expect(parseCpuList('5')).toEqual([5]);
    expect(parseCpuList('\n')).toEqual([]);
  });

  it('is told with what figures need to be compared', () => {
    const about = machine();
    expect(about.cpu).not.toBe('');
    expect(about.cpus).toBeGreaterThan(0);
    expect(about.kernel).toMatch(/^\d+\.\d+/);
  });
});
