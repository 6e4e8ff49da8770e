// What was lost before it could be measured, while it was watched.
import type { Facts, WatchFacts } from '../facts.js';
import type { Check, FindingInfo, Verdict } from '../finding.js';
import { foundIf, unknown } from '../finding.js';
import { countText, percentText, plural } from '../words.js';

/** Receiving that is broken off for want of time now and then is usual. */
const SQUEEZES_PER_SECOND = 1;
/** Share of the link from which on a mirror port of the same speed drops copies now and then. */
const FULL_LINK = 0.8;
/** Share of a core from which on a burst may hold the capture thread up. */
const HIGH_LOAD = 0.7;

function watched(check: (watch: WatchFacts, facts: Facts) => Verdict | null): Check {
  return (facts) => (facts.watch === null ? null : check(facts.watch, facts));
}

/** Found when the counters of the interface grew. */
function growth(...names: string[]): Check {
  return watched(({ nic, seconds }) => {
    const known = names.filter((name) => nic[name] !== undefined);
    if (known.length === 0) return unknown(`the kernel does not count ${names.join(', ')}`);
    const grown = known.filter((name) => nic[name]! > 0);
    return foundIf(
      grown.length > 0,
      grown.length > 0
        ? grown.map((name) => `${name} +${countText(nic[name]!)} in ${seconds} s`).join(', ')
        : `${known.join(', ')} did not grow`,
    );
  });
}

export const loss = {
  'card-missed': {
    severity: 'error',
    title: 'The card has no room for packets',
    meaning:
      'They are lost before the kernel sees them, and look like loss in the network. A larger ring (`ring-small`) and more queues (`queues-few`) help as well.',
    mend: 'sysctl -w net.core.netdev_budget={budget} net.core.netdev_budget_usecs=8000',
    check: (facts) => {
      const verdict = growth('rx_missed_errors', 'rx_fifo_errors')(facts) as Verdict | null;
      return verdict && { ...verdict, values: { budget: 2 * (facts.kernel.netdevBudget ?? 300) } };
    },
  },
  'card-errors': {
    severity: 'warning',
    title: 'Frames arrive damaged',
    meaning:
      'A cable, a transceiver or a clock between switch and card is bad; what is damaged is not captured.',
    mend: 'ip -s -s link show dev {interface}',
    check: growth('rx_crc_errors', 'rx_frame_errors'),
  },
  'frames-too-long': {
    severity: 'warning',
    title: 'Frames are longer than the interface takes',
    meaning:
      'Mirrored frames with tunnel headers (ERSPAN, VXLAN) or jumbo frames exceed its MTU and are dropped.',
    mend: 'ip link set dev {interface} mtu 9000',
    check: growth('rx_length_errors', 'rx_over_errors'),
  },
  'card-dropped': {
    severity: 'note',
    title: 'The kernel dropped packets at the interface',
    meaning:
      'Some of them may have been captured all the same: those that no protocol of this machine wanted count here.',
    mend: 'ip -s -s link show dev {interface}',
    check: growth('rx_dropped'),
  },
  'softnet-drops': {
    severity: 'error',
    title: "A CPU's backlog overflowed",
    meaning:
      'Packets handed from CPU to CPU (RPS) or over virtual links found no room and were lost before any socket; the count is over all interfaces.',
    mend: 'sysctl -w net.core.netdev_max_backlog={backlog}',
    check: watched(({ softnetDrops, seconds }, { kernel }) => {
      if (softnetDrops === null) return unknown('/proc/net/softnet_stat cannot be read');
      return foundIf(softnetDrops > 0, `${plural(softnetDrops, 'drop')} in ${seconds} s`, {
        backlog: Math.max(10_000, 4 * (kernel.netdevMaxBacklog ?? 1000)),
      });
    }),
  },
  'softnet-squeezes': {
    severity: 'warning',
    title: 'Receiving is broken off for want of time',
    meaning: 'A CPU had packets left when its share was used up: it is near to losing some.',
    mend: 'sysctl -w net.core.netdev_budget={budget} net.core.netdev_budget_usecs=8000',
    check: watched(({ softnetSqueezes, seconds }, { kernel }) => {
      if (softnetSqueezes === null) return unknown('/proc/net/softnet_stat cannot be read');
      return foundIf(
        softnetSqueezes > SQUEEZES_PER_SECOND * seconds,
        `${plural(softnetSqueezes, 'time')} in ${seconds} s`,
        { budget: 2 * (kernel.netdevBudget ?? 300) },
      );
    }),
  },
  'link-full': {
    severity: 'warning',
    title: 'The mirror link is nearly full',
    meaning:
      'A switch drops copies that do not fit, silently: both directions of a link at its own speed need twice that.',
    mend: 'cat /sys/class/net/{interface}/speed   # mirror fewer ports, one direction, or to a faster port',
    check: watched(({ nic, seconds }, { link }) => {
      const bytes = nic.rx_bytes;
      if (bytes === undefined || link?.speedMbps == null || link.speedMbps <= 0 || link.isVirtual)
        return null;
      // Preamble, FCS and gap are on the wire too: 24 bytes a frame (802.3 4.4.2).
      const bits = 8 * (bytes + 24 * (nic.rx_packets ?? 0));
      const share = bits / seconds / (link.speedMbps * 1e6);
      return foundIf(share > FULL_LINK, `${percentText(share)} of ${link.speedMbps} Mbit/s`);
    }),
  },
  'ring-overflowed': {
    severity: 'error',
    title: 'The test capture lost packets',
    meaning:
      'The capture thread did not keep up, so the daemon would not either; its losses look like those of the network.',
    mend: 'top -H -p $(pgrep -d, -f rtpsonde)   # find what takes the CPU; then capture.udpOnly: true, a larger capture.ringMiB',
    check: watched(({ capture }) => {
      if (capture === null) return null;
      const { kernelDrops, kernelPackets } = capture.counters;
      return foundIf(
        kernelDrops > 0,
        kernelDrops > 0
          ? `${countText(kernelDrops)} of ${countText(kernelPackets)} packets, ${percentText(kernelDrops / kernelPackets)}`
          : `none of ${plural(kernelPackets, 'packet')} was lost`,
      );
    }),
  },
  'capture-busy': {
    severity: 'warning',
    title: 'The capture thread is busy',
    meaning: 'There is little left for bursts and for more streams.',
    mend: 'top -H   # capture.udpOnly: true takes off it what is not UDP',
    check: watched(({ capture }) =>
      capture?.load == null
        ? null
        : foundIf(capture.load > HIGH_LOAD, `${percentText(capture.load)} of a core`),
    ),
  },
} as const satisfies Record<string, FindingInfo>;
