// Client transactions of requests other than INVITE (RFC 3261 17.1.2).
import type { Clock, Timer } from '../../ops/clock.js';
import { DeliveryError } from '../exporter.js';
import { readResponse, type SipResponse } from './message.js';

export interface SipTransport {
  /** Over UDP a request is repeated until it is answered. */
  readonly isReliable: boolean;
  send(bytes: Buffer, signal: AbortSignal): Promise<void>;
}

/** Estimate of the round-trip time, and the longest time between two repetitions, ms (RFC 3261 17.1.2.1). */
const T1_MS = 500;
const T2_MS = 4000;

interface Pending {
  method: string;
  answered(response: SipResponse): void;
  failed(error: unknown): void;
}

export class SipTransactions {
  readonly #clock: Clock;
  readonly #transport: SipTransport;
  /** Timer F, ms. */
  readonly #timeoutMs: number;
  readonly #peer: string;
  readonly #pending = new Map<string, Pending>();

  /** @param peer the other side in messages */
  constructor(clock: Clock, transport: SipTransport, timeoutMs: number, peer: string) {
    this.#clock = clock;
    this.#transport = transport;
    this.#timeoutMs = timeoutMs;
    this.#peer = peer;
  }

  /** Resolves with the final response. Rejects with what the transport says, or when none comes in time. */
  request(method: string, branch: string, bytes: Buffer, signal: AbortSignal): Promise<SipResponse> {
    return new Promise((resolve, reject) => {
      let repeat: Timer | null = null;
      let pauseMs = T1_MS;
      const end = (settle: () => void) => {
        repeat?.cancel();
        timeout.cancel();
        this.#pending.delete(branch);
        settle();
      };
      const failed = (error: unknown) => end(() => reject(error));
      const repeatLater = () => {
        repeat = this.#clock.setTimeout(() => {
          pauseMs = Math.min(2 * pauseMs, T2_MS);
          repeatLater();
          this.#transport.send(bytes, signal).catch(failed);
        }, pauseMs);
      };
      const answered = (response: SipResponse) => {
        if (response.status >= 200) return end(() => resolve(response));
        // A provisional response: the other side has it, and takes its time.
        pauseMs = T2_MS;
      };
      const timeout = this.#clock.setTimeout(() => failed(this.#silence()), this.#timeoutMs);
      this.#pending.set(branch, { method, answered, failed });
      if (!this.#transport.isReliable) repeatLater();
      this.#transport.send(bytes, signal).catch(failed);
    });
  }

  /** @param head start line and headers of a message that came */
  receive(head: string): void {
    const response = readResponse(head);
    if (response?.branch == null) return;
    const pending = this.#pending.get(response.branch);
    if (pending?.method === response.method) pending?.answered(response);
  }

  /** No response will come, as the connection is gone or the lane has stopped. */
  failAll(error: unknown): void {
    for (const { failed } of [...this.#pending.values()]) failed(error);
  }

  #silence(): DeliveryError {
    const message = `${this.#peer} gave no final response in ${this.#timeoutMs / 1000} s`;
    return new DeliveryError('ERR_EXPORT_UNAVAILABLE', message, { remedy: 'retry' });
  }
}
