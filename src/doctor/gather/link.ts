// The interface and its driver.
import type { InterfaceReport } from '../../native/inspection.js';
import type { LinkFacts } from '../facts.js';
import type { Machine } from '../machine.js';

// linux/if.h
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_PROMISC = 0x100;

/** A number of a file, or null; -1 is how drivers say that they do not know. */
export function numberIn(machine: Machine, path: string): number | null {
  const text = machine.read(path);
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) || value === -1 ? null : value;
}

/** `0-3,8` -> [0, 1, 2, 3, 8]; what is not such a list gives none. */
export function cpuList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (first === undefined) return [];
    const count = Math.min(8192, Number(last ?? first) - Number(first) + 1);
    return Array.from({ length: Math.max(0, count) }, (_, i) => Number(first) + i);
  });
}

/** Bus of an interface that has no device of its own. */
const NO_DEVICE = ['', 'N/A', 'tun', 'tap'];

/** Null when there is no such interface. */
export function gatherLink(machine: Machine, name: string, report: InterfaceReport): LinkFacts | null {
  if (report.index === 0) return null;
  const { flags, type, mtu, carrier, speedMbps, fullDuplex } = report;
  const folder = folderOf(machine, name, report.index);
  return {
    name,
    type,
    isLoopback: (flags & IFF_LOOPBACK) !== 0,
    isVirtual: NO_DEVICE.includes(report.bus),
    up: (flags & IFF_UP) !== 0,
    promiscuous: (flags & IFF_PROMISC) !== 0,
    carrier,
    speedMbps,
    fullDuplex,
    mtu,
    addresses: machine.addresses(name),
    hasDefaultRoute: hasDefaultRoute(machine, name),
    master: machine.linkName(`${folder}/master`),
    numaNode: numberIn(machine, `${folder}/device/numa_node`),
    rpsMasks: machine
      .list(`${folder}/queues`)
      .filter((queue) => queue.startsWith('rx-'))
      .map((queue) => machine.read(`${folder}/queues/${queue}/rps_cpus`) ?? '')
      .filter((mask) => mask !== ''),
    irqs: interruptsOf(machine, name, folder),
  };
}

/** Where /sys tells of it; nowhere when /sys is that of another network namespace. */
function folderOf(machine: Machine, name: string, index: number): string {
  const folder = `/sys/class/net/${name}`;
  return numberIn(machine, `${folder}/ifindex`) === index ? folder : '/nowhere';
}

// /proc/net/dev, always of the namespace of this process: two lines of headings, then `name: numbers`.
function deviceRows(machine: Machine): [name: string, numbers: number[]][] {
  const lines = (machine.read('/proc/net/dev') ?? '').split('\n').slice(2);
  return lines.map((line) => {
    const [name, numbers] = line.split(':', 2);
    return [name!.trim(), (numbers ?? '').trim().split(/\s+/).map(Number)];
  });
}

export const interfaceNames = (machine: Machine): string[] => deviceRows(machine).map(([name]) => name);

/** Counters of what was received, by their names in /sys: all of them, or the few that /proc has. */
export function receiveCounters(machine: Machine, name: string, index: number): Record<string, number> {
  const folder = `${folderOf(machine, name, index)}/statistics`;
  const counters = machine
    .list(folder)
    .filter((counter) => counter.startsWith('rx_'))
    .map((counter) => [counter, numberIn(machine, `${folder}/${counter}`)] as const)
    .filter((entry): entry is readonly [string, number] => entry[1] !== null);
  if (counters.length > 0) return Object.fromEntries(counters);
  const numbers = deviceRows(machine).find(([device]) => device === name)?.[1];
  if (numbers === undefined || numbers.length < 2) return {};
  return { rx_bytes: numbers[0]!, rx_packets: numbers[1]! };
}

// /proc/net/route: name, destination, gateway, flags, ...; ipv6_route: destination, length, ..., name last.
function hasDefaultRoute(machine: Machine, name: string): boolean {
  const rows = (path: string) =>
    (machine.read(path) ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  const v4 = rows('/proc/net/route').some(
    ([link, to, , , , , , mask]) => link === name && to === '00000000' && mask === '00000000',
  );
  // The kernel's own route to nowhere is on lo.
  const v6 = rows('/proc/net/ipv6_route').some(
    (row) => row.at(-1) === name && /^0+$/.test(row[0] ?? '') && row[1] === '00',
  );
  return v4 || v6;
}

/** Interrupts that bear the name of the interface or of its device, sending alone left out. */
function interruptsOf(machine: Machine, name: string, folder: string): LinkFacts['irqs'] {
  const device = machine.linkName(`${folder}/device`);
  const own = new Set(machine.list(`${folder}/device/msi_irqs`));
  return allInterrupts(machine).flatMap(([irq, action]) => {
    const named = [name, device].some((word) => word !== null && isPartOf(word, action));
    if ((!named && !own.has(irq)) || /(^|-)(tx|output|config|async|control)\b/i.test(action)) return [];
    const cpus = servingCpus(machine, irq);
    return cpus === null ? [] : [{ irq: Number(irq), cpus }];
  });
}

/** Number and name of each; from /sys where /proc is hidden, as by the unit. */
function allInterrupts(machine: Machine): [irq: string, action: string][] {
  const table = machine.read('/proc/interrupts');
  if (table === null)
    return machine
      .list('/sys/kernel/irq')
      .map((irq) => [irq, machine.read(`/sys/kernel/irq/${irq}/actions`) ?? '']);
  return table.split('\n').flatMap((line): [string, string][] => {
    const [, irq, rest] = /^\s*(\d+):(.*)$/.exec(line) ?? [];
    return irq === undefined || rest === undefined ? [] : [[irq, rest.trim().split(/\s+/).at(-1) ?? '']];
  });
}

/** Least share of an interrupt that a CPU must have had to be taken for one that serves it. */
const SERVING_SHARE = 0.1;

/** The CPUs that an interrupt goes to, else those that it went to so far; null when neither is known. */
function servingCpus(machine: Machine, irq: string): number[] | null {
  const set =
    machine.read(`/proc/irq/${irq}/effective_affinity_list`) ||
    machine.read(`/proc/irq/${irq}/smp_affinity_list`);
  if (set !== null) return cpuList(set);
  const counts = (machine.read(`/sys/kernel/irq/${irq}/per_cpu_count`) ?? '').split(',').map(Number);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return all > 0 ? counts.flatMap((count, cpu) => (count >= SERVING_SHARE * all ? [cpu] : [])) : null;
}

/** eth1 is in eth1-TxRx-0 and i40e-eth1-TxRx-0, but not in eth10-TxRx-0. */
function isPartOf(word: string, action: string): boolean {
  return action.split(/[-@:]/).includes(word);
}
