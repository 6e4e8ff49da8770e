// What is known of a machine before anything is judged: plain data, so that a test
// can write down any machine. Null is what could not be found out.
import type { CounterValues } from '../native/block.js';
import type { CensusReport, ClockReport, InterfaceReport } from '../native/inspection.js';

/** Everything that the checks look at. */
export interface Facts {
  rights: RightsFacts;
  /** The interface that was asked for, those that there are, and those that are captured on with it; null when none was named. */
  named: { name: string; existing: string[]; others: readonly string[] } | null;
  /** The interface itself; null when none was named or it does not exist. */
  link: LinkFacts | null;
  /** What kernel and driver say of it; null without an interface. */
  report: InterfaceReport | null;
  cpu: CpuFacts;
  memory: MemoryFacts;
  clock: ClockFacts;
  settings: SettingsFacts;
  kernel: KernelFacts;
  /** Null when no configuration was given. */
  config: ConfigFacts | null;
  /** Null where systemd does not run. */
  service: ServiceFacts | null;
  /** A few seconds of watching; null without an interface that is there. */
  watch: WatchFacts | null;
}

export interface RightsFacts {
  isRoot: boolean;
  /** Effective capabilities of this process. */
  netRaw: boolean;
  netAdmin: boolean;
  ipcLock: boolean;
  bpf: boolean;
  /** Why no packet socket can be opened; null when one can. */
  socketProblem: string | null;
  /** Memory that may be locked, bytes; Infinity: no limit. */
  memlockBytes: number | null;
}

export interface LinkFacts {
  name: string;
  /** ARPHRD number: 1 Ethernet, 772 loopback; -1 when unknown. */
  type: number;
  isLoopback: boolean;
  /** No device behind it: veth, bridge, bond, VLAN and the like. */
  isVirtual: boolean;
  up: boolean;
  promiscuous: boolean;
  carrier: boolean | null;
  speedMbps: number | null;
  fullDuplex: boolean | null;
  /** Bytes. */
  mtu: number;
  /** IP addresses; `fe80:` ones too. */
  addresses: string[];
  /** A default route leads out here: this is how the machine is reached. */
  hasDefaultRoute: boolean;
  /** Bridge or bond that the interface is a port of. */
  master: string | null;
  /** NUMA node of the device; null where there is only one or it is unknown. */
  numaNode: number | null;
  /** CPU mask of each receive queue (rps_cpus), hexadecimal; all 0: none. */
  rpsMasks: string[];
  /** Interrupts of the receive queues and the CPUs that they may go to. */
  irqs: { irq: number; cpus: number[] }[];
}

export interface CpuFacts {
  /** CPUs that this process may use; a quota of the control group may make it a fraction. */
  count: number;
  /** Frequency governors in use, each once; empty where there is none (virtual machines). */
  governors: string[];
  /** CPUs of each NUMA node, as the kernel writes them (`0-15`); the index is the node. */
  nodes: string[];
  irqbalanceRuns: boolean;
}

export interface MemoryFacts {
  /** What is free, or the limit of the control group where that is less, bytes. */
  availableBytes: number | null;
}

export interface ClockFacts {
  kernel: ClockReport | null;
  /** What the time daemon estimates, ms; null where none can be asked. */
  offsetMs: number | null;
  /** Who said so: chronyc or ntpq. */
  offsetFrom: string | null;
  /** For example tsc; null when unknown. */
  source: string | null;
  sourcesAvailable: string[];
}

/** What the daemon would do: from the configuration, else the defaults. */
export interface SettingsFacts {
  method: 'packet' | 'xdp';
  promiscuous: boolean;
  ringBytes: number;
  snapLength: number;
  maxStreams: number;
  spanCopies: 'off' | 'auto' | 'strict' | 'all';
  /** Capture threads. */
  workers: number;
}

/** Settings of the kernel's receive path (sysctl net.core). */
export interface KernelFacts {
  netdevBudget: number | null;
  netdevMaxBacklog: number | null;
}

export interface ConfigFacts {
  file: string;
  /** Everything that is wrong with it, a line each; empty when it loads. */
  faults: string[];
  warnings: string[];
  /** Of each file exporter. */
  outputs: OutputFacts[];
  /** Of each HTTP exporter. */
  collectors: { exporter: string; host: string; resolves: boolean }[];
}

export interface OutputFacts {
  exporter: string;
  folder: string;
  /** Whom the daemon runs as: the user of the unit, or this one. */
  user: string;
  exists: boolean;
  writable: boolean;
  /** Room that is left, bytes. */
  freeBytes: number | null;
  /** What the exporter may still come to use, bytes. */
  wantedBytes: number;
}

export interface ServiceFacts {
  /** The unit is installed. */
  installed: boolean;
  enabled: boolean;
  /** systemd's ActiveState, for example active, inactive, failed. */
  state: string;
  /** Memory that the unit may lock, bytes; Infinity: no limit. */
  memlockBytes: number | null;
}

export interface WatchFacts {
  seconds: number;
  /** How far these grew; null where the kernel has no such counter. */
  softnetDrops: number | null;
  softnetSqueezes: number | null;
  /** Share of the CPU time that the hypervisor gave to others, 0..1; null when unknown. */
  stolen: number | null;
  /** Counters of /sys/class/net/IF/statistics, for example rx_packets. */
  nic: Readonly<Record<string, number>>;
  census: CensusReport | null;
  /** The engine of the daemon on the interface. */
  capture: CaptureFacts | null;
  /** Why there was no test capture; null when there was one. */
  captureProblem: string | null;
}

export interface CaptureFacts {
  counters: CounterValues;
  /** Share of one core that the capture thread took, 0..1; null when unknown. */
  load: number | null;
  streams: number;
  audioStreams: number;
  /** Audio streams whose opposite direction was not seen. */
  oneSidedAudioStreams: number;
}
