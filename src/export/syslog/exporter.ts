// Summaries to a syslog receiver over UDP (RFC 5426), TCP (RFC 6587) or TLS (RFC 5425).
import type { Clock } from '../../ops/clock.js';
import { TimeSlice } from '../../ops/time-slice.js';
import { DeliveryError, type Exporter, type SummaryLine } from '../exporter.js';
import { UnconfirmedSender, type UnconfirmedSenderOptions } from '../unconfirmed-sender.js';
import { type MessageOptions, syslogMessage } from './message.js';

export interface SyslogExporterOptions extends UnconfirmedSenderOptions {
  name: string;
  message: MessageOptions;
  /** Largest message, without its framing. */
  maxMessageBytes: number;
}

export class SyslogExporter implements Exporter {
  readonly name: string;
  readonly #options: SyslogExporterOptions;
  readonly #sender: UnconfirmedSender;

  constructor(options: SyslogExporterOptions, { clock }: { clock: Clock }) {
    this.name = options.name;
    this.#options = options;
    this.#sender = new UnconfirmedSender(options, peerOf(options), clock);
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const messages = await this.#encode(batch);
    const writes = () => [Buffer.concat(messages.flatMap(counted))];
    await this.#sender.send({ datagrams: () => messages, writes }, signal);
  }

  async reopen(): Promise<void> {
    await this.#sender.reopen();
  }

  async close(): Promise<void> {
    this.#sender.close();
  }

  /** Before anything is sent: the lane finds what is too large by halves, and drops and counts it alone. */
  async #encode(batch: readonly SummaryLine[]): Promise<Buffer[]> {
    const { message: options, maxMessageBytes } = this.#options;
    const slice = new TimeSlice();
    const messages: Buffer[] = [];
    for (const line of batch) {
      const message = syslogMessage(line, options);
      if (message.length > maxMessageBytes) {
        const says = `a message of ${message.length} bytes is above maxMessageBytes (${maxMessageBytes}); raise it here and at the receiver`;
        throw new DeliveryError('ERR_EXPORT_REJECTED', says, { remedy: 'split' });
      }
      messages.push(message);
      if (slice.isOver()) await slice.next();
    }
    return messages;
  }
}

/** Where it sends to, for messages. */
export const peerOf = ({
  host,
  port,
  transport,
}: Pick<SyslogExporterOptions, 'host' | 'port' | 'transport'>) =>
  `syslog+${transport}://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Octet counting (RFC 6587 3.4.1, RFC 5425 4.3): its length, a space, the message. */
function counted(message: Buffer): [Buffer, Buffer] {
  return [Buffer.from(`${message.length} `), message];
}
