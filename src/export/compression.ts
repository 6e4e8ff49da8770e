// Compression of requests, off the event loop.
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { RtpsondeError } from '../ops/errors.js';

/** As Content-Encoding (RFC 9110 8.4, RFC 8878) names it, or none. */
export type Compression = 'gzip' | 'zstd' | 'none';

type Compressor = (body: Buffer) => Promise<Buffer>;

// Not in Node 20, nor in its types.
const { zstdCompress } = zlib as {
  zstdCompress?: (body: Buffer, done: (error: Error | null, packed: Buffer) => void) => void;
};

/** @throws RtpsondeError ERR_CONFIG_INVALID when this Node has it not */
export function compressorOf(compression: Compression, exporter: string): Compressor {
  if (compression === 'none') return (body) => Promise.resolve(body);
  if (compression === 'gzip') return promisify(zlib.gzip);
  if (zstdCompress !== undefined) return promisify(zstdCompress);
  throw new RtpsondeError(
    'ERR_CONFIG_INVALID',
    `exporter ${exporter}: compression zstd needs Node 22.15 or later, this is ${process.version}; use gzip`,
  );
}

/** For `check-config`, behind the address. */
export const compressionWords = (compression: Compression) =>
  compression === 'none' ? '' : `, ${compression}`;
