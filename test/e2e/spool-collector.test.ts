// Collectors that fail in every way: all summaries arrive, or are kept and counted, and the counts are exact.

import { execFileSync } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../collectors/support/server.js';
import { hasOpenssl, makeCertificates } from '../unit/export/certificates.js';
import { temporaryFolder } from '../unit/export/support.js';
import { Collector, type CollectorOptions } from './collector.js';
import { eventually } from './support/eventually.js';
import { idsOf, outOfOrder, without } from './support/ledger.js';
import { FastClock, SpoolLane } from './support/spool-lane.js';

const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 60_000;

async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const collector = await Collector.start(options);
  onTestFinished(() => collector.close().catch(() => {}));
  return collector;
}

/** Everything that was offered has arrived, in order, and the counts say so. */
async function expectAllDelivered(probe: SpoolLane, lines: () => readonly string[]): Promise<void> {
  await probe.untilEmpty();
  expect(idsOf(lines())).toEqual(probe.offered);
  expect(probe.stats).toMatchObject({ delivered: probe.offered.length, queued: 0, inFlight: 0 });
  expect(probe.unaccounted).toBe(0);
}

describe('a collector that is away', () => {
  it(
    'for ten minutes (of the lane, 100 times as fast) gets everything, in order',
    async () => {
      const port = await freePort();
      const clock = new FastClock(100);
      // As configured by default.
      const lane = { retry: { initialMs: 1000, maxMs: 60_000 } };
      const probe = new SpoolLane({ url: `http://127.0.0.1:${port}/`, clock, lane });
      const startMs = clock.now();
      while (clock.now() - startMs < 10 * 60_000) {
        probe.offer(30, 500);
        await sleep(100);
        expect(probe.unaccounted).toBe(0);
      }
      expect(probe.stats).toMatchObject({ delivered: 0, state: 'retrying', store: 'disk' });
      expect(probe.stats.retries).toBeGreaterThan(5);
      expect(probe.stats.retries).toBeLessThan(100);
      const collector = await startCollector({ port });
      probe.offer(10);
      await expectAllDelivered(probe, () => collector.lines);
      expect(outOfOrder(idsOf(collector.lines))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'by its name gets everything when that is known again',
    async () => {
      const collector = await startCollector();
      const names = { areKnown: false };
      const lookup = (_host: string, _options: object, done: (...result: unknown[]) => void) =>
        names.areKnown
          ? done(null, [{ address: '127.0.0.1', family: 4 }])
          : done(Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' }));
      // What a name server would say.
      const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup as never);
      onTestFinished(() => spy.mockRestore());
      const probe = new SpoolLane({ url: `http://collector.example:${new URL(collector.url).port}/` });
      probe.offer(50);
      await eventually('three attempts', () => probe.stats.retries >= 3);
      expect(probe.stats.lastError).toMatch(
        /cannot be reached: host name cannot be looked up now \(ERR_EXPORT_UNAVAILABLE\)/,
      );
      expect([probe.stats.delivered, probe.unaccounted]).toEqual([0, 0]);
      names.areKnown = true;
      await expectAllDelivered(probe, () => collector.lines);
    },
    TIMEOUT_MS,
  );

  it.skipIf(!hasOpenssl)(
    'with a certificate that has expired gets nothing, and everything after its renewal',
    async () => {
      const folder = temporaryFolder();
      const { server, caFile } = makeCertificates(folder);
      const tls = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-extfile', 'server.ext'];
      const dates = ['-not_before', '20200101000000Z', '-not_after', '20200102000000Z'];
      try {
        execFileSync('openssl', ['x509', '-req', '-in', 'server.csr', '-out', 'old.pem', ...tls, ...dates], {
          cwd: folder,
          stdio: 'pipe',
        });
      } catch {
        // Before OpenSSL 3.4 only a negative number of days does it.
        execFileSync(
          'openssl',
          ['x509', '-req', '-in', 'server.csr', '-out', 'old.pem', ...tls, '-days', '-1'],
          {
            cwd: folder,
            stdio: 'pipe',
          },
        );
      }
      const expired = await startCollector({
        tls: { key: server.key, cert: readFileSync(join(folder, 'old.pem'), 'utf8') },
      });
      const probe = new SpoolLane({ url: expired.url, http: { tls: { caFile } } });
      probe.offer(50);
      await eventually('three attempts', () => probe.stats.retries >= 3);
      expect(probe.stats.lastError).toMatch(/certificate that is not trusted: .*expired.*\(ERR_EXPORT_TLS\)/);
      expect([expired.requests.length, probe.stats.delivered, probe.unaccounted]).toEqual([0, 0, 0]);
      const port = Number(new URL(expired.url).port);
      await expired.close();
      const renewed = await startCollector({ port, tls: server });
      await expectAllDelivered(probe, () => renewed.lines);
    },
    TIMEOUT_MS,
  );
});

describe('a collector that acknowledges', () => {
  it(
    'too late gets it twice, and has each once by id',
    async () => {
      const collector = await startCollector();
      collector.reply('hang', 'hang');
      const probe = new SpoolLane({ url: collector.url, http: { timeoutMs: 200 } });
      probe.offer(100);
      await expectAllDelivered(probe, () => collector.lines);
      // It had the first batch already when it was given up, and knows it by its key.
      const keys = collector.requests.map(({ headers }) => headers['idempotency-key']);
      expect(new Set(keys.slice(0, 3)).size).toBe(1);
      expect(new Set(keys).size).toBe(keys.length - 2);
      expect(probe.stats.retries).toBe(2);
    },
    TIMEOUT_MS,
  );

  it(
    'and cuts the connection before the end of its answer has decided',
    async () => {
      const collector = await startCollector();
      collector.reply('cut', 'close', 'cut', { status: 200 }, 'close');
      const probe = new SpoolLane({ url: collector.url });
      probe.offer(100);
      await expectAllDelivered(probe, () => collector.lines);
      // Only `close`, which said nothing, was repeated: by the connection itself or by the lane.
      const bodies = collector.requests.map(({ body }) => body);
      expect(bodies.length - new Set(bodies).size).toBe(2);
    },
    TIMEOUT_MS,
  );

  it(
    'twice: the second answer is not taken for that to the next request',
    async () => {
      const answers = { count: 0 };
      const bodies: string[] = [];
      const server = createServer((socket: Socket) => {
        socket.on('error', () => {});
        let text = '';
        socket.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk;
          const end = text.indexOf('\r\n\r\n');
          const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
          if (end < 0 || text.length < end + 4 + length) return;
          const body = text.slice(end + 4, end + 4 + length);
          text = text.slice(end + 4 + length);
          answers.count++;
          // Every second request is refused: an answer that came too much would hide that.
          const isTaken = answers.count % 2 === 1;
          if (isTaken) bodies.push(body);
          const answer = `HTTP/1.1 ${isTaken ? '200 OK' : '503 Not now'}\r\nContent-Length: 0\r\n\r\n`;
          socket.write(isTaken ? answer + answer : answer);
        });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const { port } = server.address() as { port: number };
      const probe = new SpoolLane({ url: `http://127.0.0.1:${port}/` });
      probe.offer(200);
      await probe.untilEmpty();
      expect(idsOf(bodies.flatMap((body) => body.split('\n').slice(0, -1)))).toEqual(probe.offered);
      expect(probe.unaccounted).toBe(0);
      await probe.lane.close(0);
    },
    TIMEOUT_MS,
  );
});

describe('a collector that refuses', () => {
  it(
    'a poisonous batch has it set aside with the reason, and gets the others',
    async () => {
      const collector = await startCollector();
      collector.reply(
        { status: 200 },
        { status: 400, body: 'cannot read line 3' },
        { status: 503 },
        { status: 422 },
      );
      const probe = new SpoolLane({ url: collector.url });
      probe.offer(100);
      await probe.untilEmpty();
      const letters = readFileSync(join(probe.folder, 'dead-letters.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as { code: string; reason: string; summary: { id: string } });
      const dead = letters.map(({ summary }) => summary.id);
      const delivered = idsOf(collector.lines);
      expect([...delivered, ...dead].sort()).toEqual([...probe.offered].sort());
      expect(dead).toEqual([...probe.offered.slice(20, 40), ...probe.offered.slice(40, 60)]);
      expect(letters[0]).toMatchObject({
        code: 'ERR_EXPORT_REJECTED',
        reason: expect.stringContaining('cannot read line 3') as string,
      });
      expect(letters.at(-1)?.reason).toContain('answers 422');
      expect(probe.stats).toMatchObject({ delivered: 60, setAside: 40, droppedRejected: 0 });
      expect(probe.unaccounted).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'batches that are too large gets them in parts, and what is too large alone is set aside',
    async () => {
      const collector = await startCollector({ maxBodyBytes: 1000 });
      const probe = new SpoolLane({ url: collector.url });
      probe.offer(40, 100);
      probe.offer(1, 2000);
      probe.offer(40, 100);
      await probe.untilEmpty();
      const delivered = idsOf(collector.lines);
      expect(without(probe.offered, delivered)).toEqual(['s-0-40']);
      expect(outOfOrder(delivered)).toEqual([]);
      expect(collector.lines.length).toBe(80);
      expect(probe.stats).toMatchObject({ delivered: 80, setAside: 1 });
      expect(probe.unaccounted).toBe(0);
    },
    TIMEOUT_MS,
  );
});

it(
  'a wall clock that jumps to and fro loses, repeats and delays nothing',
  async () => {
    const collector = await startCollector();
    collector.otherwise({ status: 503 });
    const clock = new FastClock(1);
    const probe = new SpoolLane({ url: collector.url, clock, spool: { maxAgeMs: HOUR_MS } });
    for (const hours of [0, 30_000, -400_000, 1, -1, 0]) {
      clock.wallOffsetMs = hours * HOUR_MS;
      probe.offer(300, 500);
      await sleep(50);
      expect(probe.unaccounted).toBe(0);
    }
    clock.wallOffsetMs = 500_000 * HOUR_MS;
    collector.otherwise({ status: 200 });
    await expectAllDelivered(probe, () => collector.lines);
    clock.wallOffsetMs = -500_000 * HOUR_MS;
    probe.offer(5);
    await expectAllDelivered(probe, () => collector.lines);
    expect(collector.lines.length).toBe(probe.offered.length);
  },
  TIMEOUT_MS,
);
