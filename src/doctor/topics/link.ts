// The interface itself: is it there, up, plugged in, and nothing but a mirror port?
import type { Facts, LinkFacts } from '../facts.js';
import type { Check, FindingInfo, Verdict } from '../finding.js';
import { found, foundIf, ok, unknown } from '../finding.js';
import { listText } from '../words.js';

const ETHERNET = 1;
const LOOPBACK = 772;
/** Group and neighbour traffic of the kernel itself comes from these. */
const isLinkLocal = (address: string) => /^fe[89ab]/i.test(address);

/** A check of an interface that is there; loopback has neither cable nor speed. */
function ofLink(check: (link: LinkFacts, facts: Facts) => Verdict | null): Check {
  return (facts) => (facts.link === null || facts.link.isLoopback ? null : check(facts.link, facts));
}

export const link = {
  'interface-not-named': {
    severity: 'note',
    title: 'No interface was named',
    meaning: 'Only the machine was looked at; the mirror port was not.',
    mend: 'rtpsonde doctor -i NAME',
    check: ({ named }) => (named === null ? found('neither -i nor a configuration names one') : null),
  },
  'interface-missing': {
    severity: 'error',
    title: 'The interface does not exist',
    meaning: 'The daemon would end with ERR_CAPTURE_INTERFACE.',
    mend: 'ip -br link',
    check: ({ named, link }) =>
      named === null
        ? null
        : foundIf(
            link === null,
            link === null ? `there are: ${listText(named.existing, 20) || 'none'}` : `${named.name} exists`,
          ),
  },
  'interface-kind': {
    severity: 'error',
    title: 'The interface carries no Ethernet frames',
    meaning: 'The daemon reads Ethernet only and would end with ERR_CAPTURE_INTERFACE.',
    mend: 'ip -br link show type veth; ip -br link',
    check: ({ link }) => {
      if (link === null) return null;
      if (link.type < 0) return unknown('the kernel does not tell the link type');
      return foundIf(link.type !== ETHERNET && link.type !== LOOPBACK, `link type ${link.type}`);
    },
  },
  'interface-down': {
    severity: 'error',
    title: 'The interface is down',
    meaning: 'Nothing is received until it is up; the daemon waits for it.',
    mend: 'ip link set dev {interface} up',
    check: ofLink(({ up }) => foundIf(!up, up ? 'up' : 'down')),
  },
  'no-carrier': {
    severity: 'error',
    title: 'There is no carrier',
    meaning: 'The cable is out, the transceiver is wrong, or the mirror port of the switch is shut.',
    mend: 'ip -br link show dev {interface}   # after looking at the cable and the port of the switch',
    check: ofLink(({ up, carrier }) => {
      if (!up) return null;
      if (carrier === null) return unknown('the kernel does not tell the carrier');
      return foundIf(!carrier, carrier ? 'carrier' : 'no carrier');
    }),
  },
  'half-duplex': {
    severity: 'warning',
    title: 'The link is half duplex',
    meaning: 'Mirror ports run full duplex; half means a failed negotiation, and frames are lost by it.',
    mend: 'ethtool -s {interface} autoneg on',
    check: ofLink(({ fullDuplex, speedMbps }) => {
      if (fullDuplex === null) return null;
      return foundIf(!fullDuplex, `${speedMbps ?? '?'} Mbit/s, ${fullDuplex ? 'full' : 'half'} duplex`);
    }),
  },
  'management-interface': {
    severity: 'warning',
    title: 'The default route leads out here',
    meaning:
      "This is how the machine itself is reached: what it sends and gets is mixed with what is to be measured, and the collector's traffic with it.",
    mend: 'rtpsonde doctor -i NAME   # with the interface that the mirror port is cabled to; the others: ip -br link',
    check: ofLink(({ hasDefaultRoute }) =>
      foundIf(hasDefaultRoute, hasDefaultRoute ? 'has the default route' : 'no default route'),
    ),
  },
  'interface-has-address': {
    severity: 'warning',
    title: 'The interface has an IP address',
    meaning:
      'A mirror port needs none: the kernel answers what it sees for itself (ARP, ICMP), and that goes into the network that is only to be listened to.',
    mend: 'ip address flush dev {interface}',
    // With the default route on it, taking the address away would cut the machine off.
    check: ofLink(({ addresses, hasDefaultRoute }) => {
      if (hasDefaultRoute) return null;
      const routable = addresses.filter((address) => !isLinkLocal(address));
      return foundIf(routable.length > 0, routable.length > 0 ? listText(routable) : 'no address');
    }),
  },
  'interface-talks-ipv6': {
    severity: 'note',
    title: 'The kernel speaks IPv6 on the interface',
    meaning: 'It sends router solicitations and multicast reports into the mirror port.',
    mend: 'sysctl -w net.ipv6.conf.{interface}.disable_ipv6=1',
    check: ofLink(({ addresses, hasDefaultRoute }) => {
      if (hasDefaultRoute) return null;
      const own = addresses.filter(isLinkLocal);
      return foundIf(own.length > 0, own.length > 0 ? listText(own) : 'no IPv6 address');
    }),
  },
  'interface-has-master': {
    severity: 'warning',
    title: 'The interface is a port of a bridge or bond',
    meaning:
      'A bridge sends what is mirrored on to its other ports, which may come back through the mirror; of a bond, this is but one part.',
    mend: 'ip link set dev {interface} nomaster',
    check: ofLink(({ master }) =>
      foundIf(master !== null, master === null ? 'no bridge, no bond' : `port of ${master}`),
    ),
  },
  'not-promiscuous': {
    severity: 'warning',
    title: 'The daemon would not ask for promiscuous mode',
    meaning:
      'Nearly all frames of a mirror port are addressed to others, and the card drops those unless it is promiscuous.',
    mend: "sed -i 's/promiscuous: false/promiscuous: true/' {config}",
    check: ({ link, settings, config }) => {
      if (link === null || link.isLoopback) return null;
      if (settings.promiscuous) return ok('asked for by the daemon itself while it captures');
      return foundIf(!link.promiscuous, 'capture.promiscuous is false', {
        config: config?.file ?? 'the configuration',
      });
    },
  },
} as const satisfies Record<string, FindingInfo>;
