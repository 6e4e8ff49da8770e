// Summaries as CSV (RFC 4180, with a line feed at the end of a record as Unix has it).
import { TimeSlice } from '../ops/time-slice.js';
import { type Column, type ColumnValue, columnsFor } from './columns.js';
import type { SummaryKind } from './exporter.js';
import type { LineForm } from './file-exporter.js';
import { summaryOf } from './summary-of.js';

/** Records of one kind of summary. */
export function csvForm(kind: SummaryKind): LineForm {
  const columns = columnsFor(kind);
  return {
    header: Buffer.from(`${columns.map(({ name }) => name).join(',')}\n`),
    async encode(batch) {
      const slice = new TimeSlice();
      let text = '';
      for (const line of batch) {
        const summary = summaryOf(line);
        text += `${columns.map((column) => field(column, column.get(summary))).join(',')}\n`;
        if (slice.isOver()) await slice.next();
      }
      return Buffer.from(text);
    },
  };
}

/** Unknown is nothing at all, not even quotes. Line breaks become spaces: a record is one line. */
function field({ type }: Column, value: ColumnValue): string {
  if (value === null) return '';
  const text = type === 'json' ? JSON.stringify(value) : String(value);
  if (type !== 'text' && type !== 'json') return text;
  return /^[\w.:/ -]+$/.test(text) ? text : `"${text.replaceAll(/[\r\n]+/g, ' ').replaceAll('"', '""')}"`;
}
