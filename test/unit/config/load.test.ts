// From YAML to a configuration, or to everything that is wrong with it.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, formatProblem } from '../../../src/config/config-error.js';
import { type LoadOptions, loadConfig, parseConfig } from '../../../src/config/load.js';
import { exporterSchema } from '../../../src/config/schema-export.js';

const exporterTypes = exporterSchema.options.map(({ shape }) => shape.type.value).join(', ');

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILE = '/etc/rtpsonde/a.yaml';
const parse = (text: string, options: LoadOptions = { environment: {} }) => parseConfig(text, FILE, options);

function caught(act: () => unknown): ConfigError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a ConfigError');
}

/** The problems of a text, as `line:column: path: message`. */
const problems = (text: string, options?: LoadOptions) =>
  caught(() => parse(text, options))
    .message.split('\n')
    .map((line) => line.replace(`${FILE}:`, ''));

const warnings = (text: string) =>
  parse(text).warnings.map((warning) => formatProblem('f', warning).replace('f:', ''));

const minimal = `
capture: {interface: eth1}
export: [{type: stdout}]
`;

test('the smallest configuration is complete after loading', () => {
  expect(parse(minimal)).toEqual({
    config: {
      probe: { name: hostname() },
      capture: {
        interface: 'eth1',
        ringMiB: 256,
        blockKiB: 1024,
        snapLength: 128,
        promiscuous: true,
        udpOnly: false,
        workers: 1,
        overload: 'shed',
        busyPollUs: 0,
        timestamps: 'auto',
        method: 'packet',
        xdp: { mode: 'auto', copy: 'auto', takeOver: false },
        follow: false,
        replaySpeed: 0,
      },
      measure: {
        windowSeconds: 10,
        idleTimeoutSeconds: 60,
        maxStreams: 200_000,
        fragmentDatagrams: 64,
        fragmentTimeoutSeconds: 5,
        queueBlocks: 8,
        playout: {
          profiles: [
            { name: 'fixed50', kind: 'fixed', delayMs: 50, maxMs: 100 },
            { name: 'fixed200', kind: 'fixed', delayMs: 200, maxMs: 400 },
            { name: 'adaptive', kind: 'adaptive', delayMs: 20, maxMs: 500 },
          ],
          quality: 'adaptive',
        },
        burstGap: { gmin: 16, method: 'rfc3611-4.7.2' },
        speechLevel: false,
        transmissionOffsetExtension: 0,
        stallSeconds: 0.5,
        oneWayAudioSeconds: 10,
        spanCopies: { mode: 'auto', windowMs: 50 },
        payloadTypes: [],
      },
      quality: {
        model: 'g107',
        echo: 'probe',
        packetLossConcealment: true,
        assumedNetworkDelayMs: 0,
        jitterBufferMs: 40,
        advantageFactor: 0,
        ratings: { excellent: 4.3, good: 4, fair: 3.6, poor: 3.1 },
        codecs: {},
      },
      export: [{ type: 'stdout', name: 'stdout', include: ['window', 'stream', 'capture'] }],
      spool: { maxMiB: 1024, maxAgeHours: 72, keepHours: 24, memoryMiB: 64 },
      log: { level: 'info', format: 'auto' },
      metrics: { intervalSeconds: 60 },
    },
    warnings: [],
  });
});

describe('what depends on the file', () => {
  test('paths start at its folder', () => {
    const { config } = parse(`
capture:
  files: [a.pcap, ../b/*.pcap, /c.pcap]
  follow: true
  followPattern: new/*.pcap
export:
  - {type: file, path: out.ndjson}
  - type: http
    url: https://collector.example/
    tls: {caFile: ca.pem, certFile: /tls/c.pem, keyFile: c.key}
`);
    const [file, http] = config.export;
    expect({
      files: config.capture.files,
      followPattern: config.capture.followPattern,
      path: file?.type === 'file' && file.path,
      tls: http?.type === 'http' && http.tls,
    }).toEqual({
      files: ['/etc/rtpsonde/a.pcap', '/etc/b/*.pcap', '/c.pcap'],
      followPattern: '/etc/rtpsonde/new/*.pcap',
      path: '/etc/rtpsonde/out.ndjson',
      tls: { caFile: '/etc/rtpsonde/ca.pem', certFile: '/tls/c.pem', keyFile: '/etc/rtpsonde/c.key' },
    });
  });

  test('exporters without a name get one that is free', () => {
    const { config } = parse(`
capture: {interface: eth1}
export:
  - {type: file, path: a}
  - {type: file, path: b}
  - {type: file, path: c, name: file-2}
  - {type: stdout, name: screen}
`);
    expect(config.export.map(({ name }) => name)).toEqual(['file', 'file-3', 'file-2', 'screen']);
  });

  test('secrets are looked up beside it and in the environment', () => {
    writeFileSync(join(folder, 'token'), 'from-file\n');
    const file = join(folder, 'secrets.yaml');
    writeFileSync(
      file,
      `
capture: {interface: eth1}
export:
  - {type: http, url: 'https://a.example', token: {file: token}}
  - {type: http, url: 'https://b.example', token: {env: TOKEN}}
`,
    );
    const { config, warnings } = loadConfig(file, { environment: { TOKEN: 'from-environment' } });
    const tokens = config.export.map((exporter) => exporter.type === 'http' && exporter.token?.reveal());
    expect({ tokens, warnings }).toEqual({ tokens: ['from-file', 'from-environment'], warnings: [] });
  });
});

test('a mapping whose keys are all commented out means its defaults', () => {
  const empty = `
probe:
capture: {interface: eth1}
measure:
  payloadTypes:
    #96: opus/48000
quality:
  ratings:
  codecs:
log:
metrics:
export: [{type: stdout}]
`;
  expect(parse(empty)).toEqual(parse(minimal));
});

test('all faults are named at once, each with its line and column', () => {
  expect(
    problems(`probe: {name: "bad name"}
capture:
  interfce: eth1
  ringMiB: 0
  promiscuous: yes
  snapLength: 50
  windowSeconds: 3
  blockKiB: 1000
measure:
  windowSeconds: 10s
  maxStreams: "12"
  maxStreams: "13"
  queueBlocks: 2.5
  payloadTypes:
    200: opus/48000
    96: opus
    97: opus/1
quality:
  model: g108
  codecs: {G729: {ie: 1, bpl: 0, scale: NB}}
  ratings: {good: 4.5}
export:
  - type: htpp
  - {type: file, path: x, rotate: {maxMib: 3}}
  - type: http
    url: ftp://user:pw@x
    token: {evn: X}
    tls: {certFile: x}
    include: []
  - url: x
  - stdout
log: 5
metrix: 3
`),
  ).toEqual([
    '1:15: probe.name: use letters, digits, dot, dash and underscore, at most 63',
    '3:3: capture.interfce: unknown key, did you mean interface?',
    '4:12: capture.ringMiB: must be at least 1, is 0',
    '5:16: capture.promiscuous: expected true or false, got "yes" (YAML 1.2 reads yes as a text)',
    '6:15: capture.snapLength: must be 0 (whole packets) or at least 96',
    '7:3: capture.windowSeconds: unknown key here; it belongs under measure',
    '8:13: capture.blockKiB: must be a power of two',
    '10:18: measure.windowSeconds: expected a number, got "10s"',
    '11:15: measure.maxStreams: expected a number, got "13" (write it without quotes)',
    '12:3: duplicate key maxStreams',
    '13:16: measure.queueBlocks: expected a whole number, got 2.5',
    '15:5: measure.payloadTypes.200: a payload type is a number 0..127',
    '16:9: measure.payloadTypes.96: expected NAME/CLOCK with the clock in Hz, for example opus/48000',
    '17:9: measure.payloadTypes.97: the clock rate must be 1000..1000000 Hz',
    '19:10: quality.model: expected one of g107, simplified, got "g108", did you mean g107?',
    '20:12: quality.codecs.G729.clockRate: is missing',
    '20:31: quality.codecs.G729.bpl: must be more than 0, is 0',
    '20:41: quality.codecs.G729.scale: expected one of narrowband, wideband, fullband, got "NB"',
    '21:19: quality.ratings.good: must be lower than excellent (4.3), is 4.5',
    `23:11: export[0].type: expected one of ${exporterTypes}, got "htpp", did you mean http?`,
    '24:36: export[1].rotate.maxMib: unknown key, did you mean maxMiB?',
    '26:10: export[2].url: expected an http:// or https:// URL',
    '27:12: export[2].token: expected {env: NAME} or {file: PATH}, got a mapping',
    '28:10: export[2].tls: `certFile` and `keyFile` go together',
    '29:14: export[2].include: must have at least 1 entry',
    `30:5: export[3].type: is missing: one of ${exporterTypes}`,
    '31:5: export[4]: expected a mapping, got "stdout"',
    '32:6: log: expected a mapping, got 5',
    '33:1: metrix: unknown key, did you mean metrics?',
  ]);
});

describe('the YAML itself', () => {
  test.each([
    ['an empty file', '', '1:1: the file is empty; it needs at least `capture` and `export`'],
    ['a file of comments', '# nothing\n', '1:1: the file is empty; it needs at least `capture` and `export`'],
    ['a list', '- capture\n', '1:1: expected a mapping of sections'],
    ['a text', 'capture', '1:1: expected a mapping of sections'],
    ['a tab', 'capture:\n\tinterface: eth1\n', '2:1: tabs are not allowed as indentation'],
    [
      'an open bracket',
      'capture: [1\n',
      '2:1: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['two colons', 'capture: interface: eth1\n', '1:10: nested mappings are not allowed in compact mappings'],
    [
      'a second document',
      `${minimal.trim()}\n---\na: 1\n`,
      '3:1: source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
    ['an unknown alias', 'capture: *nowhere\n', '1:10: no anchor &nowhere stands before this alias'],
  ])('%s is refused at its place', (_what, text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });

  test('aliases that multiply without end are refused', () => {
    const bomb = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (const [name, before] of ['ba', 'cb', 'dc', 'ed'])
      bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`);
    expect(problems(bomb.join('\n'))).toEqual([
      '1:1: Excessive alias count indicates a resource exhaustion attack',
    ]);
  });

  test('duplicate keys do not hide the other faults', () => {
    expect(problems('capture: {interface: eth1}\ncapture: {interface: 5}\nexport: []\n')).toEqual([
      '1:22: capture.interface: expected a text, got 5 (put it in quotes)',
      '2:1: duplicate key capture',
      '3:9: export: must have at least 1 entry',
    ]);
  });

  test('anchors and aliases work, and faults in them are found where they are written', () => {
    const text = (retry: string) => `
capture: {interface: eth1}
export:
  - {type: http, url: 'https://a.example', name: a, retry: &retry ${retry}}
  - {type: http, url: 'https://b.example', name: b, retry: *retry}
`;
    const { config } = parse(text('{initialMs: 100}'));
    expect(config.export.map((exporter) => exporter.type === 'http' && exporter.retry)).toEqual([
      { initialMs: 100, maxMs: 60_000 },
      { initialMs: 100, maxMs: 60_000 },
    ]);
    expect(problems(text('{initialMs: 1}'))).toEqual([
      '4:79: export[0].retry.initialMs: must be at least 10, is 1',
      '4:79: export[1].retry.initialMs: must be at least 10, is 1',
    ]);
  });

  test('line ends of Windows and a byte order mark do no harm', () => {
    expect(parse(`\ufeff${minimal.replaceAll('\n', '\r\n')}`)).toEqual(parse(minimal));
  });
});

describe('the section capture', () => {
  const captureProblems = (capture: string) => problems(`capture: ${capture}\nexport: [{type: stdout}]\n`);
  test.each([
    [
      '{ringMiB: 1}',
      [
        '1:1: capture.blockKiB: `ringMiB` must hold a whole number of blocks, at least two',
        '1:10: capture: needs `interface`, `interfaces` or `files`',
      ],
    ],
    ['{interface: eth1, files: [a]}', ['1:35: capture.files: `interface` and `files` exclude each other']],
    [
      '{interface: eth1, interfaces: [eth2]}',
      ['1:40: capture.interfaces: `interface` and `interfaces` exclude each other'],
    ],
    [
      '{interfaces: [eth1, eth2], files: [a]}',
      ['1:44: capture.files: `interfaces` and `files` exclude each other'],
    ],
    ['{interfaces: []}', ['1:23: capture.interfaces: must have at least 1 entry']],
    ['{interfaces: [eth1, eth1]}', ['1:23: capture.interfaces: an interface may be named once']],
    [
      '{interfaces: [eth1, "eth 2"]}',
      ['1:30: capture.interfaces[1]: an interface name has 1 to 15 characters without space, / and :'],
    ],
    [
      '{interfaces: [eth1, eth2], ringMiB: 4, workers: 2}',
      ['1:58: capture.workers: `ringMiB` must hold two blocks for each worker on each interface'],
    ],
    ['{interfaces: [eth1, eth2], follow: true}', ['1:45: capture.follow: only files can be followed']],
    ['{interface: eth1, follow: true}', ['1:36: capture.follow: only files can be followed']],
    ['{files: [a], followPattern: b}', ['1:38: capture.followPattern: has no effect without `follow: true`']],
    [
      '{interface: eth1, ringMiB: 3, blockKiB: 2048}',
      ['1:50: capture.blockKiB: `ringMiB` must hold a whole number of blocks, at least two'],
    ],
    [
      '{interface: "eth 1"}',
      ['1:22: capture.interface: an interface name has 1 to 15 characters without space, / and :'],
    ],
    [
      '{interface: eth0123456789abc}',
      ['1:22: capture.interface: an interface name has 1 to 15 characters without space, / and :'],
    ],
    ['{interface: eth1, snapLength: 65536}', ['1:40: capture.snapLength: must be at most 65535, is 65536']],
    ['{files: []}', ['1:18: capture.files: must have at least 1 entry']],
    ['', ['1:1: capture: expected a mapping, got nothing']],
  ])('%s is refused', (capture, expected) => {
    expect(captureProblems(capture)).toEqual(expected);
  });

  test.each([[0], [96], [65535]])('keeps %d bytes of each packet when asked', (snapLength) => {
    const { config } = parse(
      `capture: {interface: eth1, snapLength: ${snapLength}}\nexport: [{type: stdout}]\n`,
    );
    expect(config.capture.snapLength).toBe(snapLength);
  });
});

describe('numbers', () => {
  const windowProblems = (value: string) =>
    problems(`${minimal.trim()}\nmeasure: {windowSeconds: ${value}}\n`);
  test.each([
    ['0.0999', '3:26: measure.windowSeconds: must be at least 0.1, is 0.0999'],
    ['900.5', '3:26: measure.windowSeconds: must be at most 900, is 900.5'],
    ['0.1005', '3:26: measure.windowSeconds: the resolution is 0.001 s'],
    ['.nan', '3:26: measure.windowSeconds: expected a number, got NaN'],
    ['.inf', '3:26: measure.windowSeconds: expected a number, got Infinity'],
    ['true', '3:26: measure.windowSeconds: expected a number, got true'],
    ['[1]', '3:26: measure.windowSeconds: expected a number, got a list'],
    ['null', '3:26: measure.windowSeconds: expected a number, got nothing'],
  ])('windowSeconds: %s is refused', (value, problem) => {
    // 0.0999 breaks the resolution besides.
    expect(windowProblems(value)).toContain(problem);
  });

  test('every whole millisecond is a width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 900_000 }), (ms) => {
        const { config } = parse(`${minimal.trim()}\nmeasure: {windowSeconds: ${ms / 1000}}\n`);
        expect(Math.round(config.measure.windowSeconds * 1000)).toBe(ms);
      }),
      { numRuns: 50 },
    );
  });
});

const spanCopyProblems = (text: string) => problems(`${minimal.trim()}\nmeasure:\n  spanCopies: ${text}\n`);

describe('span copies', () => {
  test.each([
    ['off', 1],
    ['strict', 50],
    ['all', 1000],
  ])('mode %s and windowMs %i are taken', (mode, windowMs) => {
    const { config } = parse(
      `${minimal.trim()}\nmeasure: {spanCopies: {mode: ${mode}, windowMs: ${windowMs}}}\n`,
    );
    expect(config.measure.spanCopies).toEqual({ mode, windowMs });
  });

  test.each(['{mode: sometimes}', '{windowMs: 0}', '{windowMs: 1001}', '{windowMs: 1.5}'])(
    '%s is refused at its place',
    (text) => {
      expect(spanCopyProblems(text)).toEqual([expect.stringMatching(/^4:\d+: measure\.spanCopies\./)]);
    },
  );
});

test('impairments are held to their scale', () => {
  const codec = (scale: string) => `${minimal.trim()}
quality: {codecs: {"G.729": {ie: 100, bpl: 10, scale: ${scale}, clockRate: 8000}}}
`;
  expect(parse(codec('fullband')).config.quality.codecs['G.729']?.ie).toBe(100);
  expect(problems(codec('wideband'))).toEqual([
    '3:34: quality.codecs["G.729"].ie: must be at most 95 on the wideband scale, is 100',
  ]);
});

describe('exporters', () => {
  test('must not share a name, a file or standard output', () => {
    expect(
      problems(`capture: {interface: eth1}
export:
  - {type: stdout, name: a}
  - {type: stdout, name: a}
  - {type: file, path: x}
  - {type: file, path: x}
`),
    ).toEqual([
      '4:12: export[1].type: another exporter writes to standard output',
      '4:26: export[1].name: another exporter is named a',
      '6:24: export[3].path: another exporter writes to this file',
    ]);
  });

  test('a secret that cannot be found is named at its place', () => {
    const text = `capture: {interface: eth1}
export:
  - {type: http, url: 'https://a.example', token: {env: NOPE}}
  - {type: http, url: 'https://b.example', token: {file: nope}}
`;
    expect(problems(text)).toEqual([
      '3:51: export[0].token: the environment variable NOPE is not set',
      '4:51: export[1].token: the file nope cannot be read (ENOENT)',
    ]);
    expect(parse(text, { lookUpSecrets: false }).config.export).toHaveLength(2);
  });

  test('a compression that this Node has not is named where it stands', () => {
    const text = (type: string) => `capture: {interface: eth1}
export: [{type: ${type}, compression: zstd}]
`;
    const fault = 'export[0].compression: zstd needs Node 22.15 or later, this is VERSION; use gzip';
    const expected = 'zstdCompress' in zlib ? [] : [fault];
    for (const type of ["http, url: 'https://a.example'", "kafka, brokers: ['a:1']"])
      expect(
        problems(text(type)).map((line) => line.replace(/^[\d:]+ /, '').replace(process.version, 'VERSION')),
      ).toEqual(expected);
  });

  test('no message repeats a secret', () => {
    const text = (token: string, url = 'https://a.example') => `capture: {interface: eth1}
export: [{type: http, url: '${url}', token: ${token}, compression: 1}]
`;
    const shown = [
      problems(text('[S3cr3t]')),
      problems(text('{env: "S3cr3t Value"}')),
      problems(text('12345678')),
      problems(text('{env: NAME, S3cr3t: 1}')),
      problems(text('{env: NAME}', 'https://user:S3cr3t@a.example')),
      problems(text('{env: NAME}', 'S3cr3t')),
    ].flat();
    expect(shown.filter((line) => /S3cr3t|12345678/.test(line))).toEqual([]);
  });
});

describe('warnings', () => {
  const http = (url: string, more = '') =>
    warnings(`capture: {interface: eth1}\nexport: [{type: http, url: '${url}'${more}}]\n`);

  test.each([
    ['https://collector.example/', '', []],
    ['http://127.0.0.1:8080/', '', []],
    ['http://127.9.9.9/', '', []],
    ['http://[::1]/', '', []],
    ['http://localhost:8080/x', '', []],
    ['http://LOCALHOST./x', '', []],
    ['http://collector.localhost/', '', []],
    [
      'http://collector.example/',
      '',
      ['2:28: export[0].url: summaries cross the network unencrypted; use https'],
    ],
    [
      'http://127.0.0.1.example/',
      '',
      ['2:28: export[0].url: summaries cross the network unencrypted; use https'],
    ],
    ['http://10.0.0.1/', '', ['2:28: export[0].url: summaries cross the network unencrypted; use https']],
    [
      'http://localhost/',
      ', tls: {caFile: ca.pem}',
      ['2:54: export[0].tls: has no effect on an http:// URL'],
    ],
    [
      'https://a.example/',
      ', token: abc',
      ['2:57: export[0].token: the secret stands in the file itself; use {env: NAME} or {file: PATH}'],
    ],
  ])('%s%s', (url, more, expected) => {
    expect(http(url, more)).toEqual(expected);
  });

  test('a token over plain http is named', () => {
    expect(http('http://a.example/', ', token: abc')[0]).toBe(
      '2:28: export[0].url: summaries and the secret cross the network unencrypted; use https',
    );
  });

  test('payload types that look like RTCP are named', () => {
    const text = 'packets of this type with the marker bit look like RTCP and are taken for it (RFC 5761)';
    expect(
      warnings(`${minimal.trim()}
measure: {payloadTypes: {63: a/8000, 64: b/8000, 95: c/8000, 96: d/8000}}
`),
    ).toEqual([`3:42: measure.payloadTypes.64: ${text}`, `3:54: measure.payloadTypes.95: ${text}`]);
  });
});

describe('the file', () => {
  const outcome = (file: string) => {
    const { code, message } = caught(() => loadConfig(file));
    return { code, message: message.replace(`${file}:`, '') };
  };

  test('that does not exist', () => {
    expect(outcome(join(folder, 'nope.yaml'))).toEqual({
      code: 'ERR_CONFIG_NOT_FOUND',
      message: ' no such file',
    });
  });

  test('that is a folder', () => {
    expect(outcome(folder)).toEqual({ code: 'ERR_CONFIG_NOT_FOUND', message: ' is a directory' });
  });

  test.skipIf(process.getuid?.() === 0)('that may not be read', () => {
    const file = join(folder, 'closed.yaml');
    writeFileSync(file, minimal);
    chmodSync(file, 0);
    expect(outcome(file)).toEqual({ code: 'ERR_CONFIG_NOT_FOUND', message: ' permission denied' });
  });

  test('that is not text', () => {
    const file = join(folder, 'binary.yaml');
    writeFileSync(file, Buffer.from([0xd4, 0xc3, 0xb2, 0xa1]));
    expect(outcome(file)).toEqual({ code: 'ERR_CONFIG_INVALID', message: '1:1: is not UTF-8 text' });
  });

  test('that never ends', () => {
    expect(outcome('/dev/zero')).toEqual({
      code: 'ERR_CONFIG_INVALID',
      message: '1:1: larger than 4 MiB, so hardly a configuration',
    });
  });
});

test('whatever text comes, the answer is a configuration or a list of problems within it', () => {
  const piece = fc.constantFrom(
    'capture',
    'export',
    'measure',
    ':',
    ' ',
    '\n',
    '- ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    '#',
    '&a ',
    '*a',
    'type',
    'http',
    '1',
    'null',
    '? ',
    '| ',
    '\t',
    '__proto__',
    'constructor',
    '!!set ',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, (yaml) => {
      const { problems: found, message } = caught(() => parse(yaml));
      expect(found.length).toBeGreaterThan(0);
      const lines = yaml.split('\n').length;
      for (const { line, column } of found) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines);
        expect(column).toBeGreaterThanOrEqual(1);
      }
      expect(message.split('\n')).toHaveLength(found.length);
    }),
    { numRuns: 500 },
  );
});
