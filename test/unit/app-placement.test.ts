// Where the workers run when the configuration does not say.
import { describe, expect, test } from 'vitest';
import { type PlacementFacts, placementFacts, placeWorkers, withPlacement } from '../../src/app-placement.js';
import { fakeMachine } from './doctor/fake-machine.js';

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
const oneNode: PlacementFacts = { allowed: upTo(8), nodes: [upTo(8)], cards: [] };
/** CPUs 0 to 7, and 8 to 15 with the card, which interrupts the first two of them. */
const twoNodes: PlacementFacts = {
  allowed: upTo(16),
  nodes: [upTo(8), upTo(8, 8)],
  cards: [{ node: 1, interruptCpus: [8, 9] }],
};

describe('workers', () => {
  test('run on the node of the card, out of the way of its interrupts', () => {
    expect(placeWorkers(4, twoNodes)).toEqual({
      cpus: [10, 11, 12, 13],
      why: 'of NUMA node 1, that of the network card, that do not serve its interrupts',
    });
  });

  test('run on the node of the card all the same when its interrupts leave too few', () => {
    expect(placeWorkers(7, twoNodes)?.cpus).toEqual([8, 9, 10, 11, 12, 13, 14]);
    expect(placeWorkers(9, twoNodes)).toBeNull();
  });

  test('keep out of the way of interrupts also where there is one node', () => {
    const cards = [{ node: null, interruptCpus: [0, 1] }];
    expect(placeWorkers(2, { ...oneNode, cards })).toEqual({
      cpus: [2, 3],
      why: 'of this machine, that do not serve its interrupts',
    });
    expect(placeWorkers(7, { ...oneNode, cards })).toBeNull();
  });

  test('keep to the CPUs that the process may use', () => {
    expect(placeWorkers(2, { ...twoNodes, allowed: [0, 9, 12, 14] })?.cpus).toEqual([12, 14]);
    expect(placeWorkers(1, { ...twoNodes, allowed: upTo(8) })).toBeNull();
  });

  test('of two cards: out of the way of both; near none when they are on different nodes', () => {
    const cards = [
      { node: 1, interruptCpus: [8, 9] },
      { node: 1, interruptCpus: [10] },
    ];
    expect(placeWorkers(2, { ...twoNodes, cards })?.cpus).toEqual([11, 12]);
    const apart = [
      { node: 0, interruptCpus: [0] },
      { node: 1, interruptCpus: [8] },
    ];
    expect(placeWorkers(2, { ...twoNodes, cards: apart })?.cpus).toEqual([1, 2]);
  });

  test('are left to the kernel where nothing is known of a card', () => {
    expect(placeWorkers(2, oneNode)).toBeNull();
    expect(placeWorkers(2, { ...twoNodes, cards: [{ node: null, interruptCpus: [] }] })).toBeNull();
  });
});

test('facts come from the kernel; an interface without a card has none', () => {
  const files = {
    '/proc/self/status': 'Name:\tnode\nCpus_allowed:\tf\nCpus_allowed_list:\t0-1,3\n',
    '/sys/devices/system/node/node0/cpulist': '0-1',
    '/sys/devices/system/node/node1/cpulist': '2-3',
    '/sys/class/net/eth1/ifindex': '3',
    '/sys/class/net/eth1/device/numa_node': '1',
    '/proc/interrupts': ' 40:   12  0  PCI-MSIX-0000:03:00.0  0-edge  eth1-TxRx-0',
    '/proc/irq/40/smp_affinity_list': '2',
  };
  const card = fakeMachine({ files, report: { index: 3, bus: '0000:03:00.0' } });
  expect(placementFacts(card, ['eth1'])).toEqual({
    allowed: [0, 1, 3],
    nodes: [
      [0, 1],
      [2, 3],
    ],
    cards: [{ node: 1, interruptCpus: [2] }],
  });
  const cable = fakeMachine({ files, report: { index: 3, bus: '' } });
  expect(placementFacts(cable, ['eth1']).cards).toEqual([]);

  const said: string[] = [];
  const logger = { info: (_: object, text: string) => void said.push(text) } as never;
  const wanted = { source: { kind: 'interface', names: ['eth1'] }, workers: 1, cpus: [] as number[] };
  const placed = (options: object) => withPlacement({ ...wanted, ...options } as never, card, logger).cpus;
  expect(placed({})).toEqual([3]);
  expect(placed({ cpus: [0] })).toEqual([0]);
  expect(placed({ workers: 5 })).toEqual([]);
  expect(placed({ source: { kind: 'files' } })).toEqual([]);
  expect(said).toEqual([
    'workers run on CPUs 3 of NUMA node 1, that of the network card, that do not serve its interrupts',
  ]);
});
