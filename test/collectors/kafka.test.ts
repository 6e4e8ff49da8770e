import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SummaryLine } from '../../src/export/exporter.js';
import { lineOf } from '../../src/summary/line.js';
import type { Summary } from '../../src/summary/schema.js';
import { deliverFor, failureOf, live } from './support/delivering.js';
import { exporterOf, manyWindows, realSummaries } from './support/exporting.js';
import { Broker, missingKafka, PASSWORD, USER } from './support/kafka.js';

const why = missingKafka();

/** Windows of several streams, numbered: the order within a stream can be told. */
function numbered(count: number, streams: number, prefix: string): SummaryLine[] {
  return manyWindows(count).map((line, index) => {
    const streamId = `${prefix}${(index % streams).toString(16).padStart(8, '0')}`;
    return lineOf({ ...JSON.parse(line.json), streamId, id: `${prefix}/${streamId}/${index}` });
  });
}

const batchesOf = (lines: readonly SummaryLine[], size: number) =>
  Array.from({ length: Math.ceil(lines.length / size) }, (_, i) => lines.slice(i * size, (i + 1) * size));

describe.skipIf(why !== null)('kafka', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.create({ partitions: 3, settings: 'auto.create.topics.enable=true' });
  });
  afterAll(() => broker?.remove());

  const entry = (prefix: string, more = '') =>
    `{type: kafka, brokers: ["${broker.plain}"], topics: {window: ${prefix}.window, stream: ${prefix}.stream, capture: ${prefix}.capture}, createTopics: true, ${more}}`;

  it.each(['none', 'gzip', 'snappy', 'lz4'])('gets every summary as it is, %s', async (compression) => {
    const { lines, summaries } = realSummaries();
    const many = manyWindows(200);
    const exporter = exporterOf(entry(`real-${compression}`, `compression: ${compression}`));
    await deliverFor(exporter, [...lines, ...many]);
    await exporter.close();
    const consumed = await broker.consume(`real-${compression}.*`);
    expect(consumed.map(({ value }) => value).sort()).toEqual(
      [...lines, ...many].map(({ json }) => json).sort(),
    );
    const keyOf = (summary: Summary) => (summary.kind === 'capture' ? summary.probe : summary.streamId);
    for (const { key, value } of consumed) expect(key).toBe(keyOf(JSON.parse(value)));
    expect(new Set(summaries.map(({ kind }) => kind)).size).toBe(3);
  });

  /** What arrived: each id at least once, and those of a stream in the order they were sent in. */
  function expectAll(
    consumed: readonly { key: string; value: string }[],
    sent: readonly SummaryLine[],
  ): number {
    const ids = consumed.map(({ value }) => (JSON.parse(value) as { id: string }).id);
    const first = [...new Set(ids)];
    expect([...first].sort()).toEqual(sent.map(({ id }) => id).sort());
    const byStream = (all: readonly string[]) => {
      const groups: Record<string, string[]> = {};
      for (const id of all) {
        const stream = id.split('/')[1] ?? '';
        groups[stream] = [...(groups[stream] ?? []), id];
      }
      return groups;
    };
    expect(byStream(first)).toEqual(byStream(sent.map(({ id }) => id)));
    return ids.length - first.length;
  }

  it('loses nothing and keeps the order when the broker is killed in mid-stream', async () => {
    const lines = numbered(4000, 40, 'kill');
    const exporter = exporterOf(entry('kill', 'timeoutSeconds: 3'));
    let failures = 0;
    let killed: Promise<void> | null = null;
    for (const [index, batch] of batchesOf(lines, 50).entries()) {
      // Not awaited: it dies and comes back while batches are on their way.
      if (index === 20)
        killed = sleep(5)
          .then(() => broker.kill())
          .then(() => broker.start());
      failures += await deliverFor(exporter, batch);
    }
    await killed;
    await exporter.close();
    expect(failures).toBeGreaterThan(0);
    expectAll(await broker.consume('kill.window'), lines);
  });

  it('stores nothing twice when the broker takes a batch, but answers after the time-out', async () => {
    const lines = numbered(600, 20, 'late');
    const [first, ...others] = batchesOf(lines, 100);
    const exporter = exporterOf(entry('late', 'timeoutSeconds: 1'));
    await deliverFor(exporter, first ?? []);
    let failures = 0;
    for (const batch of others) {
      broker.signal('SIGSTOP');
      await sleep(50);
      const thaw = sleep(1500).then(() => broker.signal('SIGCONT'));
      failures += await deliverFor(exporter, batch, 300);
      await thaw;
    }
    await exporter.close();
    expect(failures).toBeGreaterThanOrEqual(others.length);
    expect(expectAll(await broker.consume('late.window'), lines)).toBe(0);
  });

  it('puts a key where Java clients put it', async () => {
    const lines = numbered(60, 60, 'java');
    const exporter = exporterOf(entry('java'));
    await deliverFor(exporter, lines);
    await exporter.close();
    const ours = await broker.consume('java.window');
    await broker.tool('TopicCommand', '--create', '--topic', 'javas-own', '--partitions', '3');
    await broker.produce(
      'javas-own',
      ours.map(({ key }) => key),
    );
    const partitions = (all: readonly { key: string; partition: number }[]) =>
      new Map(all.map(({ key, partition }): [string, number] => [key, partition]).sort());
    expect(new Set(ours.map(({ partition }) => partition)).size).toBe(3);
    expect(partitions(await broker.consume('javas-own'))).toEqual(partitions(ours));
  });

  it('can keep both directions of a call together', async () => {
    const { lines } = realSummaries();
    const streams = lines.filter(({ kind }) => kind === 'stream');
    const exporter = exporterOf(entry('pair', 'key: pair'));
    await deliverFor(exporter, streams);
    await exporter.close();
    const consumed = await broker.consume('pair.stream');
    const pairs = streams.map(({ json }) => (JSON.parse(json) as { pairId: string }).pairId);
    expect(consumed.map(({ key }) => key).sort()).toEqual(pairs.sort());
  });

  it('says which topic is missing, and waits for it', async () => {
    const exporter = exporterOf(`{type: kafka, brokers: ["${broker.plain}"], topics: {window: not-there}}`);
    const [line] = numbered(1, 1, 'absent');
    const error = await failureOf(exporter.deliver(line === undefined ? [] : [line], live()));
    await exporter.close();
    expect(error).toMatchObject({ code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry-slowly' });
    expect(error?.message).toContain('does not know the topic not-there; create it, or set createTopics');
  });

  it('has a batch halved that is too large for the topic', async () => {
    const small = ['--config', 'max.message.bytes=20000', '--partitions', '1'];
    await broker.tool('TopicCommand', '--create', '--topic', 'small.window', ...small);
    const lines = numbered(20, 1, 'small');
    const exporter = exporterOf(entry('small', 'compression: none'));
    const error = await failureOf(exporter.deliver(lines, live()));
    expect(error).toMatchObject({ code: 'ERR_EXPORT_REJECTED', remedy: 'split' });
    for (const part of batchesOf(lines, 3)) await deliverFor(exporter, part);
    await exporter.close();
    expect(expectAll(await broker.consume('small.window'), lines)).toBe(0);
  });

  const saslEntry = (mechanism: string, password: string, ca = broker.certificates.caFile) =>
    `{type: kafka, brokers: ["${broker.sasl}"], topics: {window: sasl-${mechanism}}, createTopics: true, tls: {caFile: ${ca}},
      sasl: {mechanism: ${mechanism}, username: ${USER}, password: "${password}"}}`;

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    'shows who it is by %s over TLS',
    async (mechanism) => {
      const lines = numbered(10, 2, mechanism);
      const exporter = exporterOf(saslEntry(mechanism, PASSWORD));
      await deliverFor(exporter, lines);
      await exporter.close();
      expectAll(await broker.consume(`sasl-${mechanism}`), lines);
    },
  );

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    'waits when its password is wrong, %s',
    async (mechanism) => {
      const exporter = exporterOf(saslEntry(mechanism, 'not the password'));
      const error = await failureOf(exporter.deliver(numbered(1, 1, 'wrong'), live()));
      await exporter.close();
      expect(error).toMatchObject({ code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly' });
      expect(error?.message).toContain('refuses user name or password');
      expect(error?.message).not.toContain('not the password');
    },
  );

  it('does not trust a broker whose certificate another authority signed', async () => {
    const { strangerCertFile } = broker.certificates;
    const exporter = exporterOf(saslEntry('plain', PASSWORD, strangerCertFile));
    const error = await failureOf(exporter.deliver(numbered(1, 1, 'trust'), live()));
    await exporter.close();
    expect(error).toMatchObject({ code: 'ERR_EXPORT_TLS', remedy: 'retry' });
  });

  it('shows a client certificate', async () => {
    const { caFile, clientCertFile, clientKeyFile } = broker.certificates;
    const tls = (rest: string) =>
      `{type: kafka, brokers: ["${broker.mutual}"], topics: {window: mutual}, createTopics: true, tls: {caFile: ${caFile}${rest}}}`;
    const lines = numbered(10, 2, 'mutual');
    const stranger = exporterOf(tls(''));
    expect(await failureOf(stranger.deliver(lines, live()))).toMatchObject({ remedy: 'retry' });
    await stranger.close();
    const exporter = exporterOf(tls(`, certFile: ${clientCertFile}, keyFile: ${clientKeyFile}`));
    await deliverFor(exporter, lines);
    await exporter.close();
    expectAll(await broker.consume('mutual'), lines);
  });
});
