// docs/collectors.md, from the kinds of collector and the schema of their options.
import { configJsonSchema, entryAlternatives, type JsonSchema } from '../config/json-schema.js';
import { collectors } from './collectors.js';

/** Options that every collector in the network has; told once. */
const SHARED = new Set([
  'type',
  'name',
  'include',
  'batchMaxRecords',
  'batchMaxKiB',
  'batchMaxSeconds',
  'timeoutSeconds',
  'retry',
  'queueMaxRecords',
  'spool',
]);

const HEAD = `# Collectors

<!-- Generated from src/export/collectors/ by \`npm run generate\`. -->

Each entry of \`export\` is an exporter with a lane of its own: one that is slow or down holds up no other. Every
option, with its range and default, is in [configuration.md](configuration.md); what a summary holds in
[summary.md](summary.md).
`;

/** The whole document. */
export function collectorsDocument(): string {
  const all = Object.values(collectors);
  const rows = all.map(
    ({ type, title, promise, recognise }) =>
      `| [${title}](#${anchor(title)}) | \`${type}\` | ${ownOptions(type)} | ${promise} | ${recognise} |`,
  );
  const table = [
    '| collector | `type` | options of its own | delivery | a second delivery is known by |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  const sections = all.map(({ title, mapping, example, notes }) =>
    [
      `## ${title}`,
      `\`\`\`yaml\nexport:\n${indented(example)}\n\`\`\``,
      mapping,
      ...(notes === undefined ? [] : [notes.trim()]),
    ].join('\n\n'),
  );
  return `${HEAD}\n${table}\n\n${sections.join('\n\n')}\n`;
}

function indented(example: string): string {
  return example.trim().replaceAll(/^(?=.)/gm, '  ');
}

/** As GitHub makes them of headings. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function ownOptions(type: string): string {
  const schema = entryAlternatives(configJsonSchema().properties?.export ?? {}).find(
    ({ properties }: JsonSchema) => properties?.type?.const === type,
  );
  const own = Object.keys(schema?.properties ?? {}).filter((key) => !SHARED.has(key));
  return own.length === 0 ? '' : own.map((key) => `\`${key}\``).join(', ');
}
