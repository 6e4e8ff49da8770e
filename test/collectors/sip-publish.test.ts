// Voice quality reports by SIP PUBLISH against SIPp, which checks each request,
// and Kamailio, which stores what it acknowledges.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Exporter, SummaryLine } from '../../src/export/exporter.js';
import { readVqReport } from '../../src/export/vq-rtcpxr/read.js';
import { lineOf } from '../../src/summary/line.js';
import type { StreamSummary, WindowSummary } from '../../src/summary/schema.js';
import { vqReportSyntax } from '../support/vq-grammar.js';
import { exporterOf, realSummaries, repositoryFile } from './support/exporting.js';
import { Kamailio, REPORTS_TABLE } from './support/kamailio.js';
import { POSTGRES_PROGRAMS, type Postgres, startPostgres } from './support/postgres.js';
import { findProgram, freePort, missing } from './support/server.js';

const never = new AbortController().signal;
const run = promisify(execFile);

type Measured = WindowSummary | StreamSummary;

function exporter(port: number, more: string): Exporter {
  const made = exporterOf(`type: sip-publish\nhost: 127.0.0.1\nport: ${port}\n${more}`);
  onTestFinished(() => made.close());
  return made;
}

const real = () =>
  realSummaries('gst-two-legs.pcap').summaries.filter(({ kind }) => kind !== 'capture') as Measured[];

/** So many streams, each with an id of its own. */
function manyStreams(count: number): SummaryLine[] {
  const streams = real().filter(({ kind }) => kind === 'stream');
  return Array.from({ length: count }, (_, i) => {
    const stream = streams[i % streams.length] as Measured;
    return lineOf({ ...stream, id: `${stream.id}-${i}` });
  });
}

describe.skipIf(missing('sipp'))('SIPp', () => {
  // It answers after 0.7 s, when over UDP requests have been repeated.
  it.each(['udp', 'tcp'])('finds nothing amiss in any report over %s', async (transport) => {
    const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-sipp-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const scenario = repositoryFile('test/collectors/support/vq-collector.sipp.xml');
    writeFileSync(join(folder, 'collector.xml'), scenario);
    const port = await freePort();
    const lines = manyStreams(40);
    const args = [
      '-sf',
      'collector.xml',
      '-i',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-t',
      transport === 'udp' ? 'u1' : 't1',
    ];
    const traces = ['-trace_logs', '-log_file', 'log', '-trace_msg', '-message_file', 'messages'];
    const logs = [...traces, '-nostdin', '-m', `${lines.length}`, '-timeout', '60s'];
    const sipp = run(findProgram('sipp') ?? 'sipp', [...args, ...logs], { cwd: folder, maxBuffer: 1 << 26 });
    sipp.catch(() => {});
    await listening(transport, port);
    await exporter(port, `transport: ${transport}`).deliver(lines, never);
    // Ends with an error when a check failed for any of the calls.
    await sipp;
    const requests = readFileSync(join(folder, 'messages'), 'utf8').match(/^PUBLISH /gm)?.length;
    if (transport === 'udp') expect(requests).toBeGreaterThan(lines.length);
    else expect(requests).toBe(lines.length);
    const seen = readFileSync(join(folder, 'log'), 'utf8').match(/SummaryID:\S+/g) ?? [];
    expect(new Set(seen)).toEqual(new Set(lines.map(({ id }) => `SummaryID:${id}`)));
  });
});

/** Waits until a program listens on 127.0.0.1. */
async function listening(transport: string, port: number): Promise<void> {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (let tries = 0; !readFileSync(`/proc/net/${transport}`, 'utf8').includes(local); tries++) {
    if (tries > 100) throw new Error(`nobody listens on ${port}`);
    await sleep(50);
  }
}

interface Row {
  call_id: string;
  event: string;
  content_type: string;
  body: string;
}

describe.skipIf(missing('kamailio', ...POSTGRES_PROGRAMS))('Kamailio', () => {
  let database: Postgres;

  beforeAll(async () => {
    database = await startPostgres();
    await database.query(REPORTS_TABLE);
  });
  afterAll(() => database?.stop());

  async function kamailio(port?: number): Promise<Kamailio> {
    await (port ?? database.query('truncate vq_reports'));
    const server = await Kamailio.start({
      store: 'reports',
      databasePort: database.port,
      ...(port ? { port } : {}),
    });
    onTestFinished(() => server.stop());
    return server;
  }

  const rows = () => database.query<Row>('select * from vq_reports order by came');
  const idsOf = (all: readonly Row[]) => all.map(({ body }) => /SummaryID:(\S+)/.exec(body)?.[1]);

  it.each(['udp', 'tcp'])(
    'has every report of a real call over %s, as our reader reads it',
    async (transport) => {
      const { port } = await kamailio();
      const summaries = real();
      await exporter(port, `transport: ${transport}\ninclude: [stream, window]`).deliver(
        summaries.map((summary) => lineOf(summary)),
        never,
      );
      const stored = await rows();
      expect(new Set(idsOf(stored))).toEqual(new Set(summaries.map(({ id }) => id)));
      for (const { body, event, content_type } of stored) {
        expect({ event, content_type }).toEqual({
          event: 'vq-rtcpxr',
          content_type: 'application/vq-rtcpxr',
        });
        expect({ body, fits: vqReportSyntax.test(body) }).toEqual({ body, fits: true });
      }
      const byId = new Map(stored.map(({ body }) => [/SummaryID:(\S+)/.exec(body)?.[1], readVqReport(body)]));
      for (const summary of summaries) expect(byId.get(summary.id)).toMatchObject(expectedOf(summary));
    },
  );

  it('has each report once by its Call-ID, when a batch is delivered twice', async () => {
    const { port } = await kamailio();
    const lines = manyStreams(30);
    const vq = exporter(port, 'transport: udp');
    await vq.deliver(lines, never);
    await vq.deliver([...lines], never);
    const stored = await rows();
    expect({ rows: stored.length, different: new Set(stored.map(({ call_id }) => call_id)).size }).toEqual({
      rows: 60,
      different: 30,
    });
  });

  it.each(['udp', 'tcp'])(
    'loses nothing over %s when it is killed in mid-stream and started again',
    async (transport) => {
      const first = await kamailio();
      const { port } = first;
      const vq = exporter(port, `transport: ${transport}\ntimeoutSeconds: 1`);
      const lines = manyStreams(600);
      let failures = 0;
      const send = async (from: number, to: number) => {
        for (; from < to; from += 50)
          while (!(await isDelivered(vq, lines.slice(from, from + 50)))) {
            failures++;
            await sleep(100);
          }
      };
      await send(0, 200);
      const rest = send(200, 600);
      await first.stop('SIGKILL');
      const restarted = sleep(300).then(() => kamailio(port));
      await rest;
      await restarted;
      const stored = new Set(idsOf(await rows()));
      expect(lines.filter(({ id }) => !stored.has(id)).map(({ id }) => id)).toEqual([]);
      expect(failures).toBeGreaterThan(0);
    },
  );
});

const isDelivered = (to: Exporter, batch: readonly SummaryLine[]) =>
  to.deliver(batch, never).then(
    () => true,
    () => false,
  );

/** What the reader has to find of a summary: rounded as RFC 6035 wants it. */
function expectedOf(summary: Measured): object {
  const { src, srcPort, dst, dstPort, mos, jitterMs, networkLoss } = summary;
  const number = (value: number | null, decimals: number) =>
    value === null ? {} : Number(value.toFixed(decimals));
  const numbers = {
    PT: summary.payloadType,
    ...(mos.cq === null ? {} : { MOSCQ: number(mos.cq, 2), MOSLQ: number(mos.lq, 2) }),
    ...(jitterMs.mean === null ? {} : { IAJ: Math.round(jitterMs.mean) }),
    ...(networkLoss.ratio === null ? {} : { NLR: Math.round(networkLoss.ratio * 1e4) / 100 }),
    GMIN: summary.burstGap.gmin,
  };
  return {
    kind: summary.kind === 'stream' ? 'session' : 'interval',
    isFinal: summary.kind === 'stream',
    callId: `rtp-${summary.pairId}`,
    local: { ip: dst, port: dstPort },
    remote: { ip: src, port: srcPort, ssrc: Number(summary.ssrc) },
    localMetrics: { numbers },
    faults: [],
  };
}
