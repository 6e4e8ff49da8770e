// One segment of a glob, as fnmatch(3) reads it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segmentMatcher } from '../../../src/config/capture-files.js';

test.each([
  ['*.pcap', ['a.pcap', 'a.b.pcap'], ['.pcap', 'a.pcapng', 'a.PCAP', '.a.pcap']],
  ['.*.pcap', ['.a.pcap'], ['a.pcap']],
  ['a?c', ['abc', 'a.c'], ['ac', 'abbc']],
  ['day[1-3]', ['day1', 'day3'], ['day4', 'day', 'day[1-3]']],
  ['day[!1-3]', ['day4', 'dayx'], ['day1']],
  ['[]x]', [']', 'x'], ['y']],
  ['[a', ['[a'], ['a']],
  ['[z-a]', ['[z-a]'], ['z']],
  ['a+(b)|c$', ['a+(b)|c$'], ['aab']],
  ['[\\d]', ['\\', 'd'], ['1']],
  ['**', ['anything'], ['.hidden']],
])('%s matches %o but not %o', (glob, yes, no) => {
  const match = segmentMatcher(glob);
  expect({ yes: yes.filter(match), no: no.filter(match) }).toEqual({ yes, no: [] });
});

test('no glob makes it throw, and a name without magic matches itself alone', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', '.', '*', '?', '[', ']', '!', '-', '\\', '^', '(', '$', 'é'),
  });
  fc.assert(
    fc.property(name, name, (glob, candidate) => {
      const matched = segmentMatcher(glob)(candidate);
      if (!/[*?[]/.test(glob)) expect(matched).toBe(glob === candidate);
    }),
  );
});
