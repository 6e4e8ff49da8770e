// A real Apache Kafka broker for a test: KRaft, a single node, in a folder and on
// ports of its own. Read back with Java's own consumer.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Base } from '@platformatic/kafka';
import { kafkaJars } from '../../../scripts/lib/kafka-jars.mjs';
import { type Certificates, makeCertificates } from '../../unit/export/certificates.js';
import { freePort, missing, Server } from './server.js';

/** Why there can be no broker here, for `describe.skipIf`; null when there can. */
export function missingKafka(): string | null {
  const why = missing('java');
  if (why !== null || existsSync(kafkaJars())) return why;
  const absent = 'not fetched: Apache Kafka (`npm run test:collectors` does)';
  if (['true', '1'].includes(process.env.CI ?? '')) throw new Error(absent);
  console.log(`NOT RUN: ${absent}`);
  return absent;
}

export const USER = 'probe';
export const PASSWORD = 'correct horse';

const LOGGING = `rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%p %c{1} %m%n
`;

/** What Java's consumer read of one message. */
export interface Consumed {
  partition: number;
  offset: number;
  key: string;
  value: string;
}

export interface BrokerOptions {
  /** Partitions of topics that are made on request. */
  partitions: number;
  /** Further settings of the broker. */
  settings?: string;
}

export class Broker {
  /** Without TLS and SASL. */
  readonly plain: string;
  /** TLS and SASL: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512. */
  readonly sasl: string;
  /** TLS with a client certificate. */
  readonly mutual: string;
  readonly certificates: Certificates;
  #server: Server | null = null;

  private constructor(
    readonly folder: string,
    ports: readonly number[],
    options: BrokerOptions,
  ) {
    const [plain, sasl, mutual, controller] = ports.map((port) => `127.0.0.1:${port}`);
    if (plain === undefined || sasl === undefined || mutual === undefined) throw new Error('no ports');
    this.plain = plain;
    this.sasl = sasl;
    this.mutual = mutual;
    this.certificates = makeCertificates(folder);
    const { key, cert } = this.certificates.server;
    writeFileSync(join(folder, 'keystore.pem'), `${key}${cert}`);
    writeFileSync(join(folder, 'log4j2.properties'), LOGGING);
    const login = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${USER}="${PASSWORD}";`;
    const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
    writeFileSync(
      join(folder, 'server.properties'),
      `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${controller}
controller.listener.names=CONTROLLER
listeners=PLAIN://${plain},SASL://${sasl},MUTUAL://${mutual},CONTROLLER://${controller}
advertised.listeners=PLAIN://${plain},SASL://${sasl},MUTUAL://${mutual}
listener.security.protocol.map=PLAIN:PLAINTEXT,SASL:SASL_SSL,MUTUAL:SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAIN
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl.plain.sasl.jaas.config=${login}
listener.name.sasl.scram-sha-256.sasl.jaas.config=${scram}
listener.name.sasl.scram-sha-512.sasl.jaas.config=${scram}
ssl.keystore.type=PEM
ssl.keystore.location=${join(folder, 'keystore.pem')}
ssl.truststore.type=PEM
ssl.truststore.location=${this.certificates.caFile}
listener.name.mutual.ssl.client.auth=required
log.dirs=${join(folder, 'data')}
num.partitions=${options.partitions}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
${options.settings ?? ''}
`,
    );
  }

  /** A new broker without topics. */
  static async create(options: BrokerOptions): Promise<Broker> {
    const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-kafka-'));
    const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const broker = new Broker(folder, ports, options);
    const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${USER},password=${PASSWORD}]`,
    ]);
    const format = ['format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', 'server.properties', ...users];
    execFileSync('java', broker.#java('kafka.tools.StorageTool', format), { cwd: folder, stdio: 'pipe' });
    await broker.start();
    return broker;
  }

  /** Starts it, again too: with all that it has on disk. */
  async start(): Promise<void> {
    this.#server = await Server.start({
      command: 'java',
      args: this.#java('kafka.Kafka', ['server.properties'], ['-Xmx512m']),
      cwd: this.folder,
      ready: () => this.#answers(),
    });
  }

  /** As by a power cut of its process. */
  async kill(): Promise<void> {
    await this.#server?.stop('SIGKILL');
    this.#server = null;
  }

  /** It answers nobody any more until SIGCONT; its connections stay. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#server?.signal(signal);
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }

  /**
   * Everything in the topics that match, as Java's own consumer reads it: checksums and compression are checked by it.
   * @param topics regular expression
   */
  async consume(topics: string): Promise<Consumed[]> {
    const reader = [
      ...['--bootstrap-server', this.plain, '--include', topics, '--from-beginning', '--timeout-ms', '4000'],
      ...['--property', 'print.key=true', '--property', 'print.partition=true'],
      ...['--property', 'print.offset=true', '--property', 'key.separator=\t'],
    ];
    const { stdout } = await promisify(execFile)(
      'java',
      this.#java('org.apache.kafka.tools.consumer.ConsoleConsumer', reader),
      { cwd: this.folder, maxBuffer: 1 << 30 },
    );
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('Partition:'))
      .map((line) => {
        const [partition = '', offset = '', key = '', value = ''] = line.split('\t');
        return { partition: numberIn(partition), offset: numberIn(offset), key, value };
      });
  }

  /** Writes a message for each key with Java's own producer. */
  async produce(topic: string, keys: readonly string[]): Promise<void> {
    const writer = ['--bootstrap-server', this.plain, '--topic', topic];
    const withKeys = ['--property', 'parse.key=true', '--property', 'key.separator=\t'];
    execFileSync('java', this.#java('org.apache.kafka.tools.ConsoleProducer', [...writer, ...withKeys]), {
      cwd: this.folder,
      input: keys.map((key) => `${key}\tvalue\n`).join(''),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  /** Runs one of Kafka's own tools against the broker; gives what it printed. */
  async tool(name: string, ...args: string[]): Promise<string> {
    const all = ['--bootstrap-server', this.plain, ...args];
    const { stdout } = await promisify(execFile)('java', this.#java(`org.apache.kafka.tools.${name}`, all), {
      cwd: this.folder,
    });
    return stdout;
  }

  #java(main: string, args: readonly string[], options: readonly string[] = []): string[] {
    const logging = '-Dlog4j2.configurationFile=log4j2.properties';
    return [...options, '-XX:TieredStopAtLevel=1', logging, '-cp', join(kafkaJars(), '*'), main, ...args];
  }

  async #answers(): Promise<boolean> {
    const client = new Base({ clientId: 'ready', bootstrapBrokers: [this.plain], retries: false });
    try {
      return (await client.metadata({ topics: [] })).brokers.size > 0;
    } finally {
      await client.close();
    }
  }
}

/** Of `Partition:2` and the like. */
function numberIn(text: string): number {
  return Number(text.slice(text.indexOf(':') + 1));
}
