// From the configuration to complete engine options.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.js';
import { fileWorkers, toEngineOptions } from '../../../src/config/engine-options.js';
import { parseConfig } from '../../../src/config/load.js';
import type { PayloadTypeOptions } from '../../../src/native/engine.js';

const staticTypes: PayloadTypeOptions[] = [
  { payloadType: 0, name: 'L16', clockRate: 8000, kind: 'audio', source: 'static' },
  { payloadType: 13, name: 'CN', clockRate: 8000, kind: 'comfort-noise', source: 'static' },
];

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'day1'));
mkdirSync(join(folder, 'day2'));
for (const name of [
  'day1/b.pcap',
  'day1/a.pcap',
  'day2/c.pcap',
  'day2/.hidden.pcap',
  'day2/notes.txt',
  'x[1].pcap',
])
  writeFileSync(join(folder, name), '');

const options = (capture: string, more = '') =>
  toEngineOptions(
    parseConfig(`capture: ${capture}\nexport: [{type: stdout}]\n${more}`, join(folder, 'a.yaml')).config,
    staticTypes,
  );
const paths = (capture: string) => {
  const { source } = options(capture);
  if (source.kind !== 'files') throw new Error('expected files');
  return { ...source, paths: source.paths.map((path) => path.slice(folder.length + 1)) };
};

test('an interface with everything set', () => {
  expect(
    options(
      '{interface: eth1, ringMiB: 64, blockKiB: 512, snapLength: 0, promiscuous: false, udpOnly: true, workers: 3, cpus: [4, 5], overload: drop}',
      `measure:
  windowSeconds: 0.1
  idleTimeoutSeconds: 12.345
  maxStreams: 1000
  fragmentDatagrams: 10
  fragmentTimeoutSeconds: 0.5
  queueBlocks: 4
  playout: {profiles: [{name: a, kind: adaptive, delayMs: 30, maxMs: 300}, {name: f, kind: fixed, delayMs: 60, maxMs: 90}], quality: f}
  burstGap: {gmin: 8, method: rfc3611-A.2}
  speechLevel: true
  transmissionOffsetExtension: 3
  stallSeconds: 2
  spanCopies: {mode: off, windowMs: 5}
  payloadTypes: {111: opus/48000/2, 0: L16/44100, 101: telephone-event/8000}
`,
    ),
  ).toEqual({
    source: {
      kind: 'interface',
      names: ['eth1'],
      ringBytes: 67_108_864,
      blockBytes: 524_288,
      snapLength: 0,
      promiscuous: false,
      udpOnly: true,
      timestamps: 'auto',
      busyPollUs: 0,
      filter: '',
    },
    workers: 3,
    cpus: [4, 5],
    overload: 'drop',
    windowMs: 100,
    idleTimeoutMs: 12_345,
    maxStreams: 1000,
    fragmentDatagrams: 10,
    fragmentTimeoutMs: 500,
    queueBlocks: 4,
    playoutProfiles: [
      { adaptive: true, delayMs: 30, maxMs: 300 },
      { adaptive: false, delayMs: 60, maxMs: 90 },
    ],
    playoutUsedByQuality: 1,
    gmin: 8,
    burstGapA2: true,
    speechLevel: true,
    transmissionOffsetId: 3,
    stallMs: 2000,
    spanCopies: { mode: 'off', windowMs: 5 },
    payloadTypes: [
      { payloadType: 0, name: 'L16', clockRate: 44_100, kind: 'audio', source: 'config' },
      { payloadType: 13, name: 'CN', clockRate: 8000, kind: 'comfort-noise', source: 'static' },
      {
        payloadType: 101,
        name: 'telephone-event',
        clockRate: 8000,
        kind: 'telephone-event',
        source: 'config',
      },
      { payloadType: 111, name: 'opus', clockRate: 48_000, kind: 'audio', source: 'config' },
    ],
  });
});

test('an interface by AF_XDP, which has one worker', () => {
  const capture = 'interface: eth1, method: xdp, workers: auto, ringMiB: 64, filter: udp';
  expect(options(`{${capture}, xdp: {mode: native, copy: zero-copy, takeOver: true}}`)).toMatchObject({
    source: {
      kind: 'xdp',
      name: 'eth1',
      ringBytes: 67_108_864,
      promiscuous: true,
      mode: 'native',
      copy: 'zero-copy',
      takeOver: true,
      filter: 'udp',
    },
    workers: 1,
  });
  expect(options('{interface: eth1, method: xdp}').source).toMatchObject({
    ...{ mode: 'auto', copy: 'auto', takeOver: false, filter: '' },
  });
});

test.each([
  ['files: [a.pcap], method: xdp', 'capture.method: `xdp` is for one `interface`'],
  ['interfaces: [eth1, eth2], method: xdp', 'capture.method: `xdp` is for one `interface`'],
  ['interface: eth1, method: xdp, busyPollUs: 50', 'capture.busyPollUs: is for `method: packet`'],
  ['interface: eth1, method: xdp, workers: 2', 'capture.workers: AF_XDP has one worker'],
  [
    'interface: eth1, method: xdp, timestamps: hardware',
    'capture.timestamps: AF_XDP has the time of the kernel',
  ],
  ['interface: eth1, method: xdp, udpOnly: true', 'capture.udpOnly: is for `method: packet`'],
  [
    'interface: eth1, method: xdp, xdp: {mode: generic, copy: zero-copy}',
    'capture.xdp.copy: `generic` mode always copies',
  ],
])('what AF_XDP cannot do: %s', (capture, message) => {
  expect(() => options(`{${capture}}`)).toThrow(message);
});

describe('workers', () => {
  test('files are read by four at most, what can be read once by one', () => {
    const workers = (capture: string) => options(capture).workers;
    expect(workers('{interface: eth1, workers: 12}')).toBe(12);
    expect(workers('{interface: eth1, workers: auto}')).toBe(
      Math.max(1, Math.floor(availableParallelism() / 2)),
    );
    expect(workers('{files: [missing.pcap], workers: 12}')).toBe(4);
    expect(workers('{files: [missing.pcap], workers: 2}')).toBe(2);
    expect(workers('{files: [missing.pcap], workers: 2, follow: true}')).toBe(1);
    expect(fileWorkers({ workers: 2, files: ['-'], follow: false })).toBe(1);
    expect(workers('{files: [/dev/null], workers: 2}')).toBe(1);
  });
});

test.each(['interface: eth1', 'files: [a.pcap]'])('a capture filter goes to the source: %s', (source) => {
  expect(options(`{${source}, filter: " udp port 5004 "}`).source).toMatchObject({ filter: 'udp port 5004' });
});

describe('capture files', () => {
  test('globs become the files that are there, sorted, each once; plain names stay', () => {
    expect(paths('{files: [day2/c.pcap, "day?/*.pcap", missing.pcap], replaySpeed: 10}')).toEqual({
      kind: 'files',
      paths: ['day2/c.pcap', 'day1/a.pcap', 'day1/b.pcap', 'missing.pcap'],
      follow: false,
      followPattern: '',
      replaySpeed: 10,
      filter: '',
    });
  });

  test('a name that looks like a glob but exists is that file', () => {
    expect(paths('{files: ["x[1].pcap"]}').paths).toEqual(['x[1].pcap']);
  });

  test('a glob without a match is an error that names it', () => {
    const error = (() => {
      try {
        options('{files: ["*.cap"]}');
      } catch (thrown) {
        return thrown as ConfigError;
      }
      throw new Error('expected an error');
    })();
    expect({ own: error instanceof ConfigError, code: error.code, message: error.message }).toEqual({
      own: true,
      code: 'ERR_CAPTURE_FILE_NOT_FOUND',
      message: `${join(folder, '*.cap')}: no file matches`,
    });
  });

  test('followed files may come later, and new ones match the only glob', () => {
    expect(options('{files: ["*.cap"], follow: true}').source).toEqual({
      kind: 'files',
      paths: [],
      follow: true,
      followPattern: join(folder, '*.cap'),
      replaySpeed: 0,
      filter: '',
    });
  });

  test.each([
    ['[day1/a.pcap]', '', ''],
    ['["day1/*", "day2/*"]', '', ''],
    ['["day1/*"]', ', followPattern: "new/*"', 'new/*'],
  ])('files %s%s are followed by the pattern %o', (files, more, pattern) => {
    const { source } = options(`{files: ${files}, follow: true${more}}`);
    expect(source.kind === 'files' && source.followPattern).toBe(pattern === '' ? '' : join(folder, pattern));
  });
});
