// A case for each finding of offloads, card, CPU, clock, configuration and service.
import type { Case } from './changes.js';
import { census, config, counted, link, on, output, report, service, watch, YAML } from './changes.js';
import { server } from './machines.js';

export const machineCases = {
  'udp-gro-on': {
    facts: on('rx-gro-list', 'rx-gro'),
    observed: 'rx-gro-list',
    mend: 'ethtool -K eth1 rx-gro-list off',
  },
  'gro-on': {
    facts: on('rx-gro', 'rx-gro-hw'),
    observed: 'rx-gro, rx-gro-hw',
    mend: 'ethtool -K eth1 rx-gro off rx-gro-hw off',
  },
  'lro-on': { facts: on('rx-lro'), observed: 'rx-lro', mend: 'ethtool -K eth1 rx-lro off' },
  'merged-frames': {
    facts: watch({ census: { ...census, largest: 11_050 } }),
    observed: 'the largest frame has 11050 bytes, the MTU is 9000',
    mend: 'ethtool -K eth1 gro off lro off   # on a virtual link: gso off tso off at its other end',
  },
  'ring-small': {
    facts: report({ ring: { rx: 512, rxMax: 8192 } }),
    observed: '512 of 8192 descriptors',
    mend: 'ethtool -G eth1 rx 4096',
  },
  'queues-few': {
    facts: report({ channels: { rx: 0, rxMax: 0, combined: 1, combinedMax: 63 } }),
    observed: '1 of 63 queues',
    mend: 'ethtool -L eth1 combined 8',
  },
  'udp4-hash-without-ports': {
    facts: report({ udp4Hash: 0x30 }),
    observed: 'udp4 is spread by sd',
    mend: 'ethtool -N eth1 rx-flow-hash udp4 sdfn',
  },
  'udp6-hash-without-ports': {
    facts: report({ udp6Hash: 0x20 }),
    observed: 'udp6 is spread by d',
    mend: 'ethtool -N eth1 rx-flow-hash udp6 sdfn',
  },
  'queues-unused': {
    facts: report({ indirection: [0, 0, 1, 1] }),
    observed: '2 of 4 queues are in the table',
    mend: 'ethtool -X eth1 equal 4',
  },
  'pause-frames': {
    facts: report({ pause: { rx: true, tx: true } }),
    observed: 'pause frames on: rx, tx',
    mend: 'ethtool -A eth1 autoneg off rx off tx off',
  },
  'interrupts-late': {
    facts: report({ coalescing: { rxUs: 1000, adaptive: true } }),
    observed: '1000 us, adaptive',
    mend: 'ethtool -C eth1 adaptive-rx off rx-usecs 50',
  },
  'hardware-stamps-unused': {
    facts: report({ timeStamping: { flags: 0x5f, phc: 1, rxFilters: 0x3 } }),
    observed: 'stamps of all packets are offered, clock /dev/ptp1',
    mend: '',
  },
  'cpus-few': {
    facts: { ...server, cpu: { ...server.cpu, count: 1 } },
    observed: 'CPUs: 1, capture threads: 1',
    mend: 'nproc   # give the machine or the container at least 2 CPUs',
  },
  'cpu-stolen': {
    facts: watch({ stolen: 0.05 }),
    observed: '5 % of the CPU time was stolen',
    mend: 'grep ^cpu /proc/stat   # the 8th number is what was stolen; give the machine CPUs of its own on its host',
  },
  'interrupts-on-one-cpu': {
    facts: link({ irqs: [40, 41, 42, 43].map((irq) => ({ irq, cpus: [2] })) }),
    observed: '4 interrupts on CPU 2',
    mend: 'i=0; for irq in 40 41 42 43; do echo $((i++ % $(nproc))) > /proc/irq/$irq/smp_affinity_list; done',
  },
  'irqbalance-runs': {
    facts: { ...server, cpu: { ...server.cpu, irqbalanceRuns: true } },
    observed: 'irqbalance runs',
    mend: 'systemctl disable --now irqbalance',
  },
  'rps-on': {
    facts: link({ rpsMasks: ['00000000', '0000000f'] }),
    observed: 'mask 0000000f',
    mend: 'for mask in /sys/class/net/eth1/queues/rx-*/rps_cpus; do echo 0 > $mask; done',
  },
  'governor-saves-power': {
    facts: { ...server, cpu: { ...server.cpu, governors: ['performance', 'powersave'] } },
    observed: 'governor performance, powersave',
    mend: 'echo performance | tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor',
  },
  'numa-far': {
    facts: { ...link({ numaNode: 1 }), cpu: { ...server.cpu, nodes: ['0-3', '4-7'] } },
    observed: 'the card is on node 1 of 2, with CPUs 4-7',
    mend: 'systemctl set-property rtpsonde.service AllowedCPUs=4-7',
  },
  'memory-short': {
    facts: { ...server, memory: { availableBytes: 2 ** 30 } },
    observed: '1.4 GiB at 200,000 streams, 1 GiB are free',
    mend: `rtpsonde check-config ${YAML}   # after lowering measure.maxStreams to 119000 or capture.ringMiB`,
  },
  'ring-bridges-little': {
    facts: { ...server, settings: { ...server.settings, ringBytes: 16 * 2 ** 20 } },
    observed: '16 MiB last 0.7 s at the rate seen',
    mend: `rtpsonde check-config ${YAML}   # after setting capture.ringMiB to 32`,
  },
  'clock-not-synchronised': {
    facts: {
      ...server,
      clock: { ...server.clock, kernel: { ...server.clock.kernel!, synchronised: false } },
    },
    observed: 'the kernel calls it unsynchronised',
    mend: 'timedatectl set-ntp true || systemctl enable --now chrony',
  },
  'clock-offset': {
    facts: { ...server, clock: { ...server.clock, offsetMs: -250.123 } },
    observed: '-250 ms off, says chronyc',
    mend: 'chronyc makestep || systemctl restart systemd-timesyncd',
  },
  'clock-source-slow': {
    facts: { ...server, clock: { ...server.clock, source: 'hpet' } },
    observed: 'clock source hpet',
    mend: 'echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource',
  },
  'clock-stepped': {
    facts: counted({ clockSteps: 2 }),
    observed: '2 steps',
    mend: 'journalctl -b -u chrony -u systemd-timesyncd -n 20',
  },
  'config-invalid': {
    facts: config({ faults: [`${YAML}:3:3: capture.interfce: unknown key`] }),
    observed: `${YAML}:3:3: capture.interfce: unknown key`,
    mend: `rtpsonde check-config ${YAML}`,
  },
  'config-doubtful': {
    facts: config({ warnings: [`${YAML}:9:5: export[0].url: use https`] }),
    observed: `${YAML}:9:5: export[0].url: use https`,
    mend: `rtpsonde check-config ${YAML}`,
  },
  'output-not-writable': {
    facts: config({ outputs: [{ ...output, exists: false, writable: false }] }),
    observed: 'file: /var/log/rtpsonde does not exist',
    mend: 'install -d -o rtpsonde -g rtpsonde -m 0750 /var/log/rtpsonde',
  },
  'disk-short': {
    facts: config({ outputs: [{ ...output, freeBytes: 2 ** 29 }] }),
    observed: 'file: 512 MiB are free, it may use 1 GiB more',
    mend: 'df -h /var/log/rtpsonde   # then lower rotate.maxMiB or rotate.maxFiles, or give it more room',
  },
  'collector-unknown': {
    facts: config({ collectors: [{ exporter: 'http', host: 'collector.invalid', resolves: false }] }),
    observed: 'http: collector.invalid does not resolve',
    mend: 'getent ahosts collector.invalid',
  },
  'service-not-installed': {
    facts: service({ installed: false }),
    observed: 'no rtpsonde.service',
    mend: 'cp systemd/rtpsonde.service /usr/lib/systemd/system/ && systemctl daemon-reload && systemctl enable --now rtpsonde',
  },
  'service-not-enabled': {
    facts: service({ enabled: false }),
    observed: 'not enabled',
    mend: 'systemctl enable rtpsonde',
  },
  'service-failed': {
    facts: service({ state: 'failed' }),
    observed: 'state: failed',
    mend: 'journalctl -u rtpsonde -n 50 --no-pager',
  },
} as const satisfies Record<string, Case>;
