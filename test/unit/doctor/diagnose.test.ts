// Whole machines as they are met in the field, the order of findings and the exit code.
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../src/doctor/catalogue.js';
import { diagnose, exitCodeOf, notToldBefore } from '../../../src/doctor/diagnose.js';
import type { Facts } from '../../../src/doctor/facts.js';
import { type Finding, type FindingInfo, found, foundIf, ok, unknown } from '../../../src/doctor/finding.js';
import { container, laptop, server, virtualMachine } from './machines.js';

/** Ids by level. */
function idsOf(facts: Facts, ...levels: Finding['level'][]): string[] {
  return diagnose(facts)
    .filter(({ level }) => levels.includes(level))
    .map(({ id, level }) => `${level} ${id}`);
}

describe('machines', () => {
  test('a virtual machine as it comes, on its only interface', () => {
    expect(idsOf(virtualMachine, 'error', 'warning', 'note')).toEqual([
      'error no-mirror',
      'warning management-interface',
      'warning no-rtp',
      'warning gro-on',
      'note rps-on',
      'note service-not-installed',
    ]);
  });

  test('a laptop without a cable, as an ordinary user', () => {
    expect(idsOf(laptop, 'error', 'warning', 'note')).toEqual([
      'error no-capture-right',
      'error no-carrier',
      'warning gro-on',
      'warning ring-small',
      'warning pause-frames',
      'warning governor-saves-power',
      'note memlock-small',
      'note hardware-stamps-unused',
      'note irqbalance-runs',
      'note service-not-installed',
    ]);
  });

  test('a container without rights: what cannot be found out is not known, and is no fault', () => {
    expect(idsOf(container, 'error', 'warning', 'note', 'unknown')).toEqual([
      'error no-capture-right',
      'warning management-interface',
      'warning cpus-few',
      'warning memory-short',
      'unknown no-packets',
      'unknown card-missed',
      'unknown card-errors',
      'unknown frames-too-long',
      'unknown card-dropped',
      'unknown softnet-drops',
      'unknown softnet-squeezes',
      'unknown udp-gro-on',
      'unknown gro-on',
      'unknown lro-on',
      'unknown clock-not-synchronised',
      'unknown clock-source-slow',
    ]);
  });

  test('loopback has no cable, no card and no offloads to complain of', () => {
    const facts: Facts = {
      ...container,
      named: { name: 'lo', existing: ['lo'], others: [] },
      link: { ...container.link!, name: 'lo', type: 772, isLoopback: true, addresses: ['127.0.0.1'] },
    };
    const topics = ['management-interface', 'interface-has-address', 'gro-on', 'no-carrier', 'merged-frames'];
    expect(diagnose(facts).filter(({ id }) => topics.includes(id))).toEqual([]);
  });

  test('the address of the interface that the machine is reached by is not to be flushed', () => {
    expect(diagnose(virtualMachine).map(({ mend }) => mend)).not.toContain('ip address flush dev eth0');
  });

  test('without a name only the machine is looked at', () => {
    const facts: Facts = { ...server, named: null, link: null, report: null, watch: null };
    expect(idsOf(facts, 'error', 'warning', 'note')).toEqual(['note interface-not-named']);
    expect(diagnose(facts).map(({ id }) => id)).toContain('clock-not-synchronised');
  });

  test('a feature that the driver has fixed cannot be turned off, so it is no finding', () => {
    const fixed = [{ name: 'rx-gro-hw', active: true, changeable: false }];
    const facts: Facts = { ...server, report: { ...server.report!, features: fixed } };
    expect(diagnose(facts).find(({ id }) => id === 'gro-on')).toMatchObject({
      level: 'ok',
      observed: 'rx-gro-hw on, fixed by the driver',
    });
  });
});

describe('diagnose', () => {
  const entry = (severity: FindingInfo['severity'], check: FindingInfo['check']): FindingInfo => ({
    severity,
    title: 'T',
    meaning: 'M',
    mend: 'mend {interface} {what}',
    check,
  });

  test('puts the worst first and keeps the order of the catalogue within a level', () => {
    const findings = diagnose(server, {
      a: entry('note', () => found('a')),
      b: entry('error', () => ok('b')),
      c: entry('error', () => found('c')),
      d: entry('warning', () => unknown('d')),
      e: entry('warning', () => [found('e1'), ok('e2'), found('e3')]),
      f: entry('error', () => null),
      g: entry('error', () => foundIf(false, 'g')),
    });
    expect(findings.map(({ level, observed }) => `${level} ${observed}`)).toEqual([
      'error c',
      'warning e1',
      'warning e3',
      'note a',
      'unknown d',
      'ok b',
      'ok e2',
      'ok g',
    ]);
  });

  test('fills in the interface and the values of the verdict', () => {
    const check = () => found('x', { what: 7 });
    expect(diagnose(server, { a: entry('note', check) })[0]).toMatchObject({ mend: 'mend eth1 7' });
  });

  test('the exit code is that of the worst finding', () => {
    const code = (...levels: Finding['level'][]) =>
      exitCodeOf(levels.map((level) => ({ id: '', level, title: '', observed: '', meaning: '', mend: '' })));
    expect([
      code(),
      code('ok', 'unknown', 'note'),
      code('note', 'warning', 'ok'),
      code('ok', 'error', 'warning'),
    ]).toEqual([0, 0, 1, 2]);
  });

  test('of a second interface only that is told which was not told before', () => {
    const of = (name: string) =>
      diagnose(
        { ...server, named: { name, existing: [], others: [] } },
        {
          a: entry('note', () => found('the machine', { what: 1 })),
          b: entry('error', ({ named }) => ok(named!.name)),
        },
      ).map((finding) => (finding.id === 'a' ? { ...finding, mend: 'one' } : finding));
    expect(notToldBefore(of('eth2'), of('eth1')).map(({ observed }) => observed)).toEqual(['eth2']);
    expect(notToldBefore(of('eth1'), of('eth1'))).toEqual([]);
  });

  test('the legs of a TAP have one direction each, which is no fault', () => {
    const capture = { ...server.watch!.capture!, audioStreams: 100, oneSidedAudioStreams: 100 };
    const facts: Facts = { ...server, watch: { ...server.watch!, capture } };
    const oneSided = ({ id, level }: Finding) => id === 'one-direction' && level === 'warning';
    expect(diagnose(facts).some(oneSided)).toBe(true);
    const leg: Facts = { ...facts, named: { ...facts.named!, others: ['eth2'] } };
    expect(diagnose(leg).some(oneSided)).toBe(false);
  });

  test('no remedy of any machine keeps a placeholder', () => {
    const left = [server, virtualMachine, laptop, container]
      .flatMap((facts) => diagnose(facts))
      .filter(({ level, mend }) => ['error', 'warning', 'note'].includes(level) && /\{\w+\}/.test(mend));
    expect(left).toEqual([]);
  });

  test('every id is in kebab case and stands once', () => {
    const ids = Object.keys(catalogue);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(ids.length).toBe(new Set(ids).size);
  });
});
