// Summaries as InfluxDB line protocol: measurement,tags fields timestamp.
// (InfluxDB OSS 1.8 and 2.x, "Line protocol".)
import { TimeSlice } from '../ops/time-slice.js';
import type { Summary } from '../summary/schema.js';
import { type Column, type ColumnValue, columnsFor, tableNames } from './columns.js';
import type { SummaryLine } from './exporter.js';
import { nanoseconds } from './nanoseconds.js';
import { PointTimes } from './point-times.js';
import { summaryOf } from './summary-of.js';

const NS_PER_SECOND = 1_000_000_000n;

export class InfluxLines {
  readonly #tags: ReadonlySet<string>;
  readonly #times = new PointTimes();

  /** @param tags names of the columns that are tags; `probe` always is */
  constructor(tags: readonly string[]) {
    this.#tags = new Set(['probe', ...tags]);
  }

  async encode(batch: readonly SummaryLine[]): Promise<Buffer> {
    const slice = new TimeSlice();
    let text = '';
    for (const line of batch) {
      text += this.#point(summaryOf(line));
      if (slice.isOver()) await slice.next();
    }
    return Buffer.from(text);
  }

  #point(summary: Summary): string {
    const { kind, id } = summary;
    let series = `rtpsonde_${tableNames[kind]}`;
    let fields = '';
    for (const column of columnsFor(kind)) {
      const value = column.get(summary);
      // Objects and lists have no place in a point.
      if (value === null || column.type === 'json') continue;
      // An empty tag is not allowed; one that is not there means the same.
      if (this.#tags.has(column.name)) series += value === '' ? '' : `,${column.name}=${tagValue(value)}`;
      else fields += `,${column.name}=${fieldValue(column, value)}`;
    }
    const [start, spread] = timeOf(summary);
    return `${series} ${fields.slice(1)} ${this.#times.timeOf(series, start, spread, id)}\n`;
  }
}

/** Where its point lies, ns since the Unix epoch, and over how much of time such points are spread. */
function timeOf(summary: Summary): [start: bigint, spread: bigint] {
  if (summary.kind === 'stream') return [nanoseconds(summary.end), NS_PER_SECOND];
  const start = nanoseconds(summary.windowStart);
  const length = nanoseconds(summary.windowEnd) - start;
  return [start, length > 0n ? length : NS_PER_SECOND];
}

/** Commas, spaces and equals signs are escaped; a line feed has no escape, and a backslash at the end would be one. */
function tagValue(value: ColumnValue): string {
  return String(value)
    .replaceAll(/[\n\r]/g, ' ')
    .replace(/\\+$/, '')
    .replaceAll(/[,= ]/g, '\\$&');
}

function fieldValue({ type }: Column, value: ColumnValue): string {
  if (type === 'integer') return `${value}i`;
  if (type === 'time') return `${nanoseconds(String(value))}i`;
  if (type === 'text') return `"${String(value).replaceAll(/["\\]/g, '\\$&')}"`;
  return String(value);
}
