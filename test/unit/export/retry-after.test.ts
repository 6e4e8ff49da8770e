import { expect, it } from 'vitest';
import { retryAfterMs } from '../../../src/export/retry-after.js';

const NOW = Date.UTC(2026, 10, 21, 10, 15, 0);

it.each([
  ['120', undefined, 120_000],
  [' 0 ', undefined, 0],
  ['Sat, 21 Nov 2026 10:15:30 GMT', undefined, 30_000],
  ['Sat, 21 Nov 2026 10:14:30 GMT', undefined, 0],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 'Sat, 21 Nov 2026 12:00:00 GMT', 30_000],
  ['Sat, 21 Nov 2026 10:15:30 GMT', 'yesterday', 30_000],
  ['99999999999999999999', undefined, 3_600_000],
  ['Sat, 21 Nov 2099 10:15:30 GMT', undefined, 3_600_000],
  ['-5', undefined, null],
  ['soon', undefined, null],
  ['2026-11-21T10:15:30Z', undefined, null],
  ['Sat, 99 Nov 2026 10:15:30 GMT', undefined, null],
  ['', undefined, null],
  [undefined, undefined, null],
])('reads Retry-After %j (Date %j) as %j ms', (retryAfter, date, expected) => {
  expect(retryAfterMs(retryAfter, date, NOW)).toBe(expected);
});
