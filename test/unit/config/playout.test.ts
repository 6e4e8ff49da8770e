// The section `measure.playout`: what makes no sense is told where it stands.
import { expect, test } from 'vitest';
import { playoutSchema } from '../../../src/config/schema-playout.js';

const faults = (input: unknown) => {
  const { error } = playoutSchema.safeParse(input);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
};
const fixed = { name: 'a', kind: 'fixed', delayMs: 50, maxMs: 100 };
const adaptive = { name: 'b', kind: 'adaptive', delayMs: 20, maxMs: 500 };

test('a quality profile that is not there, two of one name, two adaptive ones and a buffer smaller than its delay', () => {
  expect([
    faults({ profiles: [fixed], quality: 'c' }),
    faults({ profiles: [fixed, fixed], quality: 'a' }),
    faults({ profiles: [adaptive, fixed, { ...adaptive, name: 'c' }], quality: 'b' }),
    faults({ profiles: [{ ...fixed, maxMs: 40 }], quality: 'a' }),
    faults({ profiles: [fixed, adaptive], quality: 'b' }),
  ]).toEqual([
    ['quality: no profile has this name; there are a'],
    ['profiles.1.name: names two profiles: a'],
    ['profiles.2.kind: only one profile can be adaptive'],
    ['profiles.0.maxMs: must be at least delayMs (50), is 40'],
    [],
  ]);
});
