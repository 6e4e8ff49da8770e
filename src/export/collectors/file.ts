// Summaries as NDJSON in a file.
import type { Collector, ConfigOf } from '../collector.js';
import { FileExporter } from '../file-exporter.js';

const MIB = 1024 * 1024;

export const file: Collector<ConfigOf<'file'>> = {
  type: 'file',
  title: 'File, NDJSON',
  promise: 'At least once: a summary is delivered when the kernel has it.',
  recognise: '`id` of each summary.',
  mapping: 'One summary a line, as in summary.md.',
  example: `
- type: file
  path: /var/log/rtpsonde/summaries.ndjson
  rotate: {maxMiB: 100, maxFiles: 10}
`,
  words: ({ path, rotate }) => `file ${path}, ${rotate.maxFiles} files of ${rotate.maxMiB} MiB`,
  create({ name, path, rotate }, deps) {
    const { maxMiB, maxFiles, everySeconds } = rotate;
    return new FileExporter({ name, path, rotate: { maxBytes: maxMiB * MIB, maxFiles, everySeconds } }, deps);
  },
};
