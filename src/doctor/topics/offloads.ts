// Offloads that change packets before they are captured.
import type { InterfaceFeature, InterfaceReport } from '../../native/inspection.js';
import type { Check, FindingInfo } from '../finding.js';
import { found, foundIf, ok, unknown } from '../finding.js';
import { listText } from '../words.js';

const stateOf = (report: InterfaceReport, name: string): InterfaceFeature | undefined =>
  report.features.find((feature) => feature.name === name);

/** Found when any of the features is on and can be turned off. */
function featureCheck(...names: string[]): Check {
  return ({ link, report }) => {
    if (link === null || report === null || link.isLoopback) return null;
    const known = names.map((name) => stateOf(report, name)).filter((feature) => feature !== undefined);
    if (known.length === 0) return unknown(`the driver does not tell ${listText(names)}`);
    const active = known.filter(({ active }) => active);
    if (active.length === 0) return ok(`off: ${namesOf(known)}`);
    const changeable = active.filter(({ changeable }) => changeable);
    if (changeable.length === 0) return ok(`${namesOf(active)} on, fixed by the driver`);
    return found(namesOf(changeable), { off: changeable.map(({ name }) => `${name} off`).join(' ') });
  };
}

const namesOf = (features: readonly InterfaceFeature[]) => listText(features.map(({ name }) => name));

const udpGro = featureCheck('rx-udp-gro-forwarding', 'rx-gro-list');

export const offloads = {
  'udp-gro-on': {
    severity: 'error',
    title: 'UDP packets are merged before they are captured',
    meaning:
      'Packets of a stream that come close together arrive as one large packet, of which the first is measured and the others seem lost.',
    mend: 'ethtool -K {interface} {off}',
    // Without GRO itself they do nothing.
    check: (facts) =>
      facts.report !== null && stateOf(facts.report, 'rx-gro')?.active === false
        ? ok('without effect, as GRO is off')
        : udpGro(facts),
  },
  'gro-on': {
    severity: 'warning',
    title: 'Generic receive offload (GRO) is on',
    meaning:
      'TCP segments are merged, so that what is not RTP is counted otherwise than on the wire, and packets are stamped a batch at a time. RTP is not merged by it alone.',
    mend: 'ethtool -K {interface} {off}',
    check: featureCheck('rx-gro', 'rx-gro-hw'),
  },
  'lro-on': {
    severity: 'warning',
    title: 'Large receive offload (LRO) is on',
    meaning:
      'The card merges TCP segments before anybody sees them: packets are counted otherwise than on the wire, and their stamps are those of the last one.',
    mend: 'ethtool -K {interface} {off}',
    check: featureCheck('rx-lro'),
  },
  'merged-frames': {
    severity: 'warning',
    title: 'Frames are larger than the interface can receive',
    meaning:
      'Something merged packets on their way here (GRO or LRO, of this interface or of the sending one of a virtual link).',
    mend: 'ethtool -K {interface} gro off lro off   # on a virtual link: gso off tso off at its other end',
    check: ({ link, watch }) => {
      const largest = watch?.census?.largest ?? 0;
      if (link === null || link.isLoopback || largest === 0) return null;
      // Ethernet header and two tags; not more fits on the wire.
      const most = link.mtu + 14 + 8;
      return foundIf(largest > most, `the largest frame has ${largest} bytes, the MTU is ${link.mtu}`);
    },
  },
} as const satisfies Record<string, FindingInfo>;
