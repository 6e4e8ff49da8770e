import type { TlsOptions } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Lane } from '../../../../src/export/lane.js';
import { SipPublishExporter, type SipPublishOptions } from '../../../../src/export/sip/exporter.js';
import { systemClock } from '../../../../src/ops/clock.js';
import { lineOf } from '../../../../src/summary/line.js';
import { hasOpenssl, makeCertificates } from '../certificates.js';
import { dependencies, laneOptions, temporaryFolder, until } from '../support.js';
import { faultOf } from './fault.js';
import { richMeasured } from './measured.js';
import { type Answer, type Publish, TcpCollector, UdpCollector } from './sip-collector.js';

const never = new AbortController().signal;

const batch = (first: number, count: number, changes: object = {}) =>
  Array.from({ length: count }, (_, i) =>
    lineOf(richMeasured({ kind: 'stream', id: `id-${first + i}`, ...changes })),
  );

const idOf = ({ body }: Publish) => /SummaryID:(\S+)/.exec(body)?.[1];

function exporterTo(port: number, changes: Partial<SipPublishOptions> = {}, deps = dependencies()) {
  const exporter = new SipPublishExporter(
    {
      name: 'vq',
      host: '127.0.0.1',
      port,
      transport: 'udp',
      tls: {},
      requestUri: null,
      from: null,
      group: null,
      maxInFlight: 8,
      timeoutMs: 32_000,
      version: '1',
      ...changes,
    },
    deps,
  );
  onTestFinished(() => exporter.close());
  return { exporter, clock: deps.clock };
}

async function udp(answer?: Answer) {
  const collector = await UdpCollector.start(answer);
  onTestFinished(() => collector.close().catch(() => {}));
  return collector;
}

async function tcp(answer?: Answer, tls?: TlsOptions) {
  const collector = await TcpCollector.start(answer, tls);
  onTestFinished(() => collector.close().catch(() => {}));
  return collector;
}

describe('SIP PUBLISH over UDP', () => {
  it('publishes each report with all that RFC 3261 and RFC 3903 want', async () => {
    const collector = await udp();
    const { exporter } = exporterTo(collector.port);
    await exporter.deliver(batch(0, 1), never);
    const [publish] = collector.publishes;
    expect(publish?.startLine).toBe(`PUBLISH sip:127.0.0.1:${collector.port} SIP/2.0`);
    expect(publish?.headers).toEqual({
      Via: expect.stringMatching(/^SIP\/2\.0\/UDP 127\.0\.0\.1:\d+;branch=z9hG4bK[0-9a-f]{24};rport$/),
      'Max-Forwards': '70',
      From: expect.stringMatching(/^<sip:rtpsonde@127\.0\.0\.1>;tag=[0-9a-f]{16}$/),
      To: `<sip:127.0.0.1:${collector.port}>`,
      'Call-ID': expect.stringMatching(/^[0-9a-f]{32}$/),
      CSeq: '1 PUBLISH',
      'User-Agent': 'rtpsonde/1',
      Event: 'vq-rtcpxr',
      'Content-Type': 'application/vq-rtcpxr',
      'Content-Length': `${publish?.body.length}`,
    });
    expect(publish?.body.startsWith('VQSessionReport: CallTerm\r\nCallID:')).toBe(true);
  });

  it('has the same Call-ID for the same summary, and a branch of its own each time', async () => {
    const collector = await udp();
    const { exporter } = exporterTo(collector.port);
    await exporter.deliver(batch(0, 2), never);
    await exporter.deliver(batch(0, 1), never);
    const callIds = new Set(collector.publishes.map(({ headers }) => headers['Call-ID']));
    const branches = new Set(collector.publishes.map(({ headers }) => headers.Via));
    expect({ callIds: callIds.size, branches: branches.size }).toEqual({ callIds: 2, branches: 3 });
  });

  it('repeats an unanswered request after 0.5 s, 1.5 s, 3.5 s and then each 4 s, and gives up after 32 s', async () => {
    const collector = await udp(() => null);
    const { exporter, clock } = exporterTo(collector.port);
    const fault = faultOf(exporter.deliver(batch(0, 1), never));
    await until(() => collector.publishes.length === 1);
    const counts: number[] = [];
    for (const ms of [499, 1, 999, 1, 1999, 1, 3999, 1, 4000]) {
      await clock.advance(ms);
      await settled();
      counts.push(collector.publishes.length);
    }
    expect(counts).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 6]);
    expect(new Set(collector.publishes.map(({ headers }) => headers.Via)).size).toBe(1);
    await clock.advance(32_000 - 11_500);
    expect(await fault).toMatchObject({
      code: 'ERR_EXPORT_UNAVAILABLE',
      message: `sip+udp://127.0.0.1:${collector.port} gave no final response in 32 s`,
      remedy: 'retry',
    });
    expect(clock.pending).toBe(0);
  });

  it('repeats but each 4 s once there was a provisional response, and takes the final one', async () => {
    const collector = await udp((_publish, nth) => (nth < 3 ? '100 Trying' : '200 OK'));
    const { exporter, clock } = exporterTo(collector.port);
    const delivered = exporter.deliver(batch(0, 1), never);
    await until(() => collector.publishes.length === 1);
    await settled();
    await clock.advance(500);
    await settled();
    await clock.advance(3999);
    await settled();
    expect(collector.publishes).toHaveLength(2);
    await clock.advance(1);
    await delivered;
    expect(collector.publishes).toHaveLength(3);
  });

  it('takes no response of another transaction or method for its own', async () => {
    const collector = await udp((publish, nth) => {
      const { Via = '' } = publish.headers;
      if (nth === 1) publish.headers.Via = Via.replace(/branch=\w+/, 'branch=z9hG4bKother');
      if (nth === 2) publish.headers.CSeq = '1 OPTIONS';
      return nth < 3 ? '200 OK' : '202 Accepted';
    });
    const { exporter, clock } = exporterTo(collector.port);
    const delivered = exporter.deliver(batch(0, 1), never);
    for (const count of [1, 2, 3]) {
      await until(() => collector.publishes.length === count);
      await settled();
      await clock.advance(count * 500);
    }
    await delivered;
    expect(collector.publishes).toHaveLength(3);
  });

  it('has no more on their way than allowed, and delivers all', async () => {
    const collector = await udp(() => null);
    const { exporter, clock } = exporterTo(collector.port, { maxInFlight: 4 });
    const delivered = exporter.deliver(batch(0, 50), never);
    await until(() => collector.publishes.length === 4);
    await settled();
    expect(collector.publishes).toHaveLength(4);
    collector.answer = () => '200 OK';
    await clock.advance(500);
    await delivered;
    expect(new Set(collector.publishes.map(idOf)).size).toBe(50);
  });

  it.each([
    ['401 Unauthorized', 'ERR_EXPORT_PERMISSION', 'retry-slowly'],
    ['302 Moved Temporarily', 'ERR_EXPORT_UNAVAILABLE', 'retry-slowly'],
    ['405 Method Not Allowed', 'ERR_EXPORT_UNAVAILABLE', 'retry-slowly'],
    ['489 Bad Event', 'ERR_EXPORT_UNAVAILABLE', 'retry-slowly'],
    ['501 Not Implemented', 'ERR_EXPORT_UNAVAILABLE', 'retry-slowly'],
    ['480 Temporarily Unavailable', 'ERR_EXPORT_UNAVAILABLE', 'retry'],
    ['500 Server Internal Error', 'ERR_EXPORT_UNAVAILABLE', 'retry'],
    ['400 Bad Request', 'ERR_EXPORT_REJECTED', 'split'],
    ['606 Not Acceptable', 'ERR_EXPORT_REJECTED', 'split'],
  ])('knows what to do about %s', async (status, code, remedy) => {
    const collector = await udp(() => status);
    const { exporter } = exporterTo(collector.port);
    const fault = await faultOf(exporter.deliver(batch(0, 1), never));
    expect(fault).toMatchObject({ code, remedy, retryAfterMs: null });
    expect(fault.message).toContain(`sip+udp://127.0.0.1:${collector.port} answers ${status}: `);
  });

  it('obeys Retry-After, and sends what is left alone when tried again', async () => {
    const collector = await udp((publish) =>
      idOf(publish) === 'id-5'
        ? ['503 Service Unavailable', 'Retry-After: 120 (busy);duration=60']
        : '200 OK',
    );
    const { exporter } = exporterTo(collector.port, { maxInFlight: 1 });
    const lines = batch(0, 10);
    expect(await faultOf(exporter.deliver(lines, never))).toMatchObject({
      remedy: 'retry',
      retryAfterMs: 120_000,
    });
    collector.answer = () => '200 OK';
    await exporter.deliver(lines, never);
    expect(collector.publishes.map(idOf)).toEqual([0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9].map((i) => `id-${i}`));
  });

  it('has the lane drop the one report that is refused, and delivers each other once', async () => {
    const collector = await udp((publish) => (idOf(publish) === 'id-5' ? '400 Bad Request' : '200 OK'));
    const deps = { ...dependencies(), clock: systemClock };
    const lane = new Lane(exporterTo(collector.port, {}, deps as never).exporter, laneOptions, deps);
    lane.offer(batch(0, 10));
    await lane.close(5000);
    expect(lane.stats()).toMatchObject({ delivered: 9, droppedRejected: 1, droppedAtClose: 0 });
    const others = collector.publishes.map(idOf).filter((id) => id !== 'id-5');
    expect(others.sort()).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9].map((i) => `id-${i}`));
  });

  it('says that nobody listens where the other host says so', async () => {
    const collector = await udp();
    const { port } = collector;
    await collector.close();
    const { exporter } = exporterTo(port);
    expect(await faultOf(exporter.deliver(batch(0, 3), never))).toMatchObject({
      message: `sip+udp://127.0.0.1:${port} cannot be reached: connection refused`,
      remedy: 'retry',
    });
  });

  it('sends nothing above 1300 bytes, and names what helps', async () => {
    const collector = await udp();
    const { exporter } = exporterTo(collector.port);
    const fault = await faultOf(exporter.deliver(batch(0, 1, { probe: 'p'.repeat(400) }), never));
    expect(fault).toMatchObject({ code: 'ERR_EXPORT_REJECTED', remedy: 'split' });
    expect(fault.message).toMatch(/^a request of \d+ bytes is above the 1300 .*; use transport tcp$/);
    expect(collector.publishes).toEqual([]);
  });

  it('leaves out video and what is not about a stream', async () => {
    const collector = await udp();
    const { exporter } = exporterTo(collector.port);
    await exporter.deliver([...batch(0, 1, { media: 'video' }), lineOf({ kind: 'capture', id: 'c' })], never);
    expect(collector.publishes).toEqual([]);
  });

  it('stops with the lane', async () => {
    const collector = await udp(() => null);
    const { exporter, clock } = exporterTo(collector.port);
    const stop = new AbortController();
    const fault = faultOf(exporter.deliver(batch(0, 3), stop.signal));
    await until(() => collector.publishes.length === 3);
    stop.abort();
    expect((await fault).message).toContain('stopped');
    expect(clock.pending).toBe(0);
  });
});

describe('SIP PUBLISH over TCP', () => {
  it('delivers many over one connection, without repeating any', async () => {
    const collector = await tcp();
    const { exporter } = exporterTo(collector.port, { transport: 'tcp' });
    await exporter.deliver(batch(0, 100), never);
    await exporter.deliver(batch(100, 100), never);
    expect(new Set(collector.publishes.map(idOf)).size).toBe(200);
    expect({ publishes: collector.publishes.length, connections: collector.sockets.size }).toEqual({
      publishes: 200,
      connections: 1,
    });
    expect(collector.publishes[0]?.headers.Via).toMatch(/^SIP\/2\.0\/TCP 127\.0\.0\.1:\d+;/);
  });

  it('tries the unanswered again after a connection that broke', async () => {
    const collector = await tcp((_publish, nth) => (nth <= 3 ? '200 OK' : null));
    const { exporter } = exporterTo(collector.port, { transport: 'tcp' });
    const lines = batch(0, 8);
    const fault = faultOf(exporter.deliver(lines, never));
    await until(() => collector.publishes.length === 8);
    collector.drop();
    expect(await fault).toMatchObject({
      message: `sip+tcp://127.0.0.1:${collector.port} cannot be reached: connection closed before the answer`,
      remedy: 'retry',
    });
    collector.answer = () => '200 OK';
    await exporter.deliver(lines, never);
    expect(collector.publishes).toHaveLength(8 + 5);
  });

  it('gives up a connection over which comes what is not SIP', async () => {
    const collector = await tcp(() => null);
    const { exporter } = exporterTo(collector.port, { transport: 'tcp' });
    const fault = faultOf(exporter.deliver(batch(0, 1), never));
    await until(() => collector.publishes.length === 1);
    for (const socket of collector.sockets) socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await fault).toMatchObject({ remedy: 'retry' });
  });
});

describe.skipIf(!hasOpenssl)('SIP PUBLISH over TLS', () => {
  it('delivers to a collector that its authority vouches for, and to no other', async () => {
    const { server, caFile } = makeCertificates(temporaryFolder());
    const collector = await tcp(undefined, server);
    const trusting = exporterTo(collector.port, { transport: 'tls', tls: { caFile } }).exporter;
    await trusting.deliver(batch(0, 20), never);
    expect(new Set(collector.publishes.map(idOf)).size).toBe(20);
    expect(collector.publishes[0]?.headers.Via).toMatch(/^SIP\/2\.0\/TLS /);
    const wary = exporterTo(collector.port, { transport: 'tls' }).exporter;
    expect(await faultOf(wary.deliver(batch(0, 1), never))).toMatchObject({ code: 'ERR_EXPORT_TLS' });
  });
});

/** Time for what was sent to arrive, and for its answer. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
