// What the daemon says of its network interface.
import { expect, test } from 'vitest';
import { CaptureWatch } from '../../src/app-capture-watch.js';
import { nameCounters } from '../../src/native/block.js';
import { counters } from '../../src/native/counters.gen.js';
import type { CaptureMethod, CaptureState } from '../../src/native/engine.js';

const is = (captureState: CaptureState, captureMethod: CaptureMethod = 'file') => ({
  captureState,
  captureMethod,
});
const [capturing, down, gone, file] = [is('capturing'), is('down'), is('gone'), is('file')];
const none = nameCounters(new Float64Array(counters.length));

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
  expect(eth1.look(capturing, none)).toBe('');
  expect(eth1.look(down, { ...none, captureOutages: 1, captureOutageMs: 40 })).toBe('eth1 is down; ');
  expect(eth1.look(gone, { ...none, captureOutages: 1, captureOutageMs: 1040 })).toBe('eth1 is gone; ');
  expect(eth1.look(gone, { ...none, captureOutages: 1, captureOutageMs: 2040 })).toBe('eth1 is gone; ');
  const after = { ...none, captureOutages: 1, captureOutageMs: 2540 };
  expect(eth1.look(capturing, after)).toBe('');
  expect(eth1.look(capturing, after)).toBe('');
  expect(said).toEqual([
    'warn: network interface eth1 is down; nothing is captured until it is back',
    'warn: network interface eth1 is gone; nothing is captured until it is back',
    'warn: network interface eth1 is back; nothing was captured for 2.5 s',
  ]);
});

test('an outage between two looks is told too, with its own length', () => {
  const { watch: eth1, said } = watch();
  eth1.look(capturing, { ...none, captureOutages: 1, captureOutageMs: 300 });
  eth1.look(capturing, { ...none, captureOutages: 2, captureOutageMs: 1000 });
  expect(said).toEqual([
    'warn: network interface eth1 is back; nothing was captured for 0.3 s',
    'warn: network interface eth1 is back; nothing was captured for 0.7 s',
  ]);
});

test('whose time the packets carry is told when the first come, and when it changes', () => {
  const { watch: eth1, said } = watch();
  eth1.look(capturing, none);
  eth1.look(capturing, { ...none, hardwareTimes: 10 });
  eth1.look(capturing, { ...none, hardwareTimes: 20 });
  eth1.look(capturing, { ...none, hardwareTimes: 20, kernelTimes: 5 });
  eth1.look(capturing, { ...none, hardwareTimes: 20, kernelTimes: 9, readerTimes: 2 });
  expect(said).toEqual([
    'info: packets carry the time stamps of the network card',
    'info: packets carry the time stamps of the kernel',
    'info: packets carry the time stamps of the probe, given when it read them',
  ]);
});

test('how packets are taken is told at the start, and when it changes', () => {
  const { watch: eth1, said } = watch();
  eth1.look(is('capturing', 'xdp-zero-copy'), none);
  eth1.look(is('capturing', 'xdp-zero-copy'), none);
  eth1.look(is('capturing', 'xdp-generic'), none);
  expect(said).toEqual([
    'info: network interface eth1 is captured by AF_XDP in native mode, zero-copy',
    'info: network interface eth1 is captured by AF_XDP in generic mode',
  ]);
});

test('files have no interface', () => {
  const { watch: files, said } = watch();
  expect(files.look(file, none)).toBe('');
  expect(said).toEqual([]);
});
