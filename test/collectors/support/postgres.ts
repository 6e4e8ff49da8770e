// A PostgreSQL server of its own for a test, in a folder that goes away with it.
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram, freePort, Server } from './server.js';

/** What `missing` has to be asked for. */
export const POSTGRES_PROGRAMS = ['initdb', 'postgres', 'psql', 'setpriv'];

export interface Postgres {
  /** postgresql://user@host:port/database; no password is needed. */
  url: string;
  port: number;
  stop(): Promise<void>;
  /** Rows of a query as objects; none for other statements. Rejects with what psql says. */
  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again with what it has on its disk. */
  start(): Promise<void>;
}

export interface PostgresOptions {
  /** Who may connect over TCP, as in pg_hba.conf: everybody of this machine unless given. */
  access?: readonly string[];
  /** PEM; with it the server speaks TLS as well. */
  tls?: { key: string; cert: string; ca: string };
}

/** The server refuses to run as root: nobody runs it then. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;

/** A program with its arguments, as the user who runs the server. */
function command(program: string, ...args: string[]): [string, string[]] {
  const path = findProgram(program) ?? program;
  if (!isRoot) return [path, args];
  const { uid, gid } = NOBODY;
  return ['setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', path, ...args]];
}

/** Starts a fresh server on a free port of 127.0.0.1. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-postgres-'));
  const give = (path: string, mode: number) => {
    if (isRoot) chownSync(path, NOBODY.uid, NOBODY.gid);
    chmodSync(path, mode);
  };
  give(folder, 0o700);
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(...command('initdb', ...initdb), { cwd: folder, stdio: 'pipe' });
  const write = (name: string, text: string) => {
    writeFileSync(join(data, name), text);
    give(join(data, name), 0o600);
  };
  const { access = ['host all all 127.0.0.1/32 trust'], tls } = options;
  write('pg_hba.conf', `local all all trust\n${access.join('\n')}\n`);
  if (tls !== undefined) {
    write('server.key', tls.key);
    write('server.crt', tls.cert);
    write('ca.crt', tls.ca);
  }

  const port = await freePort();
  const settings = [
    ...['-D', data, '-h', '127.0.0.1', '-p', `${port}`, '-k', folder, '-F'],
    ...(tls === undefined ? [] : ['-c', 'ssl=on', '-c', 'ssl_ca_file=ca.crt']),
  ];
  const [program, args] = command('postgres', ...settings);
  // By its socket, where everybody is trusted.
  const own = `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}&port=${port}`;
  const ready = async () => (await psql(own, 'select 1')) === '1';
  const run = () => Server.start({ command: program, args, cwd: folder, ready });
  let server = await run();
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    port,
    kill: () => server.stop('SIGKILL'),
    async start() {
      server = await run();
    },
    async stop() {
      await server.stop('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
    async query<Row>(sql: string) {
      if (!/^\s*(select|with|values|table)\b/i.test(sql)) {
        await psql(own, sql);
        return [];
      }
      const asJson = `select coalesce(json_agg(row), '[]') from (${sql.replace(/;\s*$/, '')}) row`;
      return JSON.parse(await psql(own, asJson)) as Row[];
    },
  };
}

const execute = promisify(execFile);

async function psql(url: string, sql: string): Promise<string> {
  const args = [url, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', sql];
  const { stdout } = await execute('psql', args, { maxBuffer: 1 << 30 });
  return stdout.trim();
}
