// Compression of requests, off the event loop.
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** As Content-Encoding (RFC 9110 8.4, RFC 8878) names it, or none. */
export type Compression = 'gzip' | 'zstd' | 'none';

type Compressor = (body: Buffer) => Promise<Buffer>;

// Not in Node 20, nor in its types.
const { zstdCompress } = zlib as {
  zstdCompress?: (body: Buffer, done: (error: Error | null, packed: Buffer) => void) => void;
};

/** zstd only where this Node has it: the configuration refuses it elsewhere. */
export function compressorOf(compression: Compression): Compressor {
  if (compression === 'none') return (body) => Promise.resolve(body);
  if (compression === 'gzip') return promisify(zlib.gzip);
  if (zstdCompress === undefined) throw new Error(`zstd is not in Node ${process.version}`);
  return promisify(zstdCompress);
}

/** For `check-config`, behind the address. */
export const compressionWords = (compression: Compression) =>
  compression === 'none' ? '' : `, ${compression}`;
