// CPUs, memory, clock and settings of the kernel.
import type { ClockFacts, CpuFacts, KernelFacts, MemoryFacts, ServiceFacts } from '../facts.js';
import type { Machine } from '../machine.js';
import { numberIn } from './link.js';

export function gatherCpu(machine: Machine): CpuFacts {
  const cpus = machine.list('/sys/devices/system/cpu').filter((name) => /^cpu\d+$/.test(name));
  const governors = cpus.map((cpu) =>
    machine.read(`/sys/devices/system/cpu/${cpu}/cpufreq/scaling_governor`),
  );
  const nodes = machine
    .list('/sys/devices/system/node')
    .filter((name) => /^node\d+$/.test(name))
    .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)));
  return {
    count: Math.min(machine.cpus(), quotaOf(machine)),
    governors: [...new Set(governors.filter((governor) => governor !== null))],
    nodes: nodes.map((node) => machine.read(`/sys/devices/system/node/${node}/cpulist`) ?? ''),
    irqbalanceRuns: machine
      .list('/proc')
      .some((pid) => /^\d+$/.test(pid) && machine.read(`/proc/${pid}/comm`) === 'irqbalance'),
  };
}

/** cpu.max of the control group: `50000 100000` is half a CPU, `max 100000` no limit. */
function quotaOf(machine: Machine): number {
  const [quota, period] = (machine.read('/sys/fs/cgroup/cpu.max') ?? '').split(' ').map(Number);
  return quota! > 0 && period! > 0 ? quota! / period! : Number.POSITIVE_INFINITY;
}

export function gatherMemory(machine: Machine): MemoryFacts {
  const kib = /^MemAvailable:\s*(\d+) kB/m.exec(machine.read('/proc/meminfo') ?? '')?.[1];
  const available = kib === undefined ? null : 1024 * Number(kib);
  const limit = numberIn(machine, '/sys/fs/cgroup/memory.max');
  const used = numberIn(machine, '/sys/fs/cgroup/memory.current');
  if (available === null || limit === null || used === null) return { availableBytes: available };
  return { availableBytes: Math.max(0, Math.min(available, limit - used)) };
}

export async function gatherClock(machine: Machine): Promise<ClockFacts> {
  const source = '/sys/devices/system/clocksource/clocksource0';
  return {
    kernel: machine.inspectClock(),
    ...(await offsetOf(machine)),
    source: machine.read(`${source}/current_clocksource`),
    sourcesAvailable: (machine.read(`${source}/available_clocksource`) ?? '').split(/\s+/).filter(Boolean),
  };
}

async function offsetOf(machine: Machine): Promise<Pick<ClockFacts, 'offsetMs' | 'offsetFrom'>> {
  // chronyc(1), tracking, as CSV: reference, its name, stratum, time of the update, offset of the system time in s, ...
  const [, , stratum, , seconds] = ((await machine.run('chronyc', '-c', 'tracking')) ?? '').split(',');
  if (seconds !== undefined && Number(stratum) > 0)
    return { offsetMs: 1000 * Number(seconds), offsetFrom: 'chronyc' };
  // ntpq(1): offset=-0.123, in ms
  const said = await machine.run('ntpq', '-c', 'rv 0 offset');
  const offset = /\boffset=([-+\d.]+)/.exec(said ?? '')?.[1];
  return offset === undefined
    ? { offsetMs: null, offsetFrom: null }
    : { offsetMs: Number(offset), offsetFrom: 'ntpq' };
}

export function gatherKernel(machine: Machine): KernelFacts {
  const setting = (name: string) => numberIn(machine, `/proc/sys/net/core/${name}`);
  return { netdevBudget: setting('netdev_budget'), netdevMaxBacklog: setting('netdev_max_backlog') };
}

/** Null where systemd does not run. */
export async function gatherService(machine: Machine): Promise<ServiceFacts | null> {
  if (machine.list('/run/systemd/system').length === 0 && machine.folder('/run/systemd/system') === null)
    return null;
  const said = await machine.run(
    'systemctl',
    'show',
    'rtpsonde.service',
    '--property=LoadState,UnitFileState,ActiveState,LimitMEMLOCK',
  );
  if (said === null) return null;
  const properties = new Map(said.split('\n').map((line) => line.split('=', 2) as [string, string]));
  const memlock = properties.get('LimitMEMLOCK');
  return {
    installed: properties.get('LoadState') === 'loaded',
    enabled: /^(enabled|static|linked)/.test(properties.get('UnitFileState') ?? ''),
    state: properties.get('ActiveState') ?? 'unknown',
    memlockBytes:
      memlock === undefined || memlock === ''
        ? null
        : memlock === 'infinity'
          ? Number.POSITIVE_INFINITY
          : Number(memlock),
  };
}
