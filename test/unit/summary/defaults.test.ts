// The quality room may not import the configuration, so it has defaults of its
// own for the calculator; they must say the same.
import { expect, test } from 'vitest';
import { defaults } from '../../../src/config/defaults.gen.js';
import { defaultRatingSettings } from '../../../src/quality/mos-values.js';
import { summaryContext } from '../../../src/summary/context.js';

test('a configuration that says nothing rates as the calculator does', () => {
  const { codecs: configured, ...ofConfig } = summaryContext({ ...defaults, probe: { name: 'p' } }, null)
    .rating.settings;
  const { codecs: built, ...ofQuality } = defaultRatingSettings();
  expect(ofConfig).toEqual(ofQuality);
  expect(configured.codecs).toEqual(built.codecs);
});
