import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { syslogSchema } from '../../../../src/config/collectors/syslog.js';
import { syslog } from '../../../../src/export/collectors/syslog.js';
import { columns } from '../../../../src/export/columns.js';
import type { DeliveryError, SummaryLine } from '../../../../src/export/exporter.js';
import { syslogMessage } from '../../../../src/export/syslog/message.js';
import { systemClock } from '../../../../src/ops/clock.js';
import { lineOf } from '../../../../src/summary/line.js';
import type { Summary } from '../../../../src/summary/schema.js';
import { readCounted, readSyslog } from '../../../support/syslog-message.js';
import { dependencies } from '../support.js';

const never = new AbortController().signal;
const json = { format: 'json', facility: 16, enterpriseNumber: 32473 } as const;
const fields = { ...json, format: 'structured-data' } as const;

function window(more: object = {}): SummaryLine {
  const windowEnd = '2026-11-21T14:08:00.123456789Z';
  return lineOf({ kind: 'window', id: 'tap/1', probe: 'tap', windowEnd, ...more } as unknown as Summary);
}

function exporterTo(port: number, more: object = {}) {
  const options = syslogSchema.parse({ type: 'syslog', host: '127.0.0.1', port, ...more });
  const deps = {
    ...dependencies(),
    clock: systemClock,
    version: '1',
    stdout: process.stdout,
    onStdoutClosed: () => {},
  };
  const exporter = syslog.create({ ...options, name: 'syslog' }, deps);
  onTestFinished(() => exporter.close());
  return exporter;
}

const faultOf = (delivery: Promise<void>) =>
  delivery.then(
    () => null,
    ({ code, remedy, message }: DeliveryError) => ({ code, remedy, message }),
  );

/** A receiver that keeps what it is sent. */
async function receiver() {
  const sockets: Socket[] = [];
  let received = Buffer.alloc(0);
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {}).on('data', (data: Buffer) => (received = Buffer.concat([received, data])));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { port, sockets, ids: () => readCounted(received).map((message) => idOf(readSyslog(message))) };
}

const idOf = ({ data }: ReturnType<typeof readSyslog>) => data['rtpsonde@32473']?.id;

describe('a syslog message', () => {
  it('is, byte by byte, as RFC 5424 has it', () => {
    expect(syslogMessage(window(), json).toString()).toBe(
      '<134>1 2026-11-21T14:08:00.123456Z tap rtpsonde - windows [rtpsonde@32473 id="tap/1"] {"kind":"window","id":"tap/1","probe":"tap","windowEnd":"2026-11-21T14:08:00.123456789Z"}',
    );
  });

  it('of a whole stream has the time of its end, and warns of a poor rating', () => {
    const stream = { kind: 'stream', end: '2026-11-21T14:08:14.781132000Z', mos: { rating: 'bad' } };
    expect(readSyslog(syslogMessage(window(stream), json))).toMatchObject({
      facility: 16,
      severity: 4,
      timestamp: '2026-11-21T14:08:14.781132Z',
      msgId: 'streams',
    });
  });

  it('has JSON in ASCII that reads back the same, whatever is in it', () => {
    const odd = 'a"b\\c]d\n\u20ac\u{1f600}\0\x7f';
    const line = window({ id: odd, probe: `t\u00e4p 1 ${'x'.repeat(300)}`, codec: odd });
    const message = readSyslog(syslogMessage(line, json));
    expect(message.hasBom).toBe(false);
    expect(JSON.parse(message.text ?? '')).toEqual(JSON.parse(line.json));
    expect(idOf(message)).toBe(odd);
    expect(message.hostname).toBe(`t_p_1_${'x'.repeat(249)}`);
  });

  it('has every known field as a parameter, and a sentence in UTF-8', () => {
    const line = window({
      codec: 'x]"\\\u20ac',
      lost: 0,
      lossRatio: null,
      src: '192.0.2.1',
      damage: { text: '\u20ac' },
    });
    const message = readSyslog(syslogMessage(line, fields));
    expect(message.data['rtpsonde@32473']).toEqual({
      id: 'tap/1',
      probe: 'tap',
      window_end: '2026-11-21T14:08:00.123456789Z',
      codec: 'x]"\\\u20ac',
      lost: '0',
      src_address: '192.0.2.1',
      damage_text: '\u20ac',
    });
    expect(message.hasBom).toBe(true);
    expect(message.text).toContain('192.0.2.1');
  });

  it('has names of parameters of at most 32 characters', () => {
    expect(columns.map(({ name }) => name).filter((name) => name.length > 32)).toEqual([]);
  });
});

describe('the syslog exporter', () => {
  it('counts octets over TCP', async () => {
    const { port, ids } = await receiver();
    await exporterTo(port).deliver([window({ id: '\u20ac' }), window({ id: 'b' })], never);
    await expect.poll(ids).toEqual(['\u20ac', 'b']);
  });

  it('sends a message a datagram over UDP', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    const got: (string | undefined)[] = [];
    socket.on('message', (data) => got.push(idOf(readSyslog(data))));
    const exporter = exporterTo(socket.address().port, { transport: 'udp' });
    const batch = Array.from({ length: 100 }, (_, i) => window({ id: `${i}` }));
    await exporter.deliver(batch, never);
    await expect.poll(() => got).toEqual(batch.map(({ id }) => id));
  });

  it('refuses what is too large before it sends anything of the batch', async () => {
    const { port, sockets } = await receiver();
    const exporter = exporterTo(port, { maxMessageBytes: 480 });
    const large = window({ id: 'large', codec: 'x'.repeat(480) });
    const { length } = syslogMessage(large, json);
    expect(await faultOf(exporter.deliver([window(), large], never))).toEqual({
      code: 'ERR_EXPORT_REJECTED',
      remedy: 'split',
      message: `a message of ${length} bytes is above maxMessageBytes (480); raise it here and at the receiver`,
    });
    expect(sockets).toEqual([]);
  });

  it('sends again what it wrote shortly before the connection broke', async () => {
    const { port, sockets, ids } = await receiver();
    const exporter = exporterTo(port);
    await exporter.deliver([window({ id: 'a' })], never);
    await expect.poll(ids).toEqual(['a']);
    sockets[0]?.destroy();
    await exporter.deliver([window({ id: 'b' })], never);
    await expect.poll(ids).toEqual(['a', 'a', 'b']);
  });

  it('says that nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    expect(await faultOf(exporterTo(port).deliver([window()], never))).toEqual({
      code: 'ERR_EXPORT_UNAVAILABLE',
      remedy: 'retry',
      message: `syslog+tcp://127.0.0.1:${port} cannot be reached: connection refused`,
    });
  });

  it('gives up a receiver that takes the connection and does not read', async () => {
    const { port, sockets } = await receiver();
    const exporter = exporterTo(port, { timeoutSeconds: 0.3, maxMessageBytes: 1_048_576, resendSeconds: 0 });
    await exporter.deliver([window()], never);
    await expect.poll(() => sockets.length).toBe(1);
    sockets[0]?.pause();
    const batch = Array.from({ length: 40 }, () => window({ codec: 'x'.repeat(500_000) }));
    expect(await faultOf(exporter.deliver(batch, never))).toMatchObject({
      remedy: 'retry',
      message: `syslog+tcp://127.0.0.1:${port} takes no more data for 0.3 s`,
    });
  });
});

describe('options for syslog', () => {
  it.each([
    [{ host: 'a', transport: 'udp', maxMessageBytes: 65_508 }, 'at most 65507'],
    [{ host: 'a b' }, 'expected a host name'],
    [{ host: 'a', facility: 'local8' }, 'Invalid option'],
  ])('%j are refused', (more, says) => {
    const { error } = syslogSchema.safeParse({ type: 'syslog', ...more });
    expect(error?.issues[0]?.message).toContain(says);
  });
});
