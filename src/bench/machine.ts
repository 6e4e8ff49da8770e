// The machine that figures are of, and the CPUs that generator and consumer get.
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem } from 'node:os';
import type { Places } from './run.js';

export interface Machine {
  cpu: string;
  cpus: number;
  architecture: string;
  kernel: string;
  node: string;
  memoryGiB: number;
  /** Load average of the last minute before the first run. */
  load: number;
  /** Runs on a hypervisor, as far as the CPU says so; null: unknown. */
  virtual: boolean | null;
}

export function machine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() || 'unknown',
    cpus: all.length,
    architecture: arch(),
    kernel: release(),
    node: process.version,
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    load: Math.round(loadavg()[0]! * 100) / 100,
    virtual: isVirtual(),
  };
}

// The flag is x86's; other architectures do not tell.
function isVirtual(): boolean | null {
  const flags = /^flags\s*:(.*)$/m.exec(read('/proc/cpuinfo') ?? '');
  return flags === null ? null : flags[1]!.split(' ').includes('hypervisor');
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** `0-1,8` as numbers. */
export function parseCpuList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first, last = first] = part.split('-').map(Number) as [number, number?];
      return Array.from({ length: last! - first + 1 }, (_, i) => first + i);
    });
}

/**
 * A CPU each for consumer and generator, on different cores where there are several;
 * with one CPU neither is tied to it.
 * @param siblings the CPUs that share a core with one, itself included
 */
export function choosePlaces(allowed: readonly number[], siblings = siblingsOf): Places {
  const [consumer] = allowed;
  if (consumer === undefined || allowed.length < 2) return { consumer: -1, generator: -1 };
  const same = siblings(consumer);
  const generator = allowed.find((cpu) => !same.includes(cpu)) ?? allowed[1]!;
  return { consumer, generator };
}

function siblingsOf(cpu: number): number[] {
  return parseCpuList(read(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`) ?? `${cpu}`);
}
