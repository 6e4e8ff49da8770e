// OTLP/HTTP against a collector that misbehaves: what is sent where, what is sent
// again, and what the answers mean.
import { describe, expect, it, onTestFinished } from 'vitest';
import { DeliveryError, type SummaryLine } from '../../../../src/export/exporter.js';
import { OtlpExporter, type OtlpOptions } from '../../../../src/export/otlp/exporter.js';
import { logAttributes } from '../../../../src/export/otlp/logs.js';
import { anyValue, nanoseconds } from '../../../../src/export/otlp/values.js';
import { lineOf } from '../../../../src/summary/line.js';
import type { WindowSummary } from '../../../../src/summary/schema.js';
import { Collector, type Received } from '../../../e2e/collector.js';
import { captureOf, stream, window } from '../../cli/summaries.js';
import { dependencies } from '../support.js';

const never = new AbortController().signal;

async function setUp(options: Partial<OtlpOptions> = {}) {
  const collector = await Collector.start();
  const deps = dependencies();
  const exporter = new OtlpExporter(
    {
      name: 'otlp',
      url: collector.url.replace(/\/summaries$/, ''),
      compression: 'gzip',
      timeoutMs: 2000,
      version: '1.2.3',
      resource: {},
      maxGroups: 100,
      ...options,
    },
    deps,
  );
  onTestFinished(async () => {
    await exporter.close();
    await collector.close();
  });
  return { collector, exporter, deps };
}

const windowLine = (id: string, fields: Partial<WindowSummary> = {}) =>
  lineOf({ ...window(), id, ...fields });
const streamLine = (id: string) => lineOf({ ...stream(), id });

interface Point {
  attributes: { key: string; value: { stringValue: string } }[];
  startTimeUnixNano: string;
  timeUnixNano: string;
  asInt?: string;
  count?: string;
  exemplars?: object[];
}

/** Points of one metric in a request. */
function pointsOf({ body }: Received, name: string): Point[] {
  const { resourceMetrics } = JSON.parse(body);
  const metric = resourceMetrics[0].scopeMetrics[0].metrics.find(
    (one: { name: string }) => one.name === name,
  );
  return (metric?.sum ?? metric?.histogram ?? metric?.gauge)?.dataPoints ?? [];
}

const packets = (request: Received | undefined) =>
  request === undefined ? [] : pointsOf(request, 'rtp.packets').map(({ asInt }) => asInt);

async function faultOf(delivery: Promise<void>): Promise<{ remedy: string; message: string }> {
  const error = await delivery.then(
    () => null,
    (fault: unknown) => fault,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${error}`);
  return error;
}

const paths = (collector: Collector) => collector.requests.map(({ path }) => path);

describe('values', () => {
  it('are those of the JSON form: 64-bit integers as text, nothing for what is unknown', () => {
    expect(anyValue({ a: 1, b: 1.5, c: null, d: [true, null, 'x'] })).toEqual({
      kvlistValue: {
        values: [
          { key: 'a', value: { intValue: '1' } },
          { key: 'b', value: { doubleValue: 1.5 } },
          { key: 'd', value: { arrayValue: { values: [{ boolValue: true }, { stringValue: 'x' }] } } },
        ],
      },
    });
  });

  it.each([
    ['2026-11-21T10:15:00.123456789Z', '1795256100123456789'],
    ['2026-11-21T10:15:00.5Z', '1795256100500000000'],
    ['2026-11-21T10:15:00Z', '1795256100000000000'],
    ['nonsense', '0'],
  ])('time %s', (time, expected) => {
    expect(nanoseconds(time)).toBe(expected);
  });
});

describe('the exporter sends', () => {
  it('windows to /v1/metrics and streams to /v1/logs, as gzipped JSON with the resource', async () => {
    const { collector, exporter } = await setUp({ secret: 'abc', resource: { 'a.b': 'c' } });
    await exporter.deliver([windowLine('1'), streamLine('2'), lineOf(captureOf())], never);
    expect(paths(collector)).toEqual(['/v1/metrics', '/v1/logs']);
    for (const { headers, body } of collector.requests) {
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        authorization: 'Bearer abc',
      });
      const { resourceMetrics, resourceLogs } = JSON.parse(body);
      expect((resourceMetrics ?? resourceLogs)[0].resource.attributes).toEqual([
        { key: 'service.name', value: { stringValue: 'rtpsonde' } },
        { key: 'service.version', value: { stringValue: '1.2.3' } },
        { key: 'service.instance.id', value: { stringValue: window().probe } },
        { key: 'a.b', value: { stringValue: 'c' } },
      ]);
    }
  });

  it('no request for a part that is empty', async () => {
    const { collector, exporter } = await setUp();
    await exporter.deliver([streamLine('1')], never);
    await exporter.deliver([windowLine('2')], never);
    expect(paths(collector)).toEqual(['/v1/logs', '/v1/metrics']);
  });

  it('sums since the start, of the groups that have changed alone', async () => {
    const { collector, exporter, deps } = await setUp();
    await exporter.deliver(
      [windowLine('1', { packets: 10, dscp: 1 }), windowLine('2', { packets: 5, dscp: 2 })],
      never,
    );
    await deps.clock.advance(1000);
    await exporter.deliver([windowLine('3', { packets: 7, dscp: 1 })], never);
    expect(collector.requests.map(packets)).toEqual([['10', '5'], ['17']]);
    const [first, second] = collector.requests.map((request) => pointsOf(request, 'rtp.packets')[0]);
    expect(second?.startTimeUnixNano).toBe(first?.startTimeUnixNano);
    expect(BigInt(second?.timeUnixNano ?? 0) - BigInt(first?.timeUnixNano ?? 0)).toBe(1_000_000_000n);
  });

  it('times that grow, also when the clock does not', async () => {
    const { collector, exporter, deps } = await setUp();
    await exporter.deliver([windowLine('1')], never);
    deps.clock.wallOffsetMs = -5000;
    await exporter.deliver([windowLine('2')], never);
    const [first, second] = collector.requests.map(
      (request) => pointsOf(request, 'rtp.packets')[0]?.timeUnixNano,
    );
    expect(BigInt(second ?? 0) > BigInt(first ?? 0)).toBe(true);
  });

  it('an exemplar once', async () => {
    const { collector, exporter } = await setUp();
    await exporter.deliver([windowLine('1', { streamId: 'aa' })], never);
    await exporter.deliver([windowLine('2', { streamId: 'bb' })], never);
    const told = collector.requests.map((request) =>
      JSON.stringify(pointsOf(request, 'rtp.jitter').flatMap(({ exemplars }) => exemplars ?? [])),
    );
    expect(told[0]).toContain('"aa"');
    expect(told[1]).toContain('"bb"');
    expect(told[1]).not.toContain('"aa"');
  });

  it('the whole summary of a stream, without what is unknown', async () => {
    const { collector, exporter } = await setUp();
    await exporter.deliver([streamLine('x')], never);
    const [record] = JSON.parse(collector.requests[0]?.body ?? '').resourceLogs[0].scopeLogs[0].logRecords;
    expect(record.body).toEqual(anyValue({ ...stream(), id: 'x' }));
    expect(record.timeUnixNano).toBe(nanoseconds(stream().end));
    const told = new Map(
      record.attributes.map(({ key, value }: { key: string; value: object }) => [key, value]),
    );
    for (const { name, of } of logAttributes)
      expect([name, told.get(name) ?? null]).toEqual([name, anyValue(of({ ...stream(), id: 'x' }))]);
  });
});

describe('a repetition', () => {
  const batch = () => [windowLine('1', { packets: 10 }), streamLine('2')];

  it('sends the same bytes, and counts nothing twice', async () => {
    const { collector, exporter } = await setUp();
    collector.reply({ status: 503 });
    const lines = batch();
    expect((await faultOf(exporter.deliver(lines, never))).remedy).toBe('retry');
    await exporter.deliver(lines, never);
    expect(paths(collector)).toEqual(['/v1/metrics', '/v1/metrics', '/v1/logs']);
    expect(collector.requests[1]?.body).toBe(collector.requests[0]?.body);
    expect(packets(collector.requests[1])).toEqual(['10']);
  });

  it('sends only the part that the collector has not taken', async () => {
    const { collector, exporter } = await setUp();
    collector.reply({ status: 200 }, { status: 502 });
    const lines = batch();
    await faultOf(exporter.deliver(lines, never));
    await exporter.deliver(lines, never);
    expect(paths(collector)).toEqual(['/v1/metrics', '/v1/logs', '/v1/logs']);
  });

  it('in parts, after a split, counts nothing twice', async () => {
    const { collector, exporter } = await setUp();
    const lines: SummaryLine[] = [windowLine('1', { packets: 10 }), windowLine('2', { packets: 1 })];
    collector.reply({ status: 503 });
    await faultOf(exporter.deliver(lines, never));
    await exporter.deliver(lines.slice(0, 1), never);
    await exporter.deliver(lines.slice(1), never);
    // The first part tells the sums of all that is counted.
    expect(collector.requests.map(packets)).toEqual([['11'], ['11'], []]);
  });
});

describe('an answer', () => {
  // OTLP 1.x, Retryable Response Codes, but for 401 and 403.
  it.each([
    [429, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
    [400, 'drop'],
    [404, 'drop'],
    [408, 'drop'],
    [500, 'drop'],
    [501, 'drop'],
    [401, 'retry-slowly'],
    [403, 'retry-slowly'],
  ])('of %d: %s', async (status, remedy) => {
    const { collector, exporter } = await setUp();
    collector.reply({ status });
    expect((await faultOf(exporter.deliver([windowLine('1')], never))).remedy).toBe(remedy);
  });

  it('of 413 splits logs, and drops metrics, which would not get smaller', async () => {
    const { collector, exporter } = await setUp();
    collector.reply({ status: 413 }, { status: 413 });
    expect((await faultOf(exporter.deliver([windowLine('1')], never))).remedy).toBe('drop');
    expect((await faultOf(exporter.deliver([streamLine('2')], never))).remedy).toBe('split');
  });

  it('that drops metrics loses nothing of the sums', async () => {
    const { collector, exporter } = await setUp();
    collector.reply({ status: 400 });
    await faultOf(exporter.deliver([windowLine('1', { packets: 10 })], never));
    await exporter.deliver([windowLine('2', { packets: 1 })], never);
    expect(packets(collector.requests[1])).toEqual(['11']);
  });

  it('that refuses a part is told, and not sent again', async () => {
    const { collector, exporter, deps } = await setUp({ secret: 'the-token' });
    const body = '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"too old\\nfor the-token"}}';
    collector.reply({ status: 200, body });
    await exporter.deliver([streamLine('1'), streamLine('2')], never);
    expect(deps.logger.messages).toEqual([
      'warn: export otlp: collector of logs refused 1 of 2: too old for [redacted]',
    ]);
  });

  it('that refuses all drops the batch', async () => {
    const { collector, exporter } = await setUp();
    collector.reply({ status: 200, body: '{"partialSuccess":{"rejectedLogRecords":2}}' });
    expect(await faultOf(exporter.deliver([streamLine('1'), streamLine('2')], never))).toMatchObject({
      remedy: 'drop',
      message: 'collector of logs refused 2 of 2',
    });
  });

  it.each(['{}', '', 'OK', '[]', '{"partialSuccess":{}}', '{"partialSuccess":null}'])(
    'of 200 with %s is delivered, without a word',
    async (body) => {
      const { collector, exporter, deps } = await setUp();
      collector.reply({ status: 200, body });
      await exporter.deliver([windowLine('1')], never);
      expect(deps.logger.messages).toEqual([]);
    },
  );
});

it('more groups than the bound are told as one, with a word in the log', async () => {
  const { collector, exporter, deps } = await setUp({ maxGroups: 1 });
  await exporter.deliver(
    [1, 2, 3].map((dscp) => windowLine(`${dscp}`, { dscp, packets: 1 })),
    never,
  );
  expect(collector.requests.map(packets)).toEqual([['1', '2']]);
  const [inOther] = collector.requests.flatMap((request) =>
    pointsOf(request, 'rtpsonde.windows.other_group'),
  );
  expect(inOther?.asInt).toBe('2');
  expect(deps.logger.messages).toEqual([
    'warn: export otlp: more than 1 groups; further ones are told as group other (maxGroups)',
  ]);
});
