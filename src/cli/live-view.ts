// Follows the summaries as they come: on a terminal a table of the worst streams
// of the latest window, redrawn in place; elsewhere a line a window and the
// last table.
import type { CaptureSummary, Summary, WindowSummary } from '../summary/schema.js';
import { hasColours, StreamTable } from './stream-table.js';
import { counted, WorstRows, worstFirst } from './worst-rows.js';

/** Lines around the table: heading, a line a scale, totals, blank ones, the cursor's. */
const LINES_AROUND = 11;
const LEAST_ROWS = 5;
/** Rows of the table where there is no terminal. */
const PLAIN_ROWS = 20;

const RATINGS = ['excellent', 'good', 'fair', 'poor', 'bad'] as const;
const SCALES = ['NB', 'WB', 'FB'] as const;

/** The part of process.stdout that is used. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

export class LiveView {
  readonly #table: StreamTable;
  #window: WindowSummary[] = [];
  #latest: readonly WindowSummary[] = [];
  #windows = 0;
  #drawn = 0;
  #totals = { packets: 0, rtp: 0, rtcp: 0, notUsed: 0, kernelDrops: 0 };

  constructor(private readonly screen: Screen) {
    this.#table = new StreamTable({ width: null, colours: hasColours(screen) });
  }

  /** Takes summaries in the order of the daemon: the rows of a window, then its capture. */
  add(summaries: readonly Summary[]): void {
    for (const summary of summaries) {
      if (summary.kind === 'window') this.#window.push(summary);
      if (summary.kind === 'capture') this.#endWindow(summary);
    }
  }

  /** Leaves the last table standing. */
  close(): void {
    if (this.screen.isTTY !== true && this.#latest.length > 0)
      this.#write(['', ...this.#worst(PLAIN_ROWS, null), '', this.#totalLine()]);
    this.#drawn = 0;
    this.#latest = [];
  }

  #endWindow(capture: CaptureSummary): void {
    this.#windows++;
    this.#totals.packets += capture.packets;
    this.#totals.rtp += capture.used.rtp ?? 0;
    this.#totals.rtcp += capture.used.rtcp ?? 0;
    this.#totals.notUsed += Object.values(capture.reasons).reduce((sum, n) => sum + n, 0);
    this.#totals.kernelDrops += capture.kernel.kernelDrops ?? 0;
    const rows = this.#window;
    this.#window = [];
    if (rows.length === 0) return;
    this.#latest = rows;
    const span = `${capture.windowStart.slice(11, 19)} to ${capture.windowEnd.slice(11, 19)} UTC`;
    const heading = `Window ${this.#windows}, ${span}: ${counted(rows.length, 'stream')}`;
    if (this.screen.isTTY !== true) {
      this.#write([`${heading}; ${ratingLines(rows).join('; ')}`]);
      return;
    }
    const room = (this.screen.rows ?? 32) - LINES_AROUND;
    this.#redraw([
      heading,
      ...ratingLines(rows),
      '',
      ...this.#worst(Math.max(LEAST_ROWS, room), this.screen.columns ?? null),
      '',
      this.#totalLine(),
    ]);
  }

  #worst(limit: number, width: number | null): string[] {
    const worst = new WorstRows(limit, worstFirst('mos'));
    for (const row of this.#latest) worst.add(row);
    return this.#table.lines(worst.rows(), width);
  }

  #totalLine(): string {
    const { packets, rtp, rtcp, notUsed, kernelDrops } = this.#totals;
    return `${packets} packets so far: ${rtp} RTP, ${rtcp} RTCP, ${notUsed} other, ${kernelDrops} dropped`;
  }

  #write(lines: readonly string[]): void {
    this.screen.write(`${lines.join('\n')}\n`);
  }

  /** Over the lines drawn before; a line never wraps, or the way back up would be wrong. */
  #redraw(lines: readonly string[]): void {
    const width = this.screen.columns ?? Number.POSITIVE_INFINITY;
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : '';
    const text = lines.map((line) => `${cut(line, width)}\u001b[K\n`).join('');
    this.screen.write(`${up}${text}\u001b[J`);
    this.#drawn = lines.length;
  }
}

/** "NB  12 excellent, 3 good", a line for each scale that occurs: MOS of different scales do not compare. */
export function ratingLines(rows: readonly WindowSummary[]): string[] {
  const lines = SCALES.flatMap((scale) => {
    const rated = rows.filter((row) => row.mos.scale === scale && row.mos.rating !== null);
    const counts = RATINGS.map(
      (rating) => [rating, rated.filter((row) => row.mos.rating === rating).length] as const,
    );
    const words = counts.filter(([, count]) => count > 0).map(([rating, count]) => `${count} ${rating}`);
    return words.length === 0 ? [] : [`${scale}  ${words.join(', ')}`];
  });
  const unrated = rows.filter((row) => row.mos.rating === null).length;
  return unrated === 0 ? lines : [...lines, `--  ${unrated} not rated (codec unknown, or no audio)`];
}

/** Cuts a line to the width of the terminal; colour sequences take no room. */
function cut(line: string, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI sequences begin with ESC
  const parts = line.split(/(\u001b\[\d+m)/);
  let room = width;
  const kept = parts.map((part) => {
    if (part.startsWith('\u001b')) return part;
    const text = part.slice(0, room);
    room -= text.length;
    return text;
  });
  return kept.join('');
}
