import { describe, expect, it } from 'vitest';
import { hasColours, StreamTable } from '../../../src/cli/stream-table.js';
import { streamOf } from '../summary/records.js';
import { stream, window } from './summaries.js';

const ipv6 = (last: number) => [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), last];
const rows = [
  stream({ lost: 5, lossRuns: 2, duplicates: 1, reordered: 3, jitterMeanMs: 12.345 }),
  stream({ payloadType: 111, clockRate: 48000, timestampStep: 960 }),
  stream({ payloadType: 120, mediaKind: 0, expected: 0, ipVersion: 6, src: ipv6(1), dst: ipv6(2) }),
];
const plain = (width: number | null) => new StreamTable({ width, colours: false });

describe('the table of streams', () => {
  it('shows everything where there is room', () => {
    const table = plain(null);
    expect(table.lines(rows)).toEqual([
      ' MOS  scale  rating     loss %  side  lost  runs  jitter ms   max  delta max  dup  reord  packets    s  codec        source              destination         SSRC',
      '3.41  NB     poor        10.00  -        5     2      12.35  1.00       21.0    1      3       50  1.0  PCMA         192.0.2.1:4000      198.51.100.2:5000   0x00c0ffee',
      '4.40  FB     excellent    0.00  -        0     0       0.25  1.00       21.0    0      0       50  1.0  opus         192.0.2.1:4000      198.51.100.2:5000   0x00c0ffee',
      '   -  -      -               -  -        0     0       0.25  1.00       21.0    0      0       50  1.0  PT 120/8000  [2001:db8::1]:4000  [2001:db8::2]:5000  0x00c0ffee',
    ]);
    expect([table.shown, table.hidden]).toEqual([18, 0]);
  });

  it('has fewer columns on 80, none of them cut, and always the scale beside the MOS', () => {
    const table = plain(80);
    expect(table.lines(rows)).toEqual([
      ' MOS  scale  loss %  jitter ms  packets  source              destination',
      '3.41  NB      10.00      12.35       50  192.0.2.1:4000      198.51.100.2:5000',
      '4.40  FB       0.00       0.25       50  192.0.2.1:4000      198.51.100.2:5000',
      '   -  -           -       0.25       50  [2001:db8::1]:4000  [2001:db8::2]:5000',
    ]);
    expect([table.shown, table.hidden]).toEqual([7, 11]);
  });

  it('never gets wider than the terminal, down to what must stand', () => {
    for (let width = 30; width <= 200; width++) {
      const longest = Math.max(
        ...plain(width)
          .lines(rows)
          .map((line) => line.length),
      );
      expect({ width, fits: longest <= width }).toEqual({ width, fits: true });
    }
    expect(plain(5).lines(rows)[0]).toBe(' MOS  scale  loss %  jitter ms');
  });

  it('tells on which side of the tap packets were lost, where receiver reports tell', () => {
    const of = (upstreamLost: number, downstreamLost: number, captureMissed = 0) =>
      streamOf(
        { lost: 9, captureLost: captureMissed },
        { reports: 1, sideIntervals: 3, sideExpected: 100, upstreamLost, downstreamLost, captureMissed },
      );
    const lines = plain(null).lines([
      of(9, 0),
      of(0, 9),
      of(9, 9),
      of(9, 0, 9),
      of(0, 0),
      stream({ lost: 9 }),
    ]);
    const at = lines[0]!.indexOf('side');
    const sides = lines.slice(1).map((line) => line.slice(at).split(' ')[0]);
    expect(sides).toEqual(['up', 'down', 'both', 'capture', '-', '-']);
    expect(plain(120).lines([of(0, 9)])[0]).toMatch(/ side .* SSRC$/);
  });

  it('keeps its shape from one window to the next', () => {
    const table = plain(null);
    const [wide] = table.lines(rows);
    expect(table.lines(rows.slice(0, 1))[0]).toBe(wide);
  });

  it('tells the windows of streams apart', () => {
    const table = new StreamTable({ width: 90, colours: false, windows: true });
    const windows = [window({}, { windowStartNs: 3_600_000_000_000n }), window()];
    expect(table.lines(windows)).toEqual([
      ' MOS  scale  loss %  side  jitter ms  window    codec  source          destination',
      '4.41  NB       0.00  -          0.25  01:00:00  PCMA   192.0.2.1:4000  198.51.100.2:5000',
      '4.41  NB       0.00  -          0.25  00:00:10  PCMA   192.0.2.1:4000  198.51.100.2:5000',
    ]);
  });

  it('colours MOS and rating alike, without taking room for it', () => {
    const lines = new StreamTable({ width: null, colours: true }).lines(rows);
    expect(lines[1]).toContain('\u001b[31mpoor\u001b[0m');
    expect(lines[1]).toContain('\u001b[31m3.41\u001b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI sequences begin with ESC
    expect(lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''))).toEqual(plain(null).lines(rows));
  });
});

it('colours are for terminals, and NO_COLOR takes them away', () => {
  expect([
    hasColours({ isTTY: true }, {}),
    hasColours({ isTTY: true }, { NO_COLOR: '' }),
    hasColours({ isTTY: true }, { NO_COLOR: '1' }),
    hasColours({}, {}),
  ]).toEqual([true, true, false, false]);
});
