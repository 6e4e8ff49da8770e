// What SIGHUP can apply and what needs a restart.
import { expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/load.js';
import { diffConfig } from '../../../src/config/reload.js';
import { configSchema, reloadable } from '../../../src/config/schema.js';

const config = (text: string, token = 'abc') =>
  parseConfig(text, '/etc/a.yaml', { environment: { TOKEN: token } }).config;

const base = `
capture: {interface: eth1}
measure: {payloadTypes: {96: opus/48000}}
export:
  - {type: stdout}
  - {type: http, url: 'https://a.example/', token: {env: TOKEN}}
`;

test('the same file changes nothing', () => {
  expect(diffConfig(config(base), config(base))).toEqual({ apply: [], restart: [] });
});

test('every changed key is named, on the side where it belongs', () => {
  const after = `
probe: {name: other}
capture: {files: [a.pcap]}
measure: {windowSeconds: 5, payloadTypes: {96: opus/48000, 97: H264/90000}}
quality: {ratings: {fair: 3.5}, codecs: {G729: {ie: 10, bpl: 19, scale: narrowband, clockRate: 8000}}}
log: {level: debug}
metrics: {intervalSeconds: 0}
export:
  - {type: stdout, include: [stream]}
  - {type: http, url: 'https://b.example/', token: {env: TOKEN}}
  - {type: file, path: x}
`;
  expect(diffConfig(config(base), config(after))).toEqual({
    apply: [
      'quality.ratings.fair',
      'quality.codecs.G729',
      'export[0].include',
      'export[1].url',
      'export[2]',
      'log.level',
      'metrics.intervalSeconds',
    ],
    restart: [
      'probe.name',
      'capture.interface',
      'capture.files',
      'measure.windowSeconds',
      'measure.payloadTypes[1]',
    ],
  });
});

test('a token that was renewed where it comes from is a change, and does not show', () => {
  expect(diffConfig(config(base, 'old'), config(base, 'new'))).toEqual({
    apply: ['export[1].token'],
    restart: [],
  });
});

test('an exporter of another type is replaced key by key', () => {
  const after = base.replace('{type: stdout}', '{type: file, path: x}');
  expect(diffConfig(config(base), config(after))).toEqual({
    apply: ['export[0].type', 'export[0].name', 'export[0].path', 'export[0].format', 'export[0].rotate'],
    restart: [],
  });
});

test('every section is marked', () => {
  expect(Object.keys(reloadable)).toEqual(Object.keys(configSchema.shape));
});
