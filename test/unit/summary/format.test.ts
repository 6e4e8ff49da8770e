import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatTime, rounded } from '../../../src/summary/format.js';
import { ipv4 } from '../native/blocks.js';

const ipv6 = (...groups: number[]) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));

describe('addresses', () => {
  for (const [bytes, version, text] of [
    [Uint8Array.from(ipv4(192, 0, 2, 1)), 4, '192.0.2.1'],
    [ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 6, '2001:db8::1'],
    [ipv6(0, 0, 0, 0, 0, 0, 0, 0), 6, '::'],
    [ipv6(0, 0, 0, 0, 0, 0, 0, 1), 6, '::1'],
    [ipv6(0xfe80, 0, 0, 0, 0, 0, 0, 0), 6, 'fe80::'],
    // RFC 5952 4.2.2: one zero group is not shortened; 4.2.3: the longest run, the first of equals.
    [ipv6(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1), 6, '2001:db8:0:1:1:1:1:1'],
    [ipv6(0x2001, 0, 0, 1, 0, 0, 0, 1), 6, '2001:0:0:1::1'],
    [ipv6(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1), 6, '2001:db8::1:0:0:1'],
  ] as const) {
    it(`are written as in ${text}`, () => {
      expect(formatAddress(bytes, version)).toBe(text);
    });
  }

  it('of IPv6 are as the URL standard writes them', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const text = formatAddress(ipv6(...groups), 6);
        expect(isIPv6(text)).toBe(true);
        expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      }),
    );
  });
});

describe('times', () => {
  it('have nine decimals, in UTC', () => {
    expect([0n, 1n, 1_767_225_602_543_527_749n, 1_767_225_602_000_000_000n].map(formatTime)).toEqual([
      '1970-01-01T00:00:00.000000000Z',
      '1970-01-01T00:00:00.000000001Z',
      '2026-01-01T00:00:02.543527749Z',
      '2026-01-01T00:00:02.000000000Z',
    ]);
  });

  it('agree with Date to the millisecond', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }), (ns) => {
        const iso = new Date(Number(ns / 1_000_000n)).toISOString();
        expect(`${formatTime(ns).slice(0, 23)}Z`).toBe(iso);
      }),
    );
  });
});

it('rounding takes what is not a number for unknown', () => {
  expect(
    [1.2345678, -0.5, 0, Number.NaN, Number.POSITIVE_INFINITY].map((value) => rounded(value, 3)),
  ).toEqual([1.235, -0.5, 0, null, null]);
});
