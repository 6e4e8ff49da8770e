// What people and programs read, and that the document says what the code says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../src/doctor/catalogue.js';
import { doctorDocument } from '../../../src/doctor/doctor-document.js';
import type { Finding } from '../../../src/doctor/finding.js';
import { jsonReport, summaryLine, textReport } from '../../../src/doctor/report.js';
import { bytesText, countText, listText, percentText, plural, wrap } from '../../../src/doctor/words.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const finding = (changes: Partial<Finding>): Finding => ({
  id: 'ring-small',
  level: 'warning',
  title: 'The ring is small',
  observed: '256 of 4096',
  meaning: 'Packets are lost.',
  mend: 'ethtool -G eth1 rx 4096',
  ...changes,
});
const fine = finding({ id: 'interface-down', level: 'ok', observed: 'up' });

describe('the report for people', () => {
  test('a block for each finding, a line for what is well, a summary', () => {
    const findings = [
      finding({}),
      finding({ id: 'mixture-seen', level: 'note', title: 'Many', observed: 'VLAN 1, 2', mend: '' }),
      finding({ id: 'pause-frames', level: 'unknown', observed: 'not told' }),
      fine,
    ];
    expect(textReport(findings, 'Interface eth1', false)).toBe(`Interface eth1

warning  The ring is small: 256 of 4096 (ring-small)
         Packets are lost.
         mend: ethtool -G eth1 rx 4096

note     Many: VLAN 1, 2 (mixture-seen)
         Packets are lost.

?        not told (pause-frames)
ok       up (interface-down)

1 warning, 1 note, 1 ok, 1 not known; most remedies need root, and last until the next start of the machine
`);
  });

  test('colours when there are any, and nothing but them', () => {
    const plain = textReport([finding({}), fine], 'x', false);
    const coloured = textReport([finding({}), fine], 'x', true);
    expect(coloured).toContain('\u001b[33mwarning');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  test('a long meaning is wrapped, a command never', () => {
    const long = finding({ meaning: 'word '.repeat(40).trim(), mend: `cat ${'/path'.repeat(40)}` });
    const lines = textReport([long], 'x', false).split('\n');
    expect(lines.filter((line) => line.startsWith('         word'))).toHaveLength(3);
    expect(
      lines.filter((line) => line.length > 100 && !line.includes('mend: ') && !line.includes('most')),
    ).toEqual([]);
    expect(lines.find((line) => line.includes('mend: '))).toContain(long.mend);
  });

  test('the summary counts', () => {
    const levels = (...all: Finding['level'][]) => summaryLine(all.map((level) => finding({ level })));
    expect(levels('ok', 'ok')).toBe('2 ok');
    expect(levels('error', 'error', 'note', 'ok')).toMatch(/^2 errors, 1 note, 1 ok; /);
    expect(levels()).toBe('0 ok');
  });
});

test('the report for programs is one object', () => {
  const text = jsonReport({ findings: [fine], rtpsonde: '0', interface: null, seconds: 5, exitCode: 0 });
  expect(JSON.parse(text)).toEqual({
    rtpsonde: '0',
    interface: null,
    seconds: 5,
    exitCode: 0,
    findings: [fine],
  });
});

describe('docs/doctor.md', () => {
  const document = readFileSync(join(root, 'docs/doctor.md'), 'utf8');

  test('says what the code says', () => {
    expect(document).toBe(doctorDocument());
  });

  test('has a row for every finding, with its severity and remedy', () => {
    for (const [id, { severity, mend }] of Object.entries(catalogue)) {
      const row = document.split('\n').find((line) => line.startsWith(`| \`${id}\` | ${severity} |`));
      expect(row, id).toBeDefined();
      expect(row!.replaceAll('\\|', '|')).toContain(mend);
    }
  });
});

describe('words', () => {
  test.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1536, '1.5 KiB'],
    [268_435_456, '256 MiB'],
    [11.6 * 2 ** 30, '12 GiB'],
    [Number.POSITIVE_INFINITY, 'no limit'],
  ])('%d bytes', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  test('counts, shares and lists', () => {
    expect([countText(1_234_567.4), plural(1, 'stream'), plural(2000, 'stream')]).toEqual([
      '1,234,567',
      '1 stream',
      '2,000 streams',
    ]);
    expect([percentText(0.12345), percentText(1), percentText(0)]).toEqual(['12.3 %', '100 %', '0 %']);
    expect(listText([1, 2, 3], 2)).toBe('1, 2 and 1 more');
    expect(listText([])).toBe('');
    expect(wrap('a bb ccc', '> ', 6)).toBe('> a bb\n> ccc');
  });
});
