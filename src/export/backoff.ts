// How long to wait before the next attempt: exponential back-off with full
// jitter, so that many probes that lost one collector do not return in step.

export interface BackoffOptions {
  /** Upper bound of the first wait, ms. */
  initialMs: number;
  /** Upper bound of every wait, ms. */
  maxMs: number;
}

/**
 * The wait before retry number `attempt` (from 0), in ms: uniform in
 * [0, min(maxMs, initialMs * 2^attempt)).
 */
export function backoffMs(
  { initialMs, maxMs }: BackoffOptions,
  attempt: number,
  random: () => number,
): number {
  return random() * Math.min(maxMs, initialMs * 2 ** attempt);
}
