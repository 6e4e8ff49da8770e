// docs/configuration.md, written from the schema: one table a section.
import { alternatives, configJsonSchema, type JsonSchema } from './json-schema.js';
import { reloadable } from './schema.js';

/** The whole document. */
export function configurationDocument(): string {
  const sections = Object.entries(configJsonSchema().properties ?? {});
  return `<!-- Generated from src/config/schema.ts by \`npm run generate\`. Do not edit. -->
# Configuration

One YAML 1.2 file. \`capture\` and \`export\` are required; every other key has the
default named here. \`rtpsonde check-config FILE\` checks a file and lists all that
is wrong with it; [rtpsonde.example.yaml](../config/rtpsonde.example.yaml) shows
every key, and [rtpsonde.schema.json](../config/rtpsonde.schema.json) serves
editors: put this line on top of the file.

\`\`\`yaml
# yaml-language-server: $schema=./rtpsonde.schema.json
\`\`\`

Relative paths start at the folder of the configuration file. A secret is
written as \`{env: NAME}\` or \`{file: PATH}\`; it is looked up at the start and at
each SIGHUP, and never logged.

SIGHUP reads the file again. A file with faults changes nothing. Sections marked
"live" are applied at once; the others keep their old values until a restart,
and the log names them.

| section | SIGHUP | what it is about |
| --- | --- | --- |
${sections.map(([name, schema]) => `| [\`${name}\`](#${name}) | ${reloadable[name as keyof typeof reloadable] ? 'live' : 'restart'} | ${cell(schema.description ?? '')} |`).join('\n')}

${sections.map(([name, schema]) => section(name, schema)).join('\n')}`;
}

function section(name: string, schema: JsonSchema): string {
  const head = `## ${name}\n\n${schema.description ?? ''}\n`;
  if (schema.items === undefined) return `${head}\n${table(rowsOf(schema, ''))}`;
  const variants = alternatives(schema.items).map((variant) => {
    const type = variant.properties?.type;
    return `### type: ${type?.const}\n\n${type?.description ?? ''}\n\n${table(rowsOf(variant, '').filter(([key]) => key !== 'type'))}`;
  });
  return `${head}\n${variants.join('\n')}`;
}

type Row = [key: string, value: string, fallback: string, meaning: string];

function rowsOf(schema: JsonSchema, prefix: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]): Row[] => {
    const key = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    const row: Row = [key, valueWords(property), fallback(property, required), property.description ?? ''];
    const inner = property.additionalProperties;
    if (property.properties !== undefined) return [row, ...rowsOf(property, `${key}.`)];
    if (typeof inner === 'object' && inner.properties !== undefined)
      return [row, ...rowsOf(inner, `${key}.NAME.`)];
    if (property.items?.properties !== undefined) return [row, ...rowsOf(property.items, `${key}[].`)];
    return [row];
  });
}

/** Type and range in words. */
function valueWords(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(valueWords).join(' or ');
  switch (schema.type) {
    case 'integer':
    case 'number':
      return range(schema);
    case 'boolean':
      return '`true`, `false`';
    case 'array':
      return `list of ${valueWords(schema.items ?? {})}`;
    case 'object':
      return schema.properties !== undefined ? mapping(schema) : 'mapping';
    default:
      return 'text';
  }
}

function range({ type, minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const from = exclusiveMinimum === undefined ? `${minimum}` : `more than ${exclusiveMinimum}`;
  return `${type === 'integer' ? 'whole number, ' : ''}${from} to ${maximum}`;
}

/** The alternatives of a secret read better as they are written; larger mappings have rows of their own. */
function mapping({ properties = {}, required = [] }: JsonSchema): string {
  const [only] = Object.keys(properties);
  return Object.keys(properties).length === 1 && required.length === 1 ? `\`{${only}: ...}\`` : 'mapping';
}

function fallback(schema: JsonSchema, required: boolean): string {
  if (required) return '**required**';
  const value = schema.default;
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0))
    return '';
  const word = (item: unknown) =>
    `\`${
      typeof item === 'object'
        ? JSON.stringify(item)
            .replaceAll('"', '')
            .replaceAll(/([:,])/g, '$1 ')
        : item
    }\``;
  return Array.isArray(value) ? value.map(word).join(', ') : `\`${value}\``;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(([key, ...cells]) => `| \`${key}\` | ${cells.map(cell).join(' | ')} |`);
  return `| key | value | default | meaning |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

const cell = (text: string) => text.replaceAll('|', '\\|');
