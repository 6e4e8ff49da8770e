import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Column, columnsFor, tableNames } from '../../src/export/columns.js';
import type { DeliveryError, Exporter, SummaryKind, SummaryLine } from '../../src/export/exporter.js';
import { lineOf } from '../../src/summary/line.js';
import type { Summary } from '../../src/summary/schema.js';
import { type Certificates, makeCertificates } from '../unit/export/certificates.js';
import { exporterOf, manyWindows, realSummaries, repositoryFile } from './support/exporting.js';
import { POSTGRES_PROGRAMS, type Postgres, startPostgres } from './support/postgres.js';
import { missing } from './support/server.js';

const never = new AbortController().signal;
const schemaSql = repositoryFile('deploy/postgres/schema.sql');

async function faultOf(delivery: Promise<void>) {
  try {
    await delivery;
  } catch (error) {
    const { code, message, remedy } = error as DeliveryError;
    return { code, message, remedy };
  }
  throw new Error('delivered');
}

/** Until it is delivered; what is to be retried is. */
async function insist(exporter: Exporter, batch: readonly SummaryLine[]): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      return await exporter.deliver(batch, never);
    } catch (error) {
      if (left === 0 || (error as DeliveryError).remedy !== 'retry') throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe.skipIf(missing(...POSTGRES_PROGRAMS) !== null)('PostgreSQL', () => {
  let server: Postgres;
  let certificates: Certificates;
  let folder: string;
  const at = (user: string) => `postgresql://${user}@127.0.0.1:${server.port}/postgres`;

  function exporter(yaml: string, environment: NodeJS.ProcessEnv = {}): Exporter {
    const made = exporterOf(`type: postgres\n${yaml}`, environment);
    onTestFinished(() => made.close());
    return made;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rtpsonde-postgres-test-'));
    certificates = makeCertificates(folder);
    server = await startPostgres({
      tls: { ...certificates.server, ca: certificates.ca },
      access: [
        'hostnossl all postgres 127.0.0.1/32 trust',
        'hostnossl all probe 127.0.0.1/32 scram-sha-256',
        'hostssl all secure 127.0.0.1/32 scram-sha-256 clientcert=verify-ca',
      ],
    });
    await server.query(schemaSql);
    await server.query(`
      CREATE ROLE probe LOGIN PASSWORD 'pass word';
      CREATE ROLE secure LOGIN PASSWORD 'pass word';
      GRANT TEMPORARY ON DATABASE postgres TO probe, secure;
      GRANT USAGE ON SCHEMA rtpsonde TO probe, secure;
      GRANT INSERT ON ALL TABLES IN SCHEMA rtpsonde TO probe, secure;`);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has every field as it was sent, once, by a role that may only insert', async () => {
    const { lines, summaries } = realSummaries();
    const password = { PASSWORD: 'pass word' };
    const to = exporter(`url: ${at('probe')}\npassword: {env: PASSWORD}`, password);
    await to.deliver(lines, never);
    await to.deliver(lines, never);
    for (const kind of ['window', 'stream', 'capture'] as const) {
      const sent = summaries.filter((summary) => summary.kind === kind);
      expect(await rowsOf(server, kind)).toEqual(
        sent.map((summary) => expectedRow(summary)).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)),
      );
    }
  });

  it('keeps characters that COPY, jsonb and PostgreSQL itself treat in a way of their own', async () => {
    const { summaries } = realSummaries();
    const probe = 'tab\there\\ back\nline\r"quote"\' \u20ac {x} \\N \\.';
    const stream = summaries.find(({ kind }) => kind === 'stream') as Summary;
    const odd = {
      ...stream,
      id: 'odd',
      probe,
      codec: 'nul\0',
      tunnel: { kind: 'vxlan', outer: [probe, 'a\0b'] },
    };
    await exporter(`url: ${at('postgres')}`).deliver([lineOf(odd as unknown as Summary)], never);
    expect(
      await server.query(`SELECT probe, codec, tunnel_outer FROM rtpsonde.streams WHERE id = 'odd'`),
    ).toEqual([{ probe, codec: 'nul\ufffd', tunnel_outer: [probe, 'a\ufffdb'] }]);
  });

  it('loses nothing and keeps nothing twice when it is killed in mid-stream', async () => {
    const all = manyWindows(3000).map((line, i) => lineOf({ ...parsed(line), id: `kill/${i}` }));
    const batches = Array.from({ length: 30 }, (_, i) => all.slice(i * 100, (i + 1) * 100));
    const to = exporter(`url: ${at('postgres')}`);
    let kills = 0;
    for (const [i, batch] of batches.entries()) {
      const delivery = insist(to, batch);
      if (i % 10 === 4) {
        await new Promise((resolve) => setTimeout(resolve, 5 * ++kills));
        await server.kill();
        await server.start();
      }
      await delivery;
    }
    expect(kills).toBe(3);
    const ids = await server.query(`SELECT id FROM rtpsonde.windows WHERE id LIKE 'kill/%'`);
    expect(ids.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
  });

  it('is spoken to by TLS, with a client certificate', async () => {
    const { caFile, clientCertFile, clientKeyFile } = certificates;
    const tls = `tls: {caFile: ${caFile}, certFile: ${clientCertFile}, keyFile: ${clientKeyFile}}`;
    const secret = 'password: pass word';
    const to = exporter(`url: ${at('secure')}\n${secret}\n${tls}`);
    await to.deliver(manyWindows(2), never);
    await to.reopen?.();
    await to.deliver(manyWindows(2), never);

    const stranger = exporter(`url: ${at('secure')}\n${secret}\ntls: {}`);
    expect(await faultOf(stranger.deliver(manyWindows(1), never))).toMatchObject({
      code: 'ERR_EXPORT_TLS',
      message: expect.stringContaining('has a certificate that is not trusted'),
    });
    const plain = exporter(`url: ${at('secure')}\n${secret}`);
    expect(await faultOf(plain.deliver(manyWindows(1), never))).toMatchObject({
      code: 'ERR_EXPORT_PERMISSION',
      remedy: 'retry-slowly',
    });
  });

  it('says what is wrong, and what to do', async () => {
    const wrong = exporter(`url: ${at('probe')}\npassword: nonsense`);
    const fault = await faultOf(wrong.deliver(manyWindows(1), never));
    expect(fault).toMatchObject({ code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly' });
    expect(fault.message).toContain('password authentication failed for user "probe"');
    expect(fault.message).not.toContain('nonsense');

    const absent = exporter(`url: ${at('postgres')}\nschema: nowhere`);
    expect(await faultOf(absent.deliver(manyWindows(1), never))).toEqual({
      code: 'ERR_EXPORT_UNAVAILABLE',
      remedy: 'retry-slowly',
      message: `postgresql://127.0.0.1:${server.port}/postgres: schema nowhere lacks windows, streams, captures, or the user may not insert there; apply deploy/postgres/schema.sql or set createTables`,
    });

    const nobody = exporter(`url: postgresql://postgres@127.0.0.1:${server.port}/nothing`);
    expect(await faultOf(nobody.deliver(manyWindows(1), never))).toMatchObject({ remedy: 'retry-slowly' });
  });

  it('sets a record aside that it refuses, and takes the others', async () => {
    const to = exporter(`url: ${at('postgres')}`);
    const [good, other] = manyWindows(2) as [SummaryLine, SummaryLine];
    const poison = lineOf({ ...parsed(other), id: 'poison', windowStart: 'not a time' } as Summary);
    expect(await faultOf(to.deliver([good, poison], never))).toMatchObject({
      code: 'ERR_EXPORT_REJECTED',
      remedy: 'split',
    });
    await to.deliver([good], never);
    expect(await faultOf(to.deliver([poison], never))).toMatchObject({ remedy: 'split' });
    await to.deliver([other], never);
  });

  it('waits for a lock no longer than allowed, and takes the batch later', async () => {
    const to = exporter(`url: ${at('postgres')}\ntimeoutSeconds: 0.3`);
    const held = server.query(
      `BEGIN; LOCK TABLE rtpsonde.windows IN EXCLUSIVE MODE; SELECT pg_sleep(2); COMMIT`,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const batch = manyWindows(3);
    expect(await faultOf(to.deliver(batch, never))).toMatchObject({ remedy: 'retry' });
    await held;
    await to.deliver(batch, never);
  });

  it('gets the tables from the exporter when that is asked for, also those of an older version', async () => {
    const yaml = `url: ${at('postgres')}\nschema: made\ncreateTables: true`;
    // Two probes at once.
    await Promise.all([0, 1].map(() => exporter(yaml).deliver(manyWindows(2), never)));
    await server.query('ALTER TABLE made.windows DROP COLUMN loss_ratio');
    await exporter(yaml).deliver(manyWindows(4), never);
    const [row] = await server.query(
      'SELECT count(*)::int AS all, count(loss_ratio)::int AS ratios FROM made.windows',
    );
    expect(row).toEqual({ all: 4, ratios: 2 });
  });

  it('gets hypertables when the database has Timescale (its function stands in: Debian has no package)', async () => {
    await server.query(`
      CREATE TABLE hypertables (name regclass, by name, every interval);
      CREATE FUNCTION create_hypertable(relation regclass, time_column_name name, chunk_time_interval interval,
        create_default_indexes boolean, if_not_exists boolean, migrate_data boolean) RETURNS void LANGUAGE sql AS
        'INSERT INTO hypertables VALUES (relation, time_column_name, chunk_time_interval)';
      SET allow_system_table_mods = on;
      INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        SELECT 99999, 'timescaledb', 10, 2200, false, '2.0';`);
    onTestFinished(async () => {
      await server.query(
        `SET allow_system_table_mods = on; DELETE FROM pg_extension WHERE extname = 'timescaledb'`,
      );
    });
    await server.query(schemaSql);
    expect(await server.query(`SELECT name::text, "by", every::text FROM hypertables ORDER BY 1`)).toEqual([
      { name: 'rtpsonde.captures', by: 'window_start', every: '1 day' },
      { name: 'rtpsonde.streams', by: 'end_time', every: '1 day' },
      { name: 'rtpsonde.windows', by: 'window_start', every: '1 day' },
    ]);
  });
});

const parsed = ({ json }: SummaryLine) => JSON.parse(json) as Summary;

/** Rows of a table in order of their id, times as PostgreSQL writes them in UTC. */
async function rowsOf(server: Postgres, kind: SummaryKind): Promise<Record<string, unknown>[]> {
  const shown = columnsFor(kind).map(({ name, type }) => {
    if (type === 'time')
      return `to_char("${name}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS "${name}"`;
    return type === 'integer' ? `"${name}"::float8` : `"${name}"`;
  });
  return server.query(`SELECT ${shown.join(', ')} FROM rtpsonde.${tableNames[kind]} ORDER BY id COLLATE "C"`);
}

function expectedRow(summary: Summary): Record<string, unknown> {
  return Object.fromEntries(
    columnsFor(summary.kind).map((column) => [column.name, expected(column, summary)]),
  );
}

/** The recorded calls have times of whole microseconds. */
function expected({ type, get }: Column, summary: Summary): unknown {
  const value = get(summary);
  return type === 'time' && typeof value === 'string' ? value.replace(/000Z$/, '') : value;
}
