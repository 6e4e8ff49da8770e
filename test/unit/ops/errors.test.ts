// Error codes: the catalogue, its document, and the ways into it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  describeError,
  errorCodes,
  exitCodes,
  outputError,
  RtpsondeError,
  toRtpsondeError,
} from '../../../src/ops/errors.js';
import { errorsDocument } from '../../../src/ops/errors-document.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const systemError = (code: string) => Object.assign(new Error(`${code}: something, write`), { code });

describe('the catalogue', () => {
  test('docs/errors.md says what the code says', () => {
    expect(readFileSync(join(root, 'docs/errors.md'), 'utf8')).toBe(errorsDocument());
  });

  test('every exit code in use has a meaning, and every meaning a use', () => {
    const used = new Set(Object.values(errorCodes).map(({ exitCode }) => exitCode));
    const known = Object.keys(exitCodes).map(Number);
    expect([...used].sort((a, b) => a - b)).toEqual(known.filter((code) => code !== 0));
  });

  test('every code that the native side throws is in it', () => {
    const sources = readdirSync(join(root, 'native'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /^(core|addon)\/.*\.(h|cpp)$/.test(name),
    );
    const thrown = sources.flatMap((name) => [
      ...readFileSync(join(root, 'native', name), 'utf8').matchAll(/"(ERR_[A-Z0-9_]+)"/g),
    ]);
    const unknown = thrown.map((match) => match[1]!).filter((code) => !Object.hasOwn(errorCodes, code));
    expect(sources.length).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  });
});

describe('toRtpsondeError', () => {
  test('keeps an error of our own as it is', () => {
    const error = new RtpsondeError('ERR_USAGE', 'bad option');
    expect(toRtpsondeError(error)).toBe(error);
  });

  test.each([
    [
      'an error of the addon by its code',
      systemError('ERR_CAPTURE_PERMISSION'),
      'ERR_CAPTURE_PERMISSION',
      77,
    ],
    ['a full disk', systemError('ENOSPC'), 'ERR_OUTPUT_FULL', 74],
    ['an exceeded quota', systemError('EDQUOT'), 'ERR_OUTPUT_FULL', 74],
    ['a broken pipe', systemError('EPIPE'), 'ERR_OUTPUT_PIPE', 141],
    ['a disk error', systemError('EIO'), 'ERR_IO', 74],
    ['too many open files', systemError('EMFILE'), 'ERR_OS', 71],
    ['an error that nobody foresaw', new TypeError('x is not a function'), 'ERR_INTERNAL', 70],
    ['a thrown text', 'oops', 'ERR_INTERNAL', 70],
    ['a code that is a property of every object', systemError('toString'), 'ERR_INTERNAL', 70],
    ['a thrown undefined', undefined, 'ERR_INTERNAL', 70],
  ])('knows %s', (_what, thrown, code, exitCode) => {
    const error = toRtpsondeError(thrown);
    expect({ code: error.code, exitCode: error.exitCode, cause: error.cause }).toEqual({
      code,
      exitCode,
      cause: thrown,
    });
  });
});

test.each([
  ['EACCES', 'out.ndjson: permission denied', 'ERR_OUTPUT'],
  ['ENOSPC', 'out.ndjson: no space left on device', 'ERR_OUTPUT_FULL'],
  ['ENOENT', 'out.ndjson: no such file or directory', 'ERR_OUTPUT'],
  ['EPIPE', 'out.ndjson: the reader went away', 'ERR_OUTPUT_PIPE'],
  ['EWHATEVER', 'out.ndjson: EWHATEVER: something, write', 'ERR_OUTPUT'],
])('a write that failed with %s names the file and the reason', (system, message, code) => {
  const error = outputError('out.ndjson', systemError(system));
  expect({ message: error.message, code: error.code }).toEqual({ message, code });
});

describe('describeError', () => {
  test('gives one line with message and code', () => {
    expect(describeError(new RtpsondeError('ERR_CAPTURE_INTERFACE', 'eth9: no such interface'))).toBe(
      'rtpsonde: eth9: no such interface (ERR_CAPTURE_INTERFACE)',
    );
  });

  test('says nothing about a broken pipe', () => {
    expect(describeError(systemError('EPIPE'))).toBe('');
  });

  test('gives the lines of a wrong configuration as they are', () => {
    const error = Object.assign(new Error('a.yaml:1:1: x: is missing\na.yaml:2:1: y: is missing'), {
      code: 'ERR_CONFIG_INVALID',
    });
    expect(describeError(error)).toBe('a.yaml:1:1: x: is missing\na.yaml:2:1: y: is missing');
  });

  test('adds the stack to a fault of our own', () => {
    const error = new TypeError('x is not a function');
    expect(describeError(error)).toBe(`rtpsonde: x is not a function (ERR_INTERNAL)\n${error.stack}`);
  });
});
