// Summaries as rows of COPY in text format (PostgreSQL, SQL COPY, "Text Format").
import { TimeSlice } from '../ops/time-slice.js';
import { type Column, type ColumnValue, columnsFor } from './columns.js';
import type { SummaryKind, SummaryLine } from './exporter.js';
import { summaryOf } from './summary-of.js';

/** Characters that are sent at a stretch. */
const PIECE = 65_536;

/** Rows of the lines, all of this kind, in pieces; others get their turn between. */
export async function* copyText(lines: readonly SummaryLine[], kind: SummaryKind): AsyncGenerator<string> {
  const columns = columnsFor(kind);
  const slice = new TimeSlice();
  let text = '';
  for (const line of lines) {
    const summary = summaryOf(line);
    text += `${columns.map((column) => copyField(column, column.get(summary))).join('\t')}\n`;
    if (text.length >= PIECE) {
      yield text;
      text = '';
    }
    if (slice.isOver()) await slice.next();
  }
  if (text !== '') yield text;
}

function copyField({ type }: Column, value: ColumnValue): string {
  if (value === null) return '\\N';
  return escaped(type === 'json' ? jsonText(value) : String(value));
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** PostgreSQL has no place for the character 0: it becomes U+FFFD. */
function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r\0]/g, (c) => escapes[c] ?? '\ufffd');
}

/** The same inside of jsonb, where it stands as an escape. */
function jsonText(value: ColumnValue): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u0000')) return text;
  return JSON.stringify(value, (_key, item) =>
    typeof item === 'string' ? item.replaceAll('\0', '\ufffd') : item,
  );
}
