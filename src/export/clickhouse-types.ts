// The columns of summaries in the language of ClickHouse: types, and how Kafka's
// JSON becomes the same values.
import { factsOf } from './column-facts.js';
import { type Column, columnsFor } from './columns.js';
import type { SummaryKind } from './exporter.js';

/** Debian's clickhouse-server is 18.16, which knows neither DateTime64 nor Bool, codecs, TTL nor dictionaries. */
export type Dialect = 'current' | '18.16';

const TYPES: Readonly<Record<Dialect, Readonly<Record<Column['type'], string>>>> = {
  current: {
    text: 'String',
    integer: 'Int64',
    real: 'Float64',
    time: "DateTime64(9, 'UTC')",
    boolean: 'Bool',
    json: 'String',
  },
  '18.16': {
    text: 'String',
    integer: 'Int64',
    real: 'Float64',
    time: "DateTime('UTC')",
    boolean: 'UInt8',
    json: 'String',
  },
};

function typeOf(column: Column, dialect: Dialect): string {
  const plain = TYPES[dialect][column.type];
  const type = factsOf(column).nullable ? `Nullable(${plain})` : plain;
  return column.fewValues && dialect === 'current' ? `LowCardinality(${type})` : type;
}

/** Times grow evenly; long texts are worth more work. */
const CODECS: Readonly<Partial<Record<Column['type'], string>>> = {
  time: 'CODEC(Delta, ZSTD)',
  json: 'CODEC(ZSTD(3))',
  real: 'CODEC(ZSTD)',
  integer: 'CODEC(T64, ZSTD)',
};

/** The lines of a CREATE TABLE. */
export function columnLines(kind: SummaryKind, dialect: Dialect): string {
  return columnsFor(kind)
    .map((column) => {
      const head = `${column.name} ${typeOf(column, dialect)}`;
      if (dialect === '18.16') return `    ${head}`;
      return `    ${[head, `COMMENT ${quoted(factsOf(column).describe)}`, CODECS[column.type] ?? ''].join(' ').trim()}`;
    })
    .join(',\n');
}

/** The lines of a SELECT that makes the columns from the JSON text in `summary`. */
export function extractLines(kind: SummaryKind): string {
  return columnsFor(kind)
    .map((column) => `    ${extractOf(column)} AS ${column.name}`)
    .join(',\n');
}

function extractOf(column: Column): string {
  const { nullable } = factsOf(column);
  const value = valueIn(column, nullable);
  if (column.only === null) return value;
  return `if(JSONExtractString(summary, ${keyList(column.only.path)}) = ${quoted(column.only.is)}, ${value}, NULL)`;
}

function valueIn({ type, path }: Column, nullable: boolean): string {
  const at = `summary, ${keyList(path)}`;
  if (type === 'json') {
    const raw = `JSONExtractRaw(${at})`;
    // A field of an object that is null is missing: it reads as ''.
    return nullable ? `if(${raw} IN ('', 'null'), NULL, ${raw})` : raw;
  }
  if (type === 'time') {
    const parse = nullable ? 'parseDateTime64BestEffortOrNull' : 'parseDateTime64BestEffort';
    return `${parse}(JSONExtractString(${at}), 9, 'UTC')`;
  }
  const plain = TYPES.current[type];
  return `JSONExtract(${at}, '${nullable ? `Nullable(${plain})` : plain}')`;
}

const keyList = (path: string) => path.split('.').map(quoted).join(', ');

/** As a string of SQL. */
export const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
