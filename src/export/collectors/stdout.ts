// Summaries as NDJSON on standard output.
import type { Collector, ConfigOf } from '../collector.js';
import { StdoutExporter } from '../stdout-exporter.js';

export const stdout: Collector<ConfigOf<'stdout'>> = {
  type: 'stdout',
  title: 'Standard output, NDJSON',
  promise:
    'Once: a summary is delivered when the reader of the pipe has it. When the reader goes away, the probe ends.',
  recognise: '`id` of each summary.',
  mapping: 'One summary a line, as in summary.md.',
  example: `
- type: stdout
  include: [stream]
`,
  words: () => 'standard output',
  create: ({ name }, deps) =>
    new StdoutExporter({ name, stream: deps.stdout, onClosed: deps.onStdoutClosed }),
};
