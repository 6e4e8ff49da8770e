// One connection to PostgreSQL, made to be dropped at any moment.
import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Client } from 'pg';

/** For a server to take the farewell, ms. */
const END_GRACE_MS = 500;

export interface PostgresAddress {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string | undefined;
  /** Null: without TLS. */
  tls: ConnectionOptions | null;
  /** The server gives up a statement after so long, so that one whose client is gone holds nothing up, ms. */
  timeoutMs: number;
}

export class PostgresConnection {
  readonly #socket = new Socket();
  #client: Client | null = null;
  #isBroken = false;

  /** False once it has ended for whatever reason. */
  get isUsable(): boolean {
    return !this.#isBroken && !this.#socket.destroyed;
  }

  /** Throws what node:net, node:tls and the server say. */
  async open(address: PostgresAddress): Promise<void> {
    const { Client } = await import('pg');
    const { tls, timeoutMs, password, ...rest } = address;
    const client = new Client({
      ...rest,
      // Without one, pg would look for it in the environment and in ~/.pgpass.
      password: password ?? '',
      ssl: tls ?? false,
      stream: () => this.#socket,
      keepAlive: true,
      application_name: 'rtpsonde',
    });
    this.#client = client;
    client.on('error', () => (this.#isBroken = true));
    client.on('end', () => (this.#isBroken = true));
    await client.connect();
    await client.query(`SET statement_timeout = ${Math.ceil(timeoutMs)}`);
  }

  async query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const { rows } = await this.#open().query<Row>(sql, values);
    return rows;
  }

  /** Several statements at once, without values. */
  async run(sql: string): Promise<void> {
    await this.#open().query(sql);
  }

  /**
   * COPY FROM STDIN.
   * @returns resolves when the server has taken all
   */
  async copy(sql: string, pieces: AsyncIterable<string>): Promise<void> {
    const { default: streams } = await import('pg-copy-streams');
    const copy = this.#open().query(streams.from(sql));
    const ended = new Promise<void>((resolve, reject) => {
      copy.on('finish', resolve);
      copy.on('error', reject);
    });
    // Looked at below; until then nobody may call it unhandled.
    ended.catch(() => {});
    for await (const piece of pieces)
      if (!copy.write(piece))
        await Promise.race([new Promise((drained) => copy.once('drain', drained)), ended]);
    copy.end();
    await ended;
  }

  /** At once; what is under way fails. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** In order, when nothing is under way; a server that does not answer is not waited for. */
  async end(): Promise<void> {
    const late = setTimeout(() => this.destroy(), END_GRACE_MS);
    await this.#client?.end();
    clearTimeout(late);
  }

  #open(): Client {
    if (this.#client === null) throw new Error('not connected');
    return this.#client;
  }
}
