// Sends what the spool still has of a stretch of time again, past the lanes, for a
// collector that lost data. It knows by the ids what it has.
import { attempt } from './attempt.js';
import type { Exporter, SummaryLine } from './exporter.js';
import { recordsBetween } from './spool/inspect.js';

export interface ReplayOptions {
  /** Folder of the exporter in the spool. */
  folder: string;
  /** Records that came then, ms since the Unix epoch. */
  fromMs: number;
  toMs: number;
  batch: { maxRecords: number; maxBytes: number };
  signal: AbortSignal;
  /** Called after each batch. */
  progress?: (sent: number) => void;
}

/**
 * Rejects with what the collector or the disk has against it, after the first batch that fails.
 * @returns how many records were delivered
 */
export async function replay(exporter: Exporter, options: ReplayOptions): Promise<number> {
  const { maxRecords, maxBytes } = options.batch;
  let sent = 0;
  let batch: SummaryLine[] = [];
  let bytes = 0;
  const send = async () => {
    const fault = await attempt(exporter, batch, options.signal);
    if (fault !== null) throw fault;
    sent += batch.length;
    batch = [];
    bytes = 0;
    options.progress?.(sent);
  };
  for await (const { line } of recordsBetween(options.folder, options.fromMs, options.toMs)) {
    if (batch.length > 0 && (batch.length >= maxRecords || bytes + line.length > maxBytes)) await send();
    batch.push(line);
    bytes += line.length;
  }
  if (batch.length > 0) await send();
  return sent;
}
