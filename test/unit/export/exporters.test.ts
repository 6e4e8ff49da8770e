import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { summaryKinds } from '../../../src/config/collectors/parts.js';
import type { ExporterConfig } from '../../../src/config/schema.js';
import { Secret } from '../../../src/config/secret.js';
import type { ConfigOf } from '../../../src/export/collector.js';
import { createExporters, updateExporters } from '../../../src/export/create.js';
import type { RtpsondeError } from '../../../src/ops/errors.js';
import { Collector, type CollectorOptions } from '../../e2e/collector.js';
import { dependencies, line, lines, settle, temporaryFolder, until } from './support.js';

const http: Omit<ConfigOf<'http'>, 'url' | 'name' | 'include'> = {
  type: 'http',
  compression: 'gzip',
  batchMaxRecords: 10,
  batchMaxKiB: 1024,
  batchMaxSeconds: 1,
  timeoutSeconds: 5,
  retry: { initialMs: 100, maxMs: 1000 },
  queueMaxRecords: 100,
};

type Partly<T> = T extends unknown ? Omit<T, 'name' | 'include'> & Partial<T> : never;

/** With what the configuration fills in. */
const complete = (options: Partly<ExporterConfig>[]) =>
  options.map((one) => ({ name: one.type, include: [...summaryKinds], ...one }) as ExporterConfig);

function setUp(options: Partly<ExporterConfig>[]) {
  const deps = dependencies();
  const stdout = new PassThrough();
  const closedBy: RtpsondeError[] = [];
  const all = {
    ...deps,
    version: '1.2.3',
    spool: { maxMiB: 64, maxAgeHours: 1, keepHours: 0, memoryMiB: 1 },
    stdout,
    onStdoutClosed: (error: RtpsondeError) => void closedBy.push(error),
  };
  const exporters = createExporters(complete(options), all);
  const update = (next: Partly<ExporterConfig>[]) => updateExporters(exporters, complete(next), all, 5000);
  return { ...deps, stdout, closedBy, exporters, update };
}

async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const collector = await Collector.start(options);
  onTestFinished(() => collector.close());
  return collector;
}

const json = (first: number, count: number) => lines(first, count).map((line) => line.json);

describe('exporters of one configuration', () => {
  it('deliver the same lines in order to a file, standard output and a collector', async () => {
    const collector = await startCollector();
    const path = join(temporaryFolder(), 'rtpsonde.ndjson');
    const { exporters, clock, stdout } = setUp([
      { ...http, url: collector.url },
      { type: 'file', format: 'ndjson', path, rotate: { maxMiB: 1, maxFiles: 2 }, include: ['stream'] },
      { type: 'stdout', include: ['window', 'capture'] },
    ]);
    expect(await exporters.reopen()).toEqual([]);
    const offered = [...lines(0, 25), ...lines(25, 10, 'stream'), ...lines(35, 1, 'capture')];
    exporters.offer(offered);
    const all = offered.map((line) => line.json);
    await clock.advance(1000);
    await until(() => exporters.stats().every(({ queued, inFlight }) => queued + inFlight === 0));
    await exporters.close(1000);
    expect(collector.lines).toEqual(all);
    expect(collector.requests.map(({ body }) => body.split('\n').length - 1)).toEqual([10, 10, 10, 6]);
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([...all.slice(25, 35), '']);
    expect(String(stdout.read()).split('\n')).toEqual([...all.slice(0, 25), ...all.slice(35), '']);
    expect(exporters.stats().map(({ name, delivered, filtered }) => ({ name, delivered, filtered }))).toEqual(
      [
        { name: 'http', delivered: 36, filtered: 0 },
        { name: 'file', delivered: 10, filtered: 26 },
        { name: 'stdout', delivered: 26, filtered: 10 },
      ],
    );
  });

  it('do not wait for one another: one collector hangs, one is down, the third gets everything', async () => {
    const [good, hanging, down] = [await startCollector(), await startCollector(), await Collector.start()];
    hanging.otherwise('hang');
    const downUrl = down.url;
    await down.close();
    const { exporters, clock } = setUp([
      { ...http, name: 'hanging', url: hanging.url },
      { ...http, name: 'down', url: downUrl },
      { ...http, name: 'good', url: good.url },
    ]);
    for (let i = 0; i < 30; i++) {
      exporters.offer(lines(10 * i, 10));
      await clock.advance(10);
      await good.received(i + 1);
    }
    await until(() => (exporters.stats()[2]?.delivered ?? 0) === 300, 'delivery to the good collector');
    expect(good.lines).toEqual(json(0, 300));
    expect(
      exporters.stats().map(({ name, delivered, droppedQueueFull, queued, inFlight }) => ({
        name,
        delivered,
        droppedQueueFull,
        kept: queued + inFlight,
      })),
    ).toEqual([
      { name: 'hanging', delivered: 0, droppedQueueFull: 200, kept: 100 },
      { name: 'down', delivered: 0, droppedQueueFull: 200, kept: 100 },
      { name: 'good', delivered: 300, droppedQueueFull: 0, kept: 0 },
    ]);
    const closed = exporters.close(500);
    await clock.advance(1500);
    await closed;
    expect(exporters.stats().map(({ droppedAtClose }) => droppedAtClose)).toEqual([100, 100, 0]);
  });

  it('flush what is queued when they are closed, as on SIGTERM', async () => {
    const collector = await startCollector();
    const path = join(temporaryFolder(), 'rtpsonde.ndjson');
    const { exporters, clock } = setUp([
      { ...http, url: collector.url },
      { type: 'file', format: 'ndjson', path, rotate: { maxMiB: 1, maxFiles: 2 } },
    ]);
    exporters.offer(lines(0, 37));
    const closed = exporters.close(10_000);
    await clock.advance(0);
    await closed;
    expect(collector.lines).toEqual(json(0, 37));
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([...json(0, 37), '']);
    expect(clock.pending).toBe(0);
  });

  it('forget nothing before the collector said 2xx', async () => {
    const collector = await startCollector();
    collector.reply(
      'close',
      { status: 503 },
      { status: 429, headers: { 'Retry-After': '20' } },
      { status: 200 },
    );
    const { exporters, clock } = setUp([{ ...http, url: collector.url }]);
    exporters.offer(lines(0, 10));
    const state = () => {
      const { queued, inFlight, delivered, retries } = exporters.stats()[0]!;
      return { queued, inFlight, delivered, retries };
    };
    const waiting = { queued: 0, inFlight: 10, delivered: 0 };
    await clock.advance(0);
    await until(() => state().retries === 1);
    expect(state()).toEqual({ ...waiting, retries: 1 });
    await clock.advance(100);
    await until(() => state().retries === 2);
    expect(state()).toEqual({ ...waiting, retries: 2 });
    await clock.advance(200);
    await until(() => state().retries === 3);
    await clock.advance(19_999);
    expect(collector.requests).toHaveLength(3);
    expect(state()).toEqual({ ...waiting, retries: 3 });
    await clock.advance(1);
    await until(() => state().delivered === 10);
    expect(collector.lines).toEqual(json(0, 10));
    expect(new Set(collector.requests.map(({ headers }) => headers['x-rtpsonde-batch'])).size).toBe(1);
    await exporters.close(0);
  });

  it('find the one line that is too large for the collector, and deliver all others', async () => {
    const collector = await startCollector({ maxBodyBytes: 1000 });
    const { exporters, clock } = setUp([{ ...http, url: collector.url, batchMaxRecords: 100 }]);
    const offered = lines(0, 40);
    offered[17] = line(17, 'window', 'x'.repeat(2000));
    exporters.offer(offered);
    await clock.advance(1000);
    await until(() => exporters.stats()[0]!.delivered === 39);
    await settle();
    expect(collector.lines).toEqual(offered.filter(({ id }) => id !== '17').map((line) => line.json));
    expect(exporters.stats()[0]).toMatchObject({ offered: 40, delivered: 39, droppedRejected: 1, queued: 0 });
    await exporters.close(0);
  });

  it('say no secret in log or stats, whatever the collector answers', async () => {
    const token = 'very-secret-token';
    const collector = await startCollector({ token: 'another' });
    const { exporters, clock, logger } = setUp([
      { ...http, url: collector.url, token: { reveal: () => token } as Secret },
    ]);
    exporters.offer(lines(0, 10));
    await clock.advance(0);
    await until(() => exporters.stats()[0]!.retries === 1);
    expect(logger.messages).toEqual([
      `warn: export http: ${collector.url} answers 401: it refuses the token or client certificate; records wait (bad credentials: Bearer [redacted]); trying again`,
    ]);
    expect(JSON.stringify([logger.entries, exporters.stats()])).not.toContain(token);
    collector.setToken(token);
    expect(await exporters.reopen()).toEqual([]);
    await clock.advance(0);
    await until(() => exporters.stats()[0]!.delivered === 10);
    await exporters.close(0);
  });

  it('follow a new configuration: one with another token, one renamed, one gone, one new', async () => {
    const collector = await startCollector({ token: 'new' });
    const folder = temporaryFolder();
    const file = {
      type: 'file' as const,
      format: 'ndjson' as const,
      path: join(folder, 'a.ndjson'),
      rotate: { maxMiB: 1, maxFiles: 2 },
    };
    const other = { ...file, name: 'gone', path: join(folder, 'b.ndjson') };
    const { exporters, clock, update } = setUp([
      { ...http, url: collector.url, token: Secret.of('old') },
      file,
      other,
    ]);
    exporters.offer(lines(0, 10));
    await clock.advance(0);
    await until(() => exporters.stats()[0]!.retries === 1);
    const updated = update([
      { ...http, url: collector.url, token: Secret.of('new') },
      { ...file, name: 'renamed' },
      { type: 'stdout' },
    ]);
    exporters.offer(lines(10, 5));
    await clock.advance(1000);
    await until(() => exporters.stats().every(({ queued, inFlight }) => queued + inFlight === 0));
    await updated;
    expect(collector.lines).toEqual(json(0, 15));
    expect(readFileSync(file.path, 'utf8').split('\n')).toEqual([...json(0, 15), '']);
    expect(readFileSync(other.path, 'utf8').split('\n')).toEqual([...json(0, 10), '']);
    expect(exporters.stats().map(({ name, delivered }) => [name, delivered])).toEqual([
      ['http', 15],
      ['renamed', 5],
      ['stdout', 5],
    ]);
    await exporters.close(0);
  });

  it('write a file in order also when its exporter gets another name', async () => {
    const path = join(temporaryFolder(), 'a.ndjson');
    const file = {
      type: 'file' as const,
      format: 'ndjson' as const,
      path,
      rotate: { maxMiB: 10, maxFiles: 2 },
    };
    const { exporters, clock, update } = setUp([{ ...file, name: 'old' }]);
    exporters.offer(lines(0, 9000));
    const updated = update([{ ...file, name: 'new' }]);
    exporters.offer(lines(9000, 3000));
    await clock.advance(0);
    await updated;
    await exporters.flush(1000);
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([...json(0, 12_000), '']);
    await exporters.close(0);
  });

  it('stay as they are when the new configuration is refused', async () => {
    const { exporters, clock, update } = setUp([{ type: 'stdout' }]);
    const lanes = exporters.lanes;
    expect(() => update([{ ...http, name: 'stdout', url: 'ftp://x/' }])).toThrow('url must be http');
    expect(exporters.lanes).toBe(lanes);
    exporters.offer(lines(0, 1));
    expect(exporters.stats()[0]).toMatchObject({ queued: 1, droppedAtClose: 0 });
    const closed = exporters.close(0);
    await clock.advance(0);
    await closed;
  });

  it('tell on reopen what they cannot open, by name', async () => {
    const folder = temporaryFolder();
    const { exporters } = setUp([
      { type: 'file', format: 'ndjson', name: 'bad', path: folder, rotate: { maxMiB: 1, maxFiles: 2 } },
      {
        type: 'file',
        format: 'ndjson',
        name: 'good',
        path: join(folder, 'good'),
        rotate: { maxMiB: 1, maxFiles: 2 },
      },
    ]);
    const faults = await exporters.reopen();
    expect(faults.map(({ name, error }) => [name, String(error)])).toEqual([
      ['bad', `RtpsondeError: ${folder}: is a directory`],
    ]);
    await exporters.close(0);
  });

  it('tell the app when the reader of standard output goes away', async () => {
    const { exporters, clock, stdout, closedBy } = setUp([{ type: 'stdout' }]);
    stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    exporters.offer(lines(0, 5));
    await clock.advance(1000);
    expect(closedBy.map(({ code }) => code)).toEqual(['ERR_OUTPUT_PIPE']);
    expect(exporters.stats()[0]).toMatchObject({ droppedRejected: 5, queued: 0 });
    await exporters.close(0);
  });

  it.each([
    [
      'name http',
      [
        { ...http, url: 'http://a/' },
        { ...http, url: 'http://b/' },
      ],
    ],
    [
      'path /var/log/x',
      ['a', 'b'].map((name) => ({
        type: 'file' as const,
        format: 'ndjson' as const,
        name,
        path: '/var/log/x',
        rotate: { maxMiB: 1, maxFiles: 1 },
      })),
    ],
    ['type stdout', ['a', 'b'].map((name) => ({ type: 'stdout' as const, name }))],
  ])('refuse to have the %s twice', (what, options) => {
    expect(() => setUp(options)).toThrow(`two exporters have the ${what}`);
  });
});
