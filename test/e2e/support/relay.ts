// A TCP port that is closed until a test opens it: a collector that is down and comes up.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Relay {
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();

  private constructor(readonly port: number) {}

  /** A relay on a port that is free now, closed. */
  static async closed(): Promise<Relay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return new Relay(port);
  }

  /** Passes connections on to the host and port of `url`. */
  async open(url: string): Promise<void> {
    const { hostname, port } = new URL(url);
    const server = createServer((from) => {
      const to = connect(Number(port), hostname);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
        one.pipe(other);
      }
    });
    this.#server = server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
  }

  close(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
