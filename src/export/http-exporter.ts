// Summaries by HTTP POST, in the form that a kind of collector wants. A batch is
// delivered when the collector answers 2xx and the form finds nothing in the answer.

import type { Agent, OutgoingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gzip as compress } from 'node:zlib';
import type { Clock } from '../ops/clock.js';
import { RtpsondeError } from '../ops/errors.js';
import { DeliveryError, type Exporter, type SummaryLine } from './exporter.js';
import { judgeAnswer, judgeFailure, type Peer } from './http-answer.js';
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
export interface HttpForm {
  /** The same batch gives the same body and key: it may be sent again. */
  encode(batch: readonly SummaryLine[]): HttpBody | Promise<HttpBody>;
  /** What is wrong although the status is 2xx, such as records that were refused one by one; null for nothing. */
  judge?(answer: Answer): DeliveryError | null;
  /** Which 4xx and 5xx are worth another attempt, where a protocol says so itself; the usual ones unless given. */
  retryable?(status: number): boolean;
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
  gzip: boolean;
  /** For one exchange, connecting included. */
  timeoutMs: number;
  /** Of rtpsonde, for User-Agent. */
  version: string;
}

interface Encoded extends HttpBody {
  batch: readonly SummaryLine[];
}

const gzipAsync = promisify(compress);

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
    const encoded = await this.#encode(batch);
    const secret = this.#secret();
    const peer: Peer = {
      url: publicUrl(this.#url),
      secrets: secretsOf(this.#url, secret),
      timeoutMs: this.#options.timeoutMs,
    };
    const failure = await this.#post(encoded, secret, signal).then(
      (answer) => this.#judge(answer, peer),
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

  #judge(answer: Answer, peer: Peer): DeliveryError | null {
    const { form } = this.#options;
    const failure = judgeAnswer(answer, peer, this.#clock.now());
    if (failure === null) return form.judge?.(answer) ?? null;
    if (failure.remedy !== 'retry' || form.retryable?.(answer.status) !== false) return failure;
    return new DeliveryError('ERR_EXPORT_REJECTED', failure.message, { remedy: 'drop' });
  }

  async #post({ body, headers, query }: HttpBody, secret: string | null, signal: AbortSignal) {
    this.#agent ??= await createAgent(this.#url, this.#options.tls ?? {});
    // Closed during one of the waits: the agent would keep a connection that nobody closes.
    if (this.#isClosed) throw new Error('closed');
    const url = new URL(this.#url);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    const { timeoutMs } = this.#options;
    const all = { ...headers, ...this.#headers(secret) };
    return post({ url, agent: this.#agent, headers: all, body, timeoutMs, signal });
  }

  #secret(): string | null {
    if (this.#options.secret === undefined) return null;
    const secret = reveal(this.#options.secret);
    if (/^[\x21-\x7e]+$/.test(secret)) return secret;
    throw new DeliveryError(
      'ERR_EXPORT_PERMISSION',
      `${publicUrl(this.#url)}: the token or password is empty or holds characters that a header cannot carry`,
      { remedy: 'retry-slowly' },
    );
  }

  #headers(secret: string | null): OutgoingHttpHeaders {
    const { form, gzip, version } = this.#options;
    const authorization = form.authorization ?? ((token: string) => `Bearer ${token}`);
    return {
      'User-Agent': `rtpsonde/${version}`,
      ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
      ...(secret === null ? {} : { Authorization: authorization(secret) }),
    };
  }

  async #encode(batch: readonly SummaryLine[]): Promise<HttpBody> {
    if (this.#encoded?.batch === batch) return this.#encoded;
    const { form, gzip } = this.#options;
    const encoded = await form.encode(batch);
    const body = gzip ? await gzipAsync(encoded.body) : encoded.body;
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
