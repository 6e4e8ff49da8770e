// The summary schema in words: docs/summary.md, generated from the one definition.
import { z } from 'zod';
import { captureSummarySchema, streamSummarySchema, windowSummarySchema } from './schema.js';
import { SCHEMA_VERSION } from './version.js';

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  const?: unknown;
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' \\| ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' \\| ');
  if (schema.type === 'array') return `${typeOf(schema.items ?? {})}[]`;
  return [schema.type ?? 'any'].flat().join(' \\| ');
}

/** The fields inside: of an object, of one that may be null, or of each in a list. */
function inside(schema: Schema): { properties: Record<string, Schema>; suffix: string } | null {
  if (schema.properties !== undefined) return { properties: schema.properties, suffix: '' };
  const listed = schema.items === undefined ? null : inside(schema.items);
  if (listed !== null) return { ...listed, suffix: `[]${listed.suffix}` };
  for (const choice of schema.anyOf ?? []) {
    const found = inside(choice);
    if (found !== null) return found;
  }
  return null;
}

function rows(properties: Record<string, Schema>, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const nested = inside(schema);
    const description = (schema.description ?? '').replaceAll('|', '\\|');
    return [
      `| \`${prefix}${name}\` | ${typeOf(schema)} | ${description} |`,
      ...(nested === null ? [] : rows(nested.properties, `${prefix}${name}${nested.suffix}.`)),
    ];
  });
}

function table(schema: Schema, without: ReadonlySet<string> = new Set()): string {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !without.has(name)),
  );
  return ['| field | type | meaning |', '| --- | --- | --- |', ...rows(properties), ''].join('\n');
}

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema) as Schema;

/** Text of docs/summary.md. */
export function summaryDocument(): string {
  const stream = jsonSchema(streamSummarySchema);
  const window = jsonSchema(windowSummarySchema);
  const ofStream = new Set(Object.keys(stream.properties ?? {}).filter((name) => name !== 'kind'));
  return `<!-- Generated from src/summary/schema.ts by \`npm run generate\`. Do not edit. -->
# Summaries

What leaves the probe, schema version ${SCHEMA_VERSION}: one JSON object per line. The same as JSON Schema: [summary.schema.json](summary.schema.json).
\`id\` is stable: a summary that is delivered twice has the same one. A reader should ignore fields that it does not know.
Unknown values are null, never 0. How each number is computed: [accuracy.md](accuracy.md).

## \`kind: "stream"\`: a whole stream, at its end

${table(stream)}
## \`kind: "window"\`: one stream in one window

As a stream, but for the window alone, and:

${table(window, ofStream)}
Payload types and DSCP values are those seen since the start of the stream. Loss runs and bursts are told in the window in
which they are decided: when 128 later sequence numbers have been passed. Counts add up over the windows, and so does
\`pdvHistogram\`; of RTCP, "last" values and all of \`endpoint\` are the last of the stream, and its counts add up.

## \`kind: "capture"\`: the probe's own truth for one window

What became of every packet; the counters are explained in [counters.md](counters.md). It always holds that
\`packets\` + pending of the window before = used + reasons + pending, exactly.

${table(jsonSchema(captureSummarySchema))}`;
}
