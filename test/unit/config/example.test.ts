// The example configuration: valid as it stands, valid with its entryAlternatives,
// and complete.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import {
  childOf,
  configJsonSchema,
  entryAlternatives,
  type JsonSchema,
} from '../../../src/config/json-schema.js';
import { type LoadedConfig, parseConfig } from '../../../src/config/load.js';

const file = fileURLToPath(new URL('../../../config/rtpsonde.example.yaml', import.meta.url));
const example = readFileSync(file, 'utf8');
const environment = { RTPSONDE_COLLECTOR_TOKEN: 'abc' };

/** With the alternatives in force: behind `#`, YAML stands at once or indented by two and more, prose after one space. */
const everything = example.replaceAll(/^( *)#(?=\S| {2})/gm, '$1');

/** Paths of all keys of the schema; `[]` for an entry of a list, `*` for one of a map. */
function schemaPaths(schema: JsonSchema, path = ''): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const below = path === '' ? key : `${path}.${key}`;
    return [below, ...schemaPaths(property, below)];
  });
  const map =
    typeof schema.additionalProperties === 'object'
      ? schemaPaths(schema.additionalProperties, `${path}.*`)
      : [];
  const list = entryAlternatives(schema).flatMap((item) =>
    schemaPaths(item, `${path}[${item.properties?.type?.const ?? ''}]`),
  );
  return [...own, ...map, ...list];
}

/** The same for a value; entries of a list go by their `type`, entries of a map by `*`. */
function valuePaths(value: unknown, schema: JsonSchema | undefined, path = ''): string[] {
  if (Array.isArray(value)) {
    const options = entryAlternatives(schema ?? {});
    return value.flatMap((item) => {
      const type = childOf(item, 'type');
      const option = options.find(({ properties }) => properties?.type?.const === type);
      return valuePaths(item, option, `${path}[${type ?? ''}]`);
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const property = schema?.properties?.[key];
    const map = schema?.additionalProperties;
    if (property === undefined && typeof map === 'object') return valuePaths(child, map, `${path}.*`);
    const below = path === '' ? key : `${path}.${key}`;
    return [below, ...valuePaths(child, property, below)];
  });
}

/** With this source alone. */
const only = (source: string) => (text: string) => {
  const others = ['interface', 'interfaces', 'files'].filter((key) => key !== source);
  if (source !== 'files') others.push('follow', 'followPattern');
  return text.replaceAll(new RegExp(`^ *(${others.join('|')}): .*\\n`, 'gm'), '');
};

describe('config/rtpsonde.example.yaml', () => {
  test('is valid as it stands, and nothing in it needs a warning', () => {
    const { config, warnings } = parseConfig(example, file, { environment: {} });
    expect({ source: config.capture.interface, warnings }).toEqual({ source: 'eth1', warnings: [] });
  });

  test('shows the defaults: what it sets is what would be without it, but for interface and exporter', () => {
    const sparse =
      'capture: {interface: eth1}\nexport: [{type: file, name: local, path: /var/log/rtpsonde/summaries.ndjson}]\n';
    expect(parseConfig(example, file, { environment: {} })).toEqual(
      parseConfig(sparse, file, { environment: {} }),
    );
  });

  test.each<[string, (text: string) => string]>([
    ['an interface', only('interface')],
    ['several interfaces', only('interfaces')],
    ['files', only('files')],
  ])('is valid with every alternative and %s', (_what, choose) => {
    const loaded: LoadedConfig = parseConfig(choose(everything), file, { environment });
    expect({ types: loaded.config.export.map(({ type }) => type), warnings: loaded.warnings }).toEqual({
      types: ['file', 'stdout', 'http', 'mqtt', 'nats', 'otlp', 'prometheus'],
      warnings: [],
    });
  });

  test('has every key of the schema, and the schema every key of it', () => {
    const schema = configJsonSchema();
    const inExample = new Set(valuePaths(parseYaml(everything), schema));
    const inSchema = new Set(schemaPaths(schema));
    expect({
      missing: [...inSchema].filter((path) => !inExample.has(path)),
      unknown: [...inExample].filter((path) => !inSchema.has(path) && !/\.(token|password)\.env$/.test(path)),
    }).toEqual({ missing: [], unknown: [] });
  });
});
