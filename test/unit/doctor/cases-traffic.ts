// A case for each finding of rights, interface, traffic and loss.
import type { Case } from './changes.js';
import { capture, census, counted, link, nic, service, watch, YAML } from './changes.js';
import { countersOf, server } from './machines.js';

export const trafficCases = {
  'no-capture-right': {
    facts: { ...server, rights: { ...server.rights, socketProblem: 'Operation not permitted' } },
    observed: 'no packet socket: Operation not permitted',
    mend: 'sudo rtpsonde doctor -i eth1',
  },
  'no-xdp-right': {
    facts: {
      ...server,
      rights: { ...server.rights, bpf: false },
      settings: { ...server.settings, method: 'xdp' },
    },
    observed: 'CAP_BPF missing',
    mend: 'mkdir -p /etc/systemd/system/rtpsonde.service.d && cp systemd/rtpsonde-xdp.conf /etc/systemd/system/rtpsonde.service.d/ && systemctl daemon-reload',
  },
  'memlock-small': {
    facts: service({ memlockBytes: 8 * 2 ** 20 }),
    observed: '8 MiB may be locked, the ring takes 256 MiB',
    mend: "mkdir -p /etc/systemd/system/rtpsonde.service.d && printf '[Service]\\nLimitMEMLOCK=infinity\\n' > /etc/systemd/system/rtpsonde.service.d/memlock.conf && systemctl daemon-reload",
  },
  'interface-not-named': {
    facts: { ...server, named: null, link: null, report: null, watch: null },
    observed: 'neither -i nor a configuration names one',
    mend: 'rtpsonde doctor -i NAME',
  },
  'interface-missing': {
    facts: { ...server, link: null, report: null, watch: null },
    observed: 'there are: lo, eth0, eth1',
    mend: 'ip -br link',
  },
  'interface-kind': {
    facts: link({ type: 65534 }),
    observed: 'link type 65534',
    mend: 'ip -br link show type veth; ip -br link',
  },
  'interface-down': { facts: link({ up: false }), observed: 'down', mend: 'ip link set dev eth1 up' },
  'no-carrier': {
    facts: link({ carrier: false }),
    observed: 'no carrier',
    mend: 'ip -br link show dev eth1   # after looking at the cable and the port of the switch',
  },
  'half-duplex': {
    facts: link({ fullDuplex: false, speedMbps: 100 }),
    observed: '100 Mbit/s, half duplex',
    mend: 'ethtool -s eth1 autoneg on',
  },
  'management-interface': {
    facts: link({ hasDefaultRoute: true }),
    observed: 'has the default route',
    mend: 'rtpsonde doctor -i NAME   # with the interface that the mirror port is cabled to; the others: ip -br link',
  },
  'interface-has-address': {
    facts: link({ addresses: ['192.0.2.1', 'fe80::1'] }),
    observed: '192.0.2.1',
    mend: 'ip address flush dev eth1',
  },
  'interface-talks-ipv6': {
    facts: link({ addresses: ['fe80::1'] }),
    observed: 'fe80::1',
    mend: 'sysctl -w net.ipv6.conf.eth1.disable_ipv6=1',
  },
  'interface-has-master': {
    facts: link({ master: 'br0' }),
    observed: 'port of br0',
    mend: 'ip link set dev eth1 nomaster',
  },
  'not-promiscuous': {
    facts: { ...server, settings: { ...server.settings, promiscuous: false } },
    observed: 'capture.promiscuous is false',
    mend: `sed -i 's/promiscuous: false/promiscuous: true/' ${YAML}`,
  },
  'capture-fails': {
    facts: watch({ capture: null, captureProblem: 'no memory for the ring (ERR_CAPTURE_RING)' }),
    observed: 'no memory for the ring (ERR_CAPTURE_RING)',
    mend: 'rtpsonde help   # docs/errors.md says what to do about ERR_CAPTURE_RING',
  },
  'no-packets': {
    facts: capture({ counters: countersOf({}) }),
    observed: 'none in 5 s',
    mend: 'monitor session 1 source interface <the link to be heard> both; monitor session 1 destination interface <the port of the probe>   # on the switch',
  },
  'no-mirror': {
    facts: watch({ census: { ...census, frames: 40, group: 40 } }),
    observed: '100 % of 40 frames to groups',
    mend: 'monitor session 1 source interface <the link to be heard> both; monitor session 1 destination interface <the port of the probe>   # on the switch',
  },
  'no-rtp': {
    facts: capture({ counters: countersOf({ packets: 1000, tcp: 1000 }), streams: 0 }),
    observed: '1,000 packets in 5 s, not one stream',
    mend: 'rtpsonde doctor -i eth1 --seconds 60   # during calls',
  },
  'mirror-duplicates': {
    facts: counted({ spanCopies: 250_000 }),
    observed: '50 % of the packets are copies',
    mend: 'monitor session 1 source interface <the link to be heard> rx   # on the switch: one direction of each port, or both of one',
  },
  'copies-not-told': {
    facts: { ...server, settings: { ...server.settings, spanCopies: 'off' } },
    observed: 'mode off',
    mend: `rtpsonde check-config ${YAML}   # after setting measure.spanCopies.mode to auto`,
  },
  'packets-cut': {
    facts: counted({ truncatedUdp: 5000, truncatedTunnel: 15_000 }),
    observed: 'truncatedTunnel 3 %, truncatedUdp 1 %',
    mend: `rtpsonde check-config ${YAML}   # after setting capture.snapLength to 256`,
  },
  'packets-not-read': {
    facts: counted({ unopenedEncapsulation: 20_000, malformedRtp: 500 }),
    observed: 'unopenedEncapsulation 4 %, malformedRtp 0.1 %',
    mend: 'rtpsonde analyze --json FILE   # over a capture of them: `reasons`, with the meanings in docs/counters.md',
  },
  'one-direction': {
    facts: capture({ audioStreams: 100, oneSidedAudioStreams: 90 }),
    observed: '90 of 100 audio streams without the opposite one',
    mend: 'monitor session 1 source interface <the link to be heard> both   # on the switch',
  },
  'mtu-near': {
    facts: {
      ...counted({ tunnelledPackets: 1000 }),
      link: { ...server.link!, mtu: 1500 },
    },
    observed: 'tunnels seen, largest frame 1518 bytes, MTU 1500',
    mend: 'ip link set dev eth1 mtu 9000',
  },
  'mixture-seen': {
    facts: watch({ census: { ...census, vlans: [10, 20] } }),
    observed: 'VLAN 10, 20, no tunnels',
    mend: '',
  },
  'card-missed': {
    facts: nic({ rx_missed_errors: 1234 }),
    observed: 'rx_missed_errors +1,234 in 5 s',
    mend: 'sysctl -w net.core.netdev_budget=600 net.core.netdev_budget_usecs=8000',
  },
  'card-errors': {
    facts: nic({ rx_crc_errors: 2 }),
    observed: 'rx_crc_errors +2 in 5 s',
    mend: 'ip -s -s link show dev eth1',
  },
  'frames-too-long': {
    facts: nic({ rx_length_errors: 7 }),
    observed: 'rx_length_errors +7 in 5 s',
    mend: 'ip link set dev eth1 mtu 9000',
  },
  'card-dropped': {
    facts: nic({ rx_dropped: 3 }),
    observed: 'rx_dropped +3 in 5 s',
    mend: 'ip -s -s link show dev eth1',
  },
  'softnet-drops': {
    facts: watch({ softnetDrops: 1 }),
    observed: '1 drop in 5 s',
    mend: 'sysctl -w net.core.netdev_max_backlog=10000',
  },
  'softnet-squeezes': {
    facts: watch({ softnetSqueezes: 6 }),
    observed: '6 times in 5 s',
    mend: 'sysctl -w net.core.netdev_budget=600 net.core.netdev_budget_usecs=8000',
  },
  'link-full': {
    facts: nic({ rx_bytes: 5_600_000_000, rx_packets: 26_000_000 }),
    observed: '99.6 % of 10000 Mbit/s',
    mend: 'cat /sys/class/net/eth1/speed   # mirror fewer ports, one direction, or to a faster port',
  },
  'ring-overflowed': {
    facts: counted({ kernelDrops: 50_000 }),
    observed: '50,000 of 500,000 packets, 10 %',
    mend: 'top -H -p $(pgrep -d, -f rtpsonde)   # find what takes the CPU; then capture.udpOnly: true, a larger capture.ringMiB',
  },
  'capture-busy': {
    facts: capture({ load: 0.9 }),
    observed: '90 % of a core',
    mend: 'top -H   # capture.udpOnly: true takes off it what is not UDP',
  },
} as const satisfies Record<string, Case>;
