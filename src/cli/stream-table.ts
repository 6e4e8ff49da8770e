// Streams as a table that a person reads: one line each, ratings in colour where
// the terminal has it. A narrow terminal gets fewer columns, not cut ones.
import type { StreamRow } from '../summary/stream-row.js';
import { fixed } from './story-words.js';
import { endpoint } from './stream-choice.js';

/** Whether to colour: a terminal, and NO_COLOR not set. */
export function hasColours(
  stream: { isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  return stream.isTTY === true && (environment.NO_COLOR ?? '') === '';
}

const COLOURS = { excellent: 32, good: 32, fair: 33, poor: 31, bad: 31 } as const;

/** In the colour of the row's rating. */
function coloured(text: string, { mos }: StreamRow): string {
  return mos.rating === null ? text : `\u001b[${COLOURS[mos.rating]}m${text}\u001b[0m`;
}

function codecName(row: StreamRow): string {
  if (row.codec !== null) return row.codec;
  const clock = row.clockRate === null ? '' : `/${row.clockRate}`;
  return `PT ${row.payloadType}${clock}`;
}

const SIDES = {
  upstream: 'up',
  downstream: 'down',
  both: 'both',
  capture: 'capture',
  none: '-',
  'upstream-only-known': '-',
} as const;

/** On which side of the tap packets were lost, where receiver reports tell. */
const damageSide = ({ damage }: StreamRow) => (damage.basis === 'rtcp' ? SIDES[damage.side] : '-');

interface Column {
  title: string;
  align: 'left' | 'right';
  /** The order in which columns get room, 0 first. */
  rank: number;
  text(row: StreamRow): string;
  isColoured?: boolean;
}

/** In the order on the screen. The scale is second in rank: a MOS says little without it. */
const COLUMNS: readonly Column[] = [
  { title: 'MOS', align: 'right', rank: 0, text: ({ mos }) => fixed(mos.cq, 2), isColoured: true },
  { title: 'scale', align: 'left', rank: 1, text: ({ mos }) => mos.scale ?? '-' },
  { title: 'rating', align: 'left', rank: 8, text: ({ mos }) => mos.rating ?? '-', isColoured: true },
  {
    title: 'loss %',
    align: 'right',
    rank: 2,
    text: ({ lossRatio }) => fixed(lossRatio === null ? null : lossRatio * 100, 2),
  },
  { title: 'side', align: 'left', rank: 11, text: damageSide },
  { title: 'lost', align: 'right', rank: 12, text: (row) => `${row.lost}` },
  { title: 'runs', align: 'right', rank: 15, text: (row) => `${row.lossRuns.count}` },
  { title: 'jitter ms', align: 'right', rank: 3, text: (row) => fixed(row.jitterMs.mean, 2) },
  { title: 'max', align: 'right', rank: 14, text: (row) => fixed(row.jitterMs.max, 2) },
  { title: 'delta max', align: 'right', rank: 16, text: (row) => fixed(row.deltaMs.max, 1) },
  { title: 'dup', align: 'right', rank: 17, text: (row) => `${row.duplicates}` },
  { title: 'reord', align: 'right', rank: 18, text: (row) => `${row.reordered}` },
  { title: 'packets', align: 'right', rank: 10, text: (row) => `${row.packets}` },
  {
    title: 'window',
    align: 'left',
    rank: 5,
    text: ({ windowStart }) => windowStart?.slice(11, 19) ?? '',
  },
  { title: 's', align: 'right', rank: 13, text: (row) => (row.durationMs / 1000).toFixed(1) },
  { title: 'codec', align: 'left', rank: 7, text: codecName },
  { title: 'source', align: 'left', rank: 4, text: (row) => endpoint(row.src, row.srcPort) },
  { title: 'destination', align: 'left', rank: 6, text: (row) => endpoint(row.dst, row.dstPort) },
  { title: 'SSRC', align: 'left', rank: 9, text: (row) => row.ssrc },
];

/** Columns that stand however narrow the terminal is. */
const ALWAYS = 4;
const GAP = 2;

export interface StreamTableOptions {
  /** Columns of the terminal; null is room for everything. */
  width: number | null;
  colours: boolean;
  /** Rows are windows of streams, and the table tells which; default: false. */
  windows?: boolean;
}

/** Renders tables one after another that keep their shape: columns only ever grow wider. */
export class StreamTable {
  /** How many columns the last table had, and how many had no room. */
  shown = 0;
  hidden = 0;
  readonly #columns: readonly Column[];
  readonly #widths: number[];
  readonly #colours: boolean;

  constructor(private readonly options: StreamTableOptions) {
    this.#columns = COLUMNS.filter(({ title }) => title !== 'window' || options.windows === true);
    this.#widths = this.#columns.map(({ title }) => title.length);
    this.#colours = options.colours;
  }

  /** @param width replaces that of the options, when the terminal has changed its size */
  lines(rows: readonly StreamRow[], width = this.options.width): string[] {
    const texts = rows.map((row) => this.#columns.map((column) => column.text(row)));
    for (const cells of texts)
      for (const [i, cell] of cells.entries()) this.#widths[i] = Math.max(this.#widths[i]!, cell.length);
    const chosen = this.#choose(width);
    this.shown = chosen.length;
    this.hidden = this.#columns.length - chosen.length;
    // Spaces only, so that it can be copied into a mail.
    const line = (cells: readonly string[], row: StreamRow | null) =>
      chosen
        .map((i) => this.#cell(cells[i]!, i, row))
        .join(' '.repeat(GAP))
        .trimEnd();
    const titles = this.#columns.map(({ title }) => title);
    return [line(titles, null), ...texts.map((cells, at) => line(cells, rows[at]!))];
  }

  /** A cell as wide as its column; colours take no room. */
  #cell(text: string, column: number, row: StreamRow | null): string {
    const { align, isColoured } = this.#columns[column]!;
    const shown = this.#colours && isColoured && row !== null ? coloured(text, row) : text;
    const blank = ' '.repeat(this.#widths[column]! - text.length);
    return align === 'left' ? shown + blank : blank + shown;
  }

  /** Positions of the columns that fit, by rank, in the order on the screen. */
  #choose(width: number | null): number[] {
    const byRank = [...this.#columns.keys()].sort((a, b) => this.#columns[a]!.rank - this.#columns[b]!.rank);
    let room = (width ?? Number.POSITIVE_INFINITY) + GAP;
    const chosen = byRank.filter((i, rank) => {
      const needs = this.#widths[i]! + GAP;
      if (rank >= ALWAYS && needs > room) return false;
      room -= needs;
      return true;
    });
    return chosen.sort((a, b) => a - b);
  }
}
