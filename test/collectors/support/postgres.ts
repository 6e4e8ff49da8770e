// A PostgreSQL server of its own for a test, in a folder that goes away with it.
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
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
}

/** The server refuses to run as root: nobody runs it then. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Starts a fresh server on a free port of 127.0.0.1. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-postgres-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY.uid, NOBODY.gid);
  chmodSync(folder, 0o700);
  const command = (program: string, ...args: string[]): [string, string[]] => {
    const path = findProgram(program) ?? program;
    if (!isRoot) return [path, args];
    const { uid, gid } = NOBODY;
    return ['setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', path, ...args]];
  };
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(...command('initdb', ...initdb), { cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const [program, args] = command(
    'postgres',
    '-D',
    data,
    '-h',
    '127.0.0.1',
    '-p',
    `${port}`,
    '-k',
    folder,
    '-F',
  );
  const ready = async () => (await psql(url, 'select 1')) === '1';
  const server = await Server.start({ command: program, args, cwd: folder, ready });
  return {
    url,
    port,
    async stop() {
      await server.stop('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
    async query<Row>(sql: string) {
      if (!/^\s*(select|with|values|table)\b/i.test(sql)) {
        await psql(url, sql);
        return [];
      }
      const asJson = `select coalesce(json_agg(row), '[]') from (${sql.replace(/;\s*$/, '')}) row`;
      return JSON.parse(await psql(url, asJson)) as Row[];
    },
  };
}

const run = promisify(execFile);

async function psql(url: string, sql: string): Promise<string> {
  const args = [url, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', sql];
  const { stdout } = await run('psql', args, { maxBuffer: 1 << 30 });
  return stdout.trim();
}
