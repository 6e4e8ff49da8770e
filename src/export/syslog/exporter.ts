// Summaries to a syslog receiver over UDP (RFC 5426), TCP (RFC 6587) or TLS (RFC 5425).
import type { Clock } from '../../ops/clock.js';
import { TimeSlice } from '../../ops/time-slice.js';
import { Connection } from '../connection.js';
import { Datagrams } from '../datagrams.js';
import { DeliveryError, type Exporter, type SummaryLine } from '../exporter.js';
import { RecentWrites } from '../hep/resend.js';
import { judgeFailure } from '../http-answer.js';
import type { TlsFiles } from '../http-tls.js';
import { type MessageOptions, syslogMessage } from './message.js';

export interface SyslogExporterOptions {
  name: string;
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
  tls: TlsFiles;
  message: MessageOptions;
  /** Largest message, without its framing. */
  maxMessageBytes: number;
  /** See RecentWrites. */
  resendMs: number;
  timeoutMs: number;
}

export class SyslogExporter implements Exporter {
  readonly name: string;
  readonly #options: SyslogExporterOptions;
  readonly #clock: Clock;
  readonly #peer: string;
  readonly #recent: RecentWrites;
  readonly #connection: Connection;
  readonly #datagrams: Datagrams;

  constructor(options: SyslogExporterOptions, { clock }: { clock: Clock }) {
    const { name, host, port, transport, tls, timeoutMs } = options;
    this.name = name;
    this.#options = options;
    this.#clock = clock;
    this.#peer = peerOf(options);
    this.#recent = new RecentWrites(options.resendMs);
    const where = { host, port, timeoutMs, peer: this.#peer };
    const onLost = () => this.#recent.lost(this.#nowMs());
    this.#connection = new Connection({ ...where, tls: transport === 'tls' ? tls : null, onLost });
    this.#datagrams = new Datagrams(where, clock);
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const messages = await this.#encode(batch);
    const { transport, timeoutMs } = this.#options;
    try {
      if (transport === 'udp') {
        await this.#datagrams.open(signal);
        await this.#datagrams.send(messages, signal);
      } else await this.#write(Buffer.concat(messages.flatMap(counted)), signal);
    } catch (error) {
      throw judgeFailure(error, { url: this.#peer, secrets: [], timeoutMs });
    }
  }

  async reopen(): Promise<void> {
    this.#datagrams.reset();
    await this.#connection.reopen();
  }

  async close(): Promise<void> {
    this.#datagrams.close();
    this.#connection.close();
  }

  async #write(bytes: Buffer, signal: AbortSignal): Promise<void> {
    await this.#connection.open(signal);
    const again = this.#recent.toRepeat();
    for (const written of again) await this.#connection.write(written, signal);
    if (again.length > 0) this.#recent.repeated(this.#nowMs());
    await this.#connection.write(bytes, signal);
    // Kept only now: a batch that did not get through as a whole is the lane's to repeat.
    this.#recent.add(bytes, this.#nowMs());
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

  #nowMs(): number {
    return Number(this.#clock.monotonicNs() / 1_000_000n);
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
