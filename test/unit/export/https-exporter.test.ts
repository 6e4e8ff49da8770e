import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ndjson } from '../../../src/export/collectors/http.js';
import type { DeliveryError } from '../../../src/export/exporter.js';
import { HttpExporter } from '../../../src/export/http-exporter.js';
import type { TlsFiles } from '../../../src/export/http-tls.js';
import { Collector } from '../../e2e/collector.js';
import { type Certificates, hasOpenssl, makeCertificates } from './certificates.js';
import { dependencies, lines, temporaryFolder } from './support.js';

const never = new AbortController().signal;

describe.skipIf(!hasOpenssl)('the HTTP exporter over TLS', () => {
  let certificates: Certificates;

  async function setUp(pick: (files: Certificates) => TlsFiles, wantsClient: boolean) {
    certificates = makeCertificates(temporaryFolder());
    const { server, ca } = certificates;
    const collector = await Collector.start({ tls: { ...server, ...(wantsClient ? { clientCa: ca } : {}) } });
    const exporter = new HttpExporter(
      {
        name: 'https',
        form: ndjson,
        url: collector.url,
        tls: pick(certificates),
        compression: 'gzip',
        timeoutMs: 5000,
        version: '1',
      },
      dependencies(),
    );
    onTestFinished(async () => {
      await exporter.close();
      await collector.close();
    });
    return { collector, exporter };
  }

  async function faultOf(action: Promise<void>) {
    try {
      await action;
    } catch (error) {
      const { code, message, remedy } = error as DeliveryError;
      return { code, message, remedy };
    }
    throw new Error('delivered');
  }

  it('delivers to a collector whose certificate the CA file covers', async () => {
    const { collector, exporter } = await setUp(({ caFile }) => ({ caFile }), false);
    await exporter.deliver(lines(0, 2), never);
    expect(collector.lines).toHaveLength(2);
  });

  it('shows its client certificate', async () => {
    const { collector, exporter } = await setUp(
      ({ caFile, clientCertFile, clientKeyFile }) => ({
        caFile,
        certFile: clientCertFile,
        keyFile: clientKeyFile,
      }),
      true,
    );
    await exporter.deliver(lines(0, 2), never);
    await exporter.deliver(lines(2, 2), never);
    expect(collector.requests.map(({ client, connection }) => [client, connection])).toEqual([
      ['probe', 0],
      ['probe', 0],
    ]);
  });

  it('says that the certificate of the collector is not trusted', async () => {
    const { collector, exporter } = await setUp(() => ({}), false);
    const fault = await faultOf(exporter.deliver(lines(0, 2), never));
    expect(fault).toEqual({
      code: 'ERR_EXPORT_TLS',
      message: `${collector.url} has a certificate that is not trusted: unable to verify the first certificate`,
      remedy: 'retry',
    });
    expect(collector.requests).toEqual([]);
  });

  it('is told that a client certificate is missing', async () => {
    const { collector, exporter } = await setUp(({ caFile }) => ({ caFile }), true);
    expect(await faultOf(exporter.deliver(lines(0, 2), never))).toEqual({
      code: 'ERR_EXPORT_PERMISSION',
      message: `${collector.url} refuses the TLS client certificate or its absence`,
      remedy: 'retry-slowly',
    });
    expect(collector.requests).toEqual([]);
  });

  it('sees only a closed connection when the collector dislikes the client certificate and does not say so', async () => {
    // A Node server sends no TLS alert for a certificate that it does not trust.
    const { collector, exporter } = await setUp(
      ({ caFile, strangerCertFile, strangerKeyFile }) => ({
        caFile,
        certFile: strangerCertFile,
        keyFile: strangerKeyFile,
      }),
      true,
    );
    expect(await faultOf(exporter.deliver(lines(0, 2), never))).toEqual({
      code: 'ERR_EXPORT_UNAVAILABLE',
      message: `${collector.url} cannot be reached: connection closed before the answer`,
      remedy: 'retry',
    });
    expect(collector.requests).toEqual([]);
  });

  it('names a certificate file that is missing, and one that is not PEM', async () => {
    const folder = temporaryFolder();
    const missing = join(folder, 'missing.pem');
    const { exporter } = await setUp(() => ({ caFile: missing }), false);
    expect(await faultOf(exporter.reopen())).toMatchObject({
      code: 'ERR_EXPORT_TLS',
      message: `${missing}: no such file or directory`,
    });
    expect(await faultOf(exporter.deliver(lines(0, 1), never))).toMatchObject({
      code: 'ERR_EXPORT_TLS',
      message: `${missing}: no such file or directory`,
      remedy: 'retry',
    });
    writeFileSync(missing, '-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n');
    expect(await faultOf(exporter.reopen())).toMatchObject({
      code: 'ERR_EXPORT_TLS',
      message: `${missing}: holds no certificate in PEM form`,
    });
  });

  it('names a key that does not belong to the certificate', async () => {
    const { exporter } = await setUp(
      ({ clientCertFile, strangerKeyFile }) => ({ certFile: clientCertFile, keyFile: strangerKeyFile }),
      false,
    );
    const { code, message } = await faultOf(exporter.reopen());
    expect(code).toBe('ERR_EXPORT_TLS');
    expect(message).toMatch(/client\.pem, .*stranger\.key: .*mismatch/);
  });

  it('takes new certificate files on reopen, and keeps the old ones when the new are wrong', async () => {
    const folder = temporaryFolder();
    const [certFile, keyFile] = [join(folder, 'probe.pem'), join(folder, 'probe.key')];
    const { collector, exporter } = await setUp(({ caFile, strangerCertFile, strangerKeyFile }) => {
      copyFileSync(strangerCertFile, certFile);
      copyFileSync(strangerKeyFile, keyFile);
      return { caFile, certFile, keyFile };
    }, true);
    expect((await faultOf(exporter.deliver(lines(0, 1), never))).code).toBe('ERR_EXPORT_UNAVAILABLE');
    copyFileSync(certificates.clientCertFile, certFile);
    copyFileSync(certificates.clientKeyFile, keyFile);
    await exporter.reopen();
    await exporter.deliver(lines(0, 1), never);
    writeFileSync(certFile, 'broken');
    expect((await faultOf(exporter.reopen())).code).toBe('ERR_EXPORT_TLS');
    await exporter.deliver(lines(1, 1), never);
    expect(collector.lines).toHaveLength(2);
  });
});
