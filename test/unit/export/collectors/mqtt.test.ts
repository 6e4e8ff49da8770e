// MQTT against a broker of a few bytes that refuses, hangs and cuts.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryError, Exporter } from '../../../../src/export/exporter.js';
import { lineOf } from '../../../../src/summary/line.js';
import { exporterOf } from '../../../collectors/support/exporting.js';
import { freePort } from '../../../collectors/support/server.js';

const lines = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    lineOf({ kind: 'window' as const, id: `${i}`, probe: 'p' } as Head),
  );
type Head = { kind: 'window'; id: string };
// So that loading the library is in nobody's time-out.
beforeAll(() => import('mqtt'));

const never = new AbortController().signal;
/** CONNACK of MQTT 3.1.1 (3.2): type 2, 2 bytes, no session present, return code. */
const connack = (code: number) => Buffer.from([0x20, 2, 0, code]);
/** The same of MQTT 5, with a Maximum Packet Size (0x27) of 2048 and a Receive Maximum (0x21) of 2. */
const connack5 = Buffer.from([0x20, 11, 0, 0, 8, 0x27, 0, 0, 8, 0, 0x21, 0, 2]);
const CONNECT = 1;
const PUBLISH = 3;

let server: Server | null = null;
let exporter: Exporter | null = null;
const sockets = new Set<Socket>();
afterEach(async () => {
  await exporter?.close();
  for (const socket of sockets) socket.destroy();
  server?.close();
});

/** @param answer is given the type of each packet and its bytes */
async function setUp(answer: (socket: Socket, type: number, packet: Buffer) => void, more = '') {
  server = createServer((socket) => {
    sockets.add(socket);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      for (let packet = first(rest); packet !== null; packet = first(rest)) {
        rest = rest.subarray(packet.length);
        answer(socket, (packet[0] ?? 0) >> 4, packet);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  exporter = exporterOf(`type: mqtt\nurl: mqtt://127.0.0.1:${port}\ntimeoutSeconds: 0.5\n${more}`);
  return exporter;
}

/** The first whole packet: a byte of type, its length in groups of 7 bits (2.2.3), and so many bytes. */
function first(bytes: Buffer): Buffer | null {
  let length = 0;
  for (let at = 1; at < Math.min(bytes.length, 5); at++) {
    const byte = bytes[at] ?? 0;
    length += (byte & 0x7f) << (7 * (at - 1));
    if (byte < 0x80) return bytes.length > at + length ? bytes.subarray(0, at + 1 + length) : null;
  }
  return null;
}

/** PUBACK (3.4) for a PUBLISH: its packet identifier stands behind the topic. */
function puback(packet: Buffer): Buffer {
  let at = 1;
  while ((packet[at] ?? 0) >= 0x80) at++;
  const id = at + 3 + packet.readUInt16BE(at + 1);
  return Buffer.from([0x40, 2, packet[id] ?? 0, packet[id + 1] ?? 0]);
}

const faultOf = (delivery: Promise<void>) =>
  delivery.then(
    () => {
      throw new Error('delivered');
    },
    ({ code, remedy, message }: DeliveryError) => ({ code, remedy, message }),
  );

describe('a broker that', () => {
  it('acknowledges everything has it', async () => {
    const topics: string[] = [];
    const one = await setUp((socket, type, packet) => {
      if (type === CONNECT) socket.write(connack(0));
      if (type !== PUBLISH) return;
      topics.push(/rtpsonde\/p_1\/window/.exec(packet.toString('latin1'))?.[0] ?? 'another');
      socket.write(puback(packet));
    }, "version: '3.1.1'");
    await one.deliver([lineOf({ kind: 'window', id: 'a', probe: 'p/1' } as Head)], never);
    expect(topics).toEqual(['rtpsonde/p_1/window']);
  });

  it.each([
    [3, 'ERR_EXPORT_UNAVAILABLE', 'retry'],
    [4, 'ERR_EXPORT_PERMISSION', 'retry-slowly'],
    [5, 'ERR_EXPORT_PERMISSION', 'retry-slowly'],
  ])('answers CONNECT with return code %d', async (code, error, remedy) => {
    const one = await setUp((socket) => socket.write(connack(code)), "version: '3.1.1'");
    expect(await faultOf(one.deliver(lines(1), never))).toMatchObject({ code: error, remedy });
  });

  it.each([
    ['never answers CONNECT', () => {}],
    ['cuts the connection', (socket: Socket) => socket.destroy()],
    ['speaks nonsense', (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'never acknowledges',
      (socket: Socket, type: number) => void (type === CONNECT && socket.write(connack(0))),
    ],
    [
      'goes away with messages on their way',
      (socket: Socket, type: number) => (type === CONNECT ? socket.write(connack(0)) : socket.destroy()),
    ],
  ])('%s: records wait', async (_what, answer) => {
    const one = await setUp(answer, "version: '3.1.1'");
    expect(await faultOf(one.deliver(lines(2), never))).toMatchObject({
      code: 'ERR_EXPORT_UNAVAILABLE',
      remedy: 'retry',
    });
  });

  it('is not there: records wait', async () => {
    exporter = exporterOf(`type: mqtt\nurl: mqtt://127.0.0.1:${await freePort()}`);
    const fault = await faultOf(exporter.deliver(lines(1), never));
    expect(fault).toMatchObject({ code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry' });
    expect(fault.message).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+ cannot be reached: connection refused$/);
  });

  it('takes 2 messages at a time of 2048 bytes: no more are on their way, and a larger one is dropped', async () => {
    let onTheirWay = 0;
    let most = 0;
    const one = await setUp((socket, type, packet) => {
      if (type === CONNECT) socket.write(connack5);
      if (type !== PUBLISH) return;
      most = Math.max(most, ++onTheirWay);
      setTimeout(() => {
        onTheirWay--;
        socket.write(puback(packet));
      }, 5);
    });
    await one.deliver(lines(10), never);
    expect(most).toBe(2);
    const large = lineOf({ kind: 'window', id: 'large', probe: 'p', padding: 'x'.repeat(3000) } as Head);
    expect(await faultOf(one.deliver([large], never))).toMatchObject({
      code: 'ERR_EXPORT_REJECTED',
      remedy: 'drop',
    });
  });
});
