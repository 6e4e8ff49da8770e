// All facts together, and the watching.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gatherFacts } from '../../../src/doctor/gather/gather.js';
import { fakeMachine, PROC_NET_DEV } from './fake-machine.js';

describe('all facts', () => {
  test('counters are told as they grew while it was watched', async () => {
    const files: Record<string, string> = {
      '/proc/net/dev': PROC_NET_DEV,
      '/proc/stat': 'cpu  100 0 10 100 0 0 0 3 90 0\ncpu0 0 0 0 0 0 0 0 0 0 0\n',
      '/proc/net/softnet_stat': '00000010 00000002 0000000a 0\n00000010 00000000 00000000 0\n',
      '/sys/class/net/eth1/ifindex': '3',
      '/sys/class/net/eth1/statistics/rx_packets': '100',
      '/sys/class/net/eth1/statistics/rx_missed_errors': '7',
    };
    const machine = fakeMachine({
      files,
      report: { index: 3, flags: 1 },
      socketProblem: 'Operation not permitted',
      meanwhile: (now) => {
        now['/proc/stat'] = 'cpu  110 0 10 150 0 0 3 24 99 0\ncpu0 0 0 0 0 0 0 0 0 0 0\n';
        now['/proc/net/softnet_stat'] = '00000090 00000012 0000000c 0\n00000010 00000001 00000000 0\n';
        now['/sys/class/net/eth1/statistics/rx_packets'] = '150';
      },
    });
    const [facts] = await gatherFacts(machine, { interfaces: ['eth1'], seconds: 2 });
    expect(facts!.watch).toEqual({
      seconds: 2,
      softnetDrops: 17,
      softnetSqueezes: 2,
      stolen: 0.25,
      nic: { rx_packets: 50, rx_missed_errors: 0 },
      census: null,
      capture: null,
      captureProblem: null,
    });
    expect(facts).toMatchObject({
      named: { name: 'eth1', existing: ['lo', 'eth1'], others: [] },
      config: null,
      service: null,
    });
  });

  test('why the engine could not capture is told with its code', async () => {
    const machine = fakeMachine({ files: {}, report: { index: 3 } });
    const refuse = () => {
      throw Object.assign(new Error('no memory for the ring'), { code: 'ERR_CAPTURE_RING' });
    };
    const [facts] = await gatherFacts(machine, { interfaces: ['eth1'], seconds: 1 }, refuse);
    expect(facts!.watch).toMatchObject({
      capture: null,
      captureProblem: 'no memory for the ring (ERR_CAPTURE_RING)',
      census: null,
      softnetDrops: null,
    });
  });

  test('an interface that is not there is not watched', async () => {
    const [facts] = await gatherFacts(fakeMachine({ files: { '/proc/net/dev': PROC_NET_DEV } }), {
      interfaces: ['eth7'],
      seconds: 1,
    });
    expect(facts).toMatchObject({ named: { name: 'eth7' }, link: null, report: null, watch: null });
  });

  test('several interfaces are looked at one after the other, as one configuration names them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-gather-'));
    const config = join(folder, 'tap.yaml');
    writeFileSync(config, 'capture: {interfaces: [eth1, eth7]}\nexport: [{type: stdout}]\n');
    const machine = fakeMachine({ files: { '/proc/net/dev': PROC_NET_DEV } });
    const all = await gatherFacts(machine, { config, seconds: 1 });
    rmSync(folder, { recursive: true });
    expect(all.map(({ named }) => named)).toEqual([
      { name: 'eth1', existing: ['lo', 'eth1'], others: ['eth7'] },
      { name: 'eth7', existing: ['lo', 'eth1'], others: ['eth1'] },
    ]);
  });
});
