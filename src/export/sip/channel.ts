// The way of SIP messages to one server and back, over UDP, TCP or TLS.
import type { Clock } from '../../ops/clock.js';
import { Connection, type LocalEnd } from '../connection.js';
import { Datagrams } from '../datagrams.js';
import type { TlsFiles } from '../http-tls.js';
import { SipFraming } from './framing.js';
import type { SipTransport } from './transactions.js';

export interface SipChannelOptions {
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
  tls: TlsFiles;
  /** For connecting and for each write, ms. */
  timeoutMs: number;
  /** The other side in messages. */
  peer: string;
  /** Called with start line and headers of each message that comes. */
  onHead(head: string): void;
  /** Called when no response to what was sent will come any more. */
  onLost(): void;
}

export class SipChannel implements SipTransport {
  readonly isReliable: boolean;
  readonly #connection: Connection;
  readonly #datagrams: Datagrams;
  readonly #framing = new SipFraming();
  /** Messages go one after the other. */
  #sent: Promise<unknown> = Promise.resolve();

  constructor(options: SipChannelOptions, clock: Clock) {
    const { host, port, transport, tls, timeoutMs, peer, onHead, onLost } = options;
    this.isReliable = transport !== 'udp';
    const where = { host, port, timeoutMs, peer };
    this.#connection = new Connection({
      ...where,
      tls: transport === 'tls' ? tls : null,
      onLost: () => {
        this.#framing.reset();
        onLost();
      },
      onData: (data) => this.#take(data, onHead),
    });
    const onDatagram = (data: Buffer) => onHead(data.toString('latin1').split('\r\n\r\n', 1)[0] ?? '');
    this.#datagrams = new Datagrams({ ...where, onData: onDatagram }, clock);
  }

  /** Connects where that is needed. Gives our own end, for Via. */
  async open(signal: AbortSignal): Promise<LocalEnd> {
    const way = this.isReliable ? this.#connection : this.#datagrams;
    await way.open(signal);
    if (way.local === null) throw new Error('connection closed');
    return way.local;
  }

  send(bytes: Buffer, signal: AbortSignal): Promise<void> {
    const send = () =>
      this.isReliable ? this.#connection.write(bytes, signal) : this.#datagrams.send([bytes], signal);
    const sent = this.#sent.then(send);
    this.#sent = sent.catch(() => {});
    return sent;
  }

  async reopen(): Promise<void> {
    this.#datagrams.reset();
    await this.#connection.reopen();
  }

  close(): void {
    this.#datagrams.close();
    this.#connection.close();
  }

  #take(data: Buffer, onHead: (head: string) => void): void {
    const heads = this.#framing.take(data);
    if (heads === null) this.#connection.drop();
    else for (const head of heads) onHead(head);
  }
}
