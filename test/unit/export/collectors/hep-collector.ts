// A HEP collector for tests: takes frames over UDP, TCP or TLS and can be told to misbehave.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type ReadFrame, readFrame, splitFrames } from '../../../support/hep-reader.js';

export class HepCollector {
  readonly frames: ReadFrame[] = [];
  connections = 0;
  readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(port = 0, tls?: TlsOptions): Promise<HepCollector> {
    const onSocket = (socket: Socket) => collector.#take(socket);
    const server = tls === undefined ? createServer(onSocket) : createTlsServer(tls, onSocket);
    const collector = new HepCollector(server);
    server.on('tlsClientError', () => {});
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  #take(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const { frames, rest } = splitFrames(Buffer.concat([bytes, data]));
      bytes = rest;
      this.frames.push(...frames.map(readFrame));
    });
  }

  /** Ends all connections: `end` in good order, `reset` as when the program is killed. */
  drop(how: 'end' | 'reset'): void {
    for (const socket of this.sockets) how === 'end' ? socket.end() : socket.resetAndDestroy();
    this.sockets.clear();
  }

  async close(): Promise<void> {
    this.drop('reset');
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Takes datagrams, a frame each. */
export async function datagramCollector() {
  const frames: ReadFrame[] = [];
  const socket = createSocket('udp4').on('message', (bytes) => frames.push(readFrame(bytes)));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const close = async () => {
    socket.close();
    await once(socket, 'close');
  };
  return { frames, port: socket.address().port, close };
}

/** `ID`s of RTP reports in the order in which they came. */
export const idsOf = (frames: readonly ReadFrame[]) =>
  frames.map(({ payload }) => (JSON.parse(payload) as { ID?: string }).ID).filter((id) => id !== undefined);
