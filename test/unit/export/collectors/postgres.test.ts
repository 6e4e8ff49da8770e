import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postgresSchema as configSchema } from '../../../../src/config/collectors/postgres.js';
import { collectors } from '../../../../src/export/collectors.js';
import { columnsFor } from '../../../../src/export/columns.js';
import type { DeliveryError } from '../../../../src/export/exporter.js';
import { PostgresExporter } from '../../../../src/export/postgres-exporter.js';
import { postgresFault } from '../../../../src/export/postgres-fault.js';
import { copyText } from '../../../../src/export/postgres-rows.js';
import { lineOf } from '../../../../src/summary/line.js';
import type { Summary } from '../../../../src/summary/schema.js';
import { lines } from '../support.js';

const never = new AbortController().signal;
const peer = { url: 'postgresql://db/voice', secrets: [], timeoutMs: 1000 };

function options(url: string, more: object = {}) {
  return { ...configSchema.parse({ type: 'postgres', url, ...more }), name: 'database' };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `postgresql://probe@127.0.0.1:${(server.address() as { port: number }).port}/voice`;
}

async function faultOf(delivery: Promise<void>) {
  try {
    await delivery;
  } catch (error) {
    const { code, message, remedy } = error as DeliveryError;
    return { code, message, remedy };
  }
  throw new Error('delivered');
}

describe('a row of COPY', () => {
  it('has a field a column: \\N for null, escapes for what would end it', async () => {
    const summary = { kind: 'stream', id: 'a\tb\\c\nd\re\0f', schema: 2, lost: 0, payloadTypes: [8, 101] };
    let text = '';
    for await (const piece of copyText([lineOf(summary as unknown as Summary)], 'stream')) text += piece;
    expect(text.endsWith('\n')).toBe(true);
    const fields = text.slice(0, -1).split('\t');
    const names = columnsFor('stream').map(({ name }) => name);
    expect(fields).toHaveLength(names.length);
    const row = Object.fromEntries(names.map((name, i) => [name, fields[i]]));
    expect(row).toMatchObject({
      id: 'a\\tb\\\\c\\nd\\re\ufffdf',
      schema_version: '2',
      lost: '0',
      loss_ratio: '\\N',
      payload_types: '[8,101]',
    });
  });
});

describe('an error of PostgreSQL', () => {
  it.each([
    ['22P02', 'split', 'ERR_EXPORT_REJECTED'],
    ['23514', 'split', 'ERR_EXPORT_REJECTED'],
    ['28P01', 'retry-slowly', 'ERR_EXPORT_PERMISSION'],
    ['42501', 'retry-slowly', 'ERR_EXPORT_PERMISSION'],
    ['42P01', 'retry-slowly', 'ERR_EXPORT_UNAVAILABLE'],
    ['3D000', 'retry-slowly', 'ERR_EXPORT_UNAVAILABLE'],
    ['25006', 'retry-slowly', 'ERR_EXPORT_UNAVAILABLE'],
    ['40P01', 'retry', 'ERR_EXPORT_UNAVAILABLE'],
    ['53100', 'retry', 'ERR_EXPORT_UNAVAILABLE'],
    ['57P03', 'retry', 'ERR_EXPORT_UNAVAILABLE'],
    ['XX000', 'retry', 'ERR_EXPORT_UNAVAILABLE'],
  ])('%s means %s', (state, remedy, code) => {
    const error = Object.assign(new Error('says so'), { code: state, severity: 'ERROR' });
    const fault = postgresFault(peer, error);
    expect({ remedy: fault.remedy, code: fault.code }).toEqual({ remedy, code });
    expect(fault.message).toContain(`postgresql://db/voice answers ${state}: says so`);
  });

  it('of the connection is tried again', () => {
    const fault = postgresFault(peer, Object.assign(new Error(), { code: 'ECONNREFUSED' }));
    expect(fault.remedy).toBe('retry');
    expect(fault.message).toBe('postgresql://db/voice cannot be reached: connection refused');
  });
});

describe('the PostgreSQL exporter', () => {
  it('gives up a server that takes connections and says nothing', async () => {
    const server = createServer(() => {});
    const url = await listen(server);
    const exporter = new PostgresExporter(options(url, { timeoutSeconds: 0.2 }));
    expect(await faultOf(exporter.deliver(lines(0, 1), never))).toEqual({
      code: 'ERR_EXPORT_UNAVAILABLE',
      remedy: 'retry',
      message: `${url.replace('probe@', '')} gave no complete answer in 0.2 s`,
    });
    await exporter.close();
  });

  it('lets go of it at once when the lane stops', async () => {
    let open = 0;
    const server = createServer((socket) => {
      open++;
      socket.on('close', () => open--).on('error', () => {});
    });
    const exporter = new PostgresExporter(options(await listen(server)));
    const stop = new AbortController();
    const connected = once(server, 'connection');
    const delivery = faultOf(exporter.deliver(lines(0, 1), stop.signal));
    await connected;
    stop.abort();
    expect((await delivery).code).toBe('ERR_EXPORT_UNAVAILABLE');
    await expect.poll(() => open).toBe(0);
    await exporter.close();
  });

  it('never goes on without TLS when the server has none', async () => {
    // To SSLRequest the server answers N (PostgreSQL, "Message Flow", 55.2.11).
    const got: Buffer[] = [];
    const server = createServer((socket) => {
      socket
        .on('error', () => {})
        .on('data', (data: Buffer) => {
          got.push(data);
          socket.write('N');
        });
    });
    const exporter = new PostgresExporter(options(await listen(server), { tls: {}, password: 'secret' }));
    const fault = await faultOf(exporter.deliver(lines(0, 1), never));
    expect(fault.message).toContain('does not support SSL');
    expect(Buffer.concat(got).toString('hex')).toBe('0000000804d2162f');
    await exporter.close();
  });

  it('is named without its user', () => {
    const words = collectors.postgres.words(options('postgresql://probe@db.example/voice'));
    expect(words).toBe('postgresql://db.example/voice, schema rtpsonde');
  });
});

describe('the url of a database', () => {
  it.each([
    ['postgresql://probe:secret@db/voice', 'must not hold a password'],
    ['postgresql://probe@db/voice?sslmode=disable', 'takes no parameters'],
    ['postgresql://db/voice', 'expected postgresql://USER@HOST/DATABASE'],
    ['postgresql://probe@db/', 'expected postgresql://USER@HOST/DATABASE'],
    ['mysql://probe@db/voice', 'expected postgresql://USER@HOST/DATABASE'],
  ])('%s is refused', (url, says) => {
    const { error } = configSchema.safeParse({ type: 'postgres', url });
    expect(error?.issues[0]?.message).toContain(says);
    expect(error?.message).not.toContain('secret');
  });
});
