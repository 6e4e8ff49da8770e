// What OTLP/HTTP says of answers: which statuses are worth another attempt, and
// how a collector tells that it refused a part.
import { DeliveryError } from '../exporter.js';
import type { Answer } from '../http-post.js';
import { hide } from '../http-secrets.js';

/** OTLP 1.x, Retryable Response Codes; all others must not be sent again. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export const retryable = (status: number) => RETRYABLE.has(status);

export interface PartialSuccess {
  /** Data points or log records that the collector refused. */
  rejected: number;
  /** What it says; empty for nothing. */
  message: string;
}

/** What a 2xx answer says of a part that was refused; null for nothing. */
export function partialSuccess(answer: Answer): PartialSuccess | null {
  const partial = parse(answer.excerpt)?.partialSuccess;
  if (typeof partial !== 'object' || partial === null) return null;
  const fields = partial as Record<string, unknown>;
  const rejected = Number(fields.rejectedDataPoints ?? fields.rejectedLogRecords ?? 0);
  const message = typeof fields.errorMessage === 'string' ? fields.errorMessage : '';
  if (!(rejected > 0) && message === '') return null;
  return { rejected: rejected > 0 ? rejected : 0, message };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Shown of what a collector says. */
const SHOWN = 200;

/** In words, for the log. */
export function partialWords(
  what: string,
  { rejected, message }: PartialSuccess,
  items: number,
  secrets: readonly string[],
): string {
  const said = hide(message, secrets)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, SHOWN);
  const count = rejected === 0 ? 'warns' : `refused ${rejected} of ${items}`;
  return `collector of ${what} ${count}${said === '' ? '' : `: ${said}`}`;
}

/** All of a request was refused, although the status is 200. */
export function allRefused(words: string): DeliveryError {
  return new DeliveryError('ERR_EXPORT_REJECTED', words, { remedy: 'drop' });
}
