// What needs no ClickHouse; the rest is in test/collectors/clickhouse.test.ts.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeClickHouse } from '../../../../src/export/clickhouse-answer.js';
import { ClickHouseExporter } from '../../../../src/export/clickhouse-exporter.js';
import type { DeliveryError } from '../../../../src/export/exporter.js';
import { systemClock } from '../../../../src/ops/clock.js';
import { lineOf } from '../../../../src/summary/line.js';
import type { Summary } from '../../../../src/summary/schema.js';

interface Insert {
  query: string;
  token: string | null;
  body: string;
  authorization: string | undefined;
}

/** Answers each insert with the next status, or 200. */
async function fakeServer(
  statuses: [status: number, text: string][],
): Promise<{ url: string; inserts: Insert[] }> {
  const inserts: Insert[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    inserts.push({
      query: searchParams.get('query') ?? '',
      token: searchParams.get('insert_deduplication_token'),
      body: Buffer.concat(chunks).toString(),
      authorization: request.headers.authorization,
    });
    const [status, text] = statuses.shift() ?? [200, ''];
    response.writeHead(status).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/`, inserts };
}

function exporterTo(url: string, insertToken = true): ClickHouseExporter {
  const exporter = new ClickHouseExporter(
    {
      name: 'clickhouse',
      url,
      database: 'db',
      tables: { window: 'w', stream: 's', capture: 'c' },
      user: 'me',
      secret: 'hidden-word',
      insertToken,
      compression: 'none',
      timeoutMs: 2000,
      version: '0',
    },
    { clock: systemClock },
  );
  onTestFinished(() => exporter.close());
  return exporter;
}

const lines = [
  {
    kind: 'window',
    id: '1',
    lost: 0,
    jitterMs: { mean: null, max: 2.5, last: 1 },
    pdvHistogram: [1, 2],
    rtcp: null,
  },
  { kind: 'stream', id: '2', oneWayAudio: true, mos: { scale: 'WB', cq: 4.1 } },
  { kind: 'window', id: '3' },
].map((summary) => lineOf(summary as unknown as Summary));
const signal = new AbortController().signal;

describe('the exporter clickhouse', () => {
  it('inserts each kind into its table: unknown is left out, 0 is not, JSON is text', async () => {
    const { url, inserts } = await fakeServer([]);
    await exporterTo(url).deliver(lines, signal);
    expect(inserts.map(({ query }) => query)).toEqual([
      'INSERT INTO db.w FORMAT JSONEachRow',
      'INSERT INTO db.s FORMAT JSONEachRow',
    ]);
    const [windows, streams] = inserts.map(({ body }) =>
      body
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row)),
    );
    expect(windows).toEqual([
      { id: '1', lost: 0, jitter_max_ms: 2.5, jitter_last_ms: 1, pdv_histogram: '[1,2]' },
      { id: '3' },
    ]);
    expect(streams).toEqual([{ id: '2', one_way_audio: true, mos_scale: 'WB', mos_cq_wb: 4.1 }]);
    expect(inserts[0]?.authorization).toBe(`Basic ${Buffer.from('me:hidden-word').toString('base64')}`);
  });

  it('repeats only the kinds that were not taken, under the same token', async () => {
    const { url, inserts } = await fakeServer([
      [200, ''],
      [503, 'busy'],
    ]);
    const exporter = exporterTo(url);
    await expect(exporter.deliver(lines, signal)).rejects.toMatchObject({ remedy: 'retry' });
    await exporter.deliver(lines, signal);
    expect(inserts.map(({ query }) => query.split(' ')[2])).toEqual(['db.w', 'db.s', 'db.s']);
    expect(inserts[1]?.token).toMatch(/^[0-9a-f]{32}$/);
    expect(inserts[2]).toEqual(inserts[1]);
    expect(inserts[0]?.token).not.toBe(inserts[1]?.token);
  });

  it('names no insert unless it may', async () => {
    const { url, inserts } = await fakeServer([]);
    await exporterTo(url, false).deliver(lines, signal);
    expect(inserts.map(({ token }) => token)).toEqual([null, null]);
  });

  it('does not take an exception behind the status 200 for an acknowledgement', async () => {
    const { url } = await fakeServer([
      [200, 'Code: 241. DB::Exception: Memory limit exceeded for hidden-word'],
    ]);
    const error = await exporterTo(url)
      .deliver(lines, signal)
      .then(
        () => null,
        (thrown: unknown) => thrown as DeliveryError,
      );
    expect(error).toMatchObject({ code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry' });
    expect(error?.message).toContain('answers exception 241');
    expect(error?.message).not.toContain('hidden-word');
  });
});

describe('an answer of ClickHouse', () => {
  const answer = (excerpt: string, headers = {}) => ({ status: 500, headers, excerpt });

  it.each([
    ['Code: 60. DB::Exception: Table x does not exist', 'ERR_EXPORT_UNAVAILABLE', 'retry-slowly'],
    ['Code: 516. DB::Exception: me: Authentication failed', 'ERR_EXPORT_PERMISSION', 'retry-slowly'],
    [
      'Code: 117. DB::Exception: Unknown field found while parsing JSONEachRow',
      'ERR_EXPORT_UNAVAILABLE',
      'retry-slowly',
    ],
    ['Code: 117. DB::Exception: Cannot parse input', 'ERR_EXPORT_REJECTED', 'split'],
    ['Code: 252. DB::Exception: Too many parts', 'ERR_EXPORT_UNAVAILABLE', 'retry'],
  ])('%s means %s, %s', (excerpt, code, remedy) => {
    expect(judgeClickHouse(answer(excerpt))).toMatchObject({ code, remedy });
  });

  it('is read from the header first, and left to the status when it is no exception', () => {
    expect(judgeClickHouse(answer('', { 'x-clickhouse-exception-code': '60' }))).toMatchObject({
      remedy: 'retry-slowly',
    });
    expect(judgeClickHouse(answer('<html>Code: 60</html>'))).toBeNull();
  });
});
