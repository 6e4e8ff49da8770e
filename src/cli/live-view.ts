// A table on the terminal that follows the summaries as they come: the worst
// streams of the latest window, and what the whole capture amounts to.
import type { CaptureSummary, Summary, WindowSummary } from '../summary/schema.js';
import { hasColours, streamTable, WorstRows, worstFirst } from './stream-table.js';

/** Rows kept free for the lines around the table. */
const ROWS_AROUND = 8;
const USUAL_TERMINAL_ROWS = 32;

const RATINGS = ['excellent', 'good', 'fair', 'poor', 'bad'] as const;

export class LiveView {
  #window: WindowSummary[] = [];
  #windows = 0;
  #lines = 0;
  #totals = { packets: 0, rtp: 0, rtcp: 0, notUsed: 0, kernelDrops: 0 };

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** Takes summaries in the order of the daemon: the rows of a window, then its capture. */
  add(summaries: readonly Summary[]): void {
    for (const summary of summaries) {
      if (summary.kind === 'window') this.#window.push(summary);
      if (summary.kind === 'capture') this.#show(summary);
    }
  }

  /** Leaves the last table standing. */
  close(): void {
    this.#lines = 0;
  }

  #show(capture: CaptureSummary): void {
    this.#windows++;
    this.#totals.packets += capture.packets;
    this.#totals.rtp += capture.used.rtp ?? 0;
    this.#totals.rtcp += capture.used.rtcp ?? 0;
    this.#totals.notUsed += Object.values(capture.reasons).reduce((sum, n) => sum + n, 0);
    this.#totals.kernelDrops += capture.kernel.kernelDrops ?? 0;
    const rows = this.#window;
    this.#window = [];
    if (rows.length === 0) return;
    const worst = new WorstRows(this.#tableRows(), worstFirst('mos'));
    for (const row of rows) worst.add(row);
    const { packets, rtp, rtcp, notUsed, kernelDrops } = this.#totals;
    this.#draw([
      `Window ${this.#windows}, ${capture.windowStart.slice(11, 19)} to ${capture.windowEnd.slice(11, 19)} UTC: ${rows.length} streams`,
      ratingLine(rows),
      '',
      ...streamTable(worst.rows(), hasColours(this.out)).split('\n'),
      '',
      `${packets} packets so far: ${rtp} RTP, ${rtcp} RTCP, ${notUsed} other, ${kernelDrops} dropped by the kernel`,
    ]);
  }

  #tableRows(): number {
    return Math.max(5, (this.out.rows ?? USUAL_TERMINAL_ROWS) - ROWS_AROUND);
  }

  #draw(lines: readonly string[]): void {
    if (!this.out.isTTY) {
      this.out.write(`${lines.join('\n')}\n\n`);
      return;
    }
    const width = this.out.columns ?? 200;
    const up = this.#lines > 0 ? `\u001b[${this.#lines}A` : '';
    this.out.write(`${up + lines.map((line) => `\u001b[2K${cut(line, width)}\n`).join('')}\u001b[J`);
    this.#lines = lines.length;
  }
}

/** "12 excellent, 3 good, ..." over all rated streams of a window. */
function ratingLine(rows: readonly WindowSummary[]): string {
  const counts = RATINGS.map(
    (rating) => [rating, rows.filter((row) => row.mos.rating === rating).length] as const,
  );
  const unrated = rows.filter((row) => row.mos.rating === null).length;
  return [...counts, ['not rated', unrated] as const]
    .filter(([, count]) => count > 0)
    .map(([rating, count]) => `${count} ${rating}`)
    .join(', ');
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
