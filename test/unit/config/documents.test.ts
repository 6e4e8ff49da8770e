// What is generated from the schema: JSON Schema and documentation.
import { describe, expect, test } from 'vitest';
import { configurationDocument } from '../../../src/config/configuration-document.js';
import {
  configJsonSchema,
  entryAlternatives,
  type JsonSchema,
  knownKeys,
  publishedJsonSchema,
  sectionsWith,
} from '../../../src/config/json-schema.js';
import { configSchema } from '../../../src/config/schema.js';
import { logFormats, logLevels } from '../../../src/ops/logger.js';

/** All properties with their paths. */
function properties(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, property]): [string, JsonSchema][] => [
    [`${path}${key}`, property],
    ...properties(property, `${path}${key}.`),
  ]);
  const map = schema.additionalProperties;
  const inner = [...entryAlternatives(schema), ...(typeof map === 'object' ? [map] : [])];
  return [...own, ...inner.flatMap((item) => properties(item, `${path}*.`))];
}

describe('the JSON Schema', () => {
  const all = properties(configJsonSchema());

  test('describes every key', () => {
    const silent = all.filter(([, property]) => (property.description ?? '') === '').map(([path]) => path);
    expect(all.length).toBeGreaterThan(60);
    expect(silent).toEqual([]);
  });

  test('gives every number a range', () => {
    const open = all.filter(
      ([, { type, minimum, exclusiveMinimum, maximum }]) =>
        (type === 'number' || type === 'integer') &&
        ((minimum ?? exclusiveMinimum) === undefined || maximum === undefined),
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });

  test('allows no unknown key anywhere', () => {
    const open = [['', configJsonSchema()] as [string, JsonSchema], ...all].filter(
      ([, { properties: known, additionalProperties }]) =>
        known !== undefined && additionalProperties !== false,
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });

  test('says that capture wants an interface or files, and that is all it requires but export', () => {
    const schema = configJsonSchema();
    expect({ required: schema.required, oneOf: schema.properties?.capture?.oneOf }).toEqual({
      required: ['capture', 'export'],
      oneOf: [{ required: ['interface'] }, { required: ['interfaces'] }, { required: ['files'] }],
    });
  });

  test('as published allows optional mappings to be empty, and required ones not', () => {
    const { properties: sections } = publishedJsonSchema();
    expect({
      quality: sections?.quality?.type,
      codecs: sections?.quality?.properties?.codecs?.type,
      capture: sections?.capture?.type,
      level: sections?.log?.properties?.level?.type,
    }).toEqual({
      quality: ['object', 'null'],
      codecs: ['object', 'null'],
      capture: 'object',
      level: 'string',
    });
  });

  test('holds nothing of the machine that wrote it', () => {
    expect(JSON.stringify(configJsonSchema())).not.toContain(process.cwd());
    expect(configJsonSchema().properties?.probe?.properties?.name).not.toHaveProperty('default');
  });
});

test('the documentation has a row for every key', () => {
  const document = configurationDocument();
  const keys = Object.entries(configSchema.shape).flatMap(([section]) =>
    properties(configJsonSchema().properties?.[section] ?? {}).map(([path]) => path.replace(/^\*\./, '')),
  );
  const rows = new Set([...document.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!));
  const missing = keys
    .map((key) => key.replace('codecs.*.', 'codecs.NAME.').replace('profiles.*.', 'profiles[].'))
    .filter((key) => key !== 'type' && !rows.has(key));
  expect(missing).toEqual([]);
});

test('the log settings of the schema are those of the logger', () => {
  const log = configJsonSchema().properties?.log?.properties;
  expect({ levels: log?.level?.enum, formats: log?.format?.enum }).toEqual({
    levels: [...logLevels],
    formats: [...logFormats],
  });
});

test.each([
  [[], {}, ['probe', 'capture', 'measure', 'quality', 'export', 'spool', 'log', 'metrics']],
  [['log'], {}, ['level', 'format']],
  [['quality', 'codecs', 'X'], {}, ['ie', 'bpl', 'scale', 'clockRate', 'frameMs', 'lookAheadMs']],
  [['export', 0], { export: [{ type: 'stdout' }] }, ['type', 'name', 'include']],
  [['export', 0, 'rotate'], { export: [{ type: 'file' }] }, ['maxMiB', 'maxFiles', 'everySeconds']],
  [['export', 0, 'rotate'], { export: [{ type: 'stdout' }] }, []],
  [['nowhere', 'else'], {}, []],
])('at %o of %o the keys are %o', (path, input, keys) => {
  expect(knownKeys(path, input)).toEqual(keys);
});

test('a key knows the sections where it belongs', () => {
  expect([
    sectionsWith('windowSeconds'),
    sectionsWith('fair'),
    sectionsWith('capture'),
    sectionsWith('nothing'),
  ]).toEqual([['measure'], ['quality.ratings'], [], []]);
});
