// Retry-After (RFC 9110 10.2.3): how long a collector asks us to stay away.

/** A longer wish is taken as this: a wrong header must not silence an exporter for good. */
export const LONGEST_RETRY_AFTER_MS = 3_600_000;

// IMF-fixdate (RFC 9110 5.6.7); the two obsolete forms are not sent by anything alive.
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function parseHttpDate(text: string | undefined): number | null {
  if (text === undefined || !httpDate.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/**
 * @param retryAfter the header: seconds, or a date
 * @param date the Date header of the same answer; a date is counted from it, so
 *   that a difference between the two clocks does no harm
 * @param nowMs own wall clock, for an answer without Date
 * @returns ms from now, 0 to an hour; null without a header that can be read
 */
export function retryAfterMs(
  retryAfter: string | undefined,
  date: string | undefined,
  nowMs: number,
): number | null {
  const text = retryAfter?.trim();
  if (text === undefined) return null;
  const bounded = (ms: number) => Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
  if (/^\d+$/.test(text)) return bounded(Number(text) * 1000);
  const until = parseHttpDate(text);
  return until === null ? null : bounded(until - (parseHttpDate(date?.trim()) ?? nowMs));
}
