// What needs no broker; the rest is in test/collectors/kafka.test.ts.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { parseConfig } from '../../../../src/config/load.js';
import type { DeliveryError, SummaryLine } from '../../../../src/export/exporter.js';
import { KafkaExporter } from '../../../../src/export/kafka-exporter.js';
import { judgeKafka } from '../../../../src/export/kafka-fault.js';
import { messageOf } from '../../../../src/export/kafka-records.js';
import { lineOf } from '../../../../src/summary/line.js';

const topics = { window: 'w', stream: 's', capture: 'c' };
const line = (summary: object): SummaryLine => lineOf(summary as Parameters<typeof lineOf>[0]);
const window = line({
  kind: 'window',
  id: 'a "b"/0f/1',
  probe: 'a "streamId":"x"',
  streamId: '0f',
  pairId: 'ee',
  reverse: { streamId: '1e' },
});

function exporterTo(port: number, timeoutMs: number): KafkaExporter {
  const exporter = new KafkaExporter({
    name: 'kafka',
    brokers: [`127.0.0.1:${port}`],
    clientId: 'test',
    topics,
    createTopics: false,
    key: 'stream',
    compression: 'lz4',
    sasl: { mechanism: 'plain', username: 'u', password: 'hidden-word' },
    timeoutMs,
  });
  onTestFinished(() => exporter.close());
  return exporter;
}

async function portOf(onConnection: 'silent' | 'cut' | 'closed'): Promise<number> {
  const server = createServer((socket) => void (onConnection === 'cut' && socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  if (onConnection === 'closed') server.close();
  else onTestFinished(() => void server.close());
  return port;
}

const failureOf = (work: Promise<void>) =>
  work.then(
    () => null,
    (error: unknown) => error as DeliveryError,
  );

describe('a message of Kafka', () => {
  it('is the summary, under the key of its own stream, whatever names hold', () => {
    const { topic, key, value } = messageOf(window, topics, 'stream');
    expect([topic, key.toString(), value.toString()]).toEqual(['w', '0f', window.json]);
    expect(messageOf(window, topics, 'pair').key.toString()).toBe('ee');
  });

  it('of a capture has the probe for its key', () => {
    const capture = line({ kind: 'capture', id: 'p/capture/1', probe: 'p "1"' });
    expect(messageOf(capture, topics, 'stream').key.toString()).toBe('p "1"');
  });
});

describe('the exporter kafka', () => {
  it.each(['silent', 'cut', 'closed'] as const)(
    'fails soon and can be retried when the broker is %s',
    async (what) => {
      const exporter = exporterTo(await portOf(what), 300);
      for (let attempt = 0; attempt < 2; attempt++) {
        const error = await failureOf(exporter.deliver([window]));
        expect(error).toMatchObject({ code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry' });
        expect(error?.message).toMatch(/^kafka 127\.0\.0\.1:\d+ cannot take the batch: ./);
        expect(error?.message).not.toContain('hidden-word');
      }
    },
  );

  it('gives up what is under way when it is closed', async () => {
    const exporter = exporterTo(await portOf('silent'), 60_000);
    const delivery = failureOf(exporter.deliver([window]));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await exporter.close();
    expect(await delivery).toMatchObject({ remedy: 'retry' });
  });
});

describe('a fault of Kafka', () => {
  const peer = { name: 'kafka b:9092', createTopics: false, secrets: ['hidden-word'] };
  const response = (apiId: string) => ({
    code: 'PLT_KFK_RESPONSE',
    message: 'Received response with error',
    errors: [{ code: 'PLT_KFK_PROTOCOL', apiId, message: 'as the protocol has it' }],
  });

  it.each([
    ['SASL_AUTHENTICATION_FAILED', 'ERR_EXPORT_PERMISSION', 'retry-slowly', false],
    ['TOPIC_AUTHORIZATION_FAILED', 'ERR_EXPORT_PERMISSION', 'retry-slowly', false],
    ['MESSAGE_TOO_LARGE', 'ERR_EXPORT_REJECTED', 'split', false],
    ['NOT_ENOUGH_REPLICAS', 'ERR_EXPORT_UNAVAILABLE', 'retry', false],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'ERR_EXPORT_UNAVAILABLE', 'retry', true],
    ['UNKNOWN_PRODUCER_ID', 'ERR_EXPORT_UNAVAILABLE', 'retry', true],
  ])('%s is %s: %s; ends the producer: %s', (apiId, code, remedy, isFinal) => {
    const fault = judgeKafka(response(apiId), peer);
    expect(fault.error).toMatchObject({ code, remedy });
    expect(fault.isFinal).toBe(isFinal);
  });

  it('ends the producer when it is none of the client, and hides secrets', () => {
    const fault = judgeKafka(Object.assign(new Error('with hidden-word in it'), { code: 'EWHAT' }), peer);
    expect(fault.isFinal).toBe(true);
    expect(fault.error.message).toBe('kafka b:9092 cannot take the batch: with [redacted] in it');
  });

  it('of a missing topic is about the moment when it is being made', () => {
    const missing = { code: 'PLT_KFK_USER', message: 'Unknown topic w.' };
    expect(judgeKafka(missing, peer).error).toMatchObject({ remedy: 'retry-slowly' });
    expect(judgeKafka(missing, { ...peer, createTopics: true }).error).toMatchObject({ remedy: 'retry' });
  });
});

describe('options of kafka', () => {
  const kafka = (more: string) => `capture: {interface: eth1}\nexport:\n  - {type: kafka, ${more}}\n`;

  const loadText = (text: string) => parseConfig(text, '/etc/rtpsonde/rtpsonde.yaml', { environment: {} });

  it.each([
    ['brokers: []', 'brokers'],
    ['brokers: [kafka.example]', 'expected HOST:PORT'],
    ['brokers: ["kafka.example:99999"]', 'the port is above 65535'],
    ['brokers: ["a:1"], topics: {window: "a b"}', 'expected the name of a topic'],
    ['brokers: ["a:1"], sasl: {mechanism: plain, username: u}', 'password'],
    ['brokers: ["a:1"], compression: brotli', 'expected one of none, gzip, snappy, lz4, zstd'],
  ])('refuse %s', (text, says) => {
    expect(() => loadText(kafka(text))).toThrow(says);
  });

  it('warn of brokers that are reached without TLS', () => {
    const words = (text: string) => loadText(kafka(text)).warnings.map(({ message }) => message);
    expect(words('brokers: ["kafka.example:9092"]')).toEqual([
      'summaries cross the network unencrypted; use tls',
    ]);
    expect(words('brokers: ["127.0.0.1:9092", "[::1]:9092"]')).toEqual([]);
    expect(words('brokers: ["kafka.example:9093"], tls: {}')).toEqual([]);
  });
});
