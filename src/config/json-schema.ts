// The JSON Schema of the configuration, for editors, and a small reader of it:
// suggestions, documentation and tests all look at this one plain object.
import { z } from 'zod';
import { configSchema } from './schema.js';

/** The part of JSON Schema (draft 2020-12) that zod writes for our schema. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  [key: string]: unknown;
}

let cached: JsonSchema | undefined;

/** What the YAML file may hold, as JSON Schema. */
export function configJsonSchema(): JsonSchema {
  cached ??= {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of rtpsonde',
    ...withExclusions(z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema),
  };
  return cached;
}

// What JSON Schema can say of the rules between keys; zod does not export refinements.
function withExclusions(schema: JsonSchema): JsonSchema {
  const capture = schema.properties!.capture!;
  return {
    ...schema,
    properties: {
      ...schema.properties,
      capture: {
        ...capture,
        oneOf: [{ required: ['interface'] }, { required: ['interfaces'] }, { required: ['files'] }],
      },
    },
  };
}

/** As published: an optional mapping whose keys are all commented out, which YAML reads as null, is allowed. */
export function publishedJsonSchema(): JsonSchema {
  return withEmptyMappings(configJsonSchema());
}

function withEmptyMappings(schema: JsonSchema): JsonSchema {
  if (schema.properties === undefined) return schema;
  const properties = Object.entries(schema.properties).map(([key, property]) => {
    const optional = property.type === 'object' && schema.required?.includes(key) !== true;
    const inner = withEmptyMappings(property);
    return [key, optional ? { ...inner, type: ['object', 'null'] } : inner];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** The alternatives of a union, or the schema itself. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  if (schema.properties !== undefined) return [schema];
  return schema.oneOf ?? schema.anyOf ?? [schema];
}

/** What an entry of a list may be; nothing when it is no list. */
export function entryAlternatives({ items }: JsonSchema): JsonSchema[] {
  return items === undefined ? [] : alternatives(items);
}

/** The schema of the value under `key` of `value`, or undefined when there is none. */
function step(schema: JsonSchema, key: PropertyKey, value: unknown): JsonSchema | undefined {
  for (const option of fitting(schema, value)) {
    const found = option.properties?.[String(key)] ?? option.items ?? mapValue(option);
    if (found !== undefined) return found;
  }
  return undefined;
}

function mapValue({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

// Of the alternatives those whose constants (the `type` of an exporter) agree with the value.
function fitting(schema: JsonSchema, value: unknown): JsonSchema[] {
  const options = alternatives(schema);
  if (options.length === 1 || typeof value !== 'object' || value === null) return options;
  const fields = value as Record<string, unknown>;
  return options.filter((option) =>
    Object.entries(option.properties ?? {}).every(
      ([key, property]) => property.const === undefined || property.const === fields[key],
    ),
  );
}

/** Names of the keys that may stand at `path` of `input`. */
export function knownKeys(path: readonly PropertyKey[], input: unknown): string[] {
  let schema: JsonSchema | undefined = configJsonSchema();
  let value = input;
  for (const key of path) {
    if (schema === undefined) return [];
    schema = step(schema, key, value);
    value = childOf(value, key);
  }
  if (schema === undefined) return [];
  return [...new Set(fitting(schema, value).flatMap((option) => Object.keys(option.properties ?? {})))];
}

/** The value under a key, or undefined. */
export function childOf(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<PropertyKey, unknown>)[key];
}

/** Sections (`measure`, `quality.ratings`, ...) that have a key of this name; lists and unions are left out. */
export function sectionsWith(key: string, schema = configJsonSchema(), section = ''): string[] {
  const found: string[] = [];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (section !== '' && name === key) found.push(section);
    found.push(...sectionsWith(key, property, section === '' ? name : `${section}.${name}`));
  }
  return found;
}
