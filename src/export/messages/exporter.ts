// Summaries as single messages to a broker that acknowledges each: several on
// their way at a time, begun in order, and none that was acknowledged sent again.
import { setMaxListeners } from 'node:events';
import { DeliveryError, type Exporter, type SummaryLine } from '../exporter.js';
import { readTls, type TlsFiles, type TlsOptions } from '../http-tls.js';
import { summaryOf } from '../summary-of.js';
import { within } from '../within.js';

/** A connection to the broker. */
export interface Link {
  /** Most messages on their way at a time. */
  readonly inFlight: number;
  /** Resolves when the broker has acknowledged; rejects also when the connection is lost. */
  publish(message: Message): Promise<void>;
  /** Ends the connection, at once. */
  close(): void;
}

export interface Message {
  kind: SummaryLine['kind'];
  id: string;
  /** Name of the probe. */
  probe: string;
  /** The summary as JSON in UTF-8, without a newline. */
  payload: Buffer;
}

/** How one kind of broker is spoken to. */
export interface Broker {
  /** Rejects when there is no connection to be had. */
  connect(tls: TlsOptions, signal: AbortSignal): Promise<Link>;
  /** What an error of `connect` or `publish` means; the remedy `drop` is about this message alone. */
  judge(error: unknown): DeliveryError;
}

export interface MessagesOptions {
  name: string;
  tls?: TlsFiles | undefined;
  /** For connecting, and for the acknowledgement of one message. */
  timeoutMs: number;
}

export class MessagesExporter implements Exporter {
  readonly name: string;
  readonly #options: MessagesOptions;
  readonly #broker: Broker;
  /** Ids of the batch under way that the broker has. */
  readonly #acknowledged = new Set<string>();
  readonly #closing = new AbortController();
  #tls: TlsOptions | null = null;
  #link: Link | null = null;

  constructor(options: MessagesOptions, broker: Broker) {
    this.name = options.name;
    this.#options = options;
    this.#broker = broker;
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    try {
      const link = await this.#connected(stop);
      await this.#publishAll(link, batch, stop);
    } catch (error) {
      throw this.#faultOf(error, batch);
    }
    for (const { id } of batch) this.#acknowledged.delete(id);
  }

  /** Reads the certificates again; the next delivery connects with them. */
  async reopen(): Promise<void> {
    this.#tls = await readTls(this.#options.tls ?? {});
    this.#disconnect();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#disconnect();
  }

  async #connected(signal: AbortSignal): Promise<Link> {
    this.#tls ??= await readTls(this.#options.tls ?? {});
    if (this.#link !== null) return this.#link;
    const tls = this.#tls;
    const giveUp = new AbortController();
    const { timeoutMs } = this.#options;
    this.#link = await within({ timeoutMs, signal, giveUp: () => giveUp.abort() }, () =>
      this.#broker.connect(tls, giveUp.signal),
    );
    return this.#link;
  }

  /** Throws the first fault, when those on their way have come to an end. */
  async #publishAll(link: Link, batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const waiting = batch.filter(({ id }) => !this.#acknowledged.has(id));
    // All of a batch come from one probe.
    const probe = waiting[0] === undefined ? '' : summaryOf(waiting[0]).probe;
    const { timeoutMs } = this.#options;
    // Each message on its way listens to it.
    setMaxListeners(link.inFlight + 10, signal);
    const lines = waiting.values();
    let fault: { error: unknown } | null = null;
    const send = async () => {
      for (const line of lines) {
        try {
          const message = messageOf(line, probe);
          await within({ timeoutMs, signal, giveUp: () => {} }, () => link.publish(message));
          this.#acknowledged.add(message.id);
        } catch (error) {
          fault ??= { error };
        }
        if (fault !== null) return;
      }
    };
    await Promise.all(Array.from({ length: link.inFlight }, send));
    if (fault !== null) throw (fault as { error: unknown }).error;
  }

  #faultOf(error: unknown, batch: readonly SummaryLine[]): DeliveryError {
    const fault = this.#broker.judge(error);
    if (fault.remedy === 'drop') {
      // One message is refused, not all: the halves of the batch find out which.
      const { code, message } = fault;
      return batch.length > 1 ? new DeliveryError(code, message, { remedy: 'split' }) : fault;
    }
    this.#disconnect();
    return fault;
  }

  #disconnect(): void {
    this.#link?.close();
    this.#link = null;
  }
}

function messageOf(line: SummaryLine, probe: string): Message {
  const bytes = Buffer.allocUnsafe(line.length);
  line.copyTo(bytes, 0);
  return { kind: line.kind, id: line.id, probe, payload: bytes.subarray(0, line.length - 1) };
}

/** A message that the broker would refuse for its size. */
export function tooLarge(peer: string, { id, payload }: Message, limit: number): DeliveryError {
  const message = `${peer} takes ${limit} bytes a message, and summary ${id} has ${payload.length}`;
  return new DeliveryError('ERR_EXPORT_REJECTED', message, { remedy: 'drop' });
}
