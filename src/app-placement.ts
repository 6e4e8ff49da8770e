// Which CPUs the workers run on when the configuration does not say: near the network card, and out of
// the way of its interrupts.
import { gatherCpu } from './doctor/gather/host.js';
import { cpuList, gatherLink } from './doctor/gather/link.js';
import type { Machine } from './doctor/machine.js';
import type { EngineOptions } from './native/engine.js';
import type { Log } from './ops/logger.js';

/** What is known of the machine. */
export interface PlacementFacts {
  /** CPUs that this process may use. */
  allowed: readonly number[];
  /** CPUs of each NUMA node. */
  nodes: readonly (readonly number[])[];
  /** Of each network card: its node, null when not known, and the CPUs that its receive queues interrupt. */
  cards: readonly { node: number | null; interruptCpus: readonly number[] }[];
}

export interface Placement {
  /** One for each worker, ascending. */
  cpus: number[];
  /** Why these, for the log. */
  why: string;
}

/** The options with CPUs for the workers of interfaces, unless they name some; the log says which and why. */
export function withPlacement(
  options: EngineOptions,
  machine: Machine,
  logger: Pick<Log['logger'], 'info'>,
): EngineOptions {
  const { source, cpus, workers } = options;
  if (source.kind !== 'interface' || cpus.length > 0) return options;
  const placement = placeWorkers(workers, placementFacts(machine, source.names));
  if (placement === null) return options;
  logger.info({ cpus: placement.cpus }, `workers run on CPUs ${placement.cpus.join(', ')} ${placement.why}`);
  return { ...options, cpus: placement.cpus };
}

/** Null when there is no reason for any: the kernel does better than a guess. */
export function placeWorkers(workers: number, { allowed, nodes, cards }: PlacementFacts): Placement | null {
  const known = new Set(cards.map(({ node }) => node));
  const [node] = known;
  const isNear = nodes.length > 1 && known.size === 1 && node != null && nodes[node] !== undefined;
  const near = isNear ? allowed.filter((cpu) => nodes[node]!.includes(cpu)) : allowed;
  const interrupted = new Set(cards.flatMap(({ interruptCpus }) => interruptCpus));
  const free = near.filter((cpu) => !interrupted.has(cpu));
  const where = isNear ? `of NUMA node ${node}, that of the network card` : 'of this machine';
  if (interrupted.size > 0 && free.length >= workers)
    return { cpus: free.slice(0, workers), why: `${where}, that do not serve its interrupts` };
  if (isNear && near.length >= workers) return { cpus: near.slice(0, workers), why: where };
  return null;
}

/** Looks at the cards of these interfaces. */
export function placementFacts(machine: Machine, interfaces: readonly string[]): PlacementFacts {
  const status = machine.read('/proc/self/status') ?? '';
  const cards = interfaces.flatMap((name) => {
    const link = gatherLink(machine, name, machine.inspectInterface(name));
    if (link === null || link.isLoopback || link.isVirtual) return [];
    return [{ node: link.numaNode, interruptCpus: link.irqs.flatMap(({ cpus }) => cpus) }];
  });
  return {
    allowed: cpuList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? ''),
    nodes: gatherCpu(machine).nodes.map(cpuList),
    cards,
  };
}
