// Against the contract of the bulk API: a small cluster that is as strict as the documentation.
import { describe, expect, it, onTestFinished } from 'vitest';
import { elasticsearchSchema } from '../../../../src/config/collectors/elasticsearch.js';
import { elasticsearch } from '../../../../src/export/collectors/elasticsearch.js';
import type { DeliveryError, SummaryLine } from '../../../../src/export/exporter.js';
import { Lane } from '../../../../src/export/lane.js';
import { systemClock } from '../../../../src/ops/clock.js';
import { lineOf } from '../../../../src/summary/line.js';
import type { Summary } from '../../../../src/summary/schema.js';
import { dependencies, LogRecorder, laneOptions, until } from '../support.js';
import { BulkCluster } from './bulk-cluster.js';

const never = new AbortController().signal;

function window(id: string, fields: object = {}): SummaryLine {
  const windowStart = '2026-11-21T23:59:50.000000000Z';
  return lineOf({ kind: 'window', id, windowStart, lossRatio: 0, ...fields } as unknown as Summary);
}

async function setUp(more: object = {}) {
  const cluster = await BulkCluster.start();
  const options = elasticsearchSchema.parse({ type: 'elasticsearch', url: cluster.url, ...more });
  const deps = { ...dependencies(), version: '1', stdout: process.stdout, onStdoutClosed: () => {} };
  const exporter = elasticsearch.create({ ...options, name: 'search' }, deps);
  onTestFinished(async () => {
    await exporter.close();
    await cluster.close();
  });
  const faultOf = (batch: SummaryLine[]) =>
    exporter.deliver(batch, never).then(
      () => null,
      ({ code, remedy, message }: DeliveryError) => ({ code, remedy, message }),
    );
  return { cluster, exporter, faultOf };
}

describe('the Elasticsearch exporter', () => {
  it('creates a document for each summary, in the index of its kind and day', async () => {
    const { cluster, exporter } = await setUp();
    const stream = { kind: 'stream', id: 's', end: '2026-11-22T00:00:01.5Z' } as unknown as Summary;
    await exporter.deliver([window('w/1'), lineOf(stream)], never);
    expect(Object.fromEntries(cluster.documents)).toEqual({
      'rtpsonde-windows-2026.11.21/w/1': {
        '@timestamp': '2026-11-21T23:59:50.000000000Z',
        ...JSON.parse(window('w/1').json),
      },
      'rtpsonde-streams-2026.11.22/s': { '@timestamp': '2026-11-22T00:00:01.5Z', ...stream },
    });
  });

  it('takes a record that is there already for delivered, and changes nothing', async () => {
    const { cluster, exporter } = await setUp({ index: 'rtpsonde-{kind}' });
    await exporter.deliver([window('a')], never);
    await exporter.deliver([window('a', { lossRatio: 1 }), window('b')], never);
    expect([...cluster.documents.keys()]).toEqual(['rtpsonde-windows/a', 'rtpsonde-windows/b']);
    expect(cluster.documents.get('rtpsonde-windows/a')).toMatchObject({ lossRatio: 0 });
  });

  it.each<[number, string, string, string]>([
    [429, 'es_rejected_execution_exception', 'retry', 'ERR_EXPORT_UNAVAILABLE'],
    [503, 'unavailable_shards_exception', 'retry', 'ERR_EXPORT_UNAVAILABLE'],
    [400, 'document_parsing_exception', 'split', 'ERR_EXPORT_REJECTED'],
    [403, 'cluster_block_exception', 'retry-slowly', 'ERR_EXPORT_PERMISSION'],
    [404, 'index_not_found_exception', 'retry-slowly', 'ERR_EXPORT_PERMISSION'],
  ])('takes %d %s of one record for %s', async (status, type, remedy, code) => {
    const { cluster, faultOf } = await setUp();
    cluster.refuse.set('b', { status, type });
    expect(await faultOf([window('a'), window('b'), window('c')])).toEqual({
      code,
      remedy,
      message: `1 of 3 records are answered with ${status} (${type} said so)`,
    });
    cluster.refuse.clear();
    expect(await faultOf([window('a'), window('b'), window('c')])).toBeNull();
    expect(cluster.documents.size).toBe(3);
  });

  it('first sends again what may be taken later, then sets aside what never will', async () => {
    const { cluster, faultOf } = await setUp();
    cluster.refuse.set('a', { status: 400, type: 'document_parsing_exception' });
    cluster.refuse.set('b', { status: 429, type: 'es_rejected_execution_exception' });
    expect(await faultOf([window('a'), window('b')])).toMatchObject({ remedy: 'retry' });
  });

  it('loses none but the poisoned of 200 records, by the halves that the lane makes of the batch', async () => {
    const { cluster, exporter } = await setUp();
    cluster.refuse.set('17', { status: 400, type: 'document_parsing_exception' });
    cluster.refuse.set('150', { status: 400, type: 'document_parsing_exception' });
    const lane = new Lane(
      exporter,
      {
        ...laneOptions,
        queue: { maxRecords: 1000, maxBytes: 1e6 },
        batch: { maxRecords: 200, maxBytes: 1e6, maxAgeMs: 1 },
      },
      { clock: systemClock, logger: new LogRecorder(), random: () => 0 },
    );
    lane.offer(Array.from({ length: 200 }, (_, i) => window(String(i))));
    await until(() => lane.stats().delivered + lane.stats().droppedRejected === 200);
    expect(lane.stats()).toMatchObject({ delivered: 198, droppedRejected: 2 });
    expect(cluster.documents.size).toBe(198);
    await lane.close(1000);
  });

  it('does not believe an answer that is not for every record', async () => {
    const { cluster, faultOf } = await setUp();
    for (const answer of ['{"errors":false,"items":[]}', 'OK', '{"errors":false}', '[]']) {
      cluster.answer = answer;
      expect(await faultOf([window('a')])).toMatchObject({ remedy: 'retry', code: 'ERR_EXPORT_UNAVAILABLE' });
    }
    cluster.answer = null;
    expect(await faultOf([window('a')])).toBeNull();
  });

  it('reads answers for large batches', async () => {
    const { cluster, faultOf } = await setUp();
    const batch = Array.from({ length: 3000 }, (_, i) => window(`${i}`));
    expect(await faultOf(batch)).toBeNull();
    expect(await faultOf(batch)).toBeNull();
    expect(cluster.documents.size).toBe(3000);
  });

  it('shows an API key, or user and password', async () => {
    const key = await setUp({ token: 'a2V5' });
    await key.exporter.deliver([window('a')], never);
    const basic = await setUp({ user: 'probe', password: 'p w' });
    await basic.exporter.deliver([window('a')], never);
    expect([key.cluster.authorization, basic.cluster.authorization]).toEqual([
      'ApiKey a2V5',
      `Basic ${Buffer.from('probe:p w').toString('base64')}`,
    ]);
  });
});

describe('options for Elasticsearch', () => {
  it.each([
    [{ index: 'Upper' }, 'expected lower-case'],
    [{ index: '_hidden' }, 'expected lower-case'],
    [{ index: 'a-{day}' }, 'expected lower-case'],
    [{ user: 'u' }, '`user` and `password` go together'],
    [{ user: 'u', password: 'p', token: 't' }, 'either `token`'],
  ])('%j are refused', (more, says) => {
    const { error } = elasticsearchSchema.safeParse({ type: 'elasticsearch', url: 'http://a', ...more });
    expect(error?.issues[0]?.message).toContain(says);
  });
});
