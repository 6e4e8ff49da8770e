// HEP against Kamailio's sipcapture, whose tables are read back from PostgreSQL.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Exporter, SummaryLine } from '../../src/export/exporter.js';
import { rtcpReports } from '../../src/export/hep/rtcp-report.js';
import { type Measured, rtpReport, spanOf } from '../../src/export/hep/rtp-report.js';
import { exporterOf, manyWindows, realSummaries } from './support/exporting.js';
import { CHUNK_TABLE, Kamailio, REPORT_TABLE } from './support/kamailio.js';
import { POSTGRES_PROGRAMS, type Postgres, startPostgres } from './support/postgres.js';
import { missing } from './support/server.js';

const never = new AbortController().signal;
const SOFTWARE = 'rtpsonde-0.0.0';

interface Chunks {
  family: number;
  ip_protocol: number;
  source_ip: string;
  destination_ip: string;
  source_port: number;
  destination_port: number;
  seconds: number;
  microseconds: number;
  type: number;
  capture_id: number;
  password: string | null;
  correlation_id: string;
  payload: string;
}

function exporter(port: number, more: string): Exporter {
  const made = exporterOf(`type: hep\nhost: 127.0.0.1\nport: ${port}\npassword: key\n${more}`);
  onTestFinished(() => made.close());
  return made;
}

/** Those that HEP carries. */
function measuredOf({ lines, summaries }: ReturnType<typeof realSummaries>) {
  const keep = summaries.map(({ kind }) => kind !== 'capture');
  return {
    lines: lines.filter((_, i) => keep[i]),
    summaries: summaries.filter((_, i) => keep[i]) as Measured[],
  };
}

const idsIn = (rows: readonly { payload: string }[]) =>
  rows.map(({ payload }) => (JSON.parse(payload) as { ID?: string }).ID).filter((id) => id !== undefined);

describe.skipIf(missing('kamailio', ...POSTGRES_PROGRAMS))('Kamailio', () => {
  let database: Postgres;

  beforeAll(async () => {
    database = await startPostgres();
    await database.query(CHUNK_TABLE);
    for (const name of ['rtcp_capture', 'report_capture']) await database.query(REPORT_TABLE(name));
  });
  afterAll(() => database?.stop());

  async function kamailio(store: 'own-tables' | 'chunks', port?: number): Promise<Kamailio> {
    const server = await Kamailio.start({ store, databasePort: database.port, ...(port ? { port } : {}) });
    onTestFinished(() => server.stop());
    return server;
  }

  const chunks = () => database.query<Chunks>('select * from hep_chunks order by came');

  /** Rows as soon as there are so many, and after a while in which more would have come. */
  async function rowsOnce<Row>(count: number, read: () => Promise<Row[]>): Promise<Row[]> {
    for (const endMs = Date.now() + 20_000; Date.now() < endMs; await sleep(100))
      if ((await read()).length >= count) break;
    await sleep(300);
    return read();
  }

  it('takes every report of a real call over TCP, with all that was sent in it', async () => {
    await database.query('truncate hep_chunks');
    const { port } = await kamailio('chunks');
    const { lines, summaries } = measuredOf(realSummaries());
    await exporter(port, 'rtpReport: both\nrtcp: false\ncaptureId: 4242').deliver(lines, never);
    const rows = await rowsOnce(2 * lines.length, chunks);
    const expected = summaries.flatMap((summary) =>
      [34, 35].map((type) => ({
        family: 2,
        ip_protocol: 17,
        source_ip: summary.src,
        destination_ip: summary.dst,
        source_port: summary.srcPort,
        destination_port: summary.dstPort,
        ...spanOf(summary).end,
        type,
        capture_id: 4242,
        password: 'key',
        correlation_id: `rtp-${summary.pairId}`,
        payload: rtpReport(summary, SOFTWARE),
      })),
    );
    expect(rows.map(({ came, ...row }: Chunks & { came?: number }) => row)).toEqual(expected);
  });

  it('stores RTCP of a real call in its own table, over UDP', async () => {
    const { port } = await kamailio('own-tables');
    const { lines, summaries } = measuredOf(realSummaries());
    const streams = summaries.filter(({ kind }) => kind === 'stream');
    const sent = streams.flatMap((summary) => {
      const reverse = streams.find(({ streamId }) => streamId === summary.reverse?.streamId) ?? null;
      return rtcpReports(summary, reverse).map(({ at, json, way }) => {
        const [from, to] = way === 'with-stream' ? (['src', 'dst'] as const) : (['dst', 'src'] as const);
        return {
          micro_ts: at.seconds * 1e6 + at.microseconds,
          correlation_id: `rtp-${summary.pairId}`,
          source_ip: summary[from],
          source_port: summary[`${from}Port`],
          destination_ip: summary[to],
          destination_port: summary[`${to}Port`],
          node: 'kamailio:2001',
          msg: json,
        };
      });
    });
    expect(sent.length).toBeGreaterThan(1);
    const onlyStreams = lines.filter(({ kind }) => kind === 'stream');
    await exporter(port, 'transport: udp').deliver(onlyStreams, never);
    const read = () =>
      database.query(`select micro_ts, correlation_id, source_ip, source_port, destination_ip, destination_port,
        node, convert_from(msg, 'UTF8') as msg from rtcp_capture`);
    const inOrder = (rows: readonly { msg?: unknown }[]) =>
      [...rows].sort((a, b) => (String(a.msg) < String(b.msg) ? -1 : 1));
    expect(inOrder(await rowsOnce(sent.length, read))).toEqual(inOrder(sent));
  });

  it('has each summary once by its id, when a batch is delivered twice', async () => {
    await database.query('truncate hep_chunks');
    const { port } = await kamailio('chunks');
    const { lines } = measuredOf(realSummaries());
    const hep = exporter(port, 'rtcp: false');
    await hep.deliver(lines, never);
    await hep.deliver(lines, never);
    const ids = idsIn(await rowsOnce(2 * lines.length, chunks));
    expect({ rows: ids.length, different: new Set(ids).size }).toEqual({
      rows: 2 * lines.length,
      different: lines.length,
    });
  });

  it('loses nothing when it is killed in mid-stream and started again', async () => {
    await database.query('truncate hep_chunks');
    const first = await kamailio('chunks');
    const { port } = first;
    const hep = exporter(port, 'rtcp: false\ntimeoutSeconds: 2');
    const lines = manyWindows(1500);
    const send = async (from: number, to: number) => {
      for (; from < to; from += 50) await deliverLikeALane(hep, lines.slice(from, from + 50));
    };
    await send(0, 500);
    // What its kernel takes now dies with it, though it counted as delivered.
    first.freeze();
    await send(500, 700);
    await first.stop('SIGKILL');
    const restarted = sleep(500).then(() => kamailio('chunks', port));
    await send(700, 1500);
    await restarted;
    const rows = await rowsOnce(lines.length, () =>
      database.query<{ id: string }>(`select distinct payload::json->>'ID' as id from hep_chunks`),
    );
    const stored = new Set(rows.map(({ id }) => id));
    expect(lines.filter(({ id }) => !stored.has(id)).map(({ id }) => id)).toEqual([]);
  });
});

async function deliverLikeALane(to: Exporter, batch: readonly SummaryLine[]): Promise<void> {
  while (
    !(await to.deliver(batch, never).then(
      () => true,
      () => false,
    ))
  )
    await sleep(100);
}
