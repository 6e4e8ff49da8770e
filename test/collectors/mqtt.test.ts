// Messages through a real mosquitto, read by a subscriber with a session of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeliveryError, type Exporter } from '../../src/export/exporter.js';
import type { Summary } from '../../src/summary/schema.js';
import { eventually } from '../e2e/support/eventually.js';
import { type Certificates, makeCertificates } from '../unit/export/certificates.js';
import { exporterOf, manyWindows, realSummaries } from './support/exporting.js';
import { findProgram, freePort, isOpen, missing, Server } from './support/server.js';

const absent = missing('mosquitto', 'mosquitto_passwd');
const never = new AbortController().signal;
const PASSWORD = 'a-password-of-the-test';
const environment = { PASSWORD, WRONG: 'wrong' };

interface Received {
  topic: string;
  summary: Summary;
  properties: { contentType?: string; userProperties?: object } | undefined;
}

describe.skipIf(absent !== null)('mosquitto', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-mosquitto-'));
  const { lines, summaries } = realSummaries();
  const open: { close(): Promise<unknown> }[] = [];
  let port: number;
  let tlsPort: number;
  let certificates: Certificates;
  let server: Server;

  const start = () =>
    Server.start({
      command: 'mosquitto',
      args: ['-c', join(folder, 'mosquitto.conf')],
      ready: () => isOpen(port),
    });

  /** With more options, as lines of YAML. */
  function exporter(more = '', password = 'PASSWORD'): Exporter {
    const made = exporterOf(
      `type: mqtt\nurl: mqtt://127.0.0.1:${port}\nusername: probe\npassword: {env: ${password}}\ntimeoutSeconds: 5\n${more}`,
      environment,
    );
    open.push(made);
    return made;
  }

  /** Everything that is published from now on. */
  async function subscriber(clientId: string): Promise<{ received: Received[]; client: MqttClient }> {
    const received: Received[] = [];
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: 5,
      clientId,
      clean: false,
      properties: { sessionExpiryInterval: 600 },
      username: 'probe',
      password: PASSWORD,
      reconnectPeriod: 200,
    });
    client.on('error', () => {});
    client.on('message', (topic, payload, { properties }) =>
      received.push({ topic, summary: JSON.parse(String(payload)) as Summary, properties }),
    );
    await client.subscribeAsync('rtpsonde/#', { qos: 1 });
    open.push({ close: () => client.endAsync(true) });
    return { received, client };
  }

  beforeAll(async () => {
    port = await freePort();
    tlsPort = await freePort();
    certificates = makeCertificates(folder);
    writeFileSync(join(folder, 'server.pem'), certificates.server.cert);
    writeFileSync(join(folder, 'server.key'), certificates.server.key);
    writeFileSync(join(folder, 'passwords'), `probe:${PASSWORD}\nreader:${PASSWORD}\n`);
    // Plain passwords become hashes.
    execFileSync(findProgram('mosquitto_passwd') ?? '', ['-U', join(folder, 'passwords')]);
    writeFileSync(join(folder, 'acl'), 'user probe\ntopic readwrite rtpsonde/#\n');
    writeFileSync(
      join(folder, 'mosquitto.conf'),
      `user root
allow_anonymous false
password_file ${folder}/passwords
acl_file ${folder}/acl
max_inflight_messages 0
listener ${port} 127.0.0.1
listener ${tlsPort} 127.0.0.1
cafile ${certificates.caFile}
certfile ${folder}/server.pem
keyfile ${folder}/server.key
require_certificate true
`,
    );
    server = await start();
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['5', '3.1.1'])('with MQTT %s brings each summary as it was, on its topic', async (version) => {
    const { received } = await subscriber(`all-${version}`);
    await exporter(`version: '${version}'`).deliver(lines, never);
    await eventually('all messages', () => received.length >= summaries.length);
    const byId = new Map(received.map((one) => [one.summary.id, one]));
    for (const summary of summaries) {
      const told = byId.get(summary.id);
      expect(told?.summary).toEqual(summary);
      expect(told?.topic).toBe(`rtpsonde/${summary.probe}/${summary.kind}`);
      if (version === '5')
        expect(told?.properties).toMatchObject({
          contentType: 'application/json',
          userProperties: { id: summary.id },
        });
    }
    expect(received).toHaveLength(summaries.length);
  });

  it('has a batch that comes twice under the same ids, and the windows of a stream in order', async () => {
    const { received } = await subscriber('twice');
    const one = exporter();
    await one.deliver(lines, never);
    await one.deliver(lines, never);
    await eventually('both', () => received.length === 2 * summaries.length);
    expect(new Set(received.map(({ summary }) => summary.id)).size).toBe(summaries.length);
    expect(received.slice(0, summaries.length).map(({ summary }) => summary.id)).toEqual(
      summaries.map(({ id }) => id),
    );
  });

  it('by TLS with a client certificate, and not without', async () => {
    const { received } = await subscriber('tls');
    const url = `url: mqtts://127.0.0.1:${tlsPort}`;
    const own = `certFile: ${certificates.clientCertFile}, keyFile: ${certificates.clientKeyFile}`;
    const made = (tls: string) => {
      const it = exporterOf(
        `type: mqtt\n${url}\nusername: probe\npassword: {env: PASSWORD}\ntls: {${tls}}\ntimeoutSeconds: 5`,
        environment,
      );
      open.push(it);
      return it;
    };
    await made(`caFile: ${certificates.caFile}, ${own}`).deliver(lines, never);
    await eventually('all messages', () => received.length === summaries.length);
    const faults = [
      await made(`caFile: ${certificates.caFile}`)
        .deliver(lines, never)
        .catch((error: unknown) => error),
      await made(own)
        .deliver(lines, never)
        .catch((error: unknown) => error),
    ] as DeliveryError[];
    expect(faults.map(({ code }) => code)).toEqual(['ERR_EXPORT_PERMISSION', 'ERR_EXPORT_TLS']);
  });

  it.each(['5', '3.1.1'])('with MQTT %s refuses a wrong password, and records wait', async (version) => {
    const fault = await exporter(`version: '${version}'`, 'WRONG')
      .deliver(lines, never)
      .catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly' });
    expect((fault as Error).message).not.toContain('wrong');
  });

  it('with MQTT 5 refuses a topic that the user may not write, and records wait', async () => {
    const fault = await exporter('topic: secret/{kind}')
      .deliver(lines, never)
      .catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly' });
  });

  it('that is killed in mid-stream and started again loses nothing', async () => {
    const { received, client } = await subscriber('killed');
    const many = manyWindows(3000);
    const one = exporter();
    const first = one.deliver(many, never).catch((error: unknown) => error);
    await eventually('some messages', () => received.length > 100);
    // Frozen for 10 s, in which the subscriber reads what was acknowledged, and then killed: what a
    // killed mosquitto has acknowledged, but not passed on, it forgets.
    await server.stop('SIGSTOP');
    const fault = await first;
    expect(fault).toBeInstanceOf(DeliveryError);
    expect((fault as DeliveryError).remedy).toBe('retry');
    server = await start();
    await eventually('the subscriber', () => client.connected);
    await client.subscribeAsync('rtpsonde/#', { qos: 1 });
    await one.deliver(many, never);
    const ids = () => new Set(received.map(({ summary }) => summary.id)).size;
    await eventually('the rest', () => ids() === 3000);
  });
});
