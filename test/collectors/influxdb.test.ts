// Against InfluxDB 1.6 of Debian, which has the API of 1.x alone; 2.x is held to its contract in
// test/unit/export/collectors/influxdb.test.ts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { columnsFor, tableNames } from '../../src/export/columns.js';
import type { DeliveryError, Exporter, SummaryKind } from '../../src/export/exporter.js';
import { nanoseconds } from '../../src/export/nanoseconds.js';
import { lineOf } from '../../src/summary/line.js';
import type { Summary } from '../../src/summary/schema.js';
import { exporterOf, manyWindows, realSummaries } from './support/exporting.js';
import { freePort, missing, Server } from './support/server.js';

const never = new AbortController().signal;

class Influx {
  server: Server | null = null;
  readonly #folder = mkdtempSync(join(tmpdir(), 'rtpsonde-influxdb-'));
  #port = 0;

  async start(): Promise<void> {
    if (this.#port === 0) {
      this.#port = await freePort();
      const at = (name: string) => JSON.stringify(join(this.#folder, name));
      writeFileSync(
        join(this.#folder, 'influxdb.conf'),
        `reporting-disabled = true
bind-address = "127.0.0.1:${await freePort()}"
[meta]
dir = ${at('meta')}
[data]
dir = ${at('data')}
wal-dir = ${at('wal')}
[http]
bind-address = "127.0.0.1:${this.#port}"
auth-enabled = true
[monitor]
store-enabled = false
`,
      );
    }
    this.server = await Server.start({
      command: 'influxd',
      args: ['-config', join(this.#folder, 'influxdb.conf')],
      ready: async () => (await fetch(`${this.url}/ping`)).status === 204,
    });
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Rows as objects. */
  async query(q: string): Promise<Record<string, unknown>[]> {
    const parameters = new URLSearchParams({ q, db: 'voice', u: 'admin', p: 'admin', epoch: 'ns' });
    const answer = await fetch(`${this.url}/query?${parameters}`, { method: 'POST' });
    // Whole numbers of 64 bits are beyond what a number holds: as text.
    const text = (await answer.text()).replaceAll(/([[,])(\d{16,})(?=[,\]])/g, '$1"$2"');
    const { results, error } = JSON.parse(text);
    if (error !== undefined || results[0].error !== undefined) throw new Error(error ?? results[0].error);
    const [series] = results[0].series ?? [];
    return (series?.values ?? []).map((row: unknown[]) =>
      Object.fromEntries(series.columns.map((name: string, i: number) => [name, row[i]])),
    );
  }
}

describe.skipIf(missing('influxd') !== null)('InfluxDB 1.6', () => {
  const influx = new Influx();
  const exporter = (more = ''): Exporter => {
    const made = exporterOf(
      `type: influxdb\nurl: ${influx.url}\ndatabase: voice\nuser: probe\npassword: secret word\n${more}`,
    );
    onTestFinished(() => made.close());
    return made;
  };
  const faultOf = (delivery: Promise<void>) =>
    delivery.then(
      () => null,
      ({ code, remedy, message }: DeliveryError) => ({ code, remedy, message }),
    );

  beforeAll(async () => {
    await influx.start();
    await influx.query(`CREATE USER admin WITH PASSWORD 'admin' WITH ALL PRIVILEGES`);
    await influx.query('CREATE DATABASE voice');
    await influx.query(`CREATE USER probe WITH PASSWORD 'secret word'`);
    await influx.query('GRANT WRITE ON voice TO probe');
  });
  afterAll(() => influx.stop());

  it('has every field as it was sent, once though it came twice', async () => {
    const { lines, summaries } = realSummaries();
    const to = exporter();
    await to.deliver(lines, never);
    await to.deliver(lines, never);
    for (const kind of ['window', 'stream', 'capture'] as SummaryKind[]) {
      const rows = await influx.query(`SELECT * FROM rtpsonde_${tableNames[kind]}`);
      const sent = summaries.filter((summary) => summary.kind === kind);
      expect(rows.map(({ id }) => id).sort()).toEqual(sent.map(({ id }) => id).sort());
      for (const summary of sent) {
        const { time: _, ...row } = rows.find(({ id }) => id === summary.id) ?? {};
        const known = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
        expect(known).toEqual(expected(summary));
      }
    }
  });

  it('keeps odd characters', async () => {
    const { summaries } = realSummaries();
    const odd = 'a, b=c "d" \\e \u20ac';
    const [window] = summaries.filter(({ kind }) => kind === 'window');
    await exporter('tags: [codec]').deliver([lineOf({ ...window, id: odd, codec: odd } as Summary)], never);
    const rows = await influx.query('SELECT id, codec FROM rtpsonde_windows');
    expect(rows).toContainEqual({ time: expect.anything(), id: odd, codec: odd });
  });

  it('keeps all 3000 streams of one window apart, and loses none when it is killed in mid-stream', async () => {
    const { summaries } = realSummaries();
    const window = summaries.find(({ kind }) => kind === 'window') as Summary;
    const lines = Array.from({ length: 3000 }, (_, i) => lineOf({ ...window, id: `many/${i}` }));
    const to = exporter();
    for (let from = 0; from < lines.length; from += 300) {
      const batch = lines.slice(from, from + 300);
      const restart = from % 900 === 600 && influx.server?.stop('SIGKILL').then(() => influx.start());
      for (let left = 200; (await faultOf(to.deliver(batch, never))) !== null; left--) {
        if (left === 0) throw new Error('never delivered');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await restart;
    }
    const rows = await influx.query(`SELECT id FROM rtpsonde_windows WHERE id =~ /^many/`);
    expect(rows.map(({ id }) => id).sort()).toEqual(lines.map(({ id }) => id).sort());
  });

  it('says what is wrong, and what becomes of the records', async () => {
    const wrong = exporterOf(
      `type: influxdb\nurl: ${influx.url}\ndatabase: voice\nuser: probe\npassword: nonsense`,
    );
    expect(await faultOf(wrong.deliver(manyWindows(1), never))).toMatchObject({
      code: 'ERR_EXPORT_PERMISSION',
      remedy: 'retry-slowly',
    });
    const admin = `type: influxdb\nurl: ${influx.url}\nuser: admin\npassword: admin\ndatabase:`;
    expect(await faultOf(exporterOf(`${admin} nowhere`).deliver(manyWindows(1), never))).toMatchObject({
      remedy: 'retry-slowly',
      message: expect.stringContaining('database not found'),
    });
    // A field that has another type already: the point is refused, and found by halves.
    await influx.query('CREATE DATABASE other');
    await fetch(`${influx.url}/write?db=other&u=admin&p=admin`, {
      method: 'POST',
      body: 'rtpsonde_windows lost="text"',
    });
    expect(await faultOf(exporterOf(`${admin} other`).deliver(manyWindows(2), never))).toMatchObject({
      code: 'ERR_EXPORT_REJECTED',
      remedy: 'split',
    });
  });
});

/** Its row, without what is unknown. Times are integers. */
function expected(summary: Summary): Record<string, unknown> {
  const values = columnsFor(summary.kind).flatMap(({ name, type, get }) => {
    const value = get(summary);
    if (value === null || type === 'json') return [];
    return [[name, type === 'time' ? `${nanoseconds(String(value))}` : value]];
  });
  return Object.fromEntries(values);
}
