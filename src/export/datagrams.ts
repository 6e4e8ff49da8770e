// Datagrams to one collector. UDP acknowledges nothing; only a host that says
// that nobody listens (ICMP) is noticed.
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { Clock } from '../ops/clock.js';
import { type LocalEnd, readWhatCame } from './connection.js';
import { DeliveryError } from './exporter.js';

export interface DatagramOptions {
  host: string;
  port: number;
  /** For looking up the host and for each slice of datagrams, ms. */
  timeoutMs: number;
  /** The other side in messages. */
  peer: string;
  /** Called with what comes from the other side; it is thrown away unless given. */
  onData?: (data: Buffer) => void;
}

/** Sent at a stretch before others get their turn; small enough for any receiver's buffer. */
const AT_A_STRETCH = 32;

/** The host is looked up again after so long: nothing else would tell that its address has changed. */
const LOOK_UP_AGAIN_MS = 300_000;

export class Datagrams {
  readonly #options: DatagramOptions;
  readonly #clock: Clock;
  #socket: Socket | null = null;
  #openedMs = 0;
  #fault: Error | null = null;
  #isClosed = false;

  constructor(options: DatagramOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Hands them to the kernel, after `open`. Rejects with what the kernel or the other host said against it. */
  async send(datagrams: readonly Buffer[], signal: AbortSignal): Promise<void> {
    const socket = this.#socket;
    if (socket === null) throw this.#fault ?? new Error('stopped');
    try {
      for (let from = 0; from < datagrams.length; from += AT_A_STRETCH) {
        const some = datagrams.slice(from, from + AT_A_STRETCH);
        await this.#inTime(signal, Promise.all(some.map((bytes) => sendOne(socket, bytes))));
        await readWhatCame();
        if (this.#fault !== null) throw this.#fault;
      }
    } catch (error) {
      this.reset();
      throw error;
    }
  }

  /** The address of our own end; null before `open`. */
  get local(): LocalEnd | null {
    return this.#socket?.address() ?? null;
  }

  /** Looks the host up anew for the next datagram. */
  reset(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  close(): void {
    this.#isClosed = true;
    this.reset();
  }

  /** Looks the host up, unless that was done lately. */
  async open(signal: AbortSignal): Promise<void> {
    const nowMs = Number(this.#clock.monotonicNs() / 1_000_000n);
    if (this.#socket !== null && nowMs - this.#openedMs < LOOK_UP_AGAIN_MS) return;
    this.reset();
    const { host, port, onData } = this.#options;
    const { address, family } = await this.#inTime(signal, lookup(host));
    if (this.#isClosed) throw new Error('stopped');
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    this.#fault = null;
    socket.on('error', (error) => (this.#fault = error));
    socket.on('message', (data) => onData?.(data));
    this.#socket = socket;
    this.#openedMs = nowMs;
    await this.#inTime(signal, connectTo(socket, port, address)).catch((error) => {
      this.reset();
      throw error;
    });
  }

  #inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
    const { timeoutMs, peer } = this.#options;
    return new Promise((resolve, reject) => {
      const onAbort = () => end(() => reject(new Error('stopped')));
      const timer = setTimeout(() => {
        const message = `${peer} is not reached for ${timeoutMs / 1000} s`;
        end(() => reject(new DeliveryError('ERR_EXPORT_UNAVAILABLE', message, { remedy: 'retry' })));
      }, timeoutMs);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      work.then(
        (value) => end(() => resolve(value)),
        (error) => end(() => reject(error)),
      );
    });
  }
}

/** Fails where there is no route. */
function connectTo(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) =>
    socket.connect(port, address, (error?: Error) => (error ? reject(error) : resolve())),
  );
}

function sendOne(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => socket.send(bytes, (error) => (error ? reject(error) : resolve())));
}
