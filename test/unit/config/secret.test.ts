// Secrets: where they come from, and that they show nowhere.
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret, type SecretLookup, secretSchema } from '../../../src/config/secret.js';

const systemError = (code: string) => Object.assign(new Error(`${code}, open 'x'`), { code });

const lookup: SecretLookup = {
  environment: { TOKEN: 'from-environment', EMPTY: '', BROKEN: 'a\r\nX-Forged: 1' },
  readFile: (path) => {
    if (path === '/etc/token') return 'from-file\n';
    if (path === '/etc/windows') return 'from-file\r\n';
    if (path === '/etc/two-lines') return 'a\nb\n';
    throw systemError('ENOENT');
  },
  resolvePath: (path) => (path.startsWith('/') ? path : `/etc/${path}`),
};

test.each([
  [{ env: 'TOKEN' }, 'from-environment'],
  [{ file: '/etc/token' }, 'from-file'],
  [{ file: 'token' }, 'from-file'],
  [{ file: 'windows' }, 'from-file'],
  ['inline', 'inline'],
])('%o is looked up', (source, value) => {
  const secret = secretSchema.parse(source);
  expect(secret.resolve(lookup)).toBe(null);
  expect(secret.reveal()).toBe(value);
});

test.each([
  [{ env: 'ABSENT' }, 'the environment variable ABSENT is not set'],
  [{ env: 'EMPTY' }, 'the environment variable EMPTY is empty'],
  [{ env: 'BROKEN' }, 'the environment variable BROKEN holds something other than printable ASCII'],
  [{ file: 'absent' }, 'the file absent cannot be read (ENOENT)'],
  [{ file: 'two-lines' }, 'the file two-lines holds something other than printable ASCII'],
])('%o is refused, and the reason does not repeat the value', (source, problem) => {
  const secret = secretSchema.parse(source);
  expect(secret.resolve(lookup)).toBe(problem);
  expect(() => secret.reveal()).toThrow('the secret was not looked up');
});

test('a secret shows nowhere but in reveal()', () => {
  const secret = Secret.of('S3cr3t');
  const holder = { nested: { secret } };
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify(holder),
    inspect(holder, { depth: 9, showHidden: true }),
    Object.entries(secret).join(),
    inspect(structuredClone({ ...secret })),
  ];
  expect(shown.slice(0, 3)).toEqual(['[redacted]', '[redacted]', '{"nested":{"secret":"[redacted]"}}']);
  expect(shown.filter((text) => text.includes('S3cr3t'))).toEqual([]);
  expect(secret.reveal()).toBe('S3cr3t');
});

describe('equals', () => {
  test('compares values once they are known', () => {
    const fromFile = secretSchema.parse({ file: 'token' });
    expect(fromFile.equals(Secret.of('from-file'))).toBe(false);
    fromFile.resolve(lookup);
    expect(fromFile.equals(Secret.of('from-file'))).toBe(true);
    expect(fromFile.equals(Secret.of('other'))).toBe(false);
  });

  test('compares sources before', () => {
    const [a, same, other] = [{ env: 'A' }, { env: 'A' }, { env: 'B' }].map((source) =>
      secretSchema.parse(source),
    );
    expect([a!.equals(same!), a!.equals(other!)]).toEqual([true, false]);
  });
});
