// Summaries to Apache Kafka, by an idempotent producer with acks=all. A batch is
// delivered when all replicas in sync have every message of it.
import { isIP } from 'node:net';
import type { ProduceResult, Producer, SASLMechanismValue } from '@platformatic/kafka';
import type { DeliveryError, Exporter, SummaryKind, SummaryLine } from './exporter.js';
import { reveal, type Secret } from './http-secrets.js';
import { readTls, type TlsFiles, type TlsOptions } from './http-tls.js';
import { judgeKafka } from './kafka-fault.js';
import { type KafkaKey, messageOf } from './kafka-records.js';

export type KafkaCompression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface KafkaSasl {
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  username: string;
  password: Secret;
}

export interface KafkaExporterOptions {
  name: string;
  /** HOST:PORT of some brokers; the others are learnt from them. */
  brokers: readonly string[];
  clientId: string;
  topics: Readonly<Record<SummaryKind, string>>;
  createTopics: boolean;
  key: KafkaKey;
  compression: KafkaCompression;
  sasl?: KafkaSasl | undefined;
  /** Undefined speaks without TLS. */
  tls?: TlsFiles | undefined;
  /** For one request, and for a connection to be made. */
  timeoutMs: number;
}

/** The client compresses at a stretch: the event loop waits meanwhile, some 5 ms at most. */
const REQUEST_BYTES: Readonly<Record<KafkaCompression, number>> = {
  none: 512 * 1024,
  snappy: 512 * 1024,
  lz4: 512 * 1024,
  zstd: 512 * 1024,
  gzip: 96 * 1024,
};

/** Connecting, asking for brokers and for the producer's number, sending: each may take as long as one request. */
const STEPS_OF_A_REQUEST = 4;

type Client = Producer<Buffer, Buffer, Buffer, Buffer>;

/** Of a line whose batch failed: Kafka has it, or the partition where it goes again, under the same number. */
type Fate = typeof ACKNOWLEDGED | number;
const ACKNOWLEDGED = 'acknowledged';

export class KafkaExporter implements Exporter {
  readonly name: string;
  readonly #options: KafkaExporterOptions;
  #producer: Client | null = null;
  #tls: TlsOptions | null = null;
  #isClosed = false;
  /** The batch whose last delivery failed. Kafka may have its messages, under numbers that no others may get then. */
  #failed: readonly SummaryLine[] | null = null;
  /** Of the lines of failed batches. */
  readonly #fates = new WeakMap<SummaryLine, Fate>();

  constructor(options: KafkaExporterOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async deliver(batch: readonly SummaryLine[]): Promise<void> {
    // Other messages under the numbers of those that failed would be taken for their repetition, and lost.
    if (this.#failed !== null && this.#failed !== batch) await this.#discard();
    this.#failed = batch;
    let done = 0;
    try {
      const producer = await this.#open();
      while (done < batch.length) {
        const lines = this.#requestFrom(batch, done);
        await this.#send(producer, lines);
        done += lines.length;
      }
      this.#failed = null;
    } catch (thrown) {
      for (const line of batch.slice(0, done)) this.#fates.set(line, ACKNOWLEDGED);
      throw await this.#judge(thrown);
    }
  }

  /** Reads the certificates again; the next delivery connects with them. With a fault in them, the old ones stay. */
  async reopen(): Promise<void> {
    const { tls } = this.#options;
    if (tls === undefined) return;
    this.#tls = await readTls(tls);
    await this.#discard();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#discard();
  }

  /** As many lines as fit into one request, one at least. */
  #requestFrom(batch: readonly SummaryLine[], from: number): readonly SummaryLine[] {
    const most = REQUEST_BYTES[this.#options.compression];
    let bytes = 0;
    let to = from;
    while (to < batch.length) {
      bytes += batch[to]?.length ?? 0;
      if (bytes > most && to > from) break;
      to++;
    }
    return batch.slice(from, to);
  }

  async #send(producer: Client, lines: readonly SummaryLine[]): Promise<void> {
    const open = lines.filter((line) => this.#fates.get(line) !== ACKNOWLEDGED);
    if (open.length === 0) return;
    const messages = await this.#messagesOf(producer, open);
    try {
      await this.#inTime(producer.send({ messages }));
    } catch (thrown) {
      const produced = producedIn(thrown);
      messages.forEach(({ topic, partition }, index) => {
        const fate = produced.has(`${topic}/${partition}`) ? ACKNOWLEDGED : partition;
        this.#fates.set(open[index] as SummaryLine, fate);
      });
      throw thrown;
    }
  }

  /** With the partitions that Java's clients would choose: a key is in one partition whoever writes it. */
  async #messagesOf(producer: Client, lines: readonly SummaryLine[]) {
    const { topics, key, createTopics } = this.#options;
    const { compatibilityPartitioner } = await import('@platformatic/kafka');
    const messages = lines.map((line) => messageOf(line, topics, key));
    const names = [...new Set(messages.map(({ topic }) => topic))];
    const metadata = await this.#inTime(producer.metadata({ topics: names, autocreateTopics: createTopics }));
    return messages.map((message, index) => {
      const fate = this.#fates.get(lines[index] as SummaryLine);
      const count = metadata.topics.get(message.topic)?.partitionsCount ?? 1;
      const partition =
        typeof fate === 'number' ? fate : compatibilityPartitioner(message, message.key) % count;
      return { ...message, partition };
    });
  }

  async #open(): Promise<Client> {
    if (this.#producer !== null) return this.#producer;
    const { tls, sasl, brokers, clientId, compression, timeoutMs } = this.#options;
    const { Producer } = await import('@platformatic/kafka');
    if (tls !== undefined) this.#tls ??= await readTls(tls);
    // Closed meanwhile: nobody would close what is opened now.
    if (this.#isClosed) throw new Error('closed');
    this.#producer = new Producer<Buffer, Buffer, Buffer, Buffer>({
      clientId,
      bootstrapBrokers: brokers.map(brokerOf),
      idempotent: true,
      compression,
      // The lane repeats, with its own pauses.
      retries: false,
      connectTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      timeout: timeoutMs,
      // No server name for addresses (RFC 6066 3).
      ...(this.#tls === null ? {} : { tls: this.#tls, tlsServerName: !brokers.some(isAddress) }),
      ...(sasl === undefined ? {} : { sasl: saslOf(sasl) }),
    });
    return this.#producer;
  }

  /** Decides what becomes of the producer, too. */
  async #judge(thrown: unknown): Promise<DeliveryError> {
    const { brokers, createTopics, sasl } = this.#options;
    const secrets = sasl === undefined ? [] : [reveal(sasl.password)];
    const peer = { name: `kafka ${brokers.join(', ')}`, createTopics, secrets };
    const { error, isFinal } = judgeKafka(thrown, peer);
    if (isFinal) await this.#discard();
    else if (this.#producer !== null) hangUp(this.#producer);
    return error;
  }

  /** The next delivery begins with a new producer. */
  async #discard(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    if (producer === null) return;
    hangUp(producer);
    // What it still waits for is of no interest any more.
    await producer.close().catch(() => {});
  }

  /** The client's own time-outs are for each of the steps. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    const { timeoutMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`no answer in ${(STEPS_OF_A_REQUEST * timeoutMs) / 1000} s`);
      timer = setTimeout(() => reject(error), STEPS_OF_A_REQUEST * timeoutMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Without waiting for what is under way: a late answer on such a connection would be taken for that of another request. */
function hangUp(producer: Client): void {
  for (const [, connection] of producer.connections) connection.socket?.destroy();
}

/** Partitions that have their messages although the request as a whole failed, as TOPIC/PARTITION. */
function producedIn(thrown: unknown): ReadonlySet<string> {
  const { produced } = thrown as { produced?: ProduceResult };
  return new Set(produced?.offsets?.map(({ topic, partition }) => `${topic}/${partition}`));
}

/** @param text HOST:PORT, an IPv6 address in brackets */
function brokerOf(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) };
}

function isAddress(broker: string): boolean {
  return isIP(brokerOf(broker).host) !== 0;
}

function saslOf({ mechanism, username, password }: KafkaSasl) {
  return {
    mechanism: mechanism.toUpperCase() as SASLMechanismValue,
    username,
    password: reveal(password),
  };
}
