// NATS: by JetStream, whose acknowledgement says that a message is stored, or plain,
// where the answer to a PING says that the server has read it.
import { setImmediate } from 'node:timers/promises';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { DeliveryError } from '../exporter.js';
import { judgeFailure } from '../http-answer.js';
import { hide, publicUrl, reveal, type Secret } from '../http-secrets.js';
import type { TlsOptions } from '../http-tls.js';
import { type Broker, type Link, type Message, tooLarge } from './exporter.js';

export interface NatsOptions {
  /** nats: or tls: */
  url: string;
  username?: string | undefined;
  password?: Secret | undefined;
  token?: Secret | undefined;
  /** With {probe} and {kind}. */
  subject: string;
  jetstream: boolean;
  timeoutMs: number;
}

const IN_FLIGHT = 100;

export class NatsBroker implements Broker {
  readonly #options: NatsOptions;
  readonly #peer: string;

  constructor(options: NatsOptions) {
    this.#options = options;
    this.#peer = publicUrl(new URL(options.url));
  }

  async connect(tls: TlsOptions, signal: AbortSignal): Promise<Link> {
    const { connect } = await import('@nats-io/transport-node');
    const { jetstream } = await import('@nats-io/jetstream');
    const { url, username, password, token, timeoutMs } = this.#options;
    const { protocol, host, hostname } = new URL(url);
    const connection = await connect({
      servers: host,
      name: 'rtpsonde',
      ...(username === undefined ? {} : { user: username }),
      ...(password === undefined ? {} : { pass: reveal(password) }),
      ...(token === undefined ? {} : { token: reveal(token) }),
      ...(protocol === 'tls:'
        ? { tls: { ...(tls as object), host: hostname.replace(/^\[|\]$/g, '') } as object }
        : {}),
      // The lane decides when to try again.
      reconnect: false,
      timeout: timeoutMs,
      ignoreClusterUpdates: true,
    });
    if (signal.aborted) void connection.close();
    const store = this.#options.jetstream ? jetstream(connection, { timeout: timeoutMs }) : null;
    return new NatsLink(connection, store, this.#options, this.#peer);
  }

  judge(error: unknown): DeliveryError {
    if (error instanceof DeliveryError) return error;
    const { subject, password, token, timeoutMs } = this.#options;
    const secrets = [password, token].flatMap((secret) => (secret === undefined ? [] : [reveal(secret)]));
    const says = (text: string) => `${this.#peer} ${hide(text, secrets)}`;
    // The client wraps what it was told, and what the system said.
    const chain = [error as Error, (error as Error).cause as Error | undefined].filter(
      (one) => one !== undefined,
    );
    const named = (names: ReadonlySet<string>) => chain.find(({ name }) => names.has(name));
    const refusal = named(REFUSED);
    if (refusal !== undefined)
      return new DeliveryError('ERR_EXPORT_PERMISSION', says(`refuses: ${refusal.message}; records wait`), {
        remedy: 'retry-slowly',
      });
    if (named(UNSTORED) !== undefined)
      return new DeliveryError(
        'ERR_EXPORT_UNAVAILABLE',
        says(
          `has no JetStream stream that takes ${subject}; make one, or set jetstream: false; records wait`,
        ),
        { remedy: 'retry-slowly' },
      );
    const stored = named(STORE_FAULTS);
    if (stored !== undefined)
      return new DeliveryError('ERR_EXPORT_UNAVAILABLE', says(`does not store: ${stored.message}`), {
        remedy: 'retry',
      });
    return judgeFailure(chain.at(-1), { url: this.#peer, secrets, timeoutMs });
  }
}

/** Names of errors of the client, which exports no common class. */
const REFUSED: ReadonlySet<string> = new Set([
  'AuthorizationError',
  'UserAuthenticationExpiredError',
  'PermissionViolationError',
]);
const STORE_FAULTS: ReadonlySet<string> = new Set(['JetStreamApiError', 'JetStreamError']);
const UNSTORED: ReadonlySet<string> = new Set(['NoRespondersError', 'JetStreamNotEnabled']);

class NatsLink implements Link {
  readonly inFlight = IN_FLIGHT;
  readonly #lost: Promise<never>;

  constructor(
    private readonly connection: NatsConnection,
    private readonly store: JetStreamClient | null,
    private readonly options: NatsOptions,
    private readonly peer: string,
  ) {
    this.#lost = lossOf(connection);
  }

  async publish(message: Message): Promise<void> {
    const { kind, id, probe, payload } = message;
    const limit = this.connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (payload.length > limit) throw tooLarge(this.peer, message, limit);
    const subject = this.options.subject.replaceAll('{probe}', token(probe)).replaceAll('{kind}', kind);
    await Promise.race([this.#send(subject, id, payload), this.#lost]);
  }

  close(): void {
    this.connection.close().catch(() => {});
  }

  async #send(subject: string, id: string, payload: Buffer): Promise<void> {
    if (this.store !== null) {
      await this.store.publish(subject, payload, { msgID: id, timeout: this.options.timeoutMs });
      return;
    }
    this.connection.publish(subject, payload);
    await this.connection.flush();
    // What the server said before its PONG has to come through first.
    await setImmediate();
  }
}

/** Rejects when the connection ends, or the server says what is wrong with it. */
function lossOf(connection: NatsConnection): Promise<never> {
  const closed = async () => {
    const error = await connection.closed();
    throw error ?? Object.assign(new Error('connection closed'), { code: 'ECONNRESET' });
  };
  // A message that this user may not publish is told apart from it.
  const refused = async () => {
    for await (const status of connection.status()) if (status.type === 'error') throw status.error;
    return closed();
  };
  const lost = Promise.race([closed(), refused()]);
  // It may be lost while nobody sends.
  lost.catch(() => {});
  return lost;
}

/** One token of a subject: without what separates tokens or matches others. */
const token = (text: string) => text.replaceAll(/[.*>\s]/g, '_');
