// Summaries as rows for ClickHouse: JSONEachRow, a key for each column.
import { createHash } from 'node:crypto';
import { TimeSlice } from '../ops/time-slice.js';
import { type Column, type ColumnType, type ColumnValue, columnsFor } from './columns.js';
import type { SummaryKind, SummaryLine } from './exporter.js';
import { summaryOf } from './summary-of.js';

export interface EncodedRows {
  /** A row a line. */
  body: Buffer;
  /** Names the rows by their ids: 32 hex digits. */
  token: string;
}

/** The same lines give the same rows and token. */
export async function encodeRows(kind: SummaryKind, lines: readonly SummaryLine[]): Promise<EncodedRows> {
  const columns = columnsFor(kind);
  const hash = createHash('sha256');
  const rows: Buffer[] = [];
  const slice = new TimeSlice();
  let bytes = 0;
  for (const line of lines) {
    hash.update(`${line.id}\n`);
    const row = Buffer.from(`${rowOf(columns, line)}\n`);
    rows.push(row);
    bytes += row.length;
    if (slice.isOver()) await slice.next();
  }
  const body = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const row of rows) {
    at += row.copy(body, at);
    if (slice.isOver()) await slice.next();
  }
  return { body, token: hash.digest('hex').slice(0, 32) };
}

/** Written value by value: an object of 200 keys would be made for each row, and thrown away. */
function rowOf(columns: readonly Column[], line: SummaryLine): string {
  const summary = summaryOf(line);
  let row = '';
  for (const { name, type, get } of columns) {
    const value = get(summary);
    // What is unknown is left out: the column is NULL then.
    if (value === null) continue;
    row += `${row === '' ? '{' : ','}"${name}":${jsonOf(type, value)}`;
  }
  return `${row}}`;
}

function jsonOf(type: ColumnType, value: Exclude<ColumnValue, null>): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // As text, which JSON inside of JSON is.
  return JSON.stringify(type === 'json' ? JSON.stringify(value) : value);
}
