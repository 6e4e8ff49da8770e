// A machine made of texts: what files say, what programs print.
import type { FolderStatus, Machine } from '../../../src/doctor/machine.js';
import type { CensusReport, InterfaceReport } from '../../../src/native/inspection.js';

/** /proc/net/dev with two interfaces; eth1 has received 30 packets. */
export const PROC_NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9868704    1234    0    0    0     0          0         0  9868704    1234    0    0    0     0       0          0
  eth1:    6420      30    0    0    0     0          0         0        0       0    0    0    0     0       0          0`;

export interface FakeMachine {
  /** Path to text; folders are those that hold any. */
  files?: Record<string, string>;
  links?: Record<string, string>;
  folders?: Record<string, FolderStatus>;
  /** Command line to what it prints. */
  programs?: Record<string, string>;
  hosts?: string[];
  addresses?: string[];
  report?: Partial<InterfaceReport>;
  census?: CensusReport;
  socketProblem?: string;
  uid?: number;
  user?: string;
  /** What happens while somebody sleeps. */
  meanwhile?: (files: Record<string, string>) => void;
}

const noReport: InterfaceReport = {
  index: 0,
  flags: 0,
  type: -1,
  mtu: 0,
  carrier: null,
  speedMbps: null,
  fullDuplex: null,
  driver: '',
  version: '',
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
};

export function fakeMachine(fake: FakeMachine): Machine {
  const files = fake.files ?? {};
  const { uid = 0, user = 'root' } = fake;
  return {
    inspectInterface: () => ({ ...noReport, ...fake.report }),
    inspectClock: () => null,
    tryPacketSocket: () => fake.socketProblem ?? null,
    takeCensus: async () => {
      if (fake.census === undefined) throw new Error('no census');
      return fake.census;
    },
    read: (path) => files[path]?.trim() ?? null,
    list: (path) => [
      ...new Set(
        Object.keys({ ...files, ...fake.links, ...fake.folders })
          .filter((name) => name.startsWith(`${path}/`))
          .map((name) => name.slice(path.length + 1).split('/')[0]!),
      ),
    ],
    linkName: (path) => fake.links?.[path] ?? null,
    folder: (path) => fake.folders?.[path] ?? null,
    size: (path) => files[path]?.length ?? 0,
    run: async (...words) => fake.programs?.[words.join(' ')] ?? null,
    resolves: async (host) => fake.hosts?.includes(host) ?? false,
    addresses: () => fake.addresses ?? [],
    cpus: () => 4,
    user: () => ({ uid, name: user }),
    sleep: async () => fake.meanwhile?.(files),
  };
}
