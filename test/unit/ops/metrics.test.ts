// The self-metrics registry.
import { describe, expect, test } from 'vitest';
import { flattenSnapshot, Metrics } from '../../../src/ops/metrics.js';

test('a snapshot is plain data with name, kind, unit, help and every series', () => {
  const metrics = new Metrics();
  const sent = metrics.counter('export_records_total', { help: 'Summaries delivered.' });
  sent.with({ exporter: 'http' }).add(3);
  sent.with({ exporter: 'http' }).add();
  sent.with({ exporter: 'file' });
  metrics.gauge('process_memory_bytes', { help: 'Resident memory.', unit: 'bytes' }).set(1024);
  let depth = 5;
  metrics.observe('gauge', 'queue_blocks', { help: 'Blocks waiting.' }, () => depth);
  depth = 7;
  metrics.gauge('engine_load_ratio', { help: 'Share of a core.', unit: 'ratio' }).set(null);

  const snapshot = metrics.snapshot();
  expect(snapshot).toEqual({
    export_records_total: {
      kind: 'counter',
      unit: '',
      help: 'Summaries delivered.',
      series: [
        { labels: { exporter: 'http' }, value: 4 },
        { labels: { exporter: 'file' }, value: 0 },
      ],
    },
    process_memory_bytes: {
      kind: 'gauge',
      unit: 'bytes',
      help: 'Resident memory.',
      series: [{ labels: {}, value: 1024 }],
    },
    queue_blocks: { kind: 'gauge', unit: '', help: 'Blocks waiting.', series: [{ labels: {}, value: 7 }] },
    engine_load_ratio: {
      kind: 'gauge',
      unit: 'ratio',
      help: 'Share of a core.',
      series: [{ labels: {}, value: null }],
    },
  });
  expect(flattenSnapshot(snapshot)).toEqual({
    'export_records_total{exporter=http}': 4,
    'export_records_total{exporter=file}': 0,
    process_memory_bytes: 1024,
    queue_blocks: 7,
  });
});

test('a snapshot does not change afterwards', () => {
  const metrics = new Metrics();
  const counter = metrics.counter('windows_total', { help: 'Windows.' });
  counter.add();
  const before = metrics.snapshot();
  counter.add();
  expect(before.windows_total?.series).toEqual([{ labels: {}, value: 1 }]);
});

test('the order of labels does not matter', () => {
  const metrics = new Metrics();
  const counter = metrics.counter('x_total', { help: '' });
  counter.with({ a: '1', b: '2' }).add();
  counter.with({ b: '2', a: '1' }).add();
  expect(flattenSnapshot(metrics.snapshot())).toEqual({ 'x_total{a=1,b=2}': 2 });
});

test('one metric can be observed for several labels', () => {
  const metrics = new Metrics();
  for (const shard of ['0', '1'])
    metrics.observe('counter', 'packets_total', { help: 'Packets.' }, () => Number(shard) + 10, { shard });
  expect(flattenSnapshot(metrics.snapshot())).toEqual({
    'packets_total{shard=0}': 10,
    'packets_total{shard=1}': 11,
  });
});

describe('refuses', () => {
  const info = { help: '' };
  test.each([
    ['a counter without _total', () => new Metrics().counter('packets', info), /ends in _total/],
    ['a gauge with _total', () => new Metrics().gauge('packets_total', info), /ends in _total/],
    ['a name that is not snake_case', () => new Metrics().gauge('queueDepth', info), /snake_case/],
    [
      'a unit that the name does not end with',
      () => new Metrics().gauge('memory', { help: '', unit: 'bytes' }),
      /end with bytes/,
    ],
    ['a counter that shrinks', () => new Metrics().counter('x_total', info).add(-1), /cannot grow by -1/],
    [
      'a counter that grows by NaN',
      () => new Metrics().counter('x_total', info).add(Number.NaN),
      /cannot grow/,
    ],
  ])('%s', (_what, act, message) => {
    expect(act).toThrow(message);
  });

  test('a name that is taken', () => {
    const metrics = new Metrics();
    metrics.gauge('depth', info);
    expect(() => metrics.gauge('depth', info)).toThrow('registered twice');
    expect(() => metrics.observe('counter', 'depth', info, () => 1)).toThrow('is a gauge');
  });
});
