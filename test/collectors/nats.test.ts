// Messages through a real nats-server, stored by JetStream and read back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError, type Exporter } from '../../src/export/exporter.js';
import type { Summary } from '../../src/summary/schema.js';
import { eventually } from '../e2e/support/eventually.js';
import { type Certificates, makeCertificates } from '../unit/export/certificates.js';
import { exporterOf, manyWindows, realSummaries } from './support/exporting.js';
import { freePort, isOpen, missing, Server } from './support/server.js';

const absent = missing('nats-server');
const never = new AbortController().signal;
const PASSWORD = 'a-password-of-the-test';
const environment = { PASSWORD, WRONG: 'wrong' };
const STREAM = 'RTPSONDE';

describe.skipIf(absent !== null)('nats-server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-nats-'));
  const { lines, summaries } = realSummaries();
  const open: Exporter[] = [];
  let port: number;
  let tlsPort: number;
  let certificates: Certificates;
  let server: Server;
  let tlsServer: Server;
  let reader: NatsConnection;

  const dial = () =>
    connect({ servers: `127.0.0.1:${port}`, user: 'probe', pass: PASSWORD, reconnect: false });
  const start = (config: string, at: number) =>
    Server.start({ command: 'nats-server', args: ['-c', join(folder, config)], ready: () => isOpen(at) });

  function exporter(more = '', password = 'PASSWORD'): Exporter {
    const made = exporterOf(
      `type: nats\nurl: nats://127.0.0.1:${port}\nusername: probe\npassword: {env: ${password}}\ntimeoutSeconds: 5\n${more}`,
      environment,
    );
    open.push(made);
    return made;
  }

  /** Everything that the stream holds, in its order. */
  async function stored(): Promise<{ subject: string; summary: Summary; msgId: string | undefined }[]> {
    const manager = await jetstreamManager(reader);
    const { state } = await manager.streams.info(STREAM);
    const all = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(STREAM, { seq });
      if (message === null) continue;
      const msgId = message.header.get('Nats-Msg-Id');
      all.push({ subject: message.subject, summary: message.json<Summary>(), msgId });
    }
    return all;
  }

  async function withStream(): Promise<void> {
    const manager = await jetstreamManager(reader);
    await manager.streams.delete(STREAM).catch(() => {});
    await manager.streams.add({ name: STREAM, subjects: ['rtpsonde.>'] });
  }

  beforeAll(async () => {
    port = await freePort();
    tlsPort = await freePort();
    certificates = makeCertificates(folder);
    writeFileSync(join(folder, 'server.pem'), certificates.server.cert);
    writeFileSync(join(folder, 'server.key'), certificates.server.key);
    writeFileSync(
      join(folder, 'plain.conf'),
      `listen: 127.0.0.1:${port}
jetstream: {store_dir: "${folder}/store"}
authorization: {
  users: [
    {user: probe, password: "${PASSWORD}"}
    {user: poor, password: "${PASSWORD}", permissions: {publish: "other.>"}}
  ]
}
`,
    );
    writeFileSync(
      join(folder, 'tls.conf'),
      `listen: 127.0.0.1:${tlsPort}
authorization: {token: "${PASSWORD}"}
tls: {cert_file: "${folder}/server.pem", key_file: "${folder}/server.key", ca_file: "${certificates.caFile}", verify: true}
`,
    );
    server = await start('plain.conf', port);
    tlsServer = await start('tls.conf', tlsPort);
  });
  beforeEach(async () => {
    reader = await dial();
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await reader.close();
  });
  afterAll(async () => {
    await server?.stop();
    await tlsServer?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('without a stream that takes the subjects stores nothing; the log says so and records wait', async () => {
    const fault = await exporter()
      .deliver(lines, never)
      .catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry-slowly' });
    expect((fault as Error).message).toBe(
      `nats://127.0.0.1:${port} has no JetStream stream that takes rtpsonde.{probe}.{kind}; make one, or set jetstream: false; records wait`,
    );
  });

  it('stores each summary as it was, in order, and once when it comes twice', async () => {
    await withStream();
    await exporter().deliver(lines, never);
    await exporter().deliver(lines, never);
    const told = await stored();
    expect(told.map(({ summary }) => summary)).toEqual(summaries);
    expect(told.map(({ msgId }) => msgId)).toEqual(summaries.map(({ id }) => id));
    expect(told.map(({ subject }) => subject)).toEqual(
      summaries.map(({ probe, kind }) => `rtpsonde.${probe.replaceAll('.', '_')}.${kind}`),
    );
  });

  it('without JetStream brings messages to those who listen', async () => {
    const received: Summary[] = [];
    reader.subscribe('plain.>', {
      callback: (_error, message) => {
        received.push(message.json<Summary>());
      },
    });
    await reader.flush();
    await exporter('jetstream: false\nsubject: plain.{kind}').deliver(lines, never);
    await eventually('all messages', () => received.length === summaries.length);
    expect(received).toEqual(summaries);
  });

  it('refuses a wrong password, and records wait', async () => {
    const fault = await exporter('', 'WRONG')
      .deliver(lines, never)
      .catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly' });
  });

  it.each([true, false])(
    'refuses a subject that the user may not publish to (JetStream: %s)',
    async (jetstream) => {
      await withStream();
      const poor = exporterOf(
        `type: nats\nurl: nats://127.0.0.1:${port}\nusername: poor\npassword: {env: PASSWORD}\njetstream: ${jetstream}\ntimeoutSeconds: 2`,
        environment,
      );
      open.push(poor);
      const fault = await poor.deliver(lines, never).catch((error: unknown) => error);
      expect(fault).toMatchObject({ code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly' });
    },
  );

  it('by TLS with a token and a client certificate, and not without', async () => {
    const made = (tls: string) => {
      const it = exporterOf(
        `type: nats\nurl: tls://127.0.0.1:${tlsPort}\ntoken: {env: PASSWORD}\njetstream: false\ntls: {${tls}}\ntimeoutSeconds: 5`,
        environment,
      );
      open.push(it);
      return it;
    };
    const own = `certFile: ${certificates.clientCertFile}, keyFile: ${certificates.clientKeyFile}`;
    await made(`caFile: ${certificates.caFile}, ${own}`).deliver(lines, never);
    const untrusted = await made(own)
      .deliver(lines, never)
      .catch((error: unknown) => error);
    expect(untrusted).toMatchObject({ code: 'ERR_EXPORT_TLS', remedy: 'retry' });
    const unknown = await made(`caFile: ${certificates.caFile}`)
      .deliver(lines, never)
      .catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(DeliveryError);
  });

  it('refuses to speak to a server without TLS where TLS is asked for', async () => {
    const made = exporterOf(
      `type: nats\nurl: tls://127.0.0.1:${port}\nusername: probe\npassword: {env: PASSWORD}\njetstream: false\ntimeoutSeconds: 5`,
      environment,
    );
    open.push(made);
    await expect(made.deliver(lines, never)).rejects.toMatchObject({ code: 'ERR_EXPORT_UNAVAILABLE' });
  });

  it('that is killed in mid-stream and started again loses nothing', async () => {
    await withStream();
    const many = manyWindows(3000);
    const one = exporter();
    const first = one.deliver(many, never).catch((error: unknown) => error);
    const manager = await jetstreamManager(reader);
    await eventually('some messages', async () => (await manager.streams.info(STREAM)).state.messages > 100);
    await server.stop('SIGKILL');
    const fault = await first;
    expect(fault).toBeInstanceOf(DeliveryError);
    expect((fault as DeliveryError).remedy).toBe('retry');
    server = await start('plain.conf', port);
    reader = await dial();
    await one.deliver(many, never);
    const ids = (await stored()).map(({ summary }) => summary.id);
    expect([ids.length, new Set(ids).size]).toEqual([3000, 3000]);
  });
});
