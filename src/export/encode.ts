// Summary lines to bytes, in pieces that give the event loop its turn between.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { SummaryLine } from './exporter.js';

/** Lines worked on at a stretch; well below 1 ms. */
export const LINES_PER_TURN = 512;

export interface EncodedBatch {
  /** NDJSON: every line ends with a newline. */
  body: Buffer;
  /** Names the batch by the ids in it: 32 hex digits, the same for the same records in the same order. */
  key: string;
}

export async function encodeBatch(batch: readonly SummaryLine[]): Promise<EncodedBatch> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (let from = 0; from < batch.length; from += LINES_PER_TURN) {
    if (from > 0) await setImmediate();
    let ids = '';
    for (const line of batch.slice(from, from + LINES_PER_TURN)) {
      ids += `${line.id}\n`;
      bytes += line.length;
    }
    hash.update(ids);
  }
  const body = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (let from = 0; from < batch.length; from += LINES_PER_TURN) {
    if (from > 0) await setImmediate();
    for (const line of batch.slice(from, from + LINES_PER_TURN)) {
      line.copyTo(body, at);
      at += line.length;
    }
  }
  return { body, key: hash.digest('hex').slice(0, 32) };
}
