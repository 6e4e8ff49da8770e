// OTLP against a real OpenTelemetry Collector, which writes what it received to a file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeliveryError, type Exporter } from '../../src/export/exporter.js';
import { distributions } from '../../src/export/groups/measures.js';
import { anyValue } from '../../src/export/otlp/values.js';
import type { StreamSummary, WindowSummary } from '../../src/summary/schema.js';
import { eventually } from '../e2e/support/eventually.js';
import { exporterOf, manyWindows, realSummaries } from './support/exporting.js';
import { freePort, missing, Server } from './support/server.js';

const COLLECTOR = 'rtpsonde-otelcol';
const absent = missing(COLLECTOR);
const never = new AbortController().signal;

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}
interface Point {
  attributes?: Attribute[];
  asInt?: string;
  asDouble?: number;
  count?: string;
  sum?: number;
  bucketCounts?: string[];
  explicitBounds?: number[];
  exemplars?: { filteredAttributes: Attribute[]; asDouble: number }[];
}
interface Metric {
  name: string;
  unit: string;
  sum?: { dataPoints: Point[]; aggregationTemporality: number; isMonotonic: boolean };
  histogram?: { dataPoints: Point[]; aggregationTemporality: number };
  gauge?: { dataPoints: Point[] };
}
interface LogRecord {
  attributes: Attribute[];
  body: unknown;
  severityText: string;
}
interface Request {
  resourceMetrics?: { resource: { attributes: Attribute[] }; scopeMetrics: { metrics: Metric[] }[] }[];
  resourceLogs?: { resource: { attributes: Attribute[] }; scopeLogs: { logRecords: LogRecord[] }[] }[];
}

describe.skipIf(absent !== null)('OpenTelemetry Collector', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-otelcol-'));
  const { lines, summaries } = realSummaries('gst-pcmu-impaired.pcap');
  const windows = summaries.filter((summary): summary is WindowSummary => summary.kind === 'window');
  const streams = summaries.filter((summary): summary is StreamSummary => summary.kind === 'stream');
  const exporters: Exporter[] = [];
  let port: number;
  let server: Server;
  let received = '';

  const start = () =>
    Server.start({
      command: COLLECTOR,
      args: ['--config', join(folder, 'otelcol.yaml')],
      ready: async () => (await fetch(`http://127.0.0.1:${port}/v1/logs`, { method: 'POST' })).status > 0,
    });

  function exporter(): Exporter {
    const made = exporterOf(`type: otlp\nurl: http://127.0.0.1:${port}\ntimeoutSeconds: 5`);
    exporters.push(made);
    return made;
  }

  /** Requests as the collector wrote them, oldest first. */
  const requests = (): Request[] =>
    readFileSync(received, 'utf8')
      .split('\n')
      .flatMap((line) => parsed(line) ?? []);

  const logRecords = () =>
    requests().flatMap(({ resourceLogs = [] }) =>
      resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords: records }) => records)),
    );

  /** The last state of a metric. */
  const metric = (name: string): Metric | undefined =>
    requests()
      .flatMap(({ resourceMetrics = [] }) =>
        resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
      )
      .filter((one) => one.name === name)
      .at(-1);

  const textOf = (attributes: Attribute[] | undefined, key: string) =>
    attributes?.find((attribute) => attribute.key === key)?.value.stringValue;

  beforeAll(async () => {
    port = await freePort();
    received = join(folder, 'received.json');
    writeFileSync(received, '');
    writeFileSync(
      join(folder, 'otelcol.yaml'),
      `receivers:
  otlp:
    protocols:
      http: {endpoint: 127.0.0.1:${port}}
exporters:
  file: {path: ${received}, flush_interval: 100ms}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    metrics: {receivers: [otlp], exporters: [file]}
    logs: {receivers: [otlp], exporters: [file]}
`,
    );
    server = await start();
  });
  afterEach(async () => {
    for (const one of exporters.splice(0)) await one.close();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes metrics and logs, and has each field as it was sent', async () => {
    await exporter().deliver(lines, never);
    await eventually('the log records', () => logRecords().length === streams.length);
    const records = logRecords();
    for (const stream of streams) {
      const record = records.find(
        ({ attributes }) => textOf(attributes, 'rtpsonde.summary.id') === stream.id,
      );
      expect(plain(record?.body as Record<string, unknown>)).toEqual(
        plain(anyValue(stream) as Record<string, unknown>),
      );
      expect(textOf(record?.attributes, 'source.address')).toBe(stream.src);
    }
    const [first] = requests().flatMap(({ resourceMetrics = [] }) => resourceMetrics);
    expect(textOf(first?.resource.attributes, 'service.name')).toBe('rtpsonde');
    expect(textOf(first?.resource.attributes, 'service.instance.id')).toBe(windows[0]?.probe);

    const sum = (of: (window: WindowSummary) => number) =>
      windows.reduce((total, window) => total + of(window), 0);
    const told = (name: string) =>
      metric(name)?.sum?.dataPoints.reduce((total, { asInt }) => total + Number(asInt), 0);
    expect(told('rtp.packets')).toBe(sum(({ packets }) => packets));
    expect(told('rtp.packets.lost')).toBe(sum(({ lost }) => lost));
    expect(told('rtp.windows')).toBe(windows.length);
    expect(metric('rtp.packets')?.sum).toMatchObject({ aggregationTemporality: 2, isMonotonic: true });
  });

  it.each(distributions.map((distribution) => [distribution.otel, distribution] as const))(
    'has the histogram %s with its exemplars',
    (name, { bounds, of, ucum }) => {
      const told = metric(name);
      const values = windows.flatMap((window) => of(window) ?? []);
      expect([told?.unit, told?.histogram?.aggregationTemporality]).toEqual([ucum, 2]);
      const points = told?.histogram?.dataPoints ?? [];
      expect(points.reduce((total, { count }) => total + Number(count), 0)).toBe(values.length);
      const inBuckets = [...bounds, Number.POSITIVE_INFINITY].map(
        (bound, i) => values.filter((value) => value <= bound && !(value <= (bounds[i - 1] ?? -1))).length,
      );
      const counted = inBuckets.map((_, i) =>
        points.reduce((total, { bucketCounts }) => total + Number(bucketCounts?.[i] ?? 0), 0),
      );
      expect(counted).toEqual(inBuckets);
      const ids = new Set(windows.map(({ streamId }) => streamId));
      const exemplars = points.flatMap((point) => point.exemplars ?? []);
      expect(exemplars.length).toBeGreaterThan(0);
      for (const { filteredAttributes } of exemplars)
        expect(ids.has(String(textOf(filteredAttributes, 'rtp.stream.id')))).toBe(true);
    },
  );

  it('gets the same sums and ids when a batch comes twice', async () => {
    const before = new Set(logRecords().map(({ attributes }) => textOf(attributes, 'rtpsonde.summary.id')));
    const twice = exporter();
    await twice.deliver(lines, never);
    await twice.deliver(
      lines.filter(({ kind }) => kind === 'stream'),
      never,
    );
    await eventually('the repetitions', () => logRecords().length === 3 * streams.length);
    const after = new Set(logRecords().map(({ attributes }) => textOf(attributes, 'rtpsonde.summary.id')));
    expect(after).toEqual(before);
  });

  it('that is killed and started again gets all of what came meanwhile', async () => {
    const one = exporter();
    const many = manyWindows(300);
    const batches = [many.slice(0, 100), many.slice(100, 200), many.slice(200)];
    await one.deliver(batches[0] ?? [], never);
    await server.stop('SIGKILL');
    const fault = await one.deliver(batches[1] ?? [], never).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(DeliveryError);
    expect((fault as DeliveryError).remedy).toBe('retry');
    server = await start();
    await one.deliver(batches[1] ?? [], never);
    await one.deliver(batches[2] ?? [], never);
    const counted = () =>
      metric('rtp.windows')?.sum?.dataPoints.reduce((total, { asInt }) => total + Number(asInt), 0);
    await eventually('300 windows', () => counted() === 300);
  });
});

/** Null for a line that is not whole: the collector was killed while it wrote it, or writes it now. */
function parsed(line: string): Request | null {
  try {
    return JSON.parse(line) as Request;
  } catch {
    return null;
  }
}

/** Values of OTLP as plain ones; the collector writes 64-bit integers as text and order is its own. */
function plain(value: Record<string, unknown>): unknown {
  const { kvlistValue, arrayValue } = value as {
    kvlistValue?: { values?: Attribute[] };
    arrayValue?: { values?: Record<string, unknown>[] };
  };
  if (kvlistValue !== undefined)
    return Object.fromEntries((kvlistValue.values ?? []).map(({ key, value: one }) => [key, plain(one)]));
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(plain);
  const [kind, content] = Object.entries(value)[0] ?? ['', null];
  return kind === 'intValue' ? Number(content) : content;
}
