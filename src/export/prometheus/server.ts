// The endpoint: one text, to those who may have it. Clients that are slow, many
// or wrong get little: no state, no memory of their own, no time without end.
import { createHash, timingSafeEqual } from 'node:crypto';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { reveal, type Secret } from '../http-secrets.js';
import type { TlsOptions } from '../http-tls.js';
import { contentTypes, formFor, type TextForm } from './text.js';

/** A scraper needs one; a few more for people who look. */
const MAX_CONNECTIONS = 32;
const MAX_HEADER_BYTES = 8192;
/** How long a connection may lie idle between two requests, ms; longer than usual scrape intervals. */
const KEEP_ALIVE_MS = 75_000;
/** How often connections are looked at for being late, ms. */
const CHECK_MS = 1000;

export interface EndpointOptions {
  host: string;
  port: number;
  /** Bearer token that clients must show; undefined lets all in. */
  token?: Secret | undefined;
  /** For a request, and for its answer to be read. */
  timeoutMs: number;
}

const gzipAsync = promisify(gzip);

export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #render: (form: TextForm) => Promise<Buffer>;
  readonly #server: HttpServer | HttpsServer;
  /** Texts that are being made, for all who ask meanwhile. */
  readonly #rendering = new Map<TextForm, Promise<Buffer>>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param render makes the text; never called twice at a time */
  constructor(options: EndpointOptions, render: (form: TextForm) => Promise<Buffer>, tls: TlsOptions | null) {
    this.#options = options;
    this.#render = render;
    const limits = {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: options.timeoutMs,
      requestTimeout: options.timeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_MS,
    };
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response).catch(() => response.destroy());
    };
    this.#server =
      tls === null
        ? createHttpServer(limits, answer)
        : createHttpsServer({ ...limits, ...tlsOptions(tls), handshakeTimeout: options.timeoutMs }, answer);
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** Rejects with the error of the system, such as EADDRINUSE. */
  async listen(): Promise<void> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject);
        // A fault of one connection, such as too many open files, ends nothing.
        this.#server.on('error', () => {});
        resolve();
      });
    });
  }

  /** Connections from now on get this certificate. */
  setTls(tls: TlsOptions): void {
    (this.#server as HttpsServer).setSecureContext(tlsOptions(tls));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A body is of no use here, and is not waited for.
    request.resume();
    const { method, url, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, { Allow: 'GET, HEAD' });
    if (!this.#mayRead(headers.authorization))
      return refuse(response, 401, { 'WWW-Authenticate': 'Bearer realm="rtpsonde"' });
    if (url?.split('?')[0] !== '/metrics') return refuse(response, 404, {});

    const form = formFor(headers.accept);
    const text = await this.#text(form);
    const packed = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
    const body = packed ? await gzipAsync(text) : text;
    const late = setTimeout(() => response.destroy(), this.#options.timeoutMs);
    response.on('close', () => clearTimeout(late));
    response.writeHead(200, {
      'Content-Type': contentTypes[form],
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      Vary: 'Accept, Accept-Encoding',
      ...(packed ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.end(method === 'HEAD' ? undefined : body);
  }

  /** One text is made at a time; those who ask for the same meanwhile share it. */
  #text(form: TextForm): Promise<Buffer> {
    const running = this.#rendering.get(form);
    if (running !== undefined) return running;
    const text = this.#last.then(() => this.#render(form)).finally(() => this.#rendering.delete(form));
    this.#rendering.set(form, text);
    this.#last = text.catch(() => {});
    return text;
  }

  #mayRead(authorization: string | undefined): boolean {
    const { token } = this.#options;
    if (token === undefined) return true;
    const shown = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
    // Hashes have one length, and comparing them tells nothing by its time.
    return timingSafeEqual(hashOf(shown), hashOf(reveal(token)));
  }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest();

/** With authorities, clients must have a certificate that one of them signed. */
const tlsOptions = (tls: TlsOptions) =>
  tls.ca === undefined ? tls : { ...tls, requestCert: true, rejectUnauthorized: true };

function refuse(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, { ...headers, 'Content-Length': 0, Connection: 'close' });
  response.end();
}
