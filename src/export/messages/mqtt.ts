// MQTT 3.1.1 and 5: QoS 1, so that a message is delivered when PUBACK has come.
import type { Socket } from 'node:net';
import type { IClientPublishOptions, IConnackPacket, MqttClient } from 'mqtt';
import { DeliveryError } from '../exporter.js';
import { judgeFailure } from '../http-answer.js';
import { publicUrl, reveal, type Secret } from '../http-secrets.js';
import type { TlsOptions } from '../http-tls.js';
import { type Broker, type Link, type Message, tooLarge } from './exporter.js';

export interface MqttOptions {
  /** mqtt: or mqtts: */
  url: string;
  version: '3.1.1' | '5';
  clientId: string;
  username?: string | undefined;
  password?: Secret | undefined;
  /** With {probe} and {kind}. */
  topic: string;
  timeoutMs: number;
}

/** Fewer where the broker says so (Receive Maximum, MQTT 5 3.2.2.3.3). */
const IN_FLIGHT = 100;

/** Reason codes by what they mean here: CONNACK of 3.1.1 (3.2.2.3), CONNACK and PUBACK of 5 (2.4). */
const REFUSED: ReadonlySet<number> = new Set([4, 5, 0x86, 0x87, 0x8a, 0x8c]);
const REJECTED: ReadonlySet<number> = new Set([0x90, 0x95, 0x99]);

export class MqttBroker implements Broker {
  readonly #options: MqttOptions;
  readonly #peer: string;

  constructor(options: MqttOptions) {
    this.#options = options;
    this.#peer = publicUrl(new URL(options.url));
  }

  async connect(tls: TlsOptions, signal: AbortSignal): Promise<Link> {
    const { connect } = await import('mqtt');
    const { url, version, clientId, username, password, timeoutMs } = this.#options;
    const client = connect(url, {
      protocolVersion: version === '5' ? 5 : 4,
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: reveal(password) }),
      clean: true,
      // The lane decides when to try again.
      reconnectPeriod: 0,
      connectTimeout: timeoutMs,
      ...(url.startsWith('mqtts:') ? (tls as object) : {}),
    });
    // Few small packets are on their way: waiting for more of them (Nagle) would be most of the time.
    (client.stream as Partial<Socket> | undefined)?.setNoDelay?.(true);
    const lost = lossOf(client);
    signal.addEventListener('abort', () => client.end(true), { once: true });
    const connack = new Promise<IConnackPacket>((resolve) => client.once('connect', resolve));
    try {
      return new MqttLink(client, await Promise.race([connack, lost]), lost, this.#options, this.#peer);
    } catch (error) {
      client.end(true);
      throw error;
    }
  }

  judge(error: unknown): DeliveryError {
    if (error instanceof DeliveryError) return error;
    const { code, message } = error as { code?: unknown; message?: string };
    if (typeof code !== 'number') {
      const secrets = this.#options.password === undefined ? [] : [reveal(this.#options.password)];
      return judgeFailure(error, { url: this.#peer, secrets, timeoutMs: this.#options.timeoutMs });
    }
    const says = `${this.#peer}: ${message ?? 'refused'} (reason code ${code})`;
    if (REFUSED.has(code))
      return new DeliveryError('ERR_EXPORT_PERMISSION', `${says}; records wait`, { remedy: 'retry-slowly' });
    if (REJECTED.has(code)) return new DeliveryError('ERR_EXPORT_REJECTED', says, { remedy: 'drop' });
    return new DeliveryError('ERR_EXPORT_UNAVAILABLE', says, { remedy: 'retry' });
  }
}

class MqttLink implements Link {
  readonly inFlight: number;
  readonly #limit: number;

  constructor(
    private readonly client: MqttClient,
    connack: IConnackPacket,
    private readonly lost: Promise<never>,
    private readonly options: MqttOptions,
    private readonly peer: string,
  ) {
    const { receiveMaximum = IN_FLIGHT, maximumPacketSize } = connack.properties ?? {};
    this.inFlight = Math.min(IN_FLIGHT, receiveMaximum);
    this.#limit = maximumPacketSize ?? Number.POSITIVE_INFINITY;
  }

  async publish(message: Message): Promise<void> {
    const { kind, id, probe, payload } = message;
    if (payload.length + HEAD_BYTES > this.#limit) throw tooLarge(this.peer, message, this.#limit);
    const topic = this.options.topic.replaceAll('{probe}', level(probe)).replaceAll('{kind}', kind);
    const properties = {
      contentType: 'application/json',
      payloadFormatIndicator: true,
      userProperties: { id },
    };
    const options: IClientPublishOptions = this.options.version === '5' ? { qos: 1, properties } : { qos: 1 };
    await Promise.race([this.client.publishAsync(topic, payload, options), this.lost]);
  }

  close(): void {
    this.client.end(true);
  }
}

/** More than topic, properties and fixed header of a message take. */
const HEAD_BYTES = 1024;

/** Rejects when the connection fails or ends. */
function lossOf(client: MqttClient): Promise<never> {
  const lost = new Promise<never>((_, reject) => {
    client.on('error', reject);
    client.on('disconnect', ({ reasonCode }) =>
      reject(Object.assign(new Error('disconnected by the broker'), { code: reasonCode ?? 'ECONNRESET' })),
    );
    client.on('close', () => reject(Object.assign(new Error('connection closed'), { code: 'ECONNRESET' })));
  });
  // It may be lost while nobody sends.
  lost.catch(() => {});
  return lost;
}

/** One level of a topic: without what separates levels or matches others (MQTT 5 4.7.1). */
const level = (text: string) => text.replaceAll(/[/+#\0]/g, '_');
