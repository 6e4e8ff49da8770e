// A file for each kind of summary: their columns differ.
import { extname } from 'node:path';
import { tableNames } from './columns.js';
import type { Exporter, SummaryKind, SummaryLine } from './exporter.js';
import type { FileExporter } from './file-exporter.js';

/** `/log/summaries.csv` becomes `/log/summaries-windows.csv`. */
export function pathOfKind(path: string, kind: SummaryKind, extension = extname(path)): string {
  return `${path.slice(0, path.length - extname(path).length)}-${tableNames[kind]}${extension}`;
}

export class KindFiles implements Exporter {
  readonly name: string;
  readonly #files: ReadonlyMap<SummaryKind, FileExporter>;

  constructor(name: string, files: ReadonlyMap<SummaryKind, FileExporter>) {
    this.name = name;
    this.#files = files;
  }

  /** When a later file fails, the lines of the earlier ones come again with the retry. */
  async deliver(batch: readonly SummaryLine[]): Promise<void> {
    for (const [kind, file] of this.#files) {
      const lines = batch.filter((line) => line.kind === kind);
      if (lines.length > 0) await file.deliver(lines);
    }
  }

  async reopen(): Promise<void> {
    for (const file of this.#files.values()) await file.reopen();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }
}
