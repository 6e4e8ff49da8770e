// Summaries as rows of a table: which column holds which field. The one
// definition behind every collector with columns (databases, CSV, Parquet):
// their rows and their schema both come from here. Whatever has no column of its
// own is inside a `json` one; a test sees to it that no field is left out.
import type { Summary } from '../summary/schema.js';
import { captureColumns } from './columns-capture.js';
import { delayColumns, identityColumns, lossColumns } from './columns-measured.js';
import { directionColumns, mosColumns, rtcpColumns } from './columns-quality.js';
import type { SummaryKind } from './exporter.js';

/**
 * What a column holds. `integer`: up to 2^53 either way. `real`: double. `time`: RFC 3339, UTC, nanoseconds.
 * `json`: an object or a list, as `get` gives it, for the collector to write as text.
 */
export type ColumnType = 'text' | 'integer' | 'real' | 'time' | 'boolean' | 'json';

/** A value of a column; null when unknown, which is never 0 or ''. */
export type ColumnValue = string | number | boolean | object | null;

/** Holds for summaries alone in which the field at `path` is `is`. */
export interface OnlyWhere {
  path: string;
  is: string;
}

export interface Column {
  /** In snake case with its unit; the same in every collector. */
  name: string;
  type: ColumnType;
  /** Text of few different values, which a database may keep as a dictionary. */
  fewValues: boolean;
  /** Kinds of summary that have it; each kind is a table of its own. */
  kinds: readonly SummaryKind[];
  /** Where the field is in the summary, with dots. `column-facts.ts` tells meaning and null by it. */
  path: string;
  /** Null where the field speaks of something else. */
  only: OnlyWhere | null;
  get(summary: Summary): ColumnValue;
}

/** A column as it is written in the tables: name, type (`name`: text of few values), path, condition. */
export type ColumnRow = readonly [name: string, type: ColumnType | 'name', path: string, only?: OnlyWhere];

const headColumns: readonly ColumnRow[] = [
  ['id', 'text', 'id'],
  ['schema_version', 'integer', 'schema'],
  ['probe', 'name', 'probe'],
];
const windowColumns: readonly ColumnRow[] = [
  ['window_start', 'time', 'windowStart'],
  ['window_end', 'time', 'windowEnd'],
];

/** All columns, in the order of the tables. */
export const columns: readonly Column[] = [
  ...columnsOf(['window', 'stream', 'capture'], headColumns),
  ...columnsOf(['window', 'capture'], windowColumns),
  ...columnsOf(
    ['stream'],
    [
      ['end_reason', 'name', 'endReason'],
      ['skew_drift', 'json', 'skewDrift'],
    ],
  ),
  ...columnsOf(
    ['window', 'stream'],
    [...identityColumns, ...lossColumns, ...delayColumns, ...rtcpColumns, ...directionColumns, ...mosColumns],
  ),
  ...columnsOf(['window'], [['recovered', 'integer', 'recovered']]),
  ...columnsOf(['capture'], captureColumns),
];

/** Name of the table of each kind. */
export const tableNames: Readonly<Record<SummaryKind, string>> = {
  window: 'windows',
  stream: 'streams',
  capture: 'captures',
};

/** The column that a table is kept in order by, and old rows are removed by. */
export const timeColumns: Readonly<Record<SummaryKind, string>> = {
  window: 'window_start',
  stream: 'end_time',
  capture: 'window_start',
};

const byKind: Readonly<Record<SummaryKind, readonly Column[]>> = {
  window: columns.filter(({ kinds }) => kinds.includes('window')),
  stream: columns.filter(({ kinds }) => kinds.includes('stream')),
  capture: columns.filter(({ kinds }) => kinds.includes('capture')),
};

/** The columns of a table, in its order. */
export function columnsFor(kind: SummaryKind): readonly Column[] {
  return byKind[kind];
}

function columnsOf(kinds: readonly SummaryKind[], rows: readonly ColumnRow[]): Column[] {
  return rows.map(([name, type, path, only]) => {
    const value = getter(path);
    const condition = only === undefined ? null : getter(only.path);
    return {
      name,
      type: type === 'name' ? 'text' : type,
      fewValues: type === 'name',
      kinds,
      path,
      only: only ?? null,
      get:
        condition === null ? value : (summary) => (condition(summary) === only?.is ? value(summary) : null),
    };
  });
}

/** Null when the field, or an object around it, is null. */
function getter(path: string): (summary: Summary) => ColumnValue {
  const [first = '', ...others] = path.split('.');
  return (summary) => {
    let value: unknown = (summary as unknown as Record<string, unknown>)[first];
    for (const part of others) {
      if (value === null || value === undefined) return null;
      value = (value as Record<string, unknown>)[part];
    }
    return (value ?? null) as ColumnValue;
  };
}
