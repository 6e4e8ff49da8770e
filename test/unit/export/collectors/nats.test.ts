// NATS against servers that are none: away, silent, cutting, refusing.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { DeliveryError, Exporter } from '../../../../src/export/exporter.js';
import { lineOf } from '../../../../src/summary/line.js';
import { exporterOf } from '../../../collectors/support/exporting.js';
import { freePort } from '../../../collectors/support/server.js';

const never = new AbortController().signal;
const summary = { kind: 'window' as const, id: 'a', probe: 'p', padding: 'x'.repeat(64) };
const batch = [lineOf(summary)];
/** What a server says first (NATS protocol, INFO). */
const INFO = 'INFO {"server_id":"x","version":"2.9.10","proto":1,"headers":true,"max_payload":64}\r\n';

// So that loading the library is in nobody's time-out.
beforeAll(async () => {
  await import('@nats-io/transport-node');
  await import('@nats-io/jetstream');
});

let server: Server | null = null;
let exporter: Exporter | null = null;
const sockets = new Set<Socket>();
afterEach(async () => {
  await exporter?.close();
  for (const socket of sockets) socket.destroy();
  server?.close();
});

async function faultOf(greet: ((socket: Socket) => void) | null): Promise<DeliveryError> {
  let port = await freePort();
  if (greet !== null) {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      greet(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as { port: number });
  }
  exporter = exporterOf(`type: nats\nurl: nats://127.0.0.1:${port}\njetstream: false\ntimeoutSeconds: 0.5`);
  return exporter.deliver(batch, never).then(
    () => {
      throw new Error('delivered');
    },
    (error: DeliveryError) => error,
  );
}

/** Says INFO, and answers each PING with a PONG. */
function speak(socket: Socket): void {
  socket.write(INFO);
  socket.on('data', (bytes: Buffer) => {
    if (String(bytes).includes('PING')) socket.write('PONG\r\n');
  });
}

it.each([
  ['is away', null],
  ['is silent', () => {}],
  ['cuts the connection', (socket: Socket) => socket.destroy()],
  ['speaks something else', (socket: Socket) => socket.write('220 mail.example ESMTP\r\n')],
  ['says nothing to CONNECT', (socket: Socket) => socket.write(INFO)],
])('a server that %s: records wait', async (_what, greet) => {
  const { code, remedy, message } = await faultOf(greet);
  expect({ code, remedy }).toEqual({ code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry' });
  expect(message).toMatch(/^nats:\/\/127\.0\.0\.1:\d+ /);
});

it('a summary that is larger than the server takes is dropped', async () => {
  const { code, remedy, message } = await faultOf(speak);
  expect({ code, remedy }).toEqual({ code: 'ERR_EXPORT_REJECTED', remedy: 'drop' });
  expect(message).toMatch(/takes 64 bytes a message, and summary a has \d+$/);
});
