// A SIP server for tests that takes PUBLISH over UDP or TCP, and answers as it is told to.
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface Publish {
  startLine: string;
  headers: Record<string, string>;
  body: string;
}

/** Status line and more headers of the answer; null for none. */
export type Answer = (publish: Publish, nth: number) => string | readonly string[] | null;

export function readPublish(bytes: Buffer): Publish {
  const text = bytes.toString();
  const end = text.indexOf('\r\n\r\n');
  const [startLine = '', ...rows] = text.slice(0, end).split('\r\n');
  const headers = rows.map((row) => [row.split(':', 1)[0], row.slice(row.indexOf(':') + 1).trim()]);
  return {
    startLine,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: text.slice(end + 4),
  };
}

/** The answer of a server (RFC 3261 8.2.6): Via, From, To with a tag, Call-ID and CSeq are those of the request. */
function written({ headers }: Publish, lines: readonly string[]): string {
  const [status, ...more] = lines;
  const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map((name) => `${name}: ${headers[name]}`);
  return [
    `SIP/2.0 ${status}`,
    ...copied,
    `To: ${headers.To};tag=c`,
    ...more,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

const linesOf = (answer: string | readonly string[]) => (typeof answer === 'string' ? [answer] : answer);

export class UdpCollector {
  readonly publishes: Publish[] = [];

  private constructor(
    private readonly socket: ReturnType<typeof createSocket>,
    public answer: Answer,
  ) {}

  static async start(answer: Answer = () => '200 OK'): Promise<UdpCollector> {
    const socket = createSocket('udp4');
    const collector = new UdpCollector(socket, answer);
    socket.on('message', (bytes, from) => collector.#take(bytes, from));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return collector;
  }

  get port(): number {
    return this.socket.address().port;
  }

  #take(bytes: Buffer, from: RemoteInfo): void {
    const publish = readPublish(bytes);
    this.publishes.push(publish);
    const answer = this.answer(publish, this.publishes.length);
    if (answer !== null) this.socket.send(written(publish, linesOf(answer)), from.port, from.address);
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }
}

export class TcpCollector {
  readonly publishes: Publish[] = [];
  readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    public answer: Answer,
  ) {}

  static async start(answer: Answer = () => '200 OK', tls?: TlsOptions): Promise<TcpCollector> {
    const onSocket = (socket: Socket) => collector.#serve(socket);
    const server = tls === undefined ? createServer(onSocket) : createTlsServer(tls, onSocket);
    server.on('tlsClientError', () => {});
    const collector = new TcpCollector(server, answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (data) => {
      text += data.toString('latin1');
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1]);
        if (end < 0 || text.length < end + 4 + length) return;
        const publish = readPublish(Buffer.from(text.slice(0, end + 4 + length), 'latin1'));
        text = text.slice(end + 4 + length);
        this.publishes.push(publish);
        const answer = this.answer(publish, this.publishes.length);
        if (answer !== null) socket.write(`\r\n\r\n${written(publish, linesOf(answer))}`);
      }
    });
  }

  drop(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  async close(): Promise<void> {
    this.drop();
    this.server.close();
    await once(this.server, 'close');
  }
}
