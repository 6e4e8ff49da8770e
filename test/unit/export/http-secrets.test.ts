import { expect, it } from 'vitest';
import { hide, hideExcerpt, publicUrl, reveal, secretsOf } from '../../../src/export/http-secrets.js';

const url = new URL('https://probe:p%40ss@collector.example:8443/in/0123456789abcdef/x?key=topsecret&v=1#f');

it('shows of a URL only what is not secret', () => {
  expect(publicUrl(url)).toBe('https://collector.example:8443/in/[redacted]/x');
});

it('hides a secret in every form in which it could come back', () => {
  const echo = `Bearer abc Basic ${btoa('probe:p@ss')} p%40ss p@ss ?key=topsecret&v=1 topsecret 0123456789abcdef v=1`;
  expect(hide(echo, secretsOf(url, 'abc'))).toBe(
    'Bearer [redacted] Basic [redacted] [redacted] [redacted] ?[redacted] [redacted] [redacted] v=1',
  );
});

it('survives a URL whose password is not proper percent encoding', () => {
  expect(hide('a 100% b', secretsOf(new URL('http://u:100%@h/'), null))).toBe('a [redacted] b');
});

it('takes the newline off a token that was read from a file', () => {
  expect([reveal('abc\n'), reveal({ reveal: () => ' abc\r\n' })]).toEqual(['abc', 'abc']);
});

it.each([
  ['0123456789 secret-token', 15, '0123456789 [red'],
  ['0123456789 secret-to', 30, '0123456789 '],
  ['secret-token secret-tokensecret-t', 30, '[redacted] [redacted]'],
  ['all is said', 30, 'all is said'],
])('shows of %j, %i characters at most, %j', (text, length, expected) => {
  expect(hideExcerpt(text, ['secret-token'], length)).toBe(expected);
});
