// What an exporter is, what it is handed, and how it says that a delivery
// failed. Every kind of collector is one class behind this interface.
import { type ErrorCode, RtpsondeError } from '../ops/errors.js';

export type SummaryKind = 'window' | 'stream' | 'capture';

/** One sealed summary on its way out. */
export interface SummaryLine {
  readonly kind: SummaryKind;
  /** Stable: the same summary delivered again has the same id. */
  readonly id: string;
  /** Bytes of the whole summary as JSON in UTF-8, one line with its newline. */
  readonly length: number;
  /** Copies them to `target` from `at` on. */
  copyTo(target: Buffer, at: number): void;
  /** To be called by whoever keeps the line beyond the call that brought it: its memory is used again. */
  retain(): void;
  /** To be called once by whoever has retained it, and does not read it any more. */
  release(): void;
  /** The same as text, without the newline. */
  readonly json: string;
}

/** Brings batches to one collector. A lane calls it, one batch at a time. */
export interface Exporter {
  /** As in the configuration; in log lines and metrics. */
  readonly name: string;
  /**
   * Resolves once the collector has the whole batch. Throws otherwise: a
   * `DeliveryError` says what the lane does next, any other error is retried.
   * A retry hands over the same array.
   */
  deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void>;
  /** Lets go of files and sockets. Waits for a delivery that is under way. */
  close(): Promise<void>;
  /** Opens afresh what is outside: output files (logrotate), certificates. Throws what is wrong with them. */
  reopen?(): Promise<void>;
}

/** What the lane does with a batch that was not delivered. */
export type Remedy =
  /** Try again after the usual back-off. */
  | 'retry'
  /** Try again, but seldom: somebody has to change something first. */
  | 'retry-slowly'
  /** Halve the batch and try each half; a single line is dropped. */
  | 'split'
  /** Drop the batch and count it. */
  | 'drop';

/** A delivery that failed. The message is one line for the log and holds no secret. */
export class DeliveryError extends RtpsondeError {
  readonly remedy: Remedy;
  /** What the collector asked for with Retry-After, in ms from now; null when it did not. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { remedy: Remedy; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(code, message, 'cause' in options ? { cause: options.cause } : undefined);
    this.remedy = options.remedy;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** False when the same batch will never be taken. */
  get retryable(): boolean {
    return this.remedy === 'retry' || this.remedy === 'retry-slowly';
  }
}
