// Facts of whole machines, for the checks: each as it is met in the field.
import type { CaptureFacts, Facts, LinkFacts, WatchFacts } from '../../../src/doctor/facts.js';
import { type CounterValues, nameCounters } from '../../../src/native/block.js';
import { counters } from '../../../src/native/counters.gen.js';
import type { InterfaceReport } from '../../../src/native/inspection.js';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** All counters 0 but these. */
export const countersOf = (some: Partial<CounterValues>): CounterValues => ({
  ...nameCounters(new Float64Array(counters.length)),
  ...some,
});

const feature = (name: string, active: boolean, changeable = true) => ({ name, active, changeable });

const link: LinkFacts = {
  name: 'eth1',
  type: 1,
  isLoopback: false,
  isVirtual: false,
  up: true,
  promiscuous: false,
  carrier: true,
  speedMbps: 10_000,
  fullDuplex: true,
  mtu: 9000,
  addresses: [],
  hasDefaultRoute: false,
  master: null,
  numaNode: 0,
  rpsMasks: ['00000000', '00000000', '00000000', '00000000'],
  irqs: [40, 41, 42, 43].map((irq, i) => ({ irq, cpus: [i] })),
};

const report: InterfaceReport = {
  index: 3,
  flags: 0x1043,
  type: 1,
  mtu: 9000,
  carrier: true,
  speedMbps: 10_000,
  fullDuplex: true,
  driver: 'ixgbe',
  version: '6.1.0',
  bus: '0000:03:00.1',
  ring: { rx: 4096, rxMax: 8192 },
  channels: { rx: 0, rxMax: 0, combined: 4, combinedMax: 63 },
  coalescing: { rxUs: 50, adaptive: false },
  pause: { rx: false, tx: false },
  timeStamping: { flags: 0x18, phc: -1, rxFilters: 0x1 },
  // L3 source and destination, both halves of the ports
  udp4Hash: 0xf0,
  udp6Hash: 0xf0,
  indirection: [0, 1, 2, 3, 0, 1, 2, 3],
  features: [
    feature('rx-vlan-hw-parse', true),
    feature('rx-gro', false),
    feature('rx-gro-hw', false, false),
    feature('rx-lro', false),
    feature('rx-udp-gro-forwarding', false),
    feature('rx-gro-list', false),
  ],
};

const capture: CaptureFacts = {
  counters: countersOf({ packets: 500_000, rtp: 490_000, rtcp: 5000, notRtp: 5000, kernelPackets: 500_000 }),
  load: 0.08,
  streams: 2000,
  audioStreams: 2000,
  oneSidedAudioStreams: 40,
};

const watch: WatchFacts = {
  seconds: 5,
  softnetDrops: 0,
  softnetSqueezes: 1,
  stolen: 0.001,
  nic: {
    rx_packets: 500_000,
    rx_bytes: 107_000_000,
    rx_missed_errors: 0,
    rx_fifo_errors: 0,
    rx_crc_errors: 0,
    rx_frame_errors: 0,
    rx_length_errors: 0,
    rx_over_errors: 0,
    rx_dropped: 0,
  },
  census: { frames: 100_000, bytes: 21_400_000, group: 100, largest: 1518, vlans: [20] },
  capture,
  captureProblem: null,
};

/** A server that was set up by the book: nothing is to be found. */
export const server: Facts = {
  rights: {
    isRoot: true,
    netRaw: true,
    netAdmin: true,
    ipcLock: true,
    bpf: true,
    socketProblem: null,
    memlockBytes: Number.POSITIVE_INFINITY,
  },
  named: { name: 'eth1', existing: ['lo', 'eth0', 'eth1'], others: [] },
  link,
  report,
  cpu: { count: 8, governors: ['performance'], nodes: ['0-7'], irqbalanceRuns: false },
  memory: { availableBytes: 24 * GIB },
  clock: {
    kernel: { synchronised: true, offsetMs: 0.01, estimatedErrorMs: 0.1, maxErrorMs: 12 },
    offsetMs: 0.02,
    offsetFrom: 'chronyc',
    source: 'tsc',
    sourcesAvailable: ['tsc', 'hpet', 'acpi_pm'],
  },
  settings: {
    method: 'packet',
    promiscuous: true,
    ringBytes: 256 * MIB,
    snapLength: 128,
    maxStreams: 200_000,
    spanCopies: 'auto',
    workers: 1,
  },
  kernel: { netdevBudget: 300, netdevMaxBacklog: 1000 },
  config: {
    file: '/etc/rtpsonde/rtpsonde.yaml',
    faults: [],
    warnings: [],
    outputs: [
      {
        exporter: 'file',
        folder: '/var/log/rtpsonde',
        user: 'rtpsonde',
        exists: true,
        writable: true,
        freeBytes: 40 * GIB,
        wantedBytes: GIB,
      },
    ],
    collectors: [{ exporter: 'http', host: 'collector.example', resolves: true }],
  },
  service: { installed: true, enabled: true, state: 'active', memlockBytes: Number.POSITIVE_INFINITY },
  watch,
};

/** A virtual machine as it comes: one interface, one queue, a paravirtual card that tells little. */
export const virtualMachine: Facts = {
  ...server,
  named: { name: 'eth0', existing: ['lo', 'eth0'], others: [] },
  link: {
    ...link,
    name: 'eth0',
    speedMbps: null,
    fullDuplex: null,
    mtu: 1500,
    addresses: ['192.0.2.10', 'fe80::5054:ff:fe00:1'],
    hasDefaultRoute: true,
    numaNode: null,
    rpsMasks: ['3'],
    irqs: [{ irq: 24, cpus: [0, 1] }],
  },
  report: {
    ...report,
    driver: 'virtio_net',
    bus: '0000:00:03.0',
    mtu: 1500,
    ring: { rx: 256, rxMax: 256 },
    channels: { rx: 0, rxMax: 0, combined: 1, combinedMax: 1 },
    coalescing: null,
    pause: null,
    timeStamping: null,
    udp4Hash: null,
    udp6Hash: null,
    indirection: [],
    features: [feature('rx-gro', true), feature('rx-gro-hw', true), feature('rx-lro', false, false)],
  },
  cpu: { count: 2, governors: [], nodes: ['0-1'], irqbalanceRuns: false },
  memory: { availableBytes: 3 * GIB },
  clock: { ...server.clock, offsetMs: null, offsetFrom: null, source: 'kvm-clock' },
  config: null,
  service: { installed: false, enabled: false, state: 'inactive', memlockBytes: null },
  watch: {
    ...watch,
    census: { frames: 40, bytes: 4000, group: 40, largest: 342, vlans: [] },
    capture: {
      ...capture,
      counters: countersOf({ packets: 40, notIp: 40, kernelPackets: 40 }),
      load: 0,
      streams: 0,
      audioStreams: 0,
      oneSidedAudioStreams: 0,
    },
  },
};

/** A laptop on the desk of who tries it out, as an ordinary user. */
export const laptop: Facts = {
  ...server,
  rights: {
    isRoot: false,
    netRaw: false,
    netAdmin: false,
    ipcLock: false,
    bpf: false,
    socketProblem: 'Operation not permitted',
    memlockBytes: 8 * MIB,
  },
  named: { name: 'enp0s31f6', existing: ['lo', 'enp0s31f6', 'wlp2s0'], others: [] },
  link: {
    ...link,
    name: 'enp0s31f6',
    up: true,
    carrier: false,
    speedMbps: null,
    fullDuplex: null,
    mtu: 1500,
    irqs: [{ irq: 130, cpus: [3] }],
  },
  report: {
    ...report,
    driver: 'e1000e',
    mtu: 1500,
    ring: { rx: 256, rxMax: 4096 },
    channels: null,
    pause: { rx: true, tx: true },
    timeStamping: { flags: 0x5f, phc: 0, rxFilters: 0x7fff },
    udp4Hash: null,
    udp6Hash: null,
    indirection: [],
    features: [feature('rx-gro', true), feature('rx-lro', false, false)],
  },
  cpu: { count: 8, governors: ['powersave'], nodes: ['0-7'], irqbalanceRuns: true },
  config: null,
  service: { installed: false, enabled: false, state: 'inactive', memlockBytes: null },
  watch: {
    seconds: 5,
    softnetDrops: 0,
    softnetSqueezes: 0,
    stolen: null,
    nic: { rx_packets: 0, rx_bytes: 0, rx_missed_errors: 0, rx_dropped: 0 },
    census: null,
    capture: null,
    captureProblem: null,
  },
};

/** A container without rights, and with little of /proc and /sys. */
export const container: Facts = {
  ...laptop,
  rights: { ...laptop.rights, isRoot: true, memlockBytes: null },
  named: { name: 'eth0', existing: ['lo', 'eth0'], others: [] },
  link: {
    ...link,
    name: 'eth0',
    isVirtual: true,
    mtu: 1500,
    speedMbps: 10_000,
    addresses: ['172.17.0.2'],
    hasDefaultRoute: true,
    rpsMasks: [],
    irqs: [],
    numaNode: null,
  },
  report: {
    ...report,
    driver: 'veth',
    bus: '',
    ring: null,
    channels: null,
    coalescing: null,
    pause: null,
    timeStamping: null,
    udp4Hash: null,
    udp6Hash: null,
    indirection: [],
    features: [],
  },
  cpu: { count: 1, governors: [], nodes: [], irqbalanceRuns: false },
  memory: { availableBytes: 512 * MIB },
  clock: { kernel: null, offsetMs: null, offsetFrom: null, source: null, sourcesAvailable: [] },
  service: null,
  watch: {
    seconds: 5,
    softnetDrops: null,
    softnetSqueezes: null,
    stolen: null,
    nic: {},
    census: null,
    capture: null,
    captureProblem: null,
  },
};
