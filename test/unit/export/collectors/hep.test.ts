import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HepExporter, type HepExporterOptions } from '../../../../src/export/hep/exporter.js';
import { lineOf } from '../../../../src/summary/line.js';
import { hasOpenssl, makeCertificates } from '../certificates.js';
import { dependencies, temporaryFolder, until } from '../support.js';
import { faultOf } from './fault.js';
import { datagramCollector, HepCollector, idsOf } from './hep-collector.js';
import { measured } from './measured.js';

const never = new AbortController().signal;

const batch = (first: number, count: number, changes: object = {}) =>
  Array.from({ length: count }, (_, i) => lineOf(measured({ id: `id-${first + i}`, ...changes })));
const ids = (first: number, count: number) => Array.from({ length: count }, (_, i) => `id-${first + i}`);

function exporterTo(port: number, changes: Partial<HepExporterOptions> = {}) {
  const deps = dependencies();
  const exporter = new HepExporter(
    {
      name: 'hep',
      host: '127.0.0.1',
      port,
      transport: 'tcp',
      tls: {},
      password: undefined,
      frames: { captureId: 2001, nodeName: null, rtpReport: 34, rtcp: true, software: 'rtpsonde-1' },
      maxDatagramBytes: 1452,
      resendMs: 30_000,
      timeoutMs: 2000,
      ...changes,
    },
    deps,
  );
  onTestFinished(() => exporter.close());
  return { exporter, clock: deps.clock };
}

async function collectorOn(port = 0, tls?: Parameters<typeof HepCollector.start>[1]) {
  const collector = await HepCollector.start(port, tls);
  onTestFinished(() => collector.close().catch(() => {}));
  return collector;
}

describe('HEP over TCP', () => {
  it('delivers batch after batch on one connection, all frames whole and in order', async () => {
    const collector = await collectorOn();
    const { exporter } = exporterTo(collector.port);
    await exporter.deliver(batch(0, 300), never);
    await exporter.deliver(batch(300, 300), never);
    await until(() => collector.frames.length >= 600, 'all frames');
    expect({ ids: idsOf(collector.frames), connections: collector.connections }).toEqual({
      ids: ids(0, 600),
      connections: 1,
    });
  });

  it('carries the password of the moment', async () => {
    const collector = await collectorOn();
    let secret = 'one';
    const { exporter } = exporterTo(collector.port, { password: { reveal: () => secret } });
    await exporter.deliver(batch(0, 1), never);
    secret = 'two';
    await exporter.deliver(batch(1, 1), never);
    await until(() => collector.frames.length === 2);
    expect(collector.frames.map(({ password }) => password)).toEqual(['one', 'two']);
  });

  it.each(['end', 'reset'] as const)(
    'notices a connection that the collector has ended (%s) before it writes, and repeats what it wrote lately',
    async (how) => {
      const collector = await collectorOn();
      const { exporter } = exporterTo(collector.port);
      await exporter.deliver(batch(0, 3), never);
      await until(() => collector.frames.length === 3);
      collector.drop(how);
      await sleep(20);
      await exporter.deliver(batch(3, 2), never);
      await until(() => collector.frames.length >= 8);
      expect({ ids: idsOf(collector.frames), connections: collector.connections }).toEqual({
        ids: [...ids(0, 3), ...ids(0, 5)],
        connections: 2,
      });
    },
  );

  it('repeats once, and only what is younger than resendSeconds when the connection breaks', async () => {
    const collector = await collectorOn();
    const { exporter, clock } = exporterTo(collector.port);
    await exporter.deliver(batch(0, 1), never);
    await clock.advance(20_000);
    await exporter.deliver(batch(1, 1), never);
    await clock.advance(11_000);
    collector.drop('end');
    await sleep(20);
    // The collector stays away for longer than that: it does not matter.
    await clock.advance(600_000);
    await exporter.deliver(batch(2, 1), never);
    await exporter.deliver(batch(3, 1), never);
    await until(() => collector.frames.length >= 5);
    expect(idsOf(collector.frames)).toEqual(['id-0', 'id-1', 'id-1', 'id-2', 'id-3']);
  });

  it('repeats nothing when told so', async () => {
    const collector = await collectorOn();
    const { exporter } = exporterTo(collector.port, { resendMs: 0 });
    await exporter.deliver(batch(0, 1), never);
    await until(() => collector.frames.length === 1);
    collector.drop('end');
    await sleep(20);
    await exporter.deliver(batch(1, 1), never);
    await until(() => collector.frames.length >= 2);
    expect(idsOf(collector.frames)).toEqual(['id-0', 'id-1']);
  });

  it('says that nobody listens, and delivers once somebody does', async () => {
    const collector = await collectorOn();
    const { port } = collector;
    await collector.close();
    const { exporter } = exporterTo(port);
    const lines = batch(0, 2);
    expect(await faultOf(exporter.deliver(lines, never))).toEqual({
      code: 'ERR_EXPORT_UNAVAILABLE',
      message: `hep+tcp://127.0.0.1:${port} cannot be reached: connection refused`,
      remedy: 'retry',
      retryAfterMs: null,
    });
    const again = await collectorOn(port);
    await exporter.deliver(lines, never);
    await until(() => again.frames.length === 2);
  });

  it('gives up on a collector that reads nothing, and stops when the lane does', async () => {
    const server = createServer((socket) => socket.pause().on('error', () => {}));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const wide = batch(0, 400, { codec: 'x'.repeat(30_000) });
    const { exporter } = exporterTo(port, { timeoutMs: 200 });
    expect(await faultOf(exporter.deliver(wide, never))).toEqual({
      code: 'ERR_EXPORT_UNAVAILABLE',
      message: `hep+tcp://127.0.0.1:${port} takes no more data for 0.2 s`,
      remedy: 'retry',
      retryAfterMs: null,
    });
    const stop = new AbortController();
    const stopped = faultOf(exporterTo(port).exporter.deliver(wide, stop.signal));
    setTimeout(() => stop.abort(), 50);
    expect((await stopped).message).toContain('stopped');
  });

  it('has a summary that makes too large a frame found and dropped alone', async () => {
    const { exporter } = exporterTo(9);
    expect(await faultOf(exporter.deliver(batch(0, 2, { codec: 'x'.repeat(66_000) }), never))).toEqual({
      code: 'ERR_EXPORT_REJECTED',
      message: 'a summary makes a HEP frame above 65507 bytes',
      remedy: 'split',
      retryAfterMs: null,
    });
  });
});

describe.skipIf(!hasOpenssl)('HEP over TLS', () => {
  it('delivers to a collector that its authority vouches for, and to no other', async () => {
    const { server, caFile } = makeCertificates(temporaryFolder());
    const collector = await collectorOn(0, server);
    const trusting = exporterTo(collector.port, { transport: 'tls', tls: { caFile } }).exporter;
    await trusting.deliver(batch(0, 2), never);
    await until(() => collector.frames.length === 2);
    const wary = exporterTo(collector.port, { transport: 'tls' }).exporter;
    expect(await faultOf(wary.deliver(batch(0, 1), never))).toMatchObject({ code: 'ERR_EXPORT_TLS' });
  });

  it('delivers nothing into a connection whose client certificate is refused', async () => {
    const files = makeCertificates(temporaryFolder());
    const tls = { ...files.server, ca: files.ca, requestCert: true, rejectUnauthorized: true };
    const collector = await collectorOn(0, tls);
    const { caFile, clientCertFile, clientKeyFile } = files;
    const known = { caFile, certFile: clientCertFile, keyFile: clientKeyFile };
    await exporterTo(collector.port, { transport: 'tls', tls: known }).exporter.deliver(batch(0, 1), never);
    await until(() => collector.frames.length === 1);
    const unknown = exporterTo(collector.port, { transport: 'tls', tls: { caFile } }).exporter;
    expect(await faultOf(unknown.deliver(batch(1, 1), never))).toMatchObject({
      code: 'ERR_EXPORT_PERMISSION',
      remedy: 'retry-slowly',
    });
  });

  it('reads its certificates again at reopen, and uses them from the next batch on', async () => {
    const files = makeCertificates(temporaryFolder());
    const collector = await collectorOn(0, files.server);
    const tls = { caFile: '/nowhere/ca.pem' };
    const { exporter } = exporterTo(collector.port, { transport: 'tls', tls });
    await expect(exporter.reopen()).rejects.toMatchObject({ code: 'ERR_EXPORT_TLS' });
    tls.caFile = files.caFile;
    await exporter.deliver(batch(0, 1), never);
    await exporter.reopen();
    await exporter.deliver(batch(1, 1), never);
    await until(() => collector.frames.length === 2);
    expect(collector.connections).toBe(2);
  });
});

describe('HEP over UDP', () => {
  it('sends a frame a datagram', async () => {
    const collector = await datagramCollector();
    onTestFinished(collector.close);
    const { exporter } = exporterTo(collector.port, { transport: 'udp' });
    await exporter.deliver(batch(0, 100), never);
    await until(() => collector.frames.length === 100);
    expect(idsOf(collector.frames)).toEqual(ids(0, 100));
  });

  it('notices that nobody listens where the other host says so', async () => {
    const collector = await datagramCollector();
    await collector.close();
    const { exporter } = exporterTo(collector.port, { transport: 'udp' });
    expect(await faultOf(exporter.deliver(batch(0, 1), never))).toMatchObject({
      code: 'ERR_EXPORT_UNAVAILABLE',
      message: `hep+udp://127.0.0.1:${collector.port} cannot be reached: connection refused`,
      remedy: 'retry',
      retryAfterMs: null,
    });
  });

  it('says that the name of the collector is not known', async () => {
    const { exporter } = exporterTo(9, { transport: 'udp', host: 'no-such-host.invalid' });
    expect(await faultOf(exporter.deliver(batch(0, 1), never))).toMatchObject({
      code: 'ERR_EXPORT_UNAVAILABLE',
      message: expect.stringMatching(/^hep\+udp:\/\/no-such-host\.invalid:9 cannot be reached: host name /),
      remedy: 'retry',
    });
  });

  it('sends nothing of a batch with a frame above the largest datagram, and says what helps', async () => {
    const collector = await datagramCollector();
    onTestFinished(collector.close);
    const { exporter } = exporterTo(collector.port, { transport: 'udp' });
    const mixed = [...batch(0, 1), ...batch(1, 1, { codec: 'x'.repeat(1000) })];
    const { message, remedy } = await faultOf(exporter.deliver(mixed, never));
    expect(remedy).toBe('split');
    expect(message).toMatch(
      /^a HEP frame of \d+ bytes does not fit into maxDatagramBytes \(1452\); use transport tcp$/,
    );
    expect(collector.frames).toEqual([]);
  });
});
