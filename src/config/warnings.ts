// What is allowed in a configuration, but probably not meant or not safe.
import type { Config, ExporterConfig } from './schema.js';
import { secretsIn } from './secret-paths.js';

/** A remark on the value at a path. */
export interface Remark {
  path: PropertyKey[];
  message: string;
}

// RFC 5761 4: with the marker bit set these read as RTCP packet types 192..223.
const FIRST_RTCP_LIKE = 64;
const LAST_RTCP_LIKE = 95;

/** All remarks on a valid configuration. */
export function remarksOn(config: Config): Remark[] {
  const exporters = config.export.flatMap((exporter, index) =>
    remarksOnExporter(exporter, ['export', index]),
  );
  const payloadTypes = config.measure.payloadTypes
    .filter(({ payloadType }) => payloadType >= FIRST_RTCP_LIKE && payloadType <= LAST_RTCP_LIKE)
    .map(({ payloadType }) => ({
      path: ['measure', 'payloadTypes', String(payloadType)],
      message: 'packets of this type with the marker bit look like RTCP and are taken for it (RFC 5761)',
    }));
  return [...payloadTypes, ...exporters];
}

function remarksOnExporter(exporter: ExporterConfig, path: PropertyKey[]): Remark[] {
  const secrets = secretsIn(exporter, path);
  const inline = secrets
    .filter(({ secret }) => secret.isInline)
    .map((found) => ({
      path: found.path,
      message: 'the secret stands in the file itself; use {env: NAME} or {file: PATH}',
    }));
  return [...remarksOnTransport(exporter, secrets.length > 0, path), ...inline];
}

function remarksOnTransport(exporter: ExporterConfig, hasSecret: boolean, path: PropertyKey[]): Remark[] {
  if ('url' in exporter) return remarksOnUrl(exporter, hasSecret, path);
  if (exporter.type === 'prometheus') return remarksOnListen(exporter, path);
  return exporter.type === 'kafka' ? remarksOnBrokers(exporter, hasSecret, path) : [];
}

function remarksOnBrokers(
  { brokers, tls }: { brokers: readonly string[]; tls?: object | undefined },
  hasSecret: boolean,
  path: PropertyKey[],
): Remark[] {
  const isLocal = brokers.every((broker) => isLoopback(broker.replace(/:\d+$/, '')));
  if (tls !== undefined || isLocal) return [];
  return [{ path: [...path, 'brokers'], message: `${unencrypted(hasSecret)}; use tls` }];
}

function unencrypted(hasSecret: boolean): string {
  return `summaries ${hasSecret ? 'and the secret ' : ''}cross the network unencrypted`;
}

function remarksOnListen(
  { listen, token, tls }: Extract<ExporterConfig, { type: 'prometheus' }>,
  path: PropertyKey[],
): Remark[] {
  const host = listen.slice(0, listen.lastIndexOf(':'));
  if (isLoopback(host) || (tls !== undefined && (token !== undefined || tls.caFile !== undefined))) return [];
  const open = 'whoever reaches this address may read; set `token`, or `tls` with caFile';
  const plain = 'the token crosses the network unencrypted; set `tls`';
  return [{ path: [...path, 'listen'], message: token === undefined ? open : plain }];
}

/** Protocols without encryption, and what to use instead. */
const SECURE: Readonly<Record<string, string>> = { 'http:': 'https', 'mqtt:': 'mqtts', 'nats:': 'tls' };

function remarksOnUrl(
  { url, tls }: { url: string; tls?: object | undefined },
  hasSecret: boolean,
  path: PropertyKey[],
): Remark[] {
  const { protocol, hostname } = new URL(url);
  const secure = SECURE[protocol];
  if (secure === undefined) return [];
  const remarks: Remark[] = [];
  if (!isLoopback(hostname))
    remarks.push({
      path: [...path, 'url'],
      message: `${unencrypted(hasSecret)}; use ${secure}`,
    });
  if (tls !== undefined)
    remarks.push({ path: [...path, 'tls'], message: `has no effect on an ${protocol}// URL` });
  return remarks;
}

/** Whether a host name as `URL` gives it stays on this machine (RFC 1122 3.2.1.3, RFC 4291 2.5.3, RFC 6761 6.3). */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return (
    /^127\.\d+\.\d+\.\d+$/.test(host) ||
    host === '[::1]' ||
    host === 'localhost' ||
    host.endsWith('.localhost')
  );
}
