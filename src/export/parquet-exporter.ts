// Summaries in Parquet. A Parquet file can be read only once its end is written,
// so summaries are appended to a file of NDJSON, which loses nothing in a crash;
// when it is rotated, it is made into Parquet and goes. What an earlier run left is made up for.
import { existsSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { outputError } from '../ops/errors.js';
import type { ExportDependencies, ExportLogger } from './dependencies.js';
import type { Exporter, SummaryKind, SummaryLine } from './exporter.js';
import { FileExporter, type FileExporterOptions } from './file-exporter.js';
import { KindFiles, pathOfKind } from './kind-files.js';
import type { ParquetWork } from './parquet-worker.js';
import { listRotated, pruneRotated } from './rotation.js';

export interface ParquetExporterOptions extends Pick<FileExporterOptions, 'name' | 'path' | 'rotate'> {
  kinds: readonly SummaryKind[];
}

export class ParquetExporter implements Exporter {
  readonly name: string;
  readonly #options: ParquetExporterOptions;
  readonly #logger: ExportLogger;
  readonly #journals: ReadonlyMap<SummaryKind, FileExporter>;
  readonly #files: KindFiles;
  /** The end of the chain: one file is made at a time. */
  #making: Promise<void> = Promise.resolve();

  constructor(options: ParquetExporterOptions, deps: ExportDependencies) {
    const { name, path, kinds } = options;
    this.name = name;
    this.#options = options;
    this.#logger = deps.logger;
    // A journal goes when it has become Parquet, not before.
    const rotate = { ...options.rotate, maxFiles: Number.MAX_SAFE_INTEGER };
    this.#journals = new Map(
      kinds.map((kind) => {
        const onRotated = () => this.#make(kind);
        const madePath = pathOfKind(path, kind, '.parquet');
        const journal = { name, path: pathOfKind(path, kind, '.ndjson'), madePath, rotate, onRotated };
        return [kind, new FileExporter(journal, deps)];
      }),
    );
    this.#files = new KindFiles(name, this.#journals);
  }

  async deliver(batch: readonly SummaryLine[]): Promise<void> {
    await this.#files.deliver(batch);
  }

  /** What there is becomes Parquet. */
  async reopen(): Promise<void> {
    for (const journal of this.#journals.values()) await journal.rotate();
  }

  /** As `reopen`. What is not made in time is made by the next run. */
  async close(): Promise<void> {
    await this.reopen();
    await this.#files.close();
    await this.#making;
  }

  #make(kind: SummaryKind): void {
    this.#making = this.#making.then(() => this.#makeAll(kind));
  }

  async #makeAll(kind: SummaryKind): Promise<void> {
    const { path, rotate } = this.#options;
    const journal = pathOfKind(path, kind, '.ndjson');
    const target = pathOfKind(path, kind, '.parquet');
    try {
      for (const { file } of await listRotated(journal)) {
        const source = join(dirname(journal), file);
        await makeOnce({ source, target: source.replace(/\.ndjson$/, '.parquet'), kind });
      }
      await pruneRotated(target, rotate.maxFiles);
    } catch (error) {
      const { message } = outputError(target, error);
      this.#logger.warn(
        { exporter: this.name },
        `export ${this.name}: NDJSON is not made into Parquet and stays, until the next rotation: ${message}`,
      );
    }
  }
}

/** The compiled file, also for tests that run the source. */
const WORKER = new URL('../../dist/export/parquet-worker.js', import.meta.url);

/** What is being made, by its source: after a reload an old exporter may be at it still. */
const inWork = new Map<string, Promise<void>>();

function makeOnce(work: ParquetWork): Promise<void> {
  const { source } = work;
  const running = inWork.get(source);
  if (running !== undefined) return running;
  const made = makeIfThere(work).finally(() => inWork.delete(source));
  inWork.set(source, made);
  return made;
}

async function makeIfThere(work: ParquetWork): Promise<void> {
  if (!existsSync(work.source)) return;
  await makeAside(work);
  await unlink(work.source);
}

/** In a thread of its own, which does not keep the process from ending. */
function makeAside(work: ParquetWork): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: work });
    worker.unref();
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`thread ended with ${code}`))));
  });
}
