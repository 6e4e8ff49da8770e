// What is in the tables of ClickHouse, held against the summaries that were sent.
import { expect } from 'vitest';
import { columnsFor, tableNames } from '../../../src/export/columns.js';
import type { SummaryKind, SummaryLine } from '../../../src/export/exporter.js';
import type { Summary } from '../../../src/summary/schema.js';
import type { ClickHouse } from './clickhouse.js';
import { realSummaries } from './exporting.js';

export const kinds = Object.keys(tableNames) as SummaryKind[];

/** Of calls with and without RTCP, of known and unknown codecs. */
export function recorded(): { lines: SummaryLine[]; summaries: Summary[] } {
  const all = ['linphone-two-legs.pcap', 'gst-pcma.pcap', 'baresip-opus.pcap'].map((name) =>
    realSummaries(name),
  );
  return { lines: all.flatMap(({ lines }) => lines), summaries: all.flatMap(({ summaries }) => summaries) };
}

/** A row as ClickHouse gives it, with the values of the summary; times to the precision of the column. */
function asSummary(
  kind: SummaryKind,
  row: Record<string, unknown>,
  timeDigits: number,
): Record<string, unknown> {
  const entries = columnsFor(kind).map(({ name, type }): [string, unknown] => {
    const value = row[name] ?? null;
    if (value === null) return [name, null];
    if (type === 'json') return [name, JSON.parse(String(value))];
    if (type === 'boolean') return [name, Boolean(value)];
    if (type === 'time') return [name, String(value).replace(' ', 'T').slice(0, timeDigits)];
    return [name, type === 'real' ? digits15(value) : value];
  });
  return Object.fromEntries(entries);
}

/** The server of Debian reads the last bit of a number not always right. */
const digits15 = (value: unknown) => Number(Number(value).toPrecision(15));

function expected(summary: Summary, timeDigits: number): Record<string, unknown> {
  const entries = columnsFor(summary.kind).map(({ name, type, get }): [string, unknown] => {
    const value = get(summary);
    return [
      name,
      type === 'time' && value !== null ? String(value).replace('Z', '').slice(0, timeDigits) : value,
    ];
  });
  return Object.fromEntries(entries);
}

/** Length of a time as text, by its precision. */
export const SECONDS = '2026-01-31T00:00:00'.length;
export const NANOSECONDS = SECONDS + 10;

/** Every column of every row, each summary once. */
export async function expectEveryField(
  clickhouse: ClickHouse,
  summaries: readonly Summary[],
  timeDigits: number,
) {
  for (const kind of kinds) {
    const sent = summaries.filter((summary) => summary.kind === kind);
    expect(sent.length).toBeGreaterThan(0);
    const rows = await clickhouse.query(`SELECT * FROM rtpsonde.${tableNames[kind]} FINAL ORDER BY id`);
    const wanted = sent.map((summary) => expected(summary, timeDigits));
    wanted.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
    expect(rows.map((row) => asSummary(kind, row, timeDigits))).toEqual(wanted);
  }
}
