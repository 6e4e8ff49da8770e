// Summaries in files: NDJSON, CSV or Parquet.
import type { Collector, ConfigOf } from '../collector.js';
import { csvForm } from '../csv.js';
import { FileExporter } from '../file-exporter.js';
import { KindFiles, pathOfKind } from '../kind-files.js';
import { ParquetExporter } from '../parquet-exporter.js';

const MIB = 1024 * 1024;

export const file: Collector<ConfigOf<'file'>> = {
  type: 'file',
  title: 'File: NDJSON, CSV, Parquet',
  promise: 'At least once: a summary is delivered when the kernel has it.',
  recognise: '`id` of each summary.',
  mapping:
    '`ndjson`: one summary a line, as in summary.md. `csv` and `parquet`: the columns of [schema.sql](../deploy/postgres/schema.sql), a file for each kind (`summaries-windows.csv`).',
  example: `
- type: file
  path: /var/log/rtpsonde/summaries.ndjson
  rotate: {maxMiB: 100, maxFiles: 10}
`,
  notes: `
CSV is RFC 4180 with a header line in every file and a line feed behind each record; unknown is an empty field, an empty text is
\`""\`, lists and objects are JSON, line breaks in texts become spaces. When the columns change with an update, a new file is begun.

Parquet can be read only when its end is written. \`format: parquet\` with \`path: /var/log/rtpsonde/summaries.parquet\` therefore
appends to \`summaries-windows.ndjson\`, where a summary is safe once the kernel has it; when that file is rotated, it becomes
\`summaries-windows-20261121T101500Z.parquet\` (row groups of 5000, Snappy, times in ns) and the NDJSON is deleted only after that
has reached the disk. A crash in between costs nothing: the next start makes it anew. SIGHUP and the end of the probe rotate as well. Set
\`rotate: {everySeconds: 3600}\` to have files hourly.
`,
  words: ({ path, format, rotate }) =>
    `file ${path}, ${format === 'ndjson' ? '' : `${format}, `}${rotate.maxFiles} files of ${rotate.maxMiB} MiB`,
  create({ name, path, format, include, rotate: { maxMiB, maxFiles, everySeconds } }, deps) {
    const rotate = { maxBytes: maxMiB * MIB, maxFiles, everySeconds };
    if (format === 'parquet') return new ParquetExporter({ name, path, rotate, kinds: include }, deps);
    if (format === 'ndjson') return new FileExporter({ name, path, rotate }, deps);
    const files = include.map((kind) => {
      const options = { name, path: pathOfKind(path, kind), rotate, form: csvForm(kind) };
      return [kind, new FileExporter(options, deps)] as const;
    });
    return new KindFiles(name, new Map(files));
  },
};
