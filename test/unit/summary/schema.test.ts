// The published schema: every field says what it means, and every number in which unit.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  captureSummarySchema,
  streamSummarySchema,
  windowSummarySchema,
} from '../../../src/summary/schema.js';

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

/** Paths of the fields below, each with the schema and what is said above it. */
function* fieldsOf(schema: Schema, path: string): Generator<[string, Schema]> {
  for (const part of [
    schema,
    ...(schema.anyOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
  ]) {
    for (const [name, field] of Object.entries(part.properties ?? {})) {
      yield [`${path}.${name}`, field];
      yield* fieldsOf(field, `${path}.${name}`);
    }
  }
}

const all = Object.entries({ streamSummarySchema, windowSummarySchema, captureSummarySchema }).flatMap(
  ([name, schema]) => [...fieldsOf(z.toJSONSchema(schema) as Schema, name)],
);

describe('the schema of summaries', () => {
  it('has many fields', () => {
    expect(all.length).toBeGreaterThan(600);
  });

  it('says of every field what it means', () => {
    expect(all.filter(([, { description }]) => !description?.trim()).map(([path]) => path)).toEqual([]);
  });

  it('is closed: nothing comes that it does not name', () => {
    const open = all.filter(([, field]) =>
      [field, ...(field.anyOf ?? [])].some(
        (part) =>
          part.properties !== undefined &&
          (part as { additionalProperties?: unknown }).additionalProperties !== false,
      ),
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });
});
