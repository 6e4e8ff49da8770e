import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableNames } from '../../src/export/columns.js';
import type { SummaryLine } from '../../src/export/exporter.js';
import { lineOf } from '../../src/summary/line.js';
import type { Summary } from '../../src/summary/schema.js';
import {
  ClickHouse,
  missingCurrent,
  PASSWORD,
  USER,
  withoutBroker,
  withoutRetention,
} from './support/clickhouse.js';
import { expectEveryField, kinds, NANOSECONDS, recorded, SECONDS } from './support/clickhouse-rows.js';
import { deliverFor, failureOf, live } from './support/delivering.js';
import { exporterOf, manyWindows, realSummaries } from './support/exporting.js';
import { missing } from './support/server.js';

describe.skipIf(missing('clickhouse-server') !== null)('clickhouse, the server of Debian (18.16)', () => {
  let server: ClickHouse;
  beforeAll(async () => {
    server = await ClickHouse.debian();
    await server.load('deploy/clickhouse/18.16/tables.sql');
  });
  afterAll(() => server?.remove());

  const entry = (password = PASSWORD, more = '') =>
    `{type: clickhouse, url: "${server.url}", user: ${USER}, password: ${password}, insertToken: false, ${more}}`;

  it.each(['gzip', 'none'])(
    'holds every field; what comes twice is there once, compression: %s',
    async (compression) => {
      const { lines, summaries } = recorded();
      const exporter = exporterOf(entry(PASSWORD, `compression: ${compression}`));
      await exporter.deliver(lines, live());
      await exporter.deliver([...lines], live());
      await exporter.close();
      await expectEveryField(server, summaries, SECONDS);
    },
  );

  it('loses nothing when it is killed in mid-stream', async () => {
    const lines = manyWindows(3000).map((line) => lineOf({ ...JSON.parse(line.json), probe: 'killed' }));
    const exporter = exporterOf(entry(PASSWORD, 'timeoutSeconds: 3'));
    let failures = 0;
    let killed: Promise<void> | null = null;
    for (let from = 0; from < lines.length; from += 100) {
      // Not awaited: it dies and comes back while batches are on their way.
      if (from === 1000) killed = server.kill().then(() => server.start());
      failures += await deliverFor(exporter, lines.slice(from, from + 100));
    }
    await killed;
    await exporter.close();
    expect(failures).toBeGreaterThan(0);
    const rows = await server.query("SELECT id FROM rtpsonde.windows FINAL WHERE probe = 'killed'");
    expect(rows.map(({ id }) => id).sort()).toEqual(lines.map(({ id }) => id).sort());
  });

  it('is waited for when it does not take the password, a setting, or has no such table or column', async () => {
    const { lines } = realSummaries();
    const streams = lines.filter(({ kind }) => kind === 'stream');
    const errorWith = async (yaml: string) => {
      const exporter = exporterOf(yaml);
      const error = await failureOf(exporter.deliver(streams, live()));
      await exporter.close();
      expect(error?.remedy).toBe('retry-slowly');
      return error;
    };
    const wrong = await errorWith(entry('not-the-password'));
    expect(wrong).toMatchObject({ code: 'ERR_EXPORT_PERMISSION' });
    expect(wrong?.message).toContain('the password is wrong');
    expect(wrong?.message).not.toContain('not-the-password');
    const token = await errorWith(entry().replace('insertToken: false', 'insertToken: true'));
    expect(token?.message).toContain('insertToken needs ClickHouse 22.2');
    const table = await errorWith(entry(PASSWORD, 'tables: {stream: nowhere}'));
    expect(table?.message).toContain('the table is missing; apply deploy/clickhouse/01-tables.sql');
    await server.query('CREATE TABLE rtpsonde.narrow (id String) ENGINE = Memory');
    const column = await errorWith(entry(PASSWORD, 'tables: {stream: narrow}'));
    expect(column?.message).toContain('the table lacks a column');
  });
});

describe.skipIf(missingCurrent() !== null)('clickhouse, a current engine', () => {
  let server: ClickHouse;
  const { lines, summaries } = recorded();

  beforeAll(async () => {
    server = await ClickHouse.current();
    await server.load('deploy/clickhouse/01-tables.sql', withoutRetention);
    await server.load('deploy/clickhouse/02-rollups.sql', withoutRetention);
  });
  afterAll(() => server?.remove());

  const deliver = async (batch: readonly SummaryLine[]) => {
    const exporter = exporterOf(`{type: clickhouse, url: "${server.url}"}`);
    await exporter.deliver(batch, live());
    await exporter.close();
  };
  /** The roll-ups and what they must be, from the summaries themselves. */
  const ROLLED = `SELECT sum(windows) AS windows, sum(packets) AS packets, sum(expected) AS expected, sum(lost) AS lost,
    sum(mos_windows) AS mos_windows, round(sum(mos_cq_sum), 6) AS mos_cq_sum, sum(jitter_windows) AS jitter_windows,
    round(sum(jitter_sum_ms), 6) AS jitter_sum_ms, sumForEachMerge(pdv_histogram) AS pdv_histogram FROM rtpsonde`;
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  const total = (values: readonly (number | null)[]) =>
    values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null).length;
  function rolled() {
    const windows = summaries.filter((summary) => summary.kind === 'window');
    const mos = windows.map((window) => window.mos.cq);
    const jitter = windows.map((window) => window.jitterMs.mean);
    return {
      windows: windows.length,
      packets: total(windows.map(({ packets }) => packets)),
      expected: total(windows.map((window) => window.expected)),
      lost: total(windows.map(({ lost }) => lost)),
      mos_windows: known(mos),
      mos_cq_sum: round(total(mos)),
      jitter_windows: known(jitter),
      jitter_sum_ms: round(total(jitter)),
      pdv_histogram: windows.reduce(
        (sums, { pdvHistogram }) => pdvHistogram.map((count, bin) => count + (sums[bin] ?? 0)),
        [] as number[],
      ),
    };
  }

  it('holds every field, to the nanosecond', async () => {
    await deliver(lines);
    await expectEveryField(server, summaries, NANOSECONDS);
  });

  it('takes a repeated insert once, in the tables and in the roll-ups', async () => {
    await deliver([...lines]);
    const [{ rows } = {}] = await server.query('SELECT count() AS rows FROM rtpsonde.windows');
    expect(rows).toBe(summaries.filter(({ kind }) => kind === 'window').length);
    for (const table of ['quality_1m', 'quality_1h'])
      expect(await server.query(`${ROLLED}.${table}`)).toEqual([rolled()]);
    const [health] = await server.query(
      'SELECT sum(windows) AS windows, sum(packets) AS packets FROM rtpsonde.health_1h',
    );
    const captures = summaries.filter((summary) => summary.kind === 'capture');
    expect(health).toEqual({
      windows: captures.length,
      packets: total(captures.map(({ packets }) => packets)),
    });
  });

  it('does so for an insert of many megabytes, which the server reads in parts', async () => {
    const many = manyWindows(6000).map((line) => lineOf({ ...JSON.parse(line.json), probe: 'many' }));
    await deliver(many);
    await deliver([...many]);
    for (const [table, rows] of [
      ['windows', 'count()'],
      ['quality_1m', 'sum(windows)'],
      ['quality_1h', 'sum(windows)'],
    ]) {
      const sql = `SELECT toInt64(${rows}) AS rows FROM rtpsonde.${table} WHERE probe = 'many'`;
      expect(await server.query(sql), table).toEqual([{ rows: many.length }]);
      await server.query(
        `ALTER TABLE rtpsonde.${table} DELETE WHERE probe = 'many' SETTINGS mutations_sync = 1`,
      );
    }
  });

  it('has summaries once that came again in other inserts; rebuilding does so for the roll-ups', async () => {
    for (const kind of kinds)
      for (const line of lines.filter((one) => one.kind === kind)) await deliver([line]);
    await expectEveryField(server, summaries, NANOSECONDS);
    const days = await server.query(
      'SELECT DISTINCT toString(toDate(window_start)) AS day FROM rtpsonde.windows',
    );
    expect(await server.query(`${ROLLED}.quality_1m`)).not.toEqual([rolled()]);
    for (const { day } of days)
      await server.load('deploy/clickhouse/rebuild-rollups.sql', (sql) =>
        sql.replaceAll('{day:Date}', `'${day}'`),
      );
    for (const table of ['quality_1m', 'quality_1h'])
      expect(await server.query(`${ROLLED}.${table}`)).toEqual([rolled()]);
  });

  it('makes the same rows of what is in Kafka', async () => {
    for (const kind of kinds) await server.query(`TRUNCATE TABLE rtpsonde.${tableNames[kind]}`);
    await server.load('deploy/clickhouse/03-kafka.sql', withoutBroker);
    for (const line of lines)
      await server.query(
        `INSERT INTO rtpsonde.kafka_${tableNames[line.kind]} FORMAT JSONEachRow ${JSON.stringify({ summary: line.json })}`,
      );
    await server.query(
      `INSERT INTO rtpsonde.kafka_windows FORMAT JSONEachRow {"_error": "no JSON", "_raw_message": "}", "_offset": 7}`,
    );
    await expectEveryField(server, summaries, NANOSECONDS);
    const errors = await server.query('SELECT offset, message, error FROM rtpsonde.kafka_errors');
    expect(errors).toEqual([{ offset: 7, message: '}', error: 'no JSON' }]);
  });

  it('keeps rows as long as it says: older ones go', async () => {
    await server.query('DROP DATABASE rtpsonde');
    for (const file of ['01-tables', '02-rollups']) await server.load(`deploy/clickhouse/${file}.sql`);
    const [window] = summaries.filter((summary) => summary.kind === 'window');
    const daysAgo = (days: number) => {
      const windowStart = new Date(Date.now() - days * 86_400_000).toISOString();
      return lineOf({ ...window, kind: 'window', id: `${days}`, windowStart } as Summary);
    };
    await deliver([1, 29, 32, 80].map(daysAgo));
    await server.query('OPTIMIZE TABLE rtpsonde.windows FINAL');
    const rows = await server.query('SELECT id FROM rtpsonde.windows ORDER BY id');
    expect(rows).toEqual([{ id: '1' }, { id: '29' }]);
    const [kept] = await server.query('SELECT sum(windows) AS windows FROM rtpsonde.quality_1m');
    expect(kept).toEqual({ windows: 4 });
  });
});
