// Files of columns, read back by Python: its own csv module, and Apache Arrow.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Column, columnsFor, tableNames } from '../../src/export/columns.js';
import type { SummaryKind } from '../../src/export/exporter.js';
import { nanoseconds } from '../../src/export/nanoseconds.js';
import type { Summary } from '../../src/summary/schema.js';
import { exporterOf, realSummaries } from './support/exporting.js';
import { pythonWith, runPython } from './support/python.js';
import { missing } from './support/server.js';

const never = new AbortController().signal;
const kinds: SummaryKind[] = ['window', 'stream', 'capture'];
const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pyarrow = pythonWith('pyarrow');

async function write(format: string): Promise<Summary[]> {
  const { lines, summaries } = realSummaries();
  const exporter = exporterOf(`type: file\nformat: ${format}\npath: ${join(folder, `summaries.${format}`)}`);
  await exporter.deliver(lines.slice(0, 4), never);
  await exporter.deliver(lines.slice(4), never);
  await exporter.close();
  return summaries;
}

/** The only file of a kind. */
function fileOf(kind: SummaryKind, format: string): string {
  const [file, ...others] = readdirSync(folder).filter(
    (name) => name.startsWith(`summaries-${tableNames[kind]}`) && name.endsWith(`.${format}`),
  );
  expect(others).toEqual([]);
  return join(folder, file ?? '');
}

const rowsOf = (
  summaries: Summary[],
  kind: SummaryKind,
  cell: (column: Column, summary: Summary) => unknown,
) =>
  summaries
    .filter((summary) => summary.kind === kind)
    .map((summary) =>
      Object.fromEntries(columnsFor(kind).map((column) => [column.name, cell(column, summary)])),
    );

describe.skipIf(missing('python3') !== null)('CSV', () => {
  const script = `
import csv, json, sys
with open(sys.argv[1], newline='', encoding='utf-8') as f:
    print(json.dumps(list(csv.DictReader(f, strict=True))))`;

  it("has every field as Python's csv module reads it", async () => {
    const summaries = await write('csv');
    for (const kind of kinds)
      expect(runPython('python3', script, fileOf(kind, 'csv'))).toEqual(
        rowsOf(summaries, kind, ({ type, get }, summary) => {
          const value = get(summary);
          return value === null ? '' : type === 'json' ? JSON.stringify(value) : String(value);
        }),
      );
  });
});

describe.skipIf(pyarrow === null)('Parquet', () => {
  const script = `
import json, sys, pyarrow as pa, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
types = {f.name: str(f.type) for f in table.schema}
plain = pa.table({n: (table[n].cast(pa.int64()) if pa.types.is_timestamp(table[n].type) else table[n]) for n in table.column_names})
print(json.dumps({'types': types, 'groups': pq.ParquetFile(sys.argv[1]).metadata.num_row_groups,
  'rows': [{k: (str(v) if types[k].startswith('timestamp') and v is not None else v) for k, v in r.items()} for r in plain.to_pylist()]}))`;

  it('has every field as Apache Arrow reads it', async () => {
    const summaries = await write('parquet');
    for (const kind of kinds) {
      const { types, rows, groups } = runPython(pyarrow ?? '', script, fileOf(kind, 'parquet')) as {
        types: Record<string, string>;
        rows: Record<string, unknown>[];
        groups: number;
      };
      expect(groups).toBe(1);
      expect(types).toEqual(
        Object.fromEntries(
          columnsFor(kind).map(({ name, type }) => [name, expect.stringMatching(arrowTypes[type])]),
        ),
      );
      const read = rows.map((row) =>
        Object.fromEntries(
          columnsFor(kind).map(({ name, type }) => {
            const value = row[name];
            return [name, type === 'json' && typeof value === 'string' ? JSON.parse(value) : value];
          }),
        ),
      );
      expect(read).toEqual(
        rowsOf(summaries, kind, ({ type, get }, summary) => {
          const value = get(summary);
          return type === 'time' && value !== null ? `${nanoseconds(String(value))}` : value;
        }),
      );
    }
  });
});

const arrowTypes = {
  text: /^string$/,
  integer: /^int64$/,
  real: /^double$/,
  time: /^timestamp\[ns, tz=UTC\]$/,
  boolean: /^bool$/,
  // Newer versions of Arrow know JSON as a type of its own.
  json: /^(string|extension<arrow\.json>)$/,
};
