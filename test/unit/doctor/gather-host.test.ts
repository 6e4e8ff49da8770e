// Rights, CPUs, memory, clock and service, out of what files and programs say.
import { describe, expect, test } from 'vitest';
import {
  gatherClock,
  gatherCpu,
  gatherKernel,
  gatherMemory,
  gatherService,
} from '../../../src/doctor/gather/host.js';
import { gatherRights } from '../../../src/doctor/gather/rights.js';
import { type FakeMachine, fakeMachine } from './fake-machine.js';

const MIB = 2 ** 20;

describe('rights', () => {
  const limits =
    'Limit                     Soft Limit           Hard Limit           Units\nMax locked memory         8388608              8388608              bytes';

  test('of root, of the service and of nobody', () => {
    const of = (capabilities: string, extra: FakeMachine = {}) =>
      gatherRights(
        fakeMachine({
          files: {
            '/proc/self/status': `Name:\tnode\nCapEff:\t${capabilities}\n`,
            '/proc/self/limits': limits,
          },
          ...extra,
        }),
      );
    expect(of('000001ffffffffff')).toEqual({
      isRoot: true,
      netRaw: true,
      netAdmin: true,
      ipcLock: true,
      bpf: true,
      socketProblem: null,
      memlockBytes: 8 * MIB,
    });
    expect(of('0000000000002000', { uid: 998 })).toMatchObject({
      isRoot: false,
      netRaw: true,
      netAdmin: false,
    });
    expect(of('0000000000000000', { socketProblem: 'Operation not permitted' })).toMatchObject({
      netRaw: false,
      socketProblem: 'Operation not permitted',
    });
  });

  test('where /proc says nothing', () => {
    expect(gatherRights(fakeMachine({}))).toMatchObject({ netRaw: false, memlockBytes: null });
  });
});

describe('the host', () => {
  test('CPUs, governors, nodes and irqbalance', () => {
    const files = {
      '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave\n',
      '/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor': 'powersave\n',
      '/sys/devices/system/cpu/cpufreq/policy0': '',
      '/sys/devices/system/node/node10/cpulist': '8-9\n',
      '/sys/devices/system/node/node2/cpulist': '0-7\n',
      '/proc/17/comm': 'irqbalance\n',
    };
    expect(gatherCpu(fakeMachine({ files }))).toEqual({
      count: 4,
      governors: ['powersave'],
      nodes: ['0-7', '8-9'],
      irqbalanceRuns: true,
    });
    const limited = (max: string) =>
      gatherCpu(fakeMachine({ files: { '/sys/fs/cgroup/cpu.max': max } })).count;
    expect([limited('150000 100000'), limited('max 100000'), limited('800000 100000')]).toEqual([1.5, 4, 4]);
    expect(gatherCpu(fakeMachine({}))).toEqual({ count: 4, governors: [], nodes: [], irqbalanceRuns: false });
  });

  test('memory: what is free, or what the control group leaves', () => {
    const meminfo = { '/proc/meminfo': 'MemTotal:  4194304 kB\nMemAvailable:  1048576 kB\n' };
    const bytes = (files: Record<string, string>) => gatherMemory(fakeMachine({ files })).availableBytes;
    expect(bytes(meminfo)).toBe(1024 * MIB);
    const cgroup = (max: string) => ({
      ...meminfo,
      '/sys/fs/cgroup/memory.max': max,
      '/sys/fs/cgroup/memory.current': String(100 * MIB),
    });
    expect(bytes(cgroup(String(356 * MIB)))).toBe(256 * MIB);
    expect(bytes(cgroup('max'))).toBe(1024 * MIB);
    expect(bytes({})).toBeNull();
  });

  test.each([
    [
      'chronyc',
      {
        'chronyc -c tracking':
          'C0000201,ntp.example,3,1700000000.1,0.000125,-0.00001,0.0001,1.2,0,0.1,0.01,0.001,64.2,Normal',
      },
      0.125,
    ],
    ['ntpq', { 'chronyc -c tracking': ',,0,0.0,0.0', 'ntpq -c rv 0 offset': 'offset=-12.5' }, -12.5],
    [null, {}, null],
  ])('the offset as %s tells it', async (offsetFrom, programs, offsetMs) => {
    expect(await gatherClock(fakeMachine({ programs }))).toMatchObject({ offsetFrom, offsetMs });
  });

  test('the clock source, and settings of the kernel', async () => {
    const folder = '/sys/devices/system/clocksource/clocksource0';
    const files = {
      [`${folder}/current_clocksource`]: 'hpet\n',
      [`${folder}/available_clocksource`]: 'tsc hpet acpi_pm\n',
      '/proc/sys/net/core/netdev_budget': '300\n',
    };
    const machine = fakeMachine({ files });
    expect(await gatherClock(machine)).toMatchObject({
      source: 'hpet',
      sourcesAvailable: ['tsc', 'hpet', 'acpi_pm'],
    });
    expect(gatherKernel(machine)).toEqual({ netdevBudget: 300, netdevMaxBacklog: null });
  });

  test('the service as systemd tells it, and nothing where systemd does not run', async () => {
    const show =
      'systemctl show rtpsonde.service --property=LoadState,UnitFileState,ActiveState,LimitMEMLOCK';
    const folder = { uid: 0, gid: 0, mode: 0o755, writable: false, freeBytes: null };
    const of = (said: string) =>
      gatherService(fakeMachine({ folders: { '/run/systemd/system': folder }, programs: { [show]: said } }));
    expect(
      await of('LimitMEMLOCK=8388608\nLoadState=loaded\nActiveState=failed\nUnitFileState=disabled\n'),
    ).toEqual({
      installed: true,
      enabled: false,
      state: 'failed',
      memlockBytes: 8 * MIB,
    });
    expect(
      await of('LimitMEMLOCK=infinity\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n'),
    ).toEqual({
      installed: false,
      enabled: false,
      state: 'inactive',
      memlockBytes: Number.POSITIVE_INFINITY,
    });
    expect(await gatherService(fakeMachine({ programs: { [show]: 'LoadState=loaded' } }))).toBeNull();
  });
});
