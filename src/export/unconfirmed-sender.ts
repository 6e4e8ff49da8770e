// The way to a peer that acknowledges nothing: UDP, TCP or TLS. What a broken
// connection may have lost is written again on the next one.
import type { Clock } from '../ops/clock.js';
import { Connection } from './connection.js';
import { Datagrams } from './datagrams.js';
import { judgeFailure } from './http-answer.js';
import type { TlsFiles } from './http-tls.js';
import { RecentWrites } from './resend.js';

export interface UnconfirmedSenderOptions {
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
  tls: TlsFiles;
  /** See RecentWrites. */
  resendMs: number;
  timeoutMs: number;
}

/** One batch, in both forms; only the one that is sent is made. */
export interface UnconfirmedBatch {
  /** For UDP. */
  datagrams(): readonly Buffer[];
  /** For TCP and TLS: a write each. */
  writes(): readonly Buffer[];
}

export class UnconfirmedSender {
  readonly #options: UnconfirmedSenderOptions;
  readonly #clock: Clock;
  readonly #peer: string;
  readonly #recent: RecentWrites;
  readonly #connection: Connection;
  readonly #datagrams: Datagrams;

  /** @param peer how messages name it */
  constructor(options: UnconfirmedSenderOptions, peer: string, clock: Clock) {
    const { host, port, transport, tls, timeoutMs, resendMs } = options;
    this.#options = options;
    this.#clock = clock;
    this.#peer = peer;
    this.#recent = new RecentWrites(resendMs);
    const where = { host, port, timeoutMs, peer };
    const onLost = () => this.#recent.lost(this.#nowMs());
    this.#connection = new Connection({ ...where, tls: transport === 'tls' ? tls : null, onLost });
    this.#datagrams = new Datagrams(where, clock);
  }

  /** Resolves when the kernel has all of it. Rejects with a DeliveryError. */
  async send(batch: UnconfirmedBatch, signal: AbortSignal): Promise<void> {
    const { transport, timeoutMs } = this.#options;
    try {
      if (transport === 'udp') {
        await this.#datagrams.open(signal);
        await this.#datagrams.send(batch.datagrams(), signal);
      } else {
        await this.#write(batch.writes(), signal);
      }
    } catch (error) {
      throw judgeFailure(error, { url: this.#peer, secrets: [], timeoutMs });
    }
  }

  async reopen(): Promise<void> {
    this.#datagrams.reset();
    await this.#connection.reopen();
  }

  close(): void {
    this.#datagrams.close();
    this.#connection.close();
  }

  async #write(pieces: readonly Buffer[], signal: AbortSignal): Promise<void> {
    await this.#connection.open(signal);
    const again = this.#recent.toRepeat();
    for (const bytes of again) await this.#connection.write(bytes, signal);
    if (again.length > 0) this.#recent.repeated(this.#nowMs());
    for (const bytes of pieces) await this.#connection.write(bytes, signal);
    // Kept only now: a batch that did not get through as a whole is the lane's to repeat.
    for (const bytes of pieces) this.#recent.add(bytes, this.#nowMs());
  }

  #nowMs(): number {
    return Number(this.#clock.monotonicNs() / 1_000_000n);
  }
}
