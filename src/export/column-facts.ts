// What the definition of the summaries says of a column: its meaning, and
// whether it may be unknown. For what is generated; no summary needs it on its way.
import { z } from 'zod';
import { captureSummarySchema, streamSummarySchema, windowSummarySchema } from '../summary/schema.js';
import type { Column } from './columns.js';
import type { SummaryKind } from './exporter.js';

export interface ColumnFacts {
  /** Meaning, unit and range, as in docs/summary.md. */
  describe: string;
  /** May be unknown: null then. */
  nullable: boolean;
}

interface Schema {
  description?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
}

let schemas: Readonly<Record<SummaryKind, Schema>> | null = null;

function schemaOf(kind: SummaryKind): Schema {
  schemas ??= {
    window: z.toJSONSchema(windowSummarySchema) as Schema,
    stream: z.toJSONSchema(streamSummarySchema) as Schema,
    capture: z.toJSONSchema(captureSummarySchema) as Schema,
  };
  return schemas[kind];
}

/** Of a column in one of its kinds. Throws when the summaries have no such field. */
export function factsOf(column: Column): ColumnFacts {
  const [kind] = column.kinds;
  if (kind === undefined) throw new Error(`column ${column.name}: no kind`);
  let schema: Schema = schemaOf(kind);
  let nullable = column.only !== null;
  for (const part of column.path.split('.')) {
    const around = withoutNull(schema);
    const inside = around.properties?.[part];
    if (inside === undefined) throw new Error(`column ${column.name}: no field ${column.path}`);
    nullable ||= !(around.required ?? []).includes(part) || mayBeNull(inside);
    schema = inside;
  }
  const where = column.only === null ? '' : ` Only where ${column.only.path} is ${column.only.is}.`;
  return { describe: `${schema.description ?? ''}${where}`, nullable };
}

function mayBeNull({ type, anyOf }: Schema): boolean {
  return [type].flat().includes('null') || (anyOf ?? []).some(mayBeNull);
}

/** The schema of an object that may be null. */
function withoutNull(schema: Schema): Schema {
  return schema.anyOf?.find((choice) => !mayBeNull(choice)) ?? schema;
}
