// Deliveries as a lane makes them, and what became of them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryError, Exporter, SummaryLine } from '../../../src/export/exporter.js';

/** A signal that nobody aborts. */
export const live = () => new AbortController().signal;

/** Again and again until it is taken, for a minute at most. Gives how often it failed. */
export async function deliverFor(
  exporter: Exporter,
  batch: readonly SummaryLine[],
  pauseMs = 100,
): Promise<number> {
  const endMs = Date.now() + 60_000;
  for (let failures = 0; ; failures++) {
    try {
      await exporter.deliver(batch, live());
      return failures;
    } catch (error) {
      if (Date.now() > endMs) throw error;
      await sleep(pauseMs);
    }
  }
}

/** Why a delivery failed; null when it did not. */
export const failureOf = (work: Promise<void>) =>
  work.then(
    () => null,
    (error: unknown) => error as DeliveryError,
  );
