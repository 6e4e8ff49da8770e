// A TCP or TLS connection to a collector that need not answer: kept open between
// batches, and looked at before it is written to, so that a collector that went
// away is noticed.
import { connect, isIP, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { DeliveryError } from './exporter.js';
import { readTls, type TlsFiles, type TlsOptions } from './http-tls.js';

export interface ConnectionOptions {
  host: string;
  port: number;
  /** Null: TCP without TLS. */
  tls: TlsFiles | null;
  /** For connecting, and for each write, ms. */
  timeoutMs: number;
  /** The other side in messages. */
  peer: string;
  /** Called with what comes from the other side; it is thrown away unless given. */
  onData?: (data: Buffer) => void;
  /** Called once for a connection that stood and does so no more. */
  onLost?: () => void;
}

/** Our own end of a connection. */
export interface LocalEnd {
  address: string;
  port: number;
}

/** A probe of an idle connection, ms: what lies between may forget it without a word. */
const KEEP_ALIVE_MS = 15_000;

/** How long a TLS 1.3 server may take to refuse a client certificate: it does so after the handshake. */
const TLS_VERDICT_MS = 300;

/** Lets the event loop read what has come in the meantime, such as the end of the connection. */
export async function readWhatCame(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

export class Connection {
  readonly #options: ConnectionOptions;
  #socket: Socket | null = null;
  #tls: TlsOptions | null = null;
  /** Why the last connection ended, when it was by a fault. */
  #fault: Error | null = null;
  #isClosed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Our own end; null while there is no connection. */
  get local(): LocalEnd | null {
    const { localAddress: address, localPort: port } = this.#socket ?? {};
    return address === undefined || port === undefined ? null : { address, port };
  }

  /** Connects unless the connection stands. Rejects with the errors of node:net and node:tls, or a DeliveryError. */
  async open(signal: AbortSignal): Promise<void> {
    await readWhatCame();
    if (this.#socket !== null) return;
    const { tls } = this.#options;
    if (tls !== null) this.#tls ??= await readTls(tls);
    if (this.#isClosed || signal.aborted) throw new Error('stopped');
    const socket = this.#connect();
    try {
      await this.#during(socket, signal, 'is not reached', (done) =>
        socket.once(tls === null ? 'connect' : 'secureConnect', () => done()),
      );
      if (tls !== null) await this.#verdict(socket, signal);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#fault = null;
    this.#socket = socket;
    socket.on('error', (error) => (this.#fault = error));
    for (const event of ['end', 'close'] as const) socket.on(event, () => this.#lose(socket));
    socket.on('data', (data: Buffer) => this.#options.onData?.(data));
  }

  /**
   * Resolves when the kernel has all of it and the connection still stands.
   * Rejects as `open`; the connection is then gone.
   */
  async write(bytes: Buffer, signal: AbortSignal): Promise<void> {
    const socket = this.#socket;
    if (socket === null) throw this.#lost();
    try {
      await this.#during(socket, signal, 'takes no more data', (done) => socket.write(bytes, done));
      await readWhatCame();
    } catch (error) {
      this.#lose(socket);
      throw error;
    }
    if (this.#socket !== socket) throw this.#lost();
  }

  /** Reads the certificates again, and connects anew for the next batch. */
  async reopen(): Promise<void> {
    const { tls } = this.#options;
    if (tls !== null) this.#tls = await readTls(tls);
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    socket.end();
  }

  /** Gives it up, as what comes makes no sense; the next `open` connects anew. */
  drop(): void {
    if (this.#socket !== null) this.#lose(this.#socket);
  }

  /** Ends it; what the kernel has still goes out. */
  close(): void {
    this.#isClosed = true;
    const socket = this.#socket;
    this.#socket = null;
    socket?.on('error', () => {});
    socket?.destroySoon();
  }

  #connect(): Socket {
    const { host, port } = this.#options;
    if (this.#tls === null) return connect({ host, port });
    return connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...this.#tls });
  }

  /** A session ticket says that the server is content; without one, silence for a while does. */
  async #verdict(socket: Socket, signal: AbortSignal): Promise<void> {
    await this.#during(socket, signal, 'is not reached', (done) => {
      const timer = setTimeout(done, TLS_VERDICT_MS);
      socket.once('session', () => {
        clearTimeout(timer);
        done();
      });
    });
    // Node 20 never sends what is written within the turn of a session ticket.
    await readWhatCame();
  }

  /** Waits for `start` to be done, no longer than the socket lives, the time allows or the lane runs. */
  #during(
    socket: Socket,
    signal: AbortSignal,
    what: string,
    start: (done: (error?: Error | null) => void) => void,
  ): Promise<void> {
    const { timeoutMs, peer } = this.#options;
    return new Promise((resolve, reject) => {
      const end = (error?: Error | null) => {
        clearTimeout(timer);
        socket.off('error', end);
        socket.off('close', onClose);
        signal.removeEventListener('abort', onAbort);
        if (error) reject(error);
        else resolve();
      };
      const onClose = () => end(this.#lost());
      const onAbort = () => {
        socket.destroy();
        end(new Error('stopped'));
      };
      const timer = setTimeout(() => {
        socket.destroy();
        const message = `${peer} ${what} for ${timeoutMs / 1000} s`;
        end(new DeliveryError('ERR_EXPORT_UNAVAILABLE', message, { remedy: 'retry' }));
      }, timeoutMs);
      socket.once('error', end);
      socket.once('close', onClose);
      signal.addEventListener('abort', onAbort, { once: true });
      start(end);
    });
  }

  #lose(socket: Socket): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    socket.destroy();
    this.#options.onLost?.();
  }

  #lost(): Error {
    return this.#fault ?? Object.assign(new Error('connection closed'), { code: 'ECONNRESET' });
  }
}
