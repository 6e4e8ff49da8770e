// Summaries as rows in PostgreSQL. Each batch is one transaction: COPY into
// staging tables of this connection, then INSERT of what is not there yet.
import { type ConnectionOptions, rootCertificates } from 'node:tls';
import type { ConfigOf } from './collector.js';
import { columnsFor, tableNames } from './columns.js';
import type { Exporter, SummaryKind, SummaryLine } from './exporter.js';
import { readTls } from './http-tls.js';
import { type PostgresAddress, PostgresConnection } from './postgres-connection.js';
import { missingFault, postgresFault } from './postgres-fault.js';
import { copyText } from './postgres-rows.js';
import { kinds, postgresSchema, postgresTypes, quoted } from './postgres-schema.js';
import { within } from './within.js';

export class PostgresExporter implements Exporter {
  readonly name: string;
  readonly #options: ConfigOf<'postgres'>;
  readonly #timeoutMs: number;
  /** As messages name it. */
  readonly #peer: string;
  #tls: ConnectionOptions | null = null;
  #connection: PostgresConnection | null = null;
  #isClosed = false;

  constructor(options: ConfigOf<'postgres'>) {
    this.name = options.name;
    this.#options = options;
    this.#timeoutMs = options.timeoutSeconds * 1000;
    const { host, pathname } = new URL(options.url);
    this.#peer = `postgresql://${host}${pathname}`;
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    if (this.#isClosed) throw new Error('closed');
    const giveUp = () => this.#drop();
    try {
      await within({ timeoutMs: this.#timeoutMs, signal, giveUp }, () => this.#insert(batch));
    } catch (error) {
      throw postgresFault({ url: this.#peer, secrets: [], timeoutMs: this.#timeoutMs }, error);
    }
  }

  /** Reads the certificates again, and connects anew with the next batch. */
  async reopen(): Promise<void> {
    const { tls } = this.#options;
    if (tls !== undefined) this.#tls = await tlsOptions(tls);
    await this.#end();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  async #insert(batch: readonly SummaryLine[]): Promise<void> {
    const connection = await this.#connected();
    await connection.run('BEGIN');
    for (const kind of kinds) {
      const lines = batch.filter((line) => line.kind === kind);
      if (lines.length === 0) continue;
      const names = columnsFor(kind)
        .map(({ name }) => quoted(name))
        .join(', ');
      await connection.copy(`COPY ${staging(kind)} (${names}) FROM STDIN`, copyText(lines, kind));
      await connection.run(
        `INSERT INTO ${this.#table(kind)} (${names}) SELECT ${names} FROM ${staging(kind)} ON CONFLICT DO NOTHING`,
      );
    }
    await connection.run('COMMIT');
  }

  async #connected(): Promise<PostgresConnection> {
    if (this.#connection?.isUsable === true) return this.#connection;
    const address = await this.#address();
    const connection = new PostgresConnection();
    // Before it is open, so that giving up ends it.
    this.#connection = connection;
    await connection.open(address);
    await this.#prepare(connection);
    return connection;
  }

  async #address(): Promise<PostgresAddress> {
    const { url, password, tls } = this.#options;
    if (tls !== undefined) this.#tls ??= await tlsOptions(tls);
    const { hostname, port, username, pathname } = new URL(url);
    return {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? 5432 : Number(port),
      user: decodeURIComponent(username),
      database: decodeURIComponent(pathname.slice(1)),
      password: password?.reveal(),
      tls: this.#tls,
      timeoutMs: this.#timeoutMs,
    };
  }

  /** Looks whether the tables are there, and makes the staging tables of this connection. */
  async #prepare(connection: PostgresConnection): Promise<void> {
    const { schema, createTables } = this.#options;
    if (createTables && (await this.#missing(connection)).length > 0)
      await connection.run(postgresSchema(schema));
    const missing = await this.#missing(connection);
    if (missing.length > 0) throw missingFault(this.#peer, schema, missing);
    await connection.run(kinds.map(stagingSql).join(';'));
  }

  /** Tables, and columns of tables that are there; of the kinds that are sent. */
  async #missing(connection: PostgresConnection): Promise<string[]> {
    const { schema, include } = this.#options;
    const rows = await connection.query<{ column: string }>(
      `SELECT table_name || '.' || column_name AS column FROM information_schema.columns WHERE table_schema = $1`,
      [schema],
    );
    const there = new Set(rows.map(({ column }) => column));
    return include.flatMap((kind) => {
      const table = tableNames[kind];
      if (!there.has(`${table}.id`)) return [table];
      const wanted = columnsFor(kind).map(({ name }) => `${table}.${name}`);
      return wanted.filter((column) => !there.has(column));
    });
  }

  #table(kind: SummaryKind): string {
    return `${quoted(this.#options.schema)}.${tableNames[kind]}`;
  }

  #drop(): void {
    this.#connection?.destroy();
    this.#connection = null;
  }

  async #end(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    if (connection?.isUsable === true) await connection.end();
  }
}

const staging = (kind: SummaryKind) => `pg_temp.rtpsonde_${tableNames[kind]}`;

/** Without a look at the real table, which would need the right to read it. */
function stagingSql(kind: SummaryKind): string {
  const columns = columnsFor(kind).map(({ name, type }) => `${quoted(name)} ${postgresTypes[type]}`);
  return `CREATE TEMPORARY TABLE rtpsonde_${tableNames[kind]} (${columns.join(', ')}) ON COMMIT DELETE ROWS`;
}

async function tlsOptions(files: NonNullable<ConfigOf<'postgres'>['tls']>): Promise<ConnectionOptions> {
  // libpq's habit of not looking at certificates is not ours.
  return { ca: [...rootCertificates], ...(await readTls(files)), rejectUnauthorized: true };
}
