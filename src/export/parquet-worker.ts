// The thread in which a Parquet file is made: a row group takes the library a good part of a second.
import { workerData } from 'node:worker_threads';
import type { SummaryKind } from './exporter.js';
import { makeParquet } from './parquet-file.js';

/** What the thread is started with. */
export interface ParquetWork {
  source: string;
  target: string;
  kind: SummaryKind;
}

const { source, target, kind } = workerData as ParquetWork;
await makeParquet(source, target, kind);
