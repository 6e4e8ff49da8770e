// Summaries as NDJSON on standard output, as fast as the reader takes them.
// On Linux a pipe is written without blocking; a file or terminal blocks.
import type { Writable } from 'node:stream';
import { outputError, RtpsondeError } from '../ops/errors.js';
import { encodeBatch } from './encode.js';
import { DeliveryError, type Exporter, type SummaryLine } from './exporter.js';

export interface StdoutExporterOptions {
  name: string;
  /** process.stdout, but for tests. */
  stream: Writable;
  /**
   * Called once when nothing can be written any more: ERR_OUTPUT_PIPE when the
   * reader went away (the app ends quietly), else what is wrong (ERR_OUTPUT_FULL).
   */
  onClosed: (error: RtpsondeError) => void;
}

export class StdoutExporter implements Exporter {
  readonly name: string;
  readonly #stream: Writable;
  readonly #onClosed: (error: RtpsondeError) => void;
  #closedBy: RtpsondeError | null = null;

  constructor({ name, stream, onClosed }: StdoutExporterOptions) {
    this.name = name;
    this.#stream = stream;
    this.#onClosed = onClosed;
    quieten(stream);
    stream.on('error', this.#closed);
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const { body } = await encodeBatch(batch);
    signal.throwIfAborted();
    if (this.#closedBy !== null) throw dropped(this.#closedBy);
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => reject(new RtpsondeError('ERR_OUTPUT', 'standard output: stopped'));
      signal.addEventListener('abort', onAbort, { once: true });
      // Called when the reader's pipe has it all: that is the back-pressure.
      this.#stream.write(body, (error) => {
        signal.removeEventListener('abort', onAbort);
        if (error) reject(dropped(this.#closed(error)));
        else resolve();
      });
    });
  }

  /** Standard output stays open: others may have last words. */
  async close(): Promise<void> {
    this.#stream.off('error', this.#closed);
  }

  readonly #closed = (error: Error): RtpsondeError => {
    if (this.#closedBy === null) {
      this.#closedBy = outputError('standard output', error);
      this.#onClosed(this.#closedBy);
    }
    return this.#closedBy;
  };
}

const quiet = new WeakSet<Writable>();

/** An error that nobody listens to, such as one after `close`, would end the process with a stack. */
function quieten(stream: Writable): void {
  if (!quiet.has(stream)) stream.on('error', () => {});
  quiet.add(stream);
}

/** A stream that had an error is dead in Node: nothing to retry. */
function dropped(error: RtpsondeError): DeliveryError {
  return new DeliveryError(error.code, error.message, { remedy: 'drop', cause: error.cause });
}
