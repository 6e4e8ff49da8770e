// CPUs, interrupts and memory.
import { RECORD_BYTES, REPORT_BYTES } from '../../native/record.gen.js';
import type { Facts, LinkFacts } from '../facts.js';
import type { Check, FindingInfo, Verdict } from '../finding.js';
import { found, foundIf, unknown } from '../finding.js';
import { bytesText, countText, listText, percentText } from '../words.js';
import { queuesOf } from './card.js';

/** docs/operations.md, Sizing: a stream with RTCP in the table, in the join of directions, and in two sealed windows. */
const BYTES_PER_STREAM = 1900 + 280 + 2 * (RECORD_BYTES + REPORT_BYTES);
/** Share of the CPU time of a virtual machine that others may have. */
const STOLEN_LIMIT = 0.02;
/** Node, its code and its heap at rest. */
const BYTES_OF_PROGRAM = 150 * 1024 * 1024;

function ofCard(check: (link: LinkFacts, facts: Facts) => Verdict | null): Check {
  return (facts) => {
    const { link } = facts;
    return link === null || link.isLoopback || link.isVirtual ? null : check(link, facts);
  };
}

export const processor = {
  'cpus-few': {
    severity: 'warning',
    title: 'There are fewer CPUs than the probe keeps busy',
    meaning:
      'Interrupts, the capture threads and the making of summaries hold each other up, and the ring fills.',
    mend: 'nproc   # give the machine or the container at least {wanted} CPUs',
    check: ({ cpu, settings }) => {
      const wanted = settings.workers + 1;
      return foundIf(
        cpu.count < wanted,
        `CPUs: ${Number(cpu.count.toFixed(1))}, capture threads: ${settings.workers}`,
        {
          wanted,
        },
      );
    },
  },
  'cpu-stolen': {
    severity: 'warning',
    title: 'The hypervisor gives CPU time to others',
    meaning:
      'While it does, no packet is stamped and none is taken from the ring: delays and losses that are none of the network.',
    mend: 'grep ^cpu /proc/stat   # the 8th number is what was stolen; give the machine CPUs of its own on its host',
    check: ({ watch }) =>
      watch?.stolen == null
        ? null
        : foundIf(watch.stolen > STOLEN_LIMIT, `${percentText(watch.stolen)} of the CPU time was stolen`),
  },
  'interrupts-on-one-cpu': {
    severity: 'warning',
    title: 'All queues interrupt one CPU',
    meaning: 'Several queues are of no use when one CPU has to empty them all.',
    mend: 'i=0; for irq in {irqs}; do echo $((i++ % $(nproc))) > /proc/irq/$irq/smp_affinity_list; done',
    check: ofCard(({ irqs }, { report, cpu }) => {
      const queues = report === null ? null : queuesOf(report);
      if (queues === null || queues < 2 || cpu.count < 2) return null;
      if (irqs.length < 2) return unknown('the interrupts of the queues are not told');
      const used = new Set(irqs.flatMap(({ cpus }) => cpus));
      return foundIf(used.size < 2, `${irqs.length} interrupts on CPU ${listText([...used])}`, {
        irqs: irqs.map(({ irq }) => irq).join(' '),
      });
    }),
  },
  'irqbalance-runs': {
    severity: 'note',
    title: 'Interrupts are moved about by irqbalance',
    meaning:
      'A queue that changes its CPU runs with cold caches, and may come to the CPU of a capture thread.',
    mend: 'systemctl disable --now irqbalance',
    check: ofCard((_link, { cpu }) =>
      foundIf(cpu.irqbalanceRuns, cpu.irqbalanceRuns ? 'irqbalance runs' : 'irqbalance does not run'),
    ),
  },
  'rps-on': {
    severity: 'note',
    title: 'Packets are handed on to other CPUs (RPS)',
    meaning:
      "Each takes a detour over another CPU's backlog, and what finds no room there is lost before any socket; with queues of the card there is no need for it.",
    mend: 'for mask in /sys/class/net/{interface}/queues/rx-*/rps_cpus; do echo 0 > $mask; done',
    check: ({ link }) => {
      if (link === null || link.isLoopback || link.rpsMasks.length === 0) return null;
      const set = link.rpsMasks.filter((mask) => /[1-9a-f]/.test(mask));
      return foundIf(set.length > 0, set.length > 0 ? `mask ${listText(set)}` : 'no RPS');
    },
  },
  'governor-saves-power': {
    severity: 'warning',
    title: 'CPUs slow down to save power',
    meaning: 'When load comes, the ring fills while the clock rate is still low, and stamps come late.',
    mend: 'echo performance | tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor',
    check: ({ cpu }) =>
      cpu.governors.length === 0
        ? null
        : foundIf(
            cpu.governors.some((governor) => governor !== 'performance'),
            `governor ${listText(cpu.governors)}`,
          ),
  },
  'numa-far': {
    severity: 'note',
    title: 'The machine has several NUMA nodes',
    meaning:
      "On another node than the card's, the daemon reads every packet over the link between the processors.",
    mend: 'systemctl set-property rtpsonde.service AllowedCPUs={cpus}',
    check: ofCard(({ numaNode }, { cpu }) => {
      if (cpu.nodes.length < 2) return null;
      if (numaNode === null) return unknown('the node of the card is not known');
      const cpus = cpu.nodes[numaNode] ?? '';
      return found(`the card is on node ${numaNode} of ${cpu.nodes.length}, with CPUs ${cpus}`, { cpus });
    }),
  },
  'memory-short': {
    severity: 'warning',
    title: 'The memory does not suffice for what is configured',
    meaning:
      'With as many streams as `measure.maxStreams` allows, all with RTCP, the system would end the daemon for want of memory.',
    mend: 'rtpsonde check-config {config}   # after lowering measure.maxStreams to {streams} or capture.ringMiB',
    check: ({ memory, settings, config }) => {
      if (memory.availableBytes === null) return unknown('the system does not tell its free memory');
      const fixed = settings.ringBytes + BYTES_OF_PROGRAM;
      const wanted = fixed + settings.maxStreams * BYTES_PER_STREAM;
      const streams = Math.max(
        1000,
        Math.floor((memory.availableBytes - fixed) / BYTES_PER_STREAM / 1000) * 1000,
      );
      return foundIf(
        wanted > memory.availableBytes,
        `${bytesText(wanted)} at ${countText(settings.maxStreams)} streams, ${bytesText(memory.availableBytes)} are free`,
        { streams, config: config?.file ?? 'FILE' },
      );
    },
  },
  'ring-bridges-little': {
    severity: 'warning',
    title: 'The ring bridges less than a second',
    meaning: 'A pause of the capture thread that is longer than the ring lasts loses packets.',
    mend: 'rtpsonde check-config {config}   # after setting capture.ringMiB to {ringMiB}',
    check: ({ settings, watch, config }) => {
      const packets = watch?.capture?.counters.kernelPackets ?? 0;
      if (watch === null || packets === 0) return null;
      // A block holds packets by their length, with some 108 bytes of header and padding each.
      const bytesPerSecond = (packets / watch.seconds) * ((settings.snapLength || 1500) + 108);
      const bridges = settings.ringBytes / bytesPerSecond;
      const ringMiB = Math.min(2048, 2 ** Math.ceil(Math.log2(bytesPerSecond / 2 ** 20)));
      return foundIf(
        bridges < 1 && ringMiB > settings.ringBytes / 2 ** 20,
        `${bytesText(settings.ringBytes)} last ${bridges < 10 ? bridges.toFixed(1) : countText(bridges)} s at the rate seen`,
        { ringMiB, config: config?.file ?? 'FILE' },
      );
    },
  },
} as const satisfies Record<string, FindingInfo>;
