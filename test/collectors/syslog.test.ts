// Against rsyslog of Debian, over UDP, TCP and TLS; what it wrote is read back.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DeliveryError, Exporter, SummaryLine } from '../../src/export/exporter.js';
import { lineOf } from '../../src/summary/line.js';
import type { Summary } from '../../src/summary/schema.js';
import { type Certificates, makeCertificates } from '../unit/export/certificates.js';
import { exporterOf, manyWindows, realSummaries } from './support/exporting.js';
import { freePort, missing, Server } from './support/server.js';

const never = new AbortController().signal;

/** What rsyslog tells of a message (property `jsonmesg`). */
interface Message {
  msg: string;
  hostname: string;
  'app-name': string;
  msgid: string;
  timereported: string;
  syslogfacility: string;
  syslogseverity: string;
  'protocol-version': string;
  'structured-data': string;
}

class Rsyslog {
  readonly folder = mkdtempSync(join(tmpdir(), 'rtpsonde-rsyslog-'));
  readonly port: number;
  server: Server | null = null;
  readonly #file = join(this.folder, 'messages');

  private constructor(port: number) {
    this.port = port;
  }

  /** @param inputs of rsyslog's configuration */
  static async start(inputs: (port: number) => string): Promise<Rsyslog> {
    const rsyslog = new Rsyslog(await freePort());
    writeFileSync(
      join(rsyslog.folder, 'rsyslog.conf'),
      `global(workDirectory="${rsyslog.folder}" maxMessageSize="64k")
${inputs(rsyslog.port)}
template(name="whole" type="string" string="%jsonmesg%\\n")
if $programname == "rtpsonde" then action(type="omfile" file="${join(rsyslog.folder, 'messages')}" template="whole")
action(type="omfile" file="${join(rsyslog.folder, 'own')}")
`,
    );
    await rsyslog.run();
    return rsyslog;
  }

  async run(): Promise<void> {
    const pid = join(this.folder, 'pid');
    rmSync(pid, { force: true });
    this.server = await Server.start({
      command: 'rsyslogd',
      args: ['-n', '-f', join(this.folder, 'rsyslog.conf'), '-i', pid],
      // It writes its process id when the inputs are open.
      ready: async () => existsSync(pid),
    });
  }

  get messages(): Message[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, 'utf8').split('\n');
    // A line without its end is still being written, or was cut by kill -9.
    return lines.slice(0, -1).flatMap((line) => {
      try {
        return [JSON.parse(line) as Message];
      } catch {
        return [];
      }
    });
  }

  /** Without a look at the rest of the messages, which may be many. */
  get ids(): string[] {
    if (!existsSync(this.#file)) return [];
    return [
      ...readFileSync(this.#file, 'latin1').matchAll(
        /"structured-data": *"\[rtpsonde@32473 id=\\"([^"]*)\\"/g,
      ),
    ].map(([, id]) => (id ?? '').replaceAll('\\/', '/'));
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const idOf = (message: Message) => /\bid="([^"]*)"/.exec(message['structured-data'])?.[1] ?? '';

const faultOf = (delivery: Promise<void>) =>
  delivery.then(
    () => null,
    ({ code, remedy }: DeliveryError) => ({ code, remedy }),
  );

describe.skipIf(missing('rsyslogd', 'openssl') !== null)('rsyslog', () => {
  let plain: Rsyslog;
  let secure: Rsyslog;
  let certificates: Certificates;
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-syslog-test-'));

  function exporter(yaml: string): Exporter {
    const made = exporterOf(`type: syslog\nhost: 127.0.0.1\n${yaml}`);
    onTestFinished(() => made.close());
    return made;
  }

  beforeAll(async () => {
    certificates = makeCertificates(folder);
    plain = await Rsyslog.start(
      (port) => `module(load="imudp")
input(type="imudp" address="127.0.0.1" port="${port}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="${port}")`,
    );
    writeFileSync(join(folder, 'tls.pem'), certificates.server.cert);
    writeFileSync(join(folder, 'tls.key'), certificates.server.key, { mode: 0o600 });
    secure = await Rsyslog.start(
      (port) => `global(DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="${certificates.caFile}"
  DefaultNetstreamDriverCertFile="${join(folder, 'tls.pem')}" DefaultNetstreamDriverKeyFile="${join(folder, 'tls.key')}")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/certvalid")
input(type="imtcp" address="127.0.0.1" port="${port}")`,
    );
  });
  afterAll(async () => {
    await plain?.stop();
    await secure?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['udp', 'tcp'])('has every summary as it was sent, over %s', async (transport) => {
    const { lines, summaries } = renamed(transport);
    await exporter(`port: ${plain.port}\ntransport: ${transport}`).deliver(lines, never);
    const own = () => plain.messages.filter((message) => idOf(message).startsWith(`${transport}/`));
    await expect.poll(() => own().length, { timeout: 10_000 }).toBe(lines.length);
    for (const [i, message] of own().entries()) {
      const summary = summaries[i] as Summary;
      expect(JSON.parse(message.msg)).toEqual(summary);
      const time = summary.kind === 'stream' ? summary.end : summary.windowEnd;
      expect(message).toMatchObject({
        hostname: summary.probe,
        'app-name': 'rtpsonde',
        msgid: { window: 'windows', stream: 'streams', capture: 'captures' }[summary.kind],
        syslogfacility: '16',
        'protocol-version': '1',
        timereported: time.replace(/000Z$/, 'Z'),
      });
    }
  });

  it('has the fields as structured data, and the sentence as the message', async () => {
    const { lines, summaries } = renamed('data');
    const stream = summaries.findIndex(({ kind }) => kind === 'stream');
    const to = exporter(`port: ${plain.port}\nformat: structured-data\nfacility: local7`);
    await to.deliver([lines[stream] as SummaryLine], never);
    await expect.poll(() => plain.ids.filter((id) => id.startsWith('data/')).length).toBe(1);
    const message = plain.messages.find((one) => idOf(one).startsWith('data/'));
    const summary = summaries[stream] as Extract<Summary, { kind: 'stream' }>;
    expect(message?.syslogfacility).toBe('23');
    expect(message?.['structured-data']).toContain(` stream_id="${summary.streamId}" `);
    expect(message?.['structured-data']).toContain(` lost="${summary.lost}" `);
    expect(message?.msg).toContain(summary.damage?.text);
  });

  it('is spoken to by TLS, with a client certificate and not without', async () => {
    const { caFile, clientCertFile, clientKeyFile } = certificates;
    const to = exporter(
      `port: ${secure.port}\ntransport: tls\ntls: {caFile: ${caFile}, certFile: ${clientCertFile}, keyFile: ${clientKeyFile}}`,
    );
    const { lines } = renamed('tls');
    await to.deliver(lines, never);
    await expect.poll(() => secure.ids).toEqual(lines.map(({ id }) => id));

    const common = `port: ${secure.port}\ntransport: tls`;
    const trusting = exporter(`${common}\ntls: {caFile: ${caFile}}`);
    expect(await faultOf(trusting.deliver(manyWindows(1), never))).not.toBeNull();
    expect(await faultOf(exporter(common).deliver(manyWindows(1), never))).toMatchObject({
      code: 'ERR_EXPORT_TLS',
    });
    expect(secure.messages).toHaveLength(lines.length);
  });

  it('loses nothing, and only what it had in the last seconds comes twice, when it is killed in mid-stream', async () => {
    // The batch after a break brings what was lost with it, so the last break is before the last batch.
    const all = manyWindows(650).map((line, i) => lineOf({ ...JSON.parse(line.json), id: `kill/${i}` }));
    const to = exporter(`port: ${plain.port}`);
    for (let from = 0; from < all.length; from += 50) {
      const batch = all.slice(from, from + 50);
      const restart = from % 250 === 200 && plain.server?.stop('SIGKILL').then(() => plain.run());
      for (let left = 200; (await faultOf(to.deliver(batch, never))) !== null; left--) {
        if (left === 0) throw new Error('never delivered');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await restart;
    }
    const wanted = all.map(({ id }) => id).sort();
    const got = () => [...new Set(plain.ids.filter((id) => id.startsWith('kill/')))].sort();
    await expect.poll(got, { timeout: 20_000, interval: 500 }).toEqual(wanted);
  });
});

/** Real summaries, their ids begun by a word of the test. */
function renamed(word: string): { lines: SummaryLine[]; summaries: Summary[] } {
  const summaries = realSummaries().summaries.map((summary) => ({ ...summary, id: `${word}/${summary.id}` }));
  return { summaries, lines: summaries.map((summary) => lineOf(summary)) };
}
