// The connections of an HTTP exporter: kept open between batches, with the
// certificates that the configuration names.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { RtpsondeError, systemReason } from '../ops/errors.js';

/** PEM files. */
export interface TlsFiles {
  /** Certificates that the collector's may be signed by, instead of the well-known ones. */
  caFile?: string | undefined;
  /** Client certificate, with its chain. */
  certFile?: string | undefined;
  /** Private key of the client certificate, not encrypted. */
  keyFile?: string | undefined;
}

export type TlsOptions = SecureContextOptions;

/** One delivery runs at a time; the second socket is for the moment when the first is being given up. */
const MAX_SOCKETS = 2;

function tlsFault(what: string, error: unknown): RtpsondeError {
  return new RtpsondeError('ERR_EXPORT_TLS', what, { cause: error });
}

async function readPem(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw tlsFault(`${path}: ${systemReason(error)}`, error);
  }
}

/** OpenSSL itself skips over authorities that it cannot read, without a word. */
async function readCertificates(path: string | undefined): Promise<Buffer | undefined> {
  const pem = await readPem(path);
  try {
    if (pem !== undefined) new X509Certificate(pem);
    return pem;
  } catch (error) {
    throw tlsFault(`${path}: holds no certificate in PEM form`, error);
  }
}

/** What node:tls takes. Throws ERR_EXPORT_TLS when a file is unreadable or does not fit. */
export async function readTls(files: TlsFiles): Promise<TlsOptions> {
  const [ca, cert, key] = await Promise.all([
    readCertificates(files.caFile),
    readCertificates(files.certFile),
    readPem(files.keyFile),
  ]);
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  try {
    createSecureContext(tls);
  } catch (error) {
    const named = [files.certFile, files.keyFile].filter((file) => file !== undefined).join(', ');
    throw tlsFault(`${named}: ${systemReason(error)}`, error);
  }
  return { ...tls, minVersion: 'TLSv1.2' };
}

/** Reads the files and makes an agent. Throws as `readTls`. */
export async function createAgent(url: URL, files: TlsFiles): Promise<HttpAgent | HttpsAgent> {
  const keepAlive = { keepAlive: true, maxSockets: MAX_SOCKETS };
  if (url.protocol === 'http:') return new HttpAgent(keepAlive);
  return new HttpsAgent({ ...keepAlive, ...(await readTls(files)) });
}
