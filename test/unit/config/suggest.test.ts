// "Did you mean ...": distance and choice.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, suggest } from '../../../src/config/suggest.js';

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['kitten', 'sitting', 3],
    ['ringMiB', 'rignMiB', 1],
    ['abc', '', 3],
    ['ca', 'abc', 3],
  ])('of %o and %o is %o', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

  test('is 0 only for equal words, the same both ways, and within the lengths', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  test('is 1 for one slip of the finger', () => {
    fc.assert(
      fc.property(word, word, (before, after) => {
        const text = `${before}x${after}`;
        expect(editDistance(text, `${before}${after}`)).toBe(1);
        expect(editDistance(text, `${before}y${after}`)).toBe(1);
        expect(editDistance(`${before}yx${after}`, `${before}xy${after}`)).toBe(1);
      }),
    );
  });
});

describe('suggest', () => {
  const keys = ['windowSeconds', 'idleTimeoutSeconds', 'maxStreams', 'url', 'tls'];
  test.each([
    ['windowSecond', 'windowSeconds'],
    ['window_seconds', 'windowSeconds'],
    ['WINDOWSECONDS', 'windowSeconds'],
    ['maxStream', 'maxStreams'],
    ['uri', 'url'],
    ['colour', null],
    ['x', null],
    ['', null],
    ['-', null],
  ])('takes %o for %o', (word, expected) => {
    expect(suggest(word, keys)).toBe(expected);
  });

  test('has nothing to say without candidates, nor about an endless word', () => {
    expect(suggest('url', [])).toBe(null);
    expect(suggest('u'.repeat(1_000_000), keys)).toBe(null);
  });

  test('always takes a word for itself', () => {
    fc.assert(fc.property(fc.constantFrom(...keys), (key) => suggest(key, keys) === key));
  });
});
