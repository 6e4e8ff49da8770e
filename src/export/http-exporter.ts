// Summaries as NDJSON by HTTP POST. A batch is delivered when the collector
// answers 2xx, and carries a key by which a second delivery is recognised.

import type { Agent, OutgoingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../ops/clock.js';
import { RtpsondeError } from '../ops/errors.js';
import { type EncodedBatch, encodeBatch } from './encode.js';
import { DeliveryError, type Exporter, type SummaryLine } from './exporter.js';
import { judgeAnswer, judgeFailure, type Peer } from './http-answer.js';
import { post } from './http-post.js';
import { publicUrl, reveal, type Secret, secretsOf } from './http-secrets.js';
import { createAgent, type TlsFiles } from './http-tls.js';

export interface HttpExporterOptions {
  name: string;
  /** http: or https:. User and password in it go as Basic authorization. */
  url: string;
  /** Bearer token. An object is asked at every request, so that what it gives may change. */
  token?: Secret | undefined;
  tls?: TlsFiles | undefined;
  gzip: boolean;
  /** For one exchange, connecting included. */
  timeoutMs: number;
  /** Of rtpsonde, for User-Agent. */
  version: string;
}

interface Encoded extends EncodedBatch {
  batch: readonly SummaryLine[];
}

const gzipAsync = promisify(gzip);

export class HttpExporter implements Exporter {
  readonly name: string;
  readonly #options: HttpExporterOptions;
  readonly #url: URL;
  readonly #clock: Clock;
  #agent: Agent | null = null;
  #isClosed = false;
  /** The last batch in the form that is sent, so that a retry costs nothing. */
  #encoded: Encoded | null = null;

  constructor(options: HttpExporterOptions, { clock }: { clock: Clock }) {
    this.name = options.name;
    this.#options = options;
    this.#clock = clock;
    this.#url = parseUrl(options);
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const { key, body } = await this.#encode(batch);
    const token = this.#token();
    const peer: Peer = {
      url: publicUrl(this.#url),
      secrets: secretsOf(this.#url, token),
      timeoutMs: this.#options.timeoutMs,
    };
    const failure = await this.#post(body, this.#headers(key, token), signal).then(
      (answer) => judgeAnswer(answer, peer, this.#clock.now()),
      (error) => judgeFailure(error, peer),
    );
    if (failure !== null) throw failure;
    this.#encoded = null;
  }

  /** Reads the certificates again; with a fault in them, the old ones stay in use. */
  async reopen(): Promise<void> {
    const agent = await createAgent(this.#url, this.#options.tls ?? {});
    const old = this.#agent;
    this.#agent = agent;
    if (old === null) return;
    // An exchange on the old agent may finish; its connection then ends.
    old.maxFreeSockets = 0;
    for (const sockets of Object.values(old.freeSockets))
      for (const socket of sockets ?? []) socket.destroy();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#agent?.destroy();
    this.#agent = null;
    this.#encoded = null;
  }

  async #post(body: Buffer, headers: OutgoingHttpHeaders, signal: AbortSignal) {
    this.#agent ??= await createAgent(this.#url, this.#options.tls ?? {});
    // Closed during one of the waits: the agent would keep a connection that nobody closes.
    if (this.#isClosed) throw new Error('closed');
    const { timeoutMs } = this.#options;
    return post({ url: this.#url, agent: this.#agent, headers, body, timeoutMs, signal });
  }

  #token(): string | null {
    if (this.#options.token === undefined) return null;
    const token = reveal(this.#options.token);
    if (/^[\x21-\x7e]+$/.test(token)) return token;
    throw new DeliveryError(
      'ERR_EXPORT_PERMISSION',
      `${publicUrl(this.#url)}: the token is empty or holds characters that a header cannot carry`,
      { remedy: 'retry-slowly' },
    );
  }

  #headers(key: string, token: string | null): OutgoingHttpHeaders {
    return {
      'Content-Type': 'application/x-ndjson',
      'User-Agent': `rtpsonde/${this.#options.version}`,
      'Idempotency-Key': key,
      'X-Rtpsonde-Batch': key,
      ...(this.#options.gzip ? { 'Content-Encoding': 'gzip' } : {}),
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    };
  }

  async #encode(batch: readonly SummaryLine[]): Promise<Encoded> {
    if (this.#encoded?.batch === batch) return this.#encoded;
    const { body, key } = await encodeBatch(batch);
    this.#encoded = { batch, key, body: this.#options.gzip ? await gzipAsync(body) : body };
    return this.#encoded;
  }
}

/** Throws ERR_CONFIG_INVALID; the message leaves out what follows the host, which may be secret. */
function parseUrl({ name, url }: HttpExporterOptions): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && (parsed.protocol === 'http:' || parsed.protocol === 'https:')) return parsed;
  throw new RtpsondeError('ERR_CONFIG_INVALID', `exporter ${name}: url must be http://... or https://...`);
}
