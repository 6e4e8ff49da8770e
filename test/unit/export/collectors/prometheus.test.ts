// The endpoint of Prometheus: what it tells, to whom, and clients that mean no good.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PrometheusExporter, type PrometheusOptions } from '../../../../src/export/prometheus/exporter.js';
import { systemClock } from '../../../../src/ops/clock.js';
import { Metrics } from '../../../../src/ops/metrics.js';
import { lineOf } from '../../../../src/summary/line.js';
import type { WindowSummary } from '../../../../src/summary/schema.js';
import { freePort } from '../../../collectors/support/server.js';
import { captureOf, stream, window } from '../../cli/summaries.js';
import { hasOpenssl, makeCertificates } from '../certificates.js';
import { dependencies, temporaryFolder } from '../support.js';

async function setUp(options: Partial<PrometheusOptions> = {}, metrics?: Metrics) {
  const port = await freePort();
  const log = dependencies().logger;
  const deps = { clock: systemClock, logger: log, random: Math.random };
  const exporter = new PrometheusExporter(
    {
      name: 'prometheus',
      host: '127.0.0.1',
      port,
      maxGroups: 100,
      maxStreams: 0,
      timeoutMs: 1000,
      version: '1.2.3',
      ...options,
    },
    metrics === undefined ? deps : { ...deps, metrics: () => metrics.snapshot() },
  );
  onTestFinished(() => exporter.close());
  await exporter.reopen();
  const url = `http://127.0.0.1:${port}/metrics`;
  const text = async (headers: Record<string, string> = {}) => (await fetch(url, { headers })).text();
  return { exporter, port, url, text, log };
}

const windowLine = (fields: Partial<WindowSummary>) => lineOf({ ...window(), ...fields });
const capture = () => ({ ...captureOf(), windowEnd: window().windowEnd });

/** Lines of the text that begin so. */
const linesOf = (text: string, start: string) => text.split('\n').filter((line) => line.startsWith(start));

describe('the endpoint tells', () => {
  it('version and metrics of the probe, unknown ones left out', async () => {
    const metrics = new Metrics();
    metrics.counter('packets_total', { help: 'Packets' }).add(7);
    metrics.gauge('load', { help: 'Load' });
    const { text } = await setUp({}, metrics);
    const told = await text();
    expect(linesOf(told, 'rtpsonde_build')).toEqual(['rtpsonde_build_info{version="1.2.3"} 1']);
    expect(linesOf(told, 'rtpsonde_packets')).toEqual(['rtpsonde_packets_total 7']);
    expect(told).not.toContain('rtpsonde_load');
  });

  it('windows by group, and gauges of a window when its capture has come', async () => {
    const { exporter, text } = await setUp();
    const fields = { codec: 'PCMA', dscp: 46, vlan: null, interface: 'eth1', lost: 2 };
    await exporter.deliver([windowLine(fields), windowLine(fields), lineOf(stream())]);
    const labels = 'codec="PCMA",dscp="46",vlan="untagged",interface="eth1"';
    const before = await text();
    expect(
      linesOf(before, `rtpsonde_rtp_packets_lost_total{${labels}`).map((line) => line.split(' ')[1]),
    ).toEqual(['4']);
    expect(before).not.toContain('rtpsonde_window_streams');
    await exporter.deliver([lineOf(capture())]);
    const after = await text();
    const streams = linesOf(after, 'rtpsonde_window_streams{').map((line) => Number(line.split(' ')[1]));
    expect(streams.reduce((sum, n) => sum + n)).toBe(2);
    expect(linesOf(after, 'rtpsonde_window_end')).toEqual([
      `rtpsonde_window_end_timestamp_seconds ${Date.parse(window().windowEnd) / 1000}`,
    ]);
  });

  it('single streams up to the bound, and how many are beyond it', async () => {
    const { exporter, text } = await setUp({ maxStreams: 2 });
    const streams = ['aa', 'bb', 'cc'].map((streamId) => windowLine({ streamId, packets: 50 }));
    await exporter.deliver([...streams, lineOf(capture())]);
    const told = await text();
    expect(linesOf(told, 'rtpsonde_stream_packets{').map((line) => line.slice(0, 39))).toEqual([
      'rtpsonde_stream_packets{stream_id="aa",',
      'rtpsonde_stream_packets{stream_id="bb",',
    ]);
    expect(linesOf(told, 'rtpsonde_streams_left_out')).toEqual(['rtpsonde_streams_left_out 1']);
  });

  it('a window that comes again in no gauge', async () => {
    const { exporter, text } = await setUp();
    await exporter.deliver([windowLine({}), lineOf(capture()), windowLine({}), lineOf(capture())]);
    const counts = linesOf(await text(), 'rtpsonde_window_streams{').map((line) =>
      Number(line.split(' ')[1]),
    );
    expect(counts.reduce((sum, n) => sum + n)).toBe(1);
  });

  it('OpenMetrics and gzip where they are asked for', async () => {
    const { url } = await setUp();
    const response = await fetch(url, { headers: { Accept: 'application/openmetrics-text; version=1.0.0' } });
    expect(response.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect((await response.text()).endsWith('# EOF\n')).toBe(true);
    const raw = await rawRequest(
      url,
      'GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n',
    );
    const body = raw.subarray(raw.indexOf('\r\n\r\n') + 4);
    expect(String(gunzipSync(body))).toContain('rtpsonde_build_info');
  });

  it('that there were too many groups', async () => {
    const { exporter, text, log } = await setUp({ maxGroups: 1 });
    await exporter.deliver([1, 2, 3].map((dscp) => windowLine({ dscp })));
    expect(linesOf(await text(), 'rtpsonde_windows_in_other_group_total')).toEqual([
      'rtpsonde_windows_in_other_group_total 2',
    ]);
    expect(log.messages).toEqual([
      'warn: export prometheus: more than 1 groups; further ones are told as group other (maxGroups)',
    ]);
  });
});

/** Sends bytes as they are and gives what comes until the end. */
async function rawRequest(url: string, text: string): Promise<Buffer> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks);
}

describe('the endpoint refuses', () => {
  it.each([
    ['POST /metrics HTTP/1.1', '405'],
    ['GET /secret HTTP/1.1', '404'],
    ['GET //metrics/.. HTTP/1.1', '404'],
  ])('%s', async (start, status) => {
    const { url } = await setUp();
    const answer = await rawRequest(url, `${start}\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(String(answer).slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });

  it.each([
    [undefined, 401],
    ['Bearer wrong', 401],
    ['Basic c2VjcmV0', 401],
    ['Bearer secret', 200],
    ['bearer secret', 200],
  ])('without the token: %s', async (authorization, status) => {
    const { url } = await setUp({ token: 'secret' });
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const response = await fetch(url, { headers });
    expect(response.status).toBe(status);
    if (status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer realm="rtpsonde"');
  });

  it.each([
    ['nonsense', '\u0000\u0001\u0002 nonsense\r\n\r\n'],
    ['headers without end', 'GET /metrics HTTP/1.1\r\nHost: x\r\n'],
    ['a header that is too large', `GET /metrics HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['a body that never comes', 'GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n'],
  ])('%s, and still answers others', async (_what, bytes) => {
    const { url, text } = await setUp({ timeoutMs: 300 });
    const ended = rawRequest(url, bytes);
    expect(await text()).toContain('rtpsonde_build_info');
    await ended;
  });

  it('a client that does not read its answer', async () => {
    const { exporter, port, text } = await setUp({ timeoutMs: 500, maxGroups: 1500 });
    // Some megabytes, more than buffers of sockets hold.
    const base = window();
    await exporter.deliver(
      Array.from({ length: 1500 }, (_, vlan) => lineOf({ ...base, vlan } as WindowSummary)),
    );
    const whole = (await text()).length;
    const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {});
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    socket.resume();
    await once(socket, 'close');
    expect({ whole: whole > 8_000_000, cut: bytes < whole }).toEqual({ whole: true, cut: true });
  });
});

describe('the port', () => {
  it('that another program has is a fault that names it', async () => {
    const { port } = await setUp();
    const second = new PrometheusExporter(
      { name: 'b', host: '127.0.0.1', port, maxGroups: 1, maxStreams: 0, timeoutMs: 1000, version: '1' },
      { clock: systemClock, logger: dependencies().logger, random: Math.random },
    );
    await expect(second.reopen()).rejects.toMatchObject({
      code: 'ERR_EXPORT_LISTEN',
      message: `cannot listen on 127.0.0.1:${port}: another program listens there`,
    });
    await second.close();
  });

  it('is free after close', async () => {
    const { exporter, port } = await setUp();
    await exporter.close();
    const { exporter: next } = await setUp({ port });
    await next.deliver([windowLine({})]);
  });
});

describe.skipIf(!hasOpenssl)('over TLS', () => {
  it('asks for a client certificate where caFile is set, and reads certificates again', async () => {
    const folder = temporaryFolder();
    const certificates = makeCertificates(folder);
    const { writeFileSync } = await import('node:fs');
    const [certFile, keyFile] = [`${folder}/own.pem`, `${folder}/own.key`];
    writeFileSync(certFile, certificates.server.cert);
    writeFileSync(keyFile, certificates.server.key);
    const { exporter, port } = await setUp({ tls: { certFile, keyFile, caFile: certificates.caFile } });
    const get = async (cert?: string, key?: string) => {
      const own =
        cert === undefined || key === undefined
          ? {}
          : { cert: await readFile(cert), key: await readFile(key) };
      return new Promise<number | string>((resolve) => {
        httpsRequest({ port, host: '127.0.0.1', path: '/metrics', ca: certificates.ca, agent: false, ...own })
          .on('response', (response) => resolve(response.resume().statusCode ?? 0))
          .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
          .end();
      });
    };
    expect(await get(certificates.clientCertFile, certificates.clientKeyFile)).toBe(200);
    expect(await get()).not.toBe(200);
    await exporter.reopen();
    expect(await get(certificates.clientCertFile, certificates.clientKeyFile)).toBe(200);
    writeFileSync(certFile, 'no certificate');
    await expect(exporter.reopen()).rejects.toMatchObject({ code: 'ERR_EXPORT_TLS' });
    expect(await get(certificates.clientCertFile, certificates.clientKeyFile)).toBe(200);
  });
});
