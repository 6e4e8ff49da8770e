// What is refused, and what is worth a word, in the options of prometheus, otlp, mqtt and nats.
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.js';
import { parseConfig } from '../../../src/config/load.js';

/** What is wrong with an entry of `export`, in flow style; warnings when nothing is. */
function said(entry: string): string[] {
  const text = `capture: {interface: eth1}\nexport: [{${entry}}]\n`;
  try {
    const { warnings } = parseConfig(text, '/nowhere/rtpsonde.yaml', { environment: { TOKEN: 'abc' } });
    return warnings.map(({ path, message }) => `warning: ${path}: ${message}`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

const OPEN = 'whoever reaches this address may read; set `token`, or `tls` with caFile';
const PAIR = 'certFile: a.pem, keyFile: a.key';

describe('prometheus', () => {
  test.each([
    ['', []],
    ["listen: '[::1]:9464'", []],
    ['listen: localhost:9464', []],
    ["listen: ':9464'", [`warning: export[0].listen: ${OPEN}`]],
    ['listen: 0.0.0.0:9464', [`warning: export[0].listen: ${OPEN}`]],
    [
      'listen: 10.0.0.1:9464, token: {env: TOKEN}',
      ['warning: export[0].listen: the token crosses the network unencrypted; set `tls`'],
    ],
    [`listen: 10.0.0.1:9464, token: {env: TOKEN}, tls: {${PAIR}}`, []],
    [`listen: 10.0.0.1:9464, tls: {${PAIR}, caFile: ca.pem}`, []],
    [`listen: 10.0.0.1:9464, tls: {${PAIR}}`, [`warning: export[0].listen: ${OPEN}`]],
    ['listen: 127.0.0.1:70000', ['export[0].listen: the port must be 65535 or less']],
    [
      'listen: 127.0.0.1',
      ['export[0].listen: expected an address and a port, for example 127.0.0.1:9464 or [::1]:9464'],
    ],
    [
      "listen: '::1:9464'",
      ['export[0].listen: expected an address and a port, for example 127.0.0.1:9464 or [::1]:9464'],
    ],
    ['tls: {caFile: ca.pem}', ['export[0].tls: a server needs `certFile` and `keyFile`']],
    ['maxGroups: 0', ['export[0].maxGroups: must be at least 1, is 0']],
  ])('%s', (more, expected) => {
    expect(said(`type: prometheus${more === '' ? '' : `, ${more}`}`)).toEqual(expected);
  });
});

describe('addresses of brokers', () => {
  test.each([
    ["type: mqtt, url: 'mqtts://a.example'", []],
    ["type: mqtt, url: 'mqtt://127.0.0.1:1883'", []],
    [
      "type: mqtt, url: 'mqtt://a.example', password: {env: TOKEN}",
      ['warning: export[0].url: summaries and the secret cross the network unencrypted; use mqtts'],
    ],
    ["type: mqtt, url: 'https://a.example'", ['export[0].url: expected an mqtt:// or mqtts:// URL']],
    ["type: mqtt, url: 'mqtt:'", ['export[0].url: expected a URL, for example mqtts://mqtt.example:8883']],
    [
      "type: mqtt, url: 'mqtts://u:p@a.example'",
      ['export[0].url: must not hold a user name or password; use the options for them'],
    ],
    ["type: mqtt, url: 'mqtts://a.example', topic: 'a/#'", ['export[0].topic: must not hold + or #']],
    ["type: nats, url: 'tls://a.example:4222'", []],
    [
      "type: nats, url: 'nats://a.example:4222'",
      ['warning: export[0].url: summaries cross the network unencrypted; use tls'],
    ],
    ["type: nats, url: 'http://a.example'", ['export[0].url: expected a nats:// or tls:// URL']],
    [
      "type: nats, url: 'tls://a.example', subject: 'a.*.b'",
      ['export[0].subject: expected a subject without wildcards'],
    ],
    ["type: otlp, url: 'grpc://a.example'", ['export[0].url: expected an http:// or https:// URL']],
    [
      "type: otlp, url: 'https://a.example', resource: {a: 1}",
      ['export[0].resource.a: expected a text, got 1 (put it in quotes)'],
    ],
  ])('%s', (entry, expected) => {
    expect(said(entry)).toEqual(expected);
  });
});
