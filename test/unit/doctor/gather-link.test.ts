// The interface, out of what the kernel's files say.
import { describe, expect, test } from 'vitest';
import {
  cpuList,
  gatherLink,
  interfaceNames,
  numberIn,
  receiveCounters,
} from '../../../src/doctor/gather/link.js';
import { type FakeMachine, fakeMachine, PROC_NET_DEV } from './fake-machine.js';

function linkOf(fake: FakeMachine) {
  const machine = fakeMachine(fake);
  return gatherLink(machine, 'eth1', machine.inspectInterface('eth1'));
}

describe('the interface', () => {
  test('flags, bus and addresses', () => {
    expect(
      linkOf({ report: { index: 3, flags: 0x1143, bus: '0000:03:00.0' }, addresses: ['192.0.2.1'] }),
    ).toMatchObject({
      up: true,
      promiscuous: true,
      isLoopback: false,
      isVirtual: false,
      addresses: ['192.0.2.1'],
      hasDefaultRoute: false,
    });
    expect(linkOf({ report: { index: 1, flags: 0x8, bus: '' } })).toMatchObject({
      up: false,
      promiscuous: false,
      isLoopback: true,
      isVirtual: true,
    });
    expect(linkOf({})).toBeNull();
  });

  test.each([
    [
      'IPv4',
      '/proc/net/route',
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth1\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0',
      true,
    ],
    ['IPv4 of a part', '/proc/net/route', 'eth1\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0', false],
    ['IPv4 elsewhere', '/proc/net/route', 'eth10\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0', false],
    [
      'IPv6',
      '/proc/net/ipv6_route',
      `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe80 00000400 1 0 3 eth1`,
      true,
    ],
    [
      'IPv6 of a net',
      '/proc/net/ipv6_route',
      `2001${'0'.repeat(28)} 40 ${'0'.repeat(32)} 00 0 00000100 1 0 3 eth1`,
      false,
    ],
  ])('default route: %s', (_what, path, text, expected) => {
    expect(linkOf({ report: { index: 3 }, files: { [path]: text } })?.hasDefaultRoute).toBe(expected);
  });

  test('interrupts of its queues, by name, by device and by MSI, those for sending left out', () => {
    const files: Record<string, string> = {
      '/sys/class/net/eth1/ifindex': '3',
      '/sys/class/net/eth1/device/numa_node': '1',
      '/sys/class/net/eth1/device/msi_irqs/47': 'msix',
      '/sys/class/net/eth1/queues/rx-0/rps_cpus': '00000003\n',
      '/sys/class/net/eth1/queues/tx-0/xps_cpus': '00000001\n',
      '/proc/interrupts': `           CPU0       CPU1
 40:   12  0  PCI-MSIX-0000:03:00.0  0-edge  eth1-TxRx-0
 41:    0 12  PCI-MSIX-0000:03:00.0  1-edge  i40e-eth1-TxRx-1
 42:    0  0  PCI-MSIX-0000:04:00.0  0-edge  eth10-TxRx-0
 43:    0  0  PCI-MSIX-0000:00:03.0  1-edge  virtio0-input.0
 44:    0  0  PCI-MSIX-0000:00:03.0  2-edge  virtio0-output.0
 45:    0  0  PCI-MSIX-0000:00:03.0  0-edge  virtio0-config
 47:    0  0  PCI-MSIX-0000:03:00.0  7-edge  comp0@pci:0000:03:00.0
NMI:    0  0  Non-maskable interrupts`,
      '/proc/irq/40/smp_affinity_list': '0',
      '/proc/irq/41/smp_affinity_list': '2-3,8',
      '/proc/irq/42/smp_affinity_list': '0',
      '/proc/irq/43/smp_affinity_list': '1',
      '/proc/irq/44/smp_affinity_list': '1',
      '/proc/irq/47/smp_affinity_list': '0-1',
    };
    const links = { '/sys/class/net/eth1/device': 'virtio0', '/sys/class/net/eth1/master': 'br0' };
    expect(linkOf({ report: { index: 3 }, files, links })).toMatchObject({
      master: 'br0',
      numaNode: 1,
      rpsMasks: ['00000003'],
      irqs: [
        { irq: 40, cpus: [0] },
        { irq: 41, cpus: [2, 3, 8] },
        { irq: 43, cpus: [1] },
        { irq: 47, cpus: [0, 1] },
      ],
    });
    // Another interface of that name, in another network namespace.
    expect(linkOf({ report: { index: 9 }, files, links })).toMatchObject({
      master: null,
      numaNode: null,
      rpsMasks: [],
    });
  });

  test('interrupts where /proc does not tell them: by the CPUs that took them', () => {
    const files = {
      '/sys/class/net/eth1/ifindex': '3',
      '/sys/kernel/irq/40/actions': 'eth1-TxRx-0',
      '/sys/kernel/irq/40/per_cpu_count': '3,900,0,97\n',
      '/sys/kernel/irq/41/actions': 'eth1-TxRx-1',
      '/sys/kernel/irq/41/per_cpu_count': '0,0,500,500',
      '/sys/kernel/irq/42/actions': 'eth1-TxRx-2',
      '/sys/kernel/irq/42/per_cpu_count': '0,0,0,0',
      '/sys/kernel/irq/43/actions': 'eth10-TxRx-0',
      '/sys/kernel/irq/43/per_cpu_count': '9,0,0,0',
    };
    expect(linkOf({ report: { index: 3 }, files })?.irqs).toEqual([
      { irq: 40, cpus: [1] },
      { irq: 41, cpus: [2, 3] },
    ]);
  });

  test('the CPU that an interrupt really goes to counts before those that it may go to', () => {
    const files = {
      '/proc/interrupts': ' 40:   12  0  PCI-MSIX-0000:03:00.0  0-edge  eth1-TxRx-0',
      '/proc/irq/40/effective_affinity_list': '2',
      '/proc/irq/40/smp_affinity_list': '0-7',
    };
    expect(linkOf({ report: { index: 3 }, files })?.irqs).toEqual([{ irq: 40, cpus: [2] }]);
  });

  test('counters from /sys, and what /proc has where /sys is of another namespace', () => {
    const files = {
      '/proc/net/dev': PROC_NET_DEV,
      '/sys/class/net/eth1/ifindex': '3',
      '/sys/class/net/eth1/statistics/rx_packets': '31',
      '/sys/class/net/eth1/statistics/rx_missed_errors': '5',
      '/sys/class/net/eth1/statistics/tx_packets': '7',
    };
    const machine = fakeMachine({ files });
    expect(interfaceNames(machine)).toEqual(['lo', 'eth1']);
    expect(receiveCounters(machine, 'eth1', 3)).toEqual({ rx_packets: 31, rx_missed_errors: 5 });
    expect(receiveCounters(machine, 'eth1', 4)).toEqual({ rx_bytes: 6420, rx_packets: 30 });
    expect(receiveCounters(fakeMachine({}), 'eth1', 4)).toEqual({});
  });

  test.each([
    ['0-3', [0, 1, 2, 3]],
    ['0,2-3', [0, 2, 3]],
    ['', []],
    ['3-1', []],
    ['nonsense', []],
  ])('CPU list %j', (text, cpus) => {
    expect(cpuList(text)).toEqual(cpus);
  });

  test('what a file says as a number', () => {
    const machine = fakeMachine({ files: { a: '10\n', b: '-1', c: 'max', d: '' } });
    expect(['a', 'b', 'c', 'd', 'e'].map((path) => numberIn(machine, path))).toEqual([
      10,
      null,
      null,
      null,
      null,
    ]);
  });
});
