import * as zlib from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ndjson } from '../../../src/export/collectors/http.js';
import type { DeliveryError } from '../../../src/export/exporter.js';
import { HttpExporter, type HttpExporterOptions } from '../../../src/export/http-exporter.js';
import { Collector, type CollectorOptions, type Reply } from '../../e2e/collector.js';
import { dependencies, line, lines } from './support.js';

const never = new AbortController().signal;

async function setUp(options: Partial<HttpExporterOptions> = {}, collectorOptions: CollectorOptions = {}) {
  const collector = await Collector.start(collectorOptions);
  const exporter = new HttpExporter(
    {
      name: 'http',
      form: ndjson,
      url: collector.url,
      compression: 'gzip',
      timeoutMs: 5000,
      version: '1.2.3',
      ...options,
    },
    dependencies(),
  );
  onTestFinished(async () => {
    await exporter.close();
    await collector.close();
  });
  return { collector, exporter };
}

/** What a delivery threw. */
async function faultOf(delivery: Promise<void>) {
  try {
    await delivery;
  } catch (error) {
    const { code, message, remedy, retryAfterMs } = error as DeliveryError;
    return { code, message, remedy, retryAfterMs };
  }
  throw new Error('delivered');
}

describe('the HTTP exporter sends', () => {
  it('one POST of gzipped NDJSON with who, what and which batch', async () => {
    const { collector, exporter } = await setUp({ secret: 'abc' });
    await exporter.deliver(lines(0, 2), never);
    const [request] = collector.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/summaries',
      body: lines(0, 2)
        .map(({ json }) => `${json}\n`)
        .join(''),
      headers: {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        authorization: 'Bearer abc',
        'user-agent': 'rtpsonde/1.2.3',
        // printf '0\n1\n' | sha256sum | cut -c1-32
        'idempotency-key': '82c1315e6c757f33c4a77ca58b2a184f',
        'x-rtpsonde-batch': '82c1315e6c757f33c4a77ca58b2a184f',
      },
    });
  });

  it('plain NDJSON when gzip is off, and no Authorization without a token', async () => {
    const { collector, exporter } = await setUp({ compression: 'none' });
    await exporter.deliver([line(0, 'stream', '\u20ac')], never);
    const headers = collector.requests[0]?.headers ?? {};
    expect([headers['content-encoding'], headers.authorization]).toEqual([undefined, undefined]);
    expect(collector.lines).toEqual([line(0, 'stream', '\u20ac').json]);
  });

  it('all batches over one connection, also after long answers', async () => {
    const { collector, exporter } = await setUp();
    collector.reply({ status: 200, body: 'x'.repeat(300_000) }, { status: 503, body: 'y'.repeat(300_000) });
    await exporter.deliver(lines(0, 1), never);
    await faultOf(exporter.deliver(lines(1, 1), never));
    await exporter.deliver(lines(1, 1), never);
    expect(collector.requests.map(({ connection }) => connection)).toEqual([0, 0, 0]);
  });

  it('the same key with a batch that is sent again, and another with another batch', async () => {
    const { collector, exporter } = await setUp();
    collector.reply({ status: 500 });
    const batch = lines(0, 3);
    await faultOf(exporter.deliver(batch, never));
    await exporter.deliver(batch, never);
    await exporter.deliver(lines(0, 2), never);
    const keys = collector.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('again at once when the collector closed the idle connection', async () => {
    const { collector, exporter } = await setUp();
    await exporter.deliver(lines(0, 1), never);
    collector.reply('close');
    await exporter.deliver(lines(1, 1), never);
    expect(collector.requests.map(({ status, connection }) => [status, connection])).toEqual([
      [200, 0],
      [null, 0],
      [200, 1],
    ]);
  });

  it('the token that the configuration holds at that moment', async () => {
    let token = 'old\n';
    const { collector, exporter } = await setUp({ secret: { reveal: () => token } }, { token: 'old' });
    await exporter.deliver(lines(0, 1), never);
    token = 'new\n';
    collector.setToken('new');
    await exporter.deliver(lines(1, 1), never);
    expect(collector.lines).toHaveLength(2);
  });
});

describe('the HTTP exporter takes an answer for what it means', () => {
  const cases: [Reply, Partial<DeliveryError>][] = [
    [{ status: 408 }, { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', message: 'URL answers 408' }],
    [{ status: 425 }, { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', message: 'URL answers 425' }],
    [
      { status: 429, headers: { 'Retry-After': '17' } },
      { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', retryAfterMs: 17_000, message: 'URL answers 429' },
    ],
    [
      {
        status: 503,
        body: ' over\r\n\tloaded\0 ',
        headers: { Date: 'Sat, 21 Nov 2026 03:00:00 GMT', 'Retry-After': 'Sat, 21 Nov 2026 03:00:05 GMT' },
      },
      {
        code: 'ERR_EXPORT_UNAVAILABLE',
        remedy: 'retry',
        retryAfterMs: 5000,
        message: 'URL answers 503 (over loaded)',
      },
    ],
    [
      { status: 500, body: 'e'.repeat(5000) },
      { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', message: `URL answers 500 (${'e'.repeat(200)})` },
    ],
    [
      { status: 401 },
      {
        code: 'ERR_EXPORT_PERMISSION',
        remedy: 'retry-slowly',
        message: 'URL answers 401: it refuses the token or client certificate; records wait',
      },
    ],
    [{ status: 403 }, { code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly' }],
    [
      { status: 302, headers: { Location: 'https://user:pw@elsewhere.example/login?session=1' } },
      {
        code: 'ERR_EXPORT_UNAVAILABLE',
        remedy: 'retry-slowly',
        message:
          'URL answers 302: a redirect to https://elsewhere.example/login, which is not followed; correct the url',
      },
    ],
    [{ status: 304 }, { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry-slowly' }],
    [
      { status: 413 },
      {
        code: 'ERR_EXPORT_REJECTED',
        remedy: 'split',
        message: 'URL answers 413: the batch is too large for it; lower batchMaxKiB',
      },
    ],
    [
      { status: 400, body: '{"error":"unknown version"}' },
      {
        code: 'ERR_EXPORT_REJECTED',
        remedy: 'drop',
        message: 'URL answers 400: it refuses the records ({"error":"unknown version"})',
      },
    ],
    [{ status: 404 }, { code: 'ERR_EXPORT_REJECTED', remedy: 'drop' }],
    [
      'close',
      {
        code: 'ERR_EXPORT_UNAVAILABLE',
        remedy: 'retry',
        message: 'URL cannot be reached: connection closed before the answer',
      },
    ],
  ];

  it.each(cases)('%j', async (reply, expected) => {
    const { collector, exporter } = await setUp();
    collector.otherwise(reply);
    const { message } = expected;
    const whole = { retryAfterMs: null, ...expected };
    if (message !== undefined) whole.message = message.replace('URL', collector.url);
    expect(await faultOf(exporter.deliver(lines(0, 2), never))).toMatchObject(whole);
    expect(collector.lines).toEqual([]);
  });

  it.each([200, 201, 202, 204])('%i: delivered', async (status) => {
    const { collector, exporter } = await setUp();
    collector.reply({ status });
    await exporter.deliver(lines(0, 2), never);
    expect(collector.lines).toHaveLength(2);
  });

  it('200 with a body that breaks off: delivered, for the collector has decided', async () => {
    const { collector, exporter } = await setUp();
    collector.reply('cut');
    await exporter.deliver(lines(0, 2), never);
    expect(collector.requests).toHaveLength(1);
  });

  it('no answer in time', async () => {
    const { collector, exporter } = await setUp({ timeoutMs: 40 });
    collector.reply('hang');
    expect(await faultOf(exporter.deliver(lines(0, 2), never))).toEqual({
      code: 'ERR_EXPORT_UNAVAILABLE',
      message: `${collector.url} gave no complete answer in 0.04 s`,
      remedy: 'retry',
      retryAfterMs: null,
    });
    await exporter.deliver(lines(0, 2), never);
    expect(collector.lines).toHaveLength(2);
  });

  it('nobody there', async () => {
    const { collector, exporter } = await setUp();
    const gone = await Collector.start();
    const url = gone.url;
    await gone.close();
    const lost = new HttpExporter(
      { name: 'http', form: ndjson, url, compression: 'none', timeoutMs: 5000, version: '1' },
      dependencies(),
    );
    expect(await faultOf(lost.deliver(lines(0, 1), never))).toMatchObject({
      code: 'ERR_EXPORT_UNAVAILABLE',
      message: `${url} cannot be reached: connection refused`,
      remedy: 'retry',
    });
    await exporter.deliver(lines(0, 1), never);
    expect(collector.lines).toHaveLength(1);
  });

  it('a stop in the middle', async () => {
    const { collector, exporter } = await setUp();
    collector.reply('hang');
    const stop = new AbortController();
    const delivery = faultOf(exporter.deliver(lines(0, 2), stop.signal));
    await collector.received(1);
    stop.abort();
    expect(await delivery).toMatchObject({ code: 'ERR_EXPORT_UNAVAILABLE' });
  });
});

describe('the HTTP exporter keeps secrets', () => {
  it('when the collector repeats them', async () => {
    const token = 'very-secret-token';
    const { collector, exporter } = await setUp({ secret: token }, { token: 'another' });
    const fault = await faultOf(exporter.deliver(lines(0, 1), never));
    expect(fault.message).toBe(
      `${collector.url} answers 401: it refuses the token or client certificate; records wait (bad credentials: Bearer [redacted])`,
    );
  });

  it('when the end of the excerpt falls into one', async () => {
    const token = 'very-secret-token';
    const { collector, exporter } = await setUp({ secret: token });
    collector.reply(
      { status: 500, body: 'x'.repeat(195) + token },
      { status: 500, body: 'x'.repeat(4090) + token },
    );
    const messages = [
      (await faultOf(exporter.deliver(lines(0, 1), never))).message,
      (await faultOf(exporter.deliver(lines(0, 1), never))).message,
    ];
    const start = `${collector.url} answers 500 (`;
    expect(messages).toEqual([`${start}${'x'.repeat(195)}[reda)`, `${start}${'x'.repeat(200)})`]);
  });

  it('when they stand in the URL', async () => {
    const { collector, exporter: _ } = await setUp();
    const url = collector.url.replace('http://', 'http://probe:s3cretword@').concat('?api_key=an0thersecret');
    const exporter = new HttpExporter(
      { name: 'http', form: ndjson, url, compression: 'gzip', timeoutMs: 5000, version: '1' },
      dependencies(),
    );
    onTestFinished(() => exporter.close());
    collector.reply({ status: 400, body: `no: ${btoa('probe:s3cretword')} s3cretword an0thersecret` });
    const { message } = await faultOf(exporter.deliver(lines(0, 1), never));
    expect(message).toBe(
      `${collector.url} answers 400: it refuses the records (no: [redacted] [redacted] [redacted])`,
    );
    expect(collector.requests[0]?.headers.authorization).toBe(`Basic ${btoa('probe:s3cretword')}`);
  });

  it('when the token cannot be sent', async () => {
    const { collector, exporter } = await setUp({ secret: 'two\nlines' });
    const fault = await faultOf(exporter.deliver(lines(0, 1), never));
    expect(fault).toEqual({
      code: 'ERR_EXPORT_PERMISSION',
      message: `${collector.url}: the token or password is empty or holds characters that a header cannot carry`,
      remedy: 'retry-slowly',
      retryAfterMs: null,
    });
  });

  it('when the URL is not one', () => {
    const make = () =>
      new HttpExporter(
        {
          name: 'main',
          form: ndjson,
          url: 'ftp://u:s3cret@h/',
          compression: 'gzip',
          timeoutMs: 1,
          version: '1',
        },
        dependencies(),
      );
    expect(make).toThrow('exporter main: url must be http://... or https://...');
  });
});

describe('compression of requests', () => {
  it.skipIf(!('zstdCompress' in zlib))('by zstd, where Node has it', async () => {
    const { collector, exporter } = await setUp({ compression: 'zstd' });
    await exporter.deliver(lines(0, 2), never);
    expect(collector.requests[0]).toMatchObject({
      headers: { 'content-encoding': 'zstd' },
      body: lines(0, 2)
        .map(({ json }) => `${json}\n`)
        .join(''),
    });
  });
});
