// Streams as a table that a person reads: worst first, one line each, with the
// ratings in colour where the terminal has it.
import Table from 'cli-table3';
import type { StreamSummary, WindowSummary } from '../summary/schema.js';

export type StreamRow = StreamSummary | WindowSummary;
export type SortKey = 'mos' | 'loss' | 'jitter';

export const sortKeys: readonly SortKey[] = ['mos', 'loss', 'jitter'];

/** Unknown values go last, whatever the order. */
function badness(row: StreamRow, key: SortKey): number {
  const value = { mos: row.mos.cq, loss: row.lossRatio, jitter: row.jitterMs.max }[key];
  if (value === null) return Number.NEGATIVE_INFINITY;
  return key === 'mos' ? -value : value;
}

/** Worst first; ties by the other measures, then by id, so that the order is always the same. */
export function worstFirst(key: SortKey): (a: StreamRow, b: StreamRow) => number {
  const keys = [key, ...sortKeys.filter((other) => other !== key)];
  return (a, b) => {
    for (const k of keys) {
      const difference = badness(b, k) - badness(a, k);
      if (difference > 0 || difference < 0) return difference;
    }
    return a.id < b.id ? -1 : 1;
  };
}

const COLOURS = { excellent: 32, good: 32, fair: 33, poor: 31, bad: 31 } as const;

/** Whether to colour: a terminal, and NO_COLOR not set. */
export function hasColours(
  stream: { isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  return stream.isTTY === true && (environment.NO_COLOR ?? '') === '';
}

function rating(row: StreamRow, colours: boolean): string {
  const { rating: word } = row.mos;
  if (word === null) return '-';
  return colours ? `\u001b[${COLOURS[word]}m${word}\u001b[0m` : word;
}

const fixed = (value: number | null, decimals: number) => (value === null ? '-' : value.toFixed(decimals));
const endpoint = (address: string, port: number) =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function codecName(row: StreamRow): string {
  if (row.codec !== null) return row.codec;
  const clock = row.clockRate === null ? '' : `/${row.clockRate}`;
  return `PT ${row.payloadType}${clock}`;
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(1);
}

/** Spaces and rules only, so that it can be copied into a mail. */
const CHARS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

const COLUMNS = [
  ['MOS', 'right'],
  ['scale', 'left'],
  ['rating', 'left'],
  ['loss %', 'right'],
  ['lost', 'right'],
  ['runs', 'right'],
  ['jitter ms', 'right'],
  ['max', 'right'],
  ['delta max', 'right'],
  ['dup', 'right'],
  ['reord', 'right'],
  ['packets', 'right'],
  ['s', 'right'],
  ['codec', 'left'],
  ['source', 'left'],
  ['destination', 'left'],
  ['SSRC', 'left'],
] as const;

export function streamTable(rows: readonly StreamRow[], colours: boolean): string {
  const table = new Table({
    head: COLUMNS.map(([title]) => title),
    colAligns: COLUMNS.map(([, align]) => align),
    chars: CHARS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const row of rows) {
    table.push([
      fixed(row.mos.cq, 2),
      row.mos.scale ?? '-',
      rating(row, colours),
      row.lossRatio === null ? '-' : (row.lossRatio * 100).toFixed(2),
      row.lost,
      row.lossRuns.count,
      fixed(row.jitterMs.mean, 2),
      fixed(row.jitterMs.max, 2),
      fixed(row.deltaMs.max, 1),
      row.duplicates,
      row.reordered,
      row.packets,
      seconds(row.durationMs),
      codecName(row),
      endpoint(row.src, row.srcPort),
      endpoint(row.dst, row.dstPort),
      row.ssrc,
    ]);
  }
  return table.toString();
}

/** Keeps the worst `limit` rows of any number, without keeping them all. */
export class WorstRows {
  #rows: StreamRow[] = [];
  seen = 0;

  constructor(
    private readonly limit: number,
    private readonly compare: (a: StreamRow, b: StreamRow) => number,
  ) {}

  add(row: StreamRow): void {
    this.seen++;
    this.#rows.push(row);
    if (this.#rows.length >= 4 * this.limit + 64) this.#trim();
  }

  rows(): readonly StreamRow[] {
    this.#trim();
    return this.#rows;
  }

  #trim(): void {
    this.#rows.sort(this.compare);
    this.#rows.length = Math.min(this.#rows.length, this.limit);
  }
}
