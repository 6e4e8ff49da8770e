// Summaries as lines of a file, rotated by size and by time.
import type { Clock } from '../ops/clock.js';
import { outputError, type RtpsondeError } from '../ops/errors.js';
import type { ExportLogger } from './dependencies.js';
import { encodeBatch } from './encode.js';
import { DeliveryError, type Exporter, type SummaryLine } from './exporter.js';
import { LineFile } from './line-file.js';
import { pruneRotated, rotateAway } from './rotation.js';

/** What the lines are. */
export interface LineForm {
  /** Whole lines, each with its newline. */
  encode(batch: readonly SummaryLine[]): Promise<Buffer>;
  /** First line of every file, with its newline; null for none. A file that begins otherwise is rotated away. */
  header: Buffer | null;
}

/** One summary a line, as JSON. */
const NDJSON: LineForm = { encode: async (batch) => (await encodeBatch(batch)).body, header: null };

export interface FileExporterOptions {
  name: string;
  path: string;
  /** NDJSON unless given. */
  form?: LineForm;
  /** Path of what is made of rotated files: a name is not given twice. */
  madePath?: string;
  /** Called after a file was rotated away, and once when the first is opened. */
  onRotated?: () => void;
  rotate: {
    /** A file is not made larger than this, unless one batch alone is. Bytes. */
    maxBytes: number;
    /** Files that are kept, the one being written included; 1 or more. */
    maxFiles: number;
    /** A new file for each such stretch of wall clock, counted from the Unix epoch (3600: on the hour). */
    everySeconds?: number | undefined;
  };
}

export class FileExporter implements Exporter {
  readonly name: string;
  readonly #options: FileExporterOptions;
  readonly #clock: Clock;
  readonly #logger: ExportLogger;
  readonly #form: LineForm;
  #hasOpened = false;
  #file: LineFile | null = null;
  #isClosed = false;
  /** Number of the stretch of `everySeconds` that the file belongs to; null while it is empty. */
  #period: number | null = null;
  /** The end of the chain of calls: file operations never overlap. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: FileExporterOptions, { clock, logger }: { clock: Clock; logger: ExportLogger }) {
    this.name = options.name;
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
    this.#form = options.form ?? NDJSON;
  }

  async deliver(batch: readonly SummaryLine[]): Promise<void> {
    const body = await this.#form.encode(batch);
    await this.#alone(() => this.#append(body));
  }

  /** Closes the file and opens the path again: logrotate has moved the file away. */
  async reopen(): Promise<void> {
    await this.#alone(async () => {
      await this.#close();
      await this.#open();
    });
  }

  /** Begins a new file with the next batch. */
  async rotate(): Promise<void> {
    await this.#alone(async () => {
      if (this.#isClosed) return;
      const file = this.#file ?? (await this.#open());
      if (file.isRegular && file.bytes > 0) await this.#rotate();
    });
  }

  async close(): Promise<void> {
    await this.#alone(() => {
      this.#isClosed = true;
      return this.#close();
    });
  }

  async #append(data: Buffer): Promise<void> {
    // By now another exporter may write to the file.
    if (this.#isClosed) throw new Error('closed');
    let file = this.#file ?? (await this.#open());
    if (this.#isRotationDue(file, data.length)) file = await this.#rotate();
    const { header } = this.#form;
    const isFirst = header !== null && file.isRegular && file.bytes === 0;
    try {
      await file.append(isFirst ? Buffer.concat([header, data]) : data);
    } catch (error) {
      // Opened again for the next attempt, which also cuts off half a line if taking it back failed.
      await this.#close().catch(() => {});
      throw error;
    }
    this.#period ??= this.#periodAt(this.#clock.now());
  }

  #isRotationDue(file: LineFile, moreBytes: number): boolean {
    if (!file.isRegular || file.bytes === 0) return false;
    if (file.bytes + moreBytes > this.#options.rotate.maxBytes) return true;
    return this.#period !== null && this.#period !== this.#periodAt(this.#clock.now());
  }

  /** Null without rotation by time. */
  #periodAt(nowMs: number): number | null {
    const { everySeconds } = this.#options.rotate;
    return everySeconds === undefined ? null : Math.floor(nowMs / (everySeconds * 1000));
  }

  async #rotate(): Promise<LineFile> {
    const { path, madePath, rotate } = this.#options;
    await this.#close();
    await rotateAway(path, this.#clock.now(), madePath);
    this.#options.onRotated?.();
    try {
      await pruneRotated(path, rotate.maxFiles - 1);
    } catch (error) {
      // Writing goes on; the next rotation tries again.
      this.#logger.warn(
        { exporter: this.name },
        `export ${this.name}: old files are not deleted: ${outputError(path, error).message}`,
      );
    }
    return this.#open();
  }

  async #open(): Promise<LineFile> {
    const { path, onRotated } = this.#options;
    let file = await LineFile.open(path, this.#form.header);
    if (!file.hasHeader && file.isRegular) {
      // Of an older version, with other columns.
      await file.close();
      await rotateAway(path, this.#clock.now());
      file = await LineFile.open(path, this.#form.header);
    }
    this.#file = file;
    this.#period = file.lastWriteMs === null ? null : this.#periodAt(file.lastWriteMs);
    if (!this.#hasOpened) onRotated?.();
    this.#hasOpened = true;
    return file;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    try {
      await file?.sync();
    } finally {
      await file?.close();
    }
  }

  /** Runs after all earlier calls; turns what node:fs throws into one clear line. */
  #alone<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action).catch((error) => {
      throw this.#failure(outputError(this.#options.path, error));
    });
    this.#last = result.catch(() => {});
    return result;
  }

  #failure(error: RtpsondeError): DeliveryError {
    return new DeliveryError(error.code, error.message, { remedy: 'retry', cause: error.cause });
  }
}
