// Real ClickHouse for a test: Debian's old server, and the engine of a current one.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chdbFolder } from '../../../scripts/lib/chdb.mjs';
import { root } from '../../e2e/support/program.js';
import { repositoryFile } from './exporting.js';
import { freePort, missing, Server } from './server.js';

export const USER = 'probe';
export const PASSWORD = 'correct-horse';

/** Why there can be no current engine here, for `describe.skipIf`; null when there can. */
export function missingCurrent(): string | null {
  const why = missing('python3');
  if (why !== null || existsSync(chdbFolder())) return why;
  const absent = 'not fetched: chDB (`npm run test:collectors` does)';
  if (['true', '1'].includes(process.env.CI ?? '')) throw new Error(absent);
  console.log(`NOT RUN: ${absent}`);
  return absent;
}

export class ClickHouse {
  readonly url: string;
  #server: Server | null = null;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly program: (clickhouse: ClickHouse) => {
      command: string;
      args: string[];
      env?: NodeJS.ProcessEnv;
    },
    private readonly login: Readonly<Record<string, string>>,
  ) {
    this.url = `http://127.0.0.1:${port}/`;
  }

  /** The engine of a current server (chDB) behind a bit of HTTP. */
  static async current(): Promise<ClickHouse> {
    const script = join(root, 'test/collectors/support/chdb_server.py');
    return ClickHouse.#start({}, ({ port, folder }) => ({
      command: 'python3',
      args: [script, String(port), join(folder, 'data')],
      env: { PYTHONPATH: chdbFolder() },
    }));
  }

  /** Debian's server, 18.16. */
  static async debian(): Promise<ClickHouse> {
    const login = { user: USER, password: PASSWORD };
    return ClickHouse.#start(login, ({ folder }) => ({
      command: 'clickhouse-server',
      args: [`--config-file=${join(folder, 'etc/config.xml')}`],
    }));
  }

  static async #start(
    login: Readonly<Record<string, string>>,
    program: (clickhouse: ClickHouse) => { command: string; args: string[]; env?: NodeJS.ProcessEnv },
  ): Promise<ClickHouse> {
    const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-clickhouse-'));
    mkdirSync(join(folder, 'data'));
    // Not in the folder where it runs: chDB would take it for its own.
    mkdirSync(join(folder, 'etc'));
    const clickhouse = new ClickHouse(folder, await freePort(), program, login);
    writeFileSync(join(folder, 'etc/config.xml'), configOf(clickhouse, await freePort()));
    writeFileSync(join(folder, 'etc/users.xml'), USERS);
    await clickhouse.start();
    return clickhouse;
  }

  /** Starts it, again too: with all that it has on disk. */
  async start(): Promise<void> {
    this.#server = await Server.start({
      ...this.program(this),
      cwd: this.folder,
      ready: async () => (await fetch(this.url)).ok,
    });
  }

  async kill(): Promise<void> {
    await this.#server?.stop('SIGKILL');
    this.#server = null;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }

  /** Runs one statement; gives its rows. Throws what the server says is wrong. */
  async query(sql: string): Promise<Record<string, unknown>[]> {
    const isRead = /^\s*(SELECT|WITH|SHOW)/.test(sql);
    const form = isRead ? ' FORMAT JSONEachRow' : '';
    const url = new URL(this.url);
    for (const [key, value] of Object.entries(this.login)) url.searchParams.set(key, value);
    url.searchParams.set('output_format_json_quote_64bit_integers', '0');
    const answer = await fetch(url, { method: 'POST', body: `${sql}${form}` });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${text}\nin: ${sql.slice(0, 300)}`);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Runs every statement of a file of the repository. */
  async load(path: string, change: (sql: string) => string = (sql) => sql): Promise<void> {
    for (const statement of statementsOf(change(repositoryFile(path)))) await this.query(statement);
  }
}

/** The schema without its retention: recorded calls are old, and would be gone at once. */
export const withoutRetention = (sql: string) => sql.replaceAll(/\nTTL [^;\n]*/g, '');

/** The tables of Kafka without a broker: a table that passes rows on stands for each of them. */
export const withoutBroker = (sql: string) =>
  sql
    .replaceAll(/ENGINE = Kafka\nSETTINGS[^;]*;/g, 'ENGINE = Null;')
    .replaceAll(
      '    summary String\n',
      '    summary String, _error String, _topic String, _partition Int64, _offset Int64, _raw_message String\n',
    );

/** The statements of a file, without its comments. */
export function statementsOf(sql: string): string[] {
  const code = sql.replaceAll(/^--.*$/gm, '');
  return code
    .split(/;\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

const configOf = ({ folder, port }: ClickHouse, tcpPort: number) => `<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <http_port>${port}</http_port><tcp_port>${tcpPort}</tcp_port><listen_host>127.0.0.1</listen_host>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path>
  <users_config>${folder}/etc/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>5368709120</mark_cache_size>
</yandex>
`;

const USERS = `<yandex>
  <profiles><default></default></profiles>
  <quotas><default></default></quotas>
  <users><${USER}>
    <password>${PASSWORD}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
  </${USER}></users>
</yandex>
`;
