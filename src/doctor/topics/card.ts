// The network card: its ring, its queues and how packets are spread over them.
import type { InterfaceReport } from '../../native/inspection.js';
import type { Facts } from '../facts.js';
import type { Check, FindingInfo, Verdict } from '../finding.js';
import { found, foundIf, ok, unknown } from '../finding.js';

/** Beyond this a larger ring only costs cache. */
const RING_WANTED = 4096;
/** What a stamp may be late before it shows in the jitter of a call. */
const COALESCING_LIMIT_US = 250;
/** RXH bits of linux/ethtool.h, by the letter that `ethtool -N` takes. */
const HASH_LETTERS: readonly [bit: number, letter: string][] = [
  [4, 's'],
  [5, 'd'],
  [6, 'f'],
  [7, 'n'],
];

/** A check of a card: of virtual interfaces nobody sets rings and queues. */
function ofCard(check: (report: InterfaceReport, facts: Facts) => Verdict | null): Check {
  return (facts) => {
    const { link, report } = facts;
    return link === null || report === null || link.isLoopback || link.isVirtual
      ? null
      : check(report, facts);
  };
}

/** Receive queues in use, or null. */
export const queuesOf = ({ channels }: InterfaceReport): number | null =>
  channels === null ? null : channels.rx + channels.combined;

const lettersOf = (hash: number) =>
  HASH_LETTERS.filter(([bit]) => (hash & (1 << bit)) !== 0)
    .map(([, letter]) => letter)
    .join('');

/** Whether UDP of two hosts spreads over the queues, or all of it goes to one. */
function hashCheck(key: 'udp4Hash' | 'udp6Hash', name: string): Check {
  return ofCard((report) => {
    const queues = queuesOf(report);
    if (queues === null || queues < 2) return null;
    const hash = report[key];
    // 0: queues are filled by something else, for example by the host of a virtual machine.
    if (hash === null || hash === 0) return unknown(`the driver does not tell what spreads ${name}`);
    const letters = lettersOf(hash);
    return foundIf(
      !['f', 'n'].every((letter) => letters.includes(letter)),
      `${name} is spread by ${letters}`,
    );
  });
}

export const card = {
  'ring-small': {
    severity: 'warning',
    title: 'The receive ring of the card is small',
    meaning:
      'Packets that come while the CPU is held up have no room and are lost before the kernel sees them (rx_missed, rx_fifo).',
    mend: 'ethtool -G {interface} rx {wanted}',
    check: ofCard(({ ring }) => {
      if (ring === null || ring.rxMax === 0) return unknown('the driver does not tell its ring');
      const wanted = Math.min(ring.rxMax, RING_WANTED);
      return foundIf(ring.rx < wanted, `${ring.rx} of ${ring.rxMax} descriptors`, { wanted });
    }),
  },
  'queues-few': {
    severity: 'note',
    title: 'The card uses one receive queue, and could use more',
    meaning: 'One CPU takes all interrupts and all of the receive path; beyond some 1 Mpps it is the limit.',
    mend: 'ethtool -L {interface} {kind} {wanted}',
    check: ofCard((report, { cpu }) => {
      const queues = queuesOf(report);
      if (queues === null || report.channels === null) return unknown('the driver does not tell its queues');
      const { combinedMax, rxMax } = report.channels;
      const most = Math.max(combinedMax, rxMax);
      const values = {
        kind: combinedMax > 0 ? 'combined' : 'rx',
        wanted: Math.min(most, Math.floor(cpu.count)),
      };
      return foundIf(queues < 2 && values.wanted > 1, `${queues} of ${most} queues`, values);
    }),
  },
  'udp4-hash-without-ports': {
    severity: 'warning',
    title: 'UDP over IPv4 is spread over the queues by addresses alone',
    meaning:
      'All calls between two media gateways go to one queue and one CPU, while the others idle. With ports, the fragments of a datagram may take another queue than its first one; voice is not fragmented.',
    mend: 'ethtool -N {interface} rx-flow-hash udp4 sdfn',
    check: hashCheck('udp4Hash', 'udp4'),
  },
  'udp6-hash-without-ports': {
    severity: 'warning',
    title: 'UDP over IPv6 is spread over the queues by addresses alone',
    meaning: 'All calls between two media gateways go to one queue and one CPU, while the others idle.',
    mend: 'ethtool -N {interface} rx-flow-hash udp6 sdfn',
    check: hashCheck('udp6Hash', 'udp6'),
  },
  'queues-unused': {
    severity: 'warning',
    title: 'Some receive queues get no packets',
    meaning: "The card's indirection table leaves queues out, so that the others carry all of the load.",
    mend: 'ethtool -X {interface} equal {queues}',
    check: ofCard((report) => {
      const queues = queuesOf(report);
      if (queues === null || queues < 2 || report.indirection.length === 0) return null;
      const used = new Set(report.indirection).size;
      return foundIf(used < queues, `${used} of ${queues} queues are in the table`, { queues });
    }),
  },
  'pause-frames': {
    severity: 'warning',
    title: 'The card takes part in flow control',
    meaning:
      'When it is busy it asks the switch to wait, and a switch that waits on its mirror port drops the copies: a loss that no counter here shows.',
    mend: 'ethtool -A {interface} autoneg off rx off tx off',
    check: ofCard(({ pause }) => {
      if (pause === null) return unknown('the driver does not tell its flow control');
      const on = [pause.rx ? 'rx' : '', pause.tx ? 'tx' : ''].filter(Boolean);
      return foundIf(on.length > 0, on.length > 0 ? `pause frames on: ${on.join(', ')}` : 'pause frames off');
    }),
  },
  'interrupts-late': {
    severity: 'note',
    title: 'The card collects packets for long before it interrupts',
    meaning:
      'Packets are stamped when the CPU gets to them, so that this time is in every delay and in the jitter that is measured.',
    mend: 'ethtool -C {interface} adaptive-rx off rx-usecs 50',
    check: ofCard(({ coalescing }) => {
      if (coalescing === null) return unknown('the driver does not tell its interrupt coalescing');
      const { rxUs, adaptive } = coalescing;
      return foundIf(rxUs > COALESCING_LIMIT_US, `${rxUs} us${adaptive ? ', adaptive' : ''}`);
    }),
  },
  'hardware-stamps-unused': {
    severity: 'note',
    title: 'The card could stamp packets itself',
    meaning:
      "This version uses the kernel's stamps, taken when the CPU gets to a packet: under load that adds to the jitter that is measured, usually some 10 us.",
    mend: '',
    check: ofCard(({ timeStamping }) => {
      if (timeStamping === null) return unknown('the driver does not tell its time stamping');
      // SOF_TIMESTAMPING_RX_HARDWARE and RAW_HARDWARE, HWTSTAMP_FILTER_ALL (linux/net_tstamp.h)
      const hardware = (timeStamping.flags & 0x4) !== 0 && (timeStamping.flags & 0x40) !== 0;
      return hardware && (timeStamping.rxFilters & 0x2) !== 0
        ? found(`stamps of all packets are offered, clock /dev/ptp${timeStamping.phc}`)
        : ok("the kernel's stamps; the card has none for all packets");
    }),
  },
} as const satisfies Record<string, FindingInfo>;
