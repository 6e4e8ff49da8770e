// A small HTTP or HTTPS collector for tests: keeps what it is sent and
// misbehaves when told to.
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import * as zlib from 'node:zlib';

// Not in Node 20, nor in its types.
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (packed: Buffer) => Buffer };

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'gzip') return zlib.gunzipSync(body);
  return encoding === 'zstd' && zstdDecompressSync !== undefined ? zstdDecompressSync(body) : body;
}

/** What the collector does with a request: an answer, silence, or a closed connection. */
export type Reply =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** Never answers. */
  | 'hang'
  /** Reads the request and closes the connection without an answer. */
  | 'close'
  /** Answers 200 and closes before the promised body is complete. */
  | 'cut';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Unpacked. */
  body: string;
  /** Status sent; null for `hang` and `close`. */
  status: number | null;
  /** Subject (CN) of the client certificate; null without one. */
  client: string | null;
  /** Which TCP connection it came over, from 0. */
  connection: number;
}

export interface CollectorOptions {
  /** Where it listens; any free port unless given. */
  port?: number;
  /** Answers 401 to any other bearer token. */
  token?: string;
  /** Answers 413 to a larger unpacked body. */
  maxBodyBytes?: number;
  /** PEM; makes it HTTPS. With `clientCa`, a client certificate is required. */
  tls?: { key: string; cert: string; clientCa?: string };
}

export class Collector {
  readonly requests: Received[] = [];
  readonly #server: Server;
  readonly #options: CollectorOptions;
  readonly #sockets: Socket[] = [];
  #script: Reply[] = [];
  #otherwise: Reply = { status: 200 };

  private constructor(options: CollectorOptions) {
    this.#options = options;
    const { tls } = options;
    this.#server =
      tls === undefined
        ? createHttpServer()
        : createHttpsServer({
            key: tls.key,
            cert: tls.cert,
            ...(tls.clientCa === undefined
              ? {}
              : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
          });
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.#sockets.push(socket);
      socket.on('error', () => {});
    });
    this.#server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => {});
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const packed = Buffer.concat(chunks);
        const body = unpacked(packed, request.headers['content-encoding']).toString();
        const reply = this.#replyTo(body, request.headers.authorization);
        const peer = 'getPeerCertificate' in request.socket ? (request.socket as ClientSocket) : null;
        this.requests.push({
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          body,
          status: reply === 'cut' ? 200 : typeof reply === 'string' ? null : reply.status,
          client: peer?.getPeerCertificate().subject?.CN ?? null,
          connection: this.#sockets.indexOf(request.socket),
        });
        if (reply === 'hang') return;
        if (reply === 'close') request.socket.destroy();
        else if (reply === 'cut') {
          response.writeHead(200, { 'Content-Length': 100 });
          response.write('half', () => request.socket.destroy());
        } else response.writeHead(reply.status, reply.headers).end(reply.body);
      });
    });
  }

  static async start(options: CollectorOptions = {}): Promise<Collector> {
    const collector = new Collector(options);
    collector.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(collector.#server, 'listening');
    return collector;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/summaries`;
  }

  /** Every line that was answered with 2xx, in order. */
  get lines(): string[] {
    return this.requests
      .filter(({ status }) => status !== null && status >= 200 && status <= 299)
      .flatMap(({ body }) => body.split('\n').slice(0, -1));
  }

  /** Replies to the next requests, one each; then as `otherwise` says. */
  reply(...replies: Reply[]): void {
    this.#script.push(...replies);
  }

  /** The reply to every request that has no other. */
  otherwise(reply: Reply): void {
    this.#otherwise = reply;
  }

  /** From now on it takes everything. */
  heal(): void {
    this.#script = [];
    this.#otherwise = { status: 200 };
  }

  setToken(token: string): void {
    this.#options.token = token;
  }

  /** Closes the connections that clients keep open. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Waits for the n-th request (from the start). */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #replyTo(body: string, authorization: string | undefined): Reply {
    const { token, maxBodyBytes } = this.#options;
    if (token !== undefined && authorization !== `Bearer ${token}`) {
      // As some real ones do: repeats what it was sent.
      return { status: 401, body: `bad credentials: ${authorization}` };
    }
    if (maxBodyBytes !== undefined && Buffer.byteLength(body) > maxBodyBytes) return { status: 413 };
    return this.#script.shift() ?? this.#otherwise;
  }
}

interface ClientSocket {
  getPeerCertificate(): { subject?: { CN?: string } };
}
