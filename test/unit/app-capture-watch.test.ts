// What the daemon says of its network interface.
import { expect, test } from 'vitest';
import { CaptureWatch } from '../../src/app-capture-watch.js';
import type { InterfaceStats } from '../../src/native/engine.js';

const none: Omit<InterfaceStats, 'state'> = {
  method: 'file',
  ...{ kernelPackets: 0, kernelDrops: 0, kernelFreezes: 0, nicMissed: 0, nicDropped: 0, nicErrors: 0 },
  ...{
    hardwareTimes: 0,
    kernelTimes: 0,
    readerTimes: 0,
    timeSwitches: 0,
    captureOutages: 0,
    captureOutageMs: 0,
  },
};

function watch() {
  const said: string[] = [];
  const logger = {
    info: (_: object, text: string) => said.push(`info: ${text}`),
    warn: (_: object, text: string) => said.push(`warn: ${text}`),
  };
  return { watch: new CaptureWatch('eth1', logger as never), said };
}

test('an interface that goes and comes back is told once each, with how long it was away', () => {
  const { watch: eth1, said } = watch();
  expect(eth1.look({ ...none, state: 'capturing' })).toBe('');
  expect(eth1.look({ ...none, state: 'down', captureOutages: 1, captureOutageMs: 40 })).toBe(
    'eth1 is down; ',
  );
  expect(eth1.look({ ...none, state: 'gone', captureOutages: 1, captureOutageMs: 1040 })).toBe(
    'eth1 is gone; ',
  );
  expect(eth1.look({ ...none, state: 'gone', captureOutages: 1, captureOutageMs: 2040 })).toBe(
    'eth1 is gone; ',
  );
  const after = { ...none, captureOutages: 1, captureOutageMs: 2540 };
  expect(eth1.look({ ...after, state: 'capturing' })).toBe('');
  expect(eth1.look({ ...after, state: 'capturing' })).toBe('');
  expect(said).toEqual([
    'warn: network interface eth1 is down; nothing is captured until it is back',
    'warn: network interface eth1 is gone; nothing is captured until it is back',
    'warn: network interface eth1 is back; nothing was captured for 2.5 s',
  ]);
});

test('an outage between two looks is told too, with its own length', () => {
  const { watch: eth1, said } = watch();
  eth1.look({ ...none, state: 'capturing', captureOutages: 1, captureOutageMs: 300 });
  eth1.look({ ...none, state: 'capturing', captureOutages: 2, captureOutageMs: 1000 });
  expect(said).toEqual([
    'warn: network interface eth1 is back; nothing was captured for 0.3 s',
    'warn: network interface eth1 is back; nothing was captured for 0.7 s',
  ]);
});

test('whose time the packets carry is told when the first come, and when it changes', () => {
  const { watch: eth1, said } = watch();
  eth1.look({ ...none, state: 'capturing' });
  eth1.look({ ...none, state: 'capturing', hardwareTimes: 10 });
  eth1.look({ ...none, state: 'capturing', hardwareTimes: 20 });
  eth1.look({ ...none, state: 'capturing', hardwareTimes: 20, kernelTimes: 5 });
  eth1.look({ ...none, state: 'capturing', hardwareTimes: 20, kernelTimes: 9, readerTimes: 2 });
  expect(said).toEqual([
    'info: packets of network interface eth1 carry the time stamps of the network card',
    'info: packets of network interface eth1 carry the time stamps of the kernel',
    'info: packets of network interface eth1 carry the time stamps of the probe, given when it read them',
  ]);
});

test('how packets are taken is told at the start, and when it changes', () => {
  const { watch: eth1, said } = watch();
  const capturing = { ...none, state: 'capturing' } as const;
  eth1.look({ ...capturing, method: 'xdp-zero-copy' });
  eth1.look({ ...capturing, method: 'xdp-zero-copy' });
  eth1.look({ ...capturing, method: 'xdp-generic' });
  expect(said).toEqual([
    'info: network interface eth1 is captured by AF_XDP in native mode, zero-copy',
    'info: network interface eth1 is captured by AF_XDP in generic mode',
  ]);
});

test('files have no interface', () => {
  const { watch: files, said } = watch();
  expect(files.look({ ...none, state: 'file' })).toBe('');
  expect(said).toEqual([]);
});
