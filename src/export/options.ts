// The options of exporters, as the configuration has them. Structurally equal
// to its types, so that the app can hand them over; this room imports no config.
import type { SummaryKind } from './exporter.js';
import type { Secret } from './http-secrets.js';
import type { TlsFiles } from './http-tls.js';

interface CommonOptions {
  /** In log lines and metrics; the type unless given. */
  name?: string | undefined;
  /** Kinds of summaries to deliver; all unless given. */
  include?: readonly SummaryKind[] | undefined;
}

export interface FileOptions extends CommonOptions {
  type: 'file';
  path: string;
  rotate: {
    /** MiB of one file. */
    maxMiB: number;
    /** Files that are kept, the one being written included. */
    maxFiles: number;
    /** Also a new file for each such stretch of time, seconds. */
    everySeconds?: number | undefined;
  };
}

export interface StdoutOptions extends CommonOptions {
  type: 'stdout';
}

export interface HttpOptions extends CommonOptions {
  type: 'http';
  url: string;
  /** Bearer token. */
  token?: Secret | undefined;
  tls?: TlsFiles | undefined;
  gzip: boolean;
  batchMaxRecords: number;
  /** KiB of one batch before compression. */
  batchMaxKiB: number;
  /** Longest wait of a record for its batch to fill, seconds. */
  batchMaxSeconds: number;
  /** For one exchange, seconds. */
  timeoutSeconds: number;
  retry: { initialMs: number; maxMs: number };
  queueMaxRecords: number;
}

export type ExporterOptions = FileOptions | StdoutOptions | HttpOptions;

/** The name that an exporter goes by. */
export function nameOf(options: ExporterOptions): string {
  return options.name ?? options.type;
}
