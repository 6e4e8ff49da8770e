// Every finding of the catalogue: what brings it up, what it says to do, and that a
// well set up machine has none of them.
import { describe, expect, test } from 'vitest';
import { catalogue, type FindingId } from '../../../src/doctor/catalogue.js';
import { diagnose } from '../../../src/doctor/diagnose.js';
import { machineCases } from './cases-machine.js';
import { trafficCases } from './cases-traffic.js';
import type { Case } from './changes.js';
import { server } from './machines.js';

// A finding without a case does not compile.
const cases: Record<FindingId, Case> = { ...trafficCases, ...machineCases };

describe('a server that was set up by the book', () => {
  const findings = diagnose(server);

  test('has nothing that is wrong, worth a note or not known', () => {
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
  });

  test('is looked at with nearly every check', () => {
    const seen = new Set(findings.map(({ id }) => id));
    const notAsked = Object.keys(catalogue).filter((id) => !seen.has(id));
    expect(notAsked).toEqual([
      'no-xdp-right',
      'interface-not-named',
      'capture-fails',
      'mtu-near',
      'numa-far',
    ]);
  });
});

describe('each finding', () => {
  test.each(Object.entries(cases))('%s', (id, { facts, observed, mend }) => {
    const { severity, title, meaning } = catalogue[id as FindingId];
    const [finding, ...more] = diagnose(facts).filter((other) => other.id === id);
    expect(finding).toEqual({ id, level: severity, title, observed, meaning, mend });
    expect(more).toEqual([]);
  });

  test.each(Object.entries(cases))('%s does not bring up what it is no sign of', (id, { facts }) => {
    const others = diagnose(facts).filter((other) => other.id !== id && other.level === 'error');
    expect(others).toEqual([]);
  });

  test('has words that can be read: a title without a stop, one sentence of meaning', () => {
    for (const { title, meaning } of Object.values(catalogue)) {
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });
});
