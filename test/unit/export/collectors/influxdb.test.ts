import { describe, expect, it, onTestFinished } from 'vitest';
import { influxdbSchema } from '../../../../src/config/collectors/influxdb.js';
import { influxdb } from '../../../../src/export/collectors/influxdb.js';
import type { DeliveryError } from '../../../../src/export/exporter.js';
import { InfluxLines } from '../../../../src/export/influx-lines.js';
import { PointTimes } from '../../../../src/export/point-times.js';
import { lineOf } from '../../../../src/summary/line.js';
import type { Summary } from '../../../../src/summary/schema.js';
import { Collector } from '../../../e2e/collector.js';
import { readPoints } from '../../../support/line-protocol.js';
import { dependencies } from '../support.js';

const never = new AbortController().signal;
const window = { windowStart: '2026-11-21T14:07:50.000000000Z', windowEnd: '2026-11-21T14:08:00.000000000Z' };
const START = 1795270070000000000n;

function summary(fields: object) {
  return lineOf({
    kind: 'window',
    id: 'a',
    schema: 2,
    probe: 'tap',
    ...window,
    ...fields,
  } as unknown as Summary);
}

async function points(batch: ReturnType<typeof summary>[], tags: string[] = []) {
  return readPoints((await new InfluxLines(tags).encode(batch)).toString());
}

async function setUp(more: object) {
  const server = await Collector.start();
  const url = new URL(server.url).origin;
  const parsed = influxdbSchema.parse({ type: 'influxdb', url, compression: 'none', ...more });
  const deps = { ...dependencies(), version: '1', stdout: process.stdout, onStdoutClosed: () => {} };
  const exporter = influxdb.create({ ...parsed, name: 'influxdb' }, deps);
  onTestFinished(async () => {
    await exporter.close();
    await server.close();
  });
  const faultOf = async () =>
    exporter.deliver([summary({})], never).then(
      () => null,
      ({ code, remedy }: DeliveryError) => ({ code, remedy }),
    );
  return { server, exporter, faultOf };
}

describe('a point', () => {
  it('has integers with i, floats without, strings in quotes, and nothing that is unknown', async () => {
    const [point] = await points([
      summary({
        lost: 3,
        lossRatio: 1,
        oneWayAudio: false,
        bitrateKbps: null,
        start: '1970-01-01T00:00:01.000000002Z',
      }),
    ]);
    expect(point).toMatchObject({
      measurement: 'rtpsonde_windows',
      tags: { probe: 'tap' },
      fields: { id: 'a', lost: 3n, loss_ratio: 1, one_way_audio: false, start_time: 1_000_000_002n },
    });
    expect(point?.fields).toHaveProperty('window_start', START);
    expect(point?.fields).not.toHaveProperty('bitrate_kbps');
    expect(point?.tags).not.toHaveProperty('codec');
  });

  it('keeps every character of a field, and of a tag all but line feeds and a backslash at its end', async () => {
    const odd = 'a, b=c "d" \\e\\ \u20ac\n#';
    const [field] = await points([summary({ codec: odd })]);
    expect(field?.fields.codec).toBe(odd);
    const [tag] = await points([summary({ codec: `${odd}\\` })], ['codec']);
    expect(tag?.tags.codec).toBe(odd.replace('\n', ' '));
  });

  it('has no tag without bounds unless asked', async () => {
    const { tags } = influxdbSchema.parse({ type: 'influxdb', url: 'http://a', database: 'b' });
    const fields = { streamId: '98f1510199826b68', ssrc: '0x0b3a2ad8', src: '192.0.2.1', codec: 'PCMA' };
    const [point] = await points([summary(fields)], tags);
    expect(point?.tags).toEqual({ probe: 'tap', codec: 'PCMA' });
    expect(point?.fields).toMatchObject({ stream_id: '98f1510199826b68', ssrc: '0x0b3a2ad8' });
    const [asked] = await points([summary(fields)], ['stream_id']);
    expect(asked?.tags.stream_id).toBe('98f1510199826b68');
  });

  it('of each of 20,000 streams in a window lies at a time of its own in that window, the same when it comes again', async () => {
    const batch = Array.from({ length: 20_000 }, (_, i) => summary({ id: `tap/${i}` }));
    const [once, again] = [await points(batch), await points(batch)];
    const times = once.map(({ time }) => time);
    expect(new Set(times).size).toBe(20_000);
    expect(times.every((time) => time >= START && time < START + 10_000_000_000n)).toBe(true);
    expect(again.map(({ time }) => time)).toEqual(times);
  });
});

describe('times of points', () => {
  it('differ also when there is hardly room for them', () => {
    const times = new PointTimes();
    const ids = Array.from({ length: 100 }, (_, i) => `id-${i}`);
    const first = ids.map((id) => times.timeOf('s', 1000n, 100n, id));
    expect(new Set(first).size).toBe(100);
    expect(ids.map((id) => times.timeOf('s', 1000n, 100n, id))).toEqual(first);
    // Another series has times of its own.
    expect(times.timeOf('t', 1000n, 1n, 'x')).toBe(1000n);
  });

  it('are remembered for the latest points only', () => {
    const times = new PointTimes(2);
    for (const id of ['a', 'b', 'c', 'd', 'e']) times.timeOf('s', BigInt(id.charCodeAt(0)), 1n, id);
    expect(times.timeOf('s', BigInt('a'.charCodeAt(0)), 1n, 'other')).toBe(97n);
  });
});

describe('the InfluxDB exporter', () => {
  it('speaks to 2.x as its API wants it', async () => {
    const { server, exporter } = await setUp({ org: 'my org', bucket: 'rtp', token: 'abc' });
    await exporter.deliver([summary({}), summary({ id: 'b' })], never);
    const [request] = server.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/api/v2/write?org=my+org&bucket=rtp&precision=ns',
      headers: { authorization: 'Token abc', 'content-type': 'text/plain; charset=utf-8' },
    });
    expect(readPoints(request?.body ?? '').map(({ fields }) => fields.id)).toEqual(['a', 'b']);
  });

  it('speaks to 1.x as its API wants it', async () => {
    const { server, exporter } = await setUp({
      database: 'voice',
      retentionPolicy: 'quarter',
      user: 'probe',
      password: 'p:w',
    });
    await exporter.deliver([summary({})], never);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/write?db=voice&rp=quarter&precision=ns',
      headers: { authorization: `Basic ${Buffer.from('probe:p:w').toString('base64')}` },
    });
  });

  it('says nothing of the password, in whatever form it comes back', async () => {
    const { server, exporter } = await setUp({ database: 'voice', user: 'probe', password: 'pass word' });
    const basic = Buffer.from('probe:pass word').toString('base64');
    server.reply({ status: 401, body: `no: pass word, ${basic}` });
    await expect(exporter.deliver([summary({})], never)).rejects.toThrow('(no: [redacted], [redacted])');
  });

  it.each([
    [400, 'split', 'ERR_EXPORT_REJECTED'],
    [422, 'split', 'ERR_EXPORT_REJECTED'],
    [404, 'retry-slowly', 'ERR_EXPORT_REJECTED'],
    [401, 'retry-slowly', 'ERR_EXPORT_PERMISSION'],
    [429, 'retry', 'ERR_EXPORT_UNAVAILABLE'],
    [503, 'retry', 'ERR_EXPORT_UNAVAILABLE'],
  ])('takes %d for %s', async (status, remedy, code) => {
    const { server, faultOf } = await setUp({ org: 'o', bucket: 'b' });
    server.reply({ status, body: '{"code":"invalid","message":"partial write: field type conflict"}' });
    expect(await faultOf()).toEqual({ code, remedy });
  });
});

describe('options for InfluxDB', () => {
  it.each([
    [{}, 'either `database`'],
    [{ database: 'a', bucket: 'b', org: 'c' }, 'either `database`'],
    [{ bucket: 'b' }, '`org` and `bucket`'],
    [{ database: 'a', user: 'u' }, '`user` and `password`'],
    [{ database: 'a', token: 't' }, 'is for 2.x'],
    [{ org: 'o', bucket: 'b', retentionPolicy: 'r' }, 'is for 1.x'],
  ])('%j are refused', (more, says) => {
    const { error } = influxdbSchema.safeParse({ type: 'influxdb', url: 'http://a', ...more });
    expect(error?.issues[0]?.message).toContain(says);
  });
});
