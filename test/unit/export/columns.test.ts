import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { factsOf } from '../../../src/export/column-facts.js';
import { columns, columnsFor, timeColumns } from '../../../src/export/columns.js';
import type { SummaryKind } from '../../../src/export/exporter.js';
import {
  captureSummarySchema,
  type Summary,
  streamSummarySchema,
  windowSummarySchema,
} from '../../../src/summary/schema.js';

interface Schema {
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
}

const schemas: Record<SummaryKind, Schema> = {
  window: z.toJSONSchema(windowSummarySchema) as Schema,
  stream: z.toJSONSchema(streamSummarySchema) as Schema,
  capture: z.toJSONSchema(captureSummarySchema) as Schema,
};
const kinds = Object.keys(schemas) as SummaryKind[];

/** Every field that holds no further named fields, by its path. */
function leaves(schema: Schema, path = ''): [string, Schema][] {
  const whole = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  if (whole.properties === undefined) return [[path, { ...schema, ...whole }]];
  return Object.entries(whole.properties).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  );
}

describe('columns', () => {
  it.each(kinds)('have every field of a %s summary, by itself or inside a json column', (kind) => {
    const own = columnsFor(kind);
    const absent = leaves(schemas[kind])
      .map(([path]) => path)
      .filter((path) => path !== 'kind')
      .filter(
        (path) =>
          !own.some(
            (column) =>
              path === column.path || (column.type === 'json' && path.startsWith(`${column.path}.`)),
          ),
      );
    expect(absent).toEqual([]);
  });

  it.each(kinds)('of a %s summary have the type of their field', (kind) => {
    const fields = new Map(leaves(schemas[kind]));
    const wrong = columnsFor(kind).filter(({ path, type, only }) => {
      const field = fields.get(path);
      // An object with named fields is no leaf.
      if (field === undefined) return type !== 'json';
      const [jsonType = ''] = [field.type].flat().filter((name) => name !== 'null');
      const isTime = field.description?.includes('RFC 3339') ?? false;
      const expected: Record<string, string[]> = {
        string: [isTime ? 'time' : 'text'],
        integer: ['integer'],
        // Some whole numbers are not told as such.
        number: ['real', 'integer'],
        boolean: ['boolean'],
        array: ['json'],
        object: ['json'],
      };
      return only === null && !(expected[jsonType] ?? []).includes(type);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('have names of their own, fit for any database without quotes', () => {
    for (const kind of kinds) {
      const names = columnsFor(kind).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toContain(timeColumns[kind]);
      for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    }
  });

  it('are described, and know what may be unknown', () => {
    for (const column of columns) expect(factsOf(column).describe, column.name).not.toBe('');
    const nullable = (name: string) =>
      factsOf(columns.find((column) => column.name === name) as (typeof columns)[number]).nullable;
    expect(nullable('packets')).toBe(false);
    expect(nullable('jitter_mean_ms')).toBe(true);
    expect(nullable('rtcp_reports')).toBe(true);
    expect(nullable('mos_scale')).toBe(true);
    expect(nullable('mos_cq_nb')).toBe(true);
    expect(nullable('endpoint')).toBe(true);
  });

  it('keep MOS of different scales apart, and unknown apart from 0', () => {
    const summary = {
      mos: { cq: 4.1, lq: 4.2, r: 88, scale: 'WB' },
      rtcp: null,
      lost: 0,
    } as unknown as Summary;
    const get = (name: string) => columns.find((column) => column.name === name)?.get(summary);
    expect(get('mos_cq_wb')).toBe(4.1);
    expect(get('mos_cq_nb')).toBe(null);
    expect(get('r_fb')).toBe(null);
    expect(get('lost')).toBe(0);
    expect(get('rtcp_reports')).toBe(null);
  });
});
