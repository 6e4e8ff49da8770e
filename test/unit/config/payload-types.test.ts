// NAME/CLOCK notation and the kind of payload that a name means.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindOf, parseEncoding, payloadTypesSchema } from '../../../src/config/payload-types.js';

test.each([
  ['opus/48000', { name: 'opus', clockRate: 48000 }],
  ['opus/48000/2', { name: 'opus', clockRate: 48000 }],
  ['AMR-WB+/72000', { name: 'AMR-WB+', clockRate: 72000 }],
  ['telephone-event/8000', { name: 'telephone-event', clockRate: 8000 }],
  ['opus', null],
  ['opus/', null],
  ['/48000', null],
  ['opus/48000/', null],
  ['opus/48000/0', null],
  ['opus / 48000', null],
  ['opus/48kHz', null],
  ['opus/48000\n', null],
  [`${'x'.repeat(65)}/8000`, null],
])('%o reads as %o', (text, expected) => {
  expect(parseEncoding(text)).toEqual(expected);
});

test('whatever is written in this notation comes back', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/);
  fc.assert(
    fc.property(name, fc.integer({ min: 0, max: 9_999_999 }), (encoding, clockRate) => {
      expect(parseEncoding(`${encoding}/${clockRate}`)).toEqual({ name: encoding, clockRate });
    }),
  );
});

test.each([
  ['opus', 48000, 'audio'],
  ['H264', 90000, 'video'],
  ['vp8', 90000, 'video'],
  ['X-NEW-VIDEO', 90000, 'video'],
  ['MPA', 90000, 'audio'],
  ['rtx', 90000, 'video'],
  ['rtx', 48000, 'audio'],
  ['CN', 8000, 'comfort-noise'],
  ['cn', 16000, 'comfort-noise'],
  ['TELEPHONE-EVENT', 48000, 'telephone-event'],
] as const)('%s at %d Hz is %s', (name, clockRate, kind) => {
  expect(kindOf(name, clockRate)).toBe(kind);
});

test('the map becomes a list in ascending order', () => {
  expect(payloadTypesSchema.parse({ '111': 'opus/48000/2', '9': 'G722/8000', '0': 'PCMU/8000' })).toEqual([
    { payloadType: 0, name: 'PCMU', clockRate: 8000, kind: 'audio' },
    { payloadType: 9, name: 'G722', clockRate: 8000, kind: 'audio' },
    { payloadType: 111, name: 'opus', clockRate: 48000, kind: 'audio' },
  ]);
});

test('exactly the numbers 0 to 127 are payload types', () => {
  const accepted = (key: string) => payloadTypesSchema.safeParse({ [key]: 'PCMU/8000' }).success;
  const numbers = Array.from({ length: 300 }, (_, n) => n).filter((n) => accepted(String(n)));
  expect(numbers).toEqual(Array.from({ length: 128 }, (_, n) => n));
  expect(['-1', '1.5', '0x10', '007', ' 1', '', 'a'].filter(accepted)).toEqual([]);
});
