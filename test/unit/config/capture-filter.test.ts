// `capture.filter`: who compiles it is given from outside, what it says against it gets a place.
import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.js';
import { type FilterCheck, parseConfig } from '../../../src/config/load.js';
import { RtpsondeError } from '../../../src/ops/errors.js';

const text = (source: string) => `capture:\n  ${source}\n  filter: udp prot 5\nexport: [{type: stdout}]\n`;

function parse(source: string, checkFilter?: FilterCheck) {
  try {
    const options = checkFilter === undefined ? {} : { checkFilter };
    return parseConfig(text(source), '/etc/a.yaml', options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

const failing =
  (code: 'ERR_CAPTURE_FILTER' | 'ERR_CAPTURE_LIBPCAP', message: string): FilterCheck =>
  () => {
    throw new RtpsondeError(code, message);
  };

test.each([
  ['interface: eth1', true],
  ['files: [a.pcap]', false],
])('%s: the expression is checked for what it is used on', (source, onInterface) => {
  const asked: unknown[] = [];
  expect(parse(source, (...call) => asked.push(call))).toMatchObject({ warnings: [] });
  expect(asked).toEqual([['udp prot 5', onInterface]]);
});

test('a wrong expression is a fault of the configuration', () => {
  expect(parse('interface: eth1', failing('ERR_CAPTURE_FILTER', 'syntax error'))).toMatchObject({
    code: 'ERR_CONFIG_INVALID',
    message: '/etc/a.yaml:3:11: capture.filter: syntax error',
  });
});

test('where it cannot be compiled it is only a warning', () => {
  expect(parse('interface: eth1', failing('ERR_CAPTURE_LIBPCAP', 'install libpcap'))).toMatchObject({
    warnings: [
      { line: 3, column: 11, path: 'capture.filter', message: 'cannot be checked: install libpcap' },
    ],
  });
});

test('without anything to compile it, it is taken as it is', () => {
  expect(parse('interface: eth1')).toMatchObject({
    warnings: [],
    config: { capture: { filter: 'udp prot 5' } },
  });
});
