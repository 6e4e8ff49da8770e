// Summaries by HTTP POST, in the form that a kind of collector wants. A batch is
// delivered when the collector answers 2xx and the form finds nothing in the answer.

import type { Agent, OutgoingHttpHeaders } from 'node:http';
import type { Clock } from '../ops/clock.js';
import { RtpsondeError } from '../ops/errors.js';
import { type Compression, compressorOf } from './compression.js';
import { DeliveryError, type Exporter, type SummaryLine } from './exporter.js';
import { type CollectorWays, judgeAnswer, judgeFailure, type Peer } from './http-answer.js';
import { type Answer, post } from './http-post.js';
import { publicUrl, reveal, type Secret, secretsOf } from './http-secrets.js';
import { createAgent, type TlsFiles } from './http-tls.js';

/** What is sent of one batch. */
export interface HttpBody {
  /** Before compression. */
  body: Buffer;
  /** Content-Type and what else goes with it. */
  headers: OutgoingHttpHeaders;
  /** Added to the query of the URL. */
  query?: Readonly<Record<string, string>>;
}

/** How one kind of collector wants its batches. */
export interface HttpForm extends CollectorWays {
  /** The same batch gives the same body and key: it may be sent again. */
  encode(batch: readonly SummaryLine[]): HttpBody | Promise<HttpBody>;
  /** What is wrong although the status is 2xx, such as records that were refused one by one; null for nothing. */
  judge?(answer: Answer, batch: readonly SummaryLine[]): DeliveryError | null;
  /** Bytes of the answer that `judge` needs to see; 4096 unless given. */
  answerBytes?: number;
  /** Value of Authorization for the secret of the options; a bearer token unless given. */
  authorization?(secret: string): string;
}

export interface HttpExporterOptions {
  name: string;
  form: HttpForm;
  /** http: or https:. User and password in it go as Basic authorization. */
  url: string;
  /** Goes into Authorization. An object is asked at every request, so that what it gives may change. */
  secret?: Secret | undefined;
  tls?: TlsFiles | undefined;
  compression: Compression;
  /** For one exchange, connecting included. */
  timeoutMs: number;
  /** Of rtpsonde, for User-Agent. */
  version: string;
}

interface Encoded extends HttpBody {
  batch: readonly SummaryLine[];
}

export class HttpExporter implements Exporter {
  readonly name: string;
  readonly #options: HttpExporterOptions;
  readonly #url: URL;
  readonly #clock: Clock;
  readonly #compress: (body: Buffer) => Promise<Buffer>;
  #agent: Agent | null = null;
  #isClosed = false;
  /** The last batch in the form that is sent, so that a retry costs nothing. */
  #encoded: Encoded | null = null;

  constructor(options: HttpExporterOptions, { clock }: { clock: Clock }) {
    this.name = options.name;
    this.#options = options;
    this.#clock = clock;
    this.#url = parseUrl(options);
    this.#compress = compressorOf(options.compression);
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const encoded = await this.#encode(batch);
    const secret = this.#secret();
    const peer: Peer = {
      url: publicUrl(this.#url),
      secrets: this.#secrets(secret),
      timeoutMs: this.#options.timeoutMs,
    };
    const { form } = this.#options;
    const failure = await this.#post(encoded, secret, signal).then(
      (answer) => judgeAnswer(answer, peer, this.#clock.now(), form) ?? form.judge?.(answer, batch) ?? null,
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

  async #post({ body, headers, query }: HttpBody, secret: string | null, signal: AbortSignal) {
    this.#agent ??= await createAgent(this.#url, this.#options.tls ?? {});
    // Closed during one of the waits: the agent would keep a connection that nobody closes.
    if (this.#isClosed) throw new Error('closed');
    const url = new URL(this.#url);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    const { timeoutMs, form } = this.#options;
    const all = { ...headers, ...this.#headers(secret) };
    const keepBytes = form.answerBytes;
    return post({ url, agent: this.#agent, headers: all, body, timeoutMs, signal, keepBytes });
  }

  #secret(): string | null {
    const { secret: given, form } = this.#options;
    if (given === undefined) return null;
    const secret = reveal(given);
    // A form of its own may encode it, as Basic authorization does.
    const sent = form.authorization?.(secret).replaceAll(' ', '') ?? secret;
    if (secret !== '' && /^[\x21-\x7e]+$/.test(sent)) return secret;
    throw new DeliveryError(
      'ERR_EXPORT_PERMISSION',
      `${publicUrl(this.#url)}: the token or password is empty or holds characters that a header cannot carry`,
      { remedy: 'retry-slowly' },
    );
  }

  /** All forms in which the secret is sent. */
  #secrets(secret: string | null): string[] {
    const sent = secret === null ? undefined : this.#options.form.authorization?.(secret).split(' ').at(-1);
    return [...secretsOf(this.#url, secret), ...(sent === undefined ? [] : [sent])];
  }

  #headers(secret: string | null): OutgoingHttpHeaders {
    const { form, compression, version } = this.#options;
    const authorization = form.authorization ?? ((token: string) => `Bearer ${token}`);
    return {
      'User-Agent': `rtpsonde/${version}`,
      ...(compression === 'none' ? {} : { 'Content-Encoding': compression }),
      ...(secret === null ? {} : { Authorization: authorization(secret) }),
    };
  }

  async #encode(batch: readonly SummaryLine[]): Promise<HttpBody> {
    if (this.#encoded?.batch === batch) return this.#encoded;
    const encoded = await this.#options.form.encode(batch);
    const body = await this.#compress(encoded.body);
    this.#encoded = { ...encoded, batch, body };
    return this.#encoded;
  }
}

/** Throws ERR_CONFIG_INVALID; the message leaves out what follows the host, which may be secret. */
function parseUrl({ name, url }: HttpExporterOptions): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && (parsed.protocol === 'http:' || parsed.protocol === 'https:')) return parsed;
  throw new RtpsondeError('ERR_CONFIG_INVALID', `exporter ${name}: url must be http://... or https://...`);
}
