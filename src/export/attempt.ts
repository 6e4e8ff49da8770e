// One try to deliver a batch, given up when the lane stops, and the orderly
// end of an exporter, given up when it takes too long.
import type { Clock } from '../ops/clock.js';
import { RtpsondeError, toRtpsondeError } from '../ops/errors.js';
import type { Exporter, SummaryLine } from './exporter.js';

/** How long an exporter may take to let go of its files and sockets, ms. */
const CLOSE_GRACE_MS = 1000;

/** Null when the collector has the batch, else why not. */
export async function attempt(
  exporter: Exporter,
  batch: readonly SummaryLine[],
  signal: AbortSignal,
): Promise<RtpsondeError | null> {
  let onAbort = () => {};
  const stopped = new Promise<never>((_, reject) => {
    onAbort = () => reject(new RtpsondeError('ERR_EXPORT_UNAVAILABLE', 'stopped'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([exporter.deliver(batch, signal), stopped]);
    return null;
  } catch (error) {
    return toRtpsondeError(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Closes an exporter, but waits no longer than a second: a file system that
 * hangs must not keep the daemon from ending. Null, or what went wrong.
 */
export async function closeExporter(exporter: Exporter, clock: Clock): Promise<RtpsondeError | null> {
  const grace = new AbortController();
  const closed = exporter.close().then(
    () => null,
    (error) => toRtpsondeError(error),
  );
  const late = clock
    .sleep(CLOSE_GRACE_MS, grace.signal)
    .then(() => new RtpsondeError('ERR_EXPORT_UNAVAILABLE', 'still busy after a second, left alone'));
  const fault = await Promise.race([closed, late]);
  grace.abort();
  return fault;
}
