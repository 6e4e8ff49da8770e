// A file of NDJSON made into one of Parquet, with the columns that all collectors share.
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { SchemaElement } from 'hyparquet-writer';
import type { Summary } from '../summary/schema.js';
import { type Column, type ColumnType, columnsFor } from './columns.js';
import type { SummaryKind } from './exporter.js';
import { nanoseconds } from './nanoseconds.js';

/** In one row group: some 60 MB as values. */
const ROWS_A_GROUP = 5000;

const FILE_MODE = 0o640;

const elements: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  real: { type: 'DOUBLE' },
  time: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } },
  boolean: { type: 'BOOLEAN' },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
};

/**
 * Writes `target` whole or not at all. Takes the event loop for long: see parquet-worker.ts.
 * @param source summaries of one kind, a line each
 */
export async function makeParquet(source: string, target: string, kind: SummaryKind): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const part = `${target}.part`;
  const columns = columnsFor(kind);
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'rtpsonde' });
  const file = await open(part, 'w', FILE_MODE);
  const flush = async () => {
    await writeAll(file, bytes.getBytes());
    bytes.index = 0;
  };
  try {
    for await (const values of groupsOf(source, columns)) {
      const columnData = columns.map(({ name }, i) => ({ name, data: values[i] ?? [] }));
      await writer.write({ columnData, rowGroupSize: ROWS_A_GROUP });
      await flush();
    }
    writer.finish();
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, target);
}

const schemaOf = (columns: readonly Column[]): SchemaElement[] => [
  { name: 'root', num_children: columns.length },
  ...columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...elements[type] })),
];

/** Values by column, for as many summaries as make a row group. */
async function* groupsOf(source: string, columns: readonly Column[]): AsyncGenerator<unknown[][]> {
  let values: unknown[][] = columns.map(() => []);
  let rows = 0;
  for await (const line of createInterface({ input: createReadStream(source) })) {
    const summary = JSON.parse(line) as Summary;
    for (const [i, column] of columns.entries()) values[i]?.push(cellOf(column, summary));
    if (++rows === ROWS_A_GROUP) {
      yield values;
      values = columns.map(() => []);
      rows = 0;
    }
  }
  if (rows > 0) yield values;
}

function cellOf(column: Column, summary: Summary): unknown {
  const value = column.get(summary);
  if (value === null) return null;
  if (column.type === 'time') return nanoseconds(String(value));
  return column.type === 'integer' ? BigInt(value as number) : value;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}
