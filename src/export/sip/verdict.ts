// What a response to PUBLISH means for the report (RFC 3261 21, RFC 3903 6, RFC 6035 3).
import type { ErrorCode } from '../../ops/errors.js';
import { DeliveryError, type Remedy } from '../exporter.js';
import { LONGEST_RETRY_AFTER_MS } from '../retry-after.js';
import type { SipResponse } from './message.js';

interface Verdict {
  code: ErrorCode;
  remedy: Remedy;
  says: string;
}

/** About the moment, not about the report: timeout, temporarily unavailable, request pending, all of 5xx but 501 and 505. */
const PASSING: ReadonlySet<number> = new Set([408, 430, 480, 491]);

/** The collector, or its address, is not for such reports; somebody has to change something. */
const NOT_FOR_REPORTS: ReadonlySet<number> = new Set([404, 405, 410, 415, 416, 420, 482, 483, 489, 501, 505]);

function verdictOf(status: number): Verdict {
  if (status === 401 || status === 403 || status === 407)
    return {
      code: 'ERR_EXPORT_PERMISSION',
      remedy: 'retry-slowly',
      says: 'it does not let us in; reports wait',
    };
  if (status < 400)
    return {
      code: 'ERR_EXPORT_UNAVAILABLE',
      remedy: 'retry-slowly',
      says: 'a redirect, which is not followed',
    };
  if (NOT_FOR_REPORTS.has(status)) {
    const says = 'it takes no voice quality reports there; reports wait';
    return { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry-slowly', says };
  }
  if (PASSING.has(status) || (status >= 500 && status <= 599))
    return { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', says: 'it cannot now' };
  return { code: 'ERR_EXPORT_REJECTED', remedy: 'split', says: 'it refuses the report' };
}

/** Null when the collector has the report (2xx). */
export function judgeResponse(response: SipResponse, peer: string): DeliveryError | null {
  const { status, retryAfterSeconds } = response;
  if (status <= 299) return null;
  const { code, remedy, says } = verdictOf(status);
  const reason = response.reason.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 100);
  const message = `${peer} answers ${status}${reason === '' ? '' : ` ${reason}`}: ${says}`;
  const retryAfterMs =
    retryAfterSeconds === null ? null : Math.min(retryAfterSeconds * 1000, LONGEST_RETRY_AFTER_MS);
  return new DeliveryError(code, message, { remedy, retryAfterMs });
}
