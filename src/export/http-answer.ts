// What an answer, or the lack of one, means for the batch.
import { type ErrorCode, RtpsondeError, systemReason } from '../ops/errors.js';
import { DeliveryError, type Remedy } from './exporter.js';
import { type Answer, PostTimeout } from './http-post.js';
import { hide, hideExcerpt } from './http-secrets.js';
import { retryAfterMs } from './retry-after.js';

/** The other side of an exchange as messages name it. */
export interface Peer {
  /** The URL without secrets. */
  url: string;
  /** What must not appear in a message. */
  secrets: readonly string[];
  timeoutMs: number;
}

/** Shown of an answer that is not 2xx. */
const EXCERPT_CHARACTERS = 200;

/** What a refusal means; `says` goes on after the URL. */
export interface Verdict {
  code: ErrorCode;
  remedy: Remedy;
  says: string;
}

/** How a kind of collector differs from what its status says. */
export interface CollectorWays {
  /** What its own words say is wrong, whatever the status; null to go by the status. */
  refusal?(answer: Answer): Verdict | null;
  /** What to do about a status that would have the batch dropped (400, 404, ...); null: drop it. */
  remedy?(status: number): Remedy | null;
  /** Which 4xx and 5xx are worth another attempt, where a protocol says so itself; the usual ones unless given. */
  retryable?(status: number): boolean;
}

function adapted(verdict: Verdict, status: number, own: CollectorWays): Verdict {
  if (verdict.remedy === 'drop') return { ...verdict, remedy: own.remedy?.(status) ?? 'drop' };
  if (verdict.remedy !== 'retry' || own.retryable?.(status) !== false) return verdict;
  return { ...verdict, code: 'ERR_EXPORT_REJECTED', remedy: 'drop' };
}

/** 408, 425 and 429 are the 4xx that are about the moment, not about the request. */
function verdictOf(status: number, location: string | undefined): Verdict {
  const answers = `answers ${status}`;
  if (status === 401 || status === 403) {
    return {
      code: 'ERR_EXPORT_PERMISSION',
      remedy: 'retry-slowly',
      says: `${answers}: it refuses the token or client certificate; records wait`,
    };
  }
  if (status === 413) {
    const says = `${answers}: the batch is too large for it; lower batchMaxKiB`;
    return { code: 'ERR_EXPORT_REJECTED', remedy: 'split', says };
  }
  if (status >= 300 && status <= 399) {
    const to = location === undefined ? '' : ` to ${location}`;
    const says = `${answers}: a redirect${to}, which is not followed; correct the url`;
    return { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry-slowly', says };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', says: answers };
  }
  return { code: 'ERR_EXPORT_REJECTED', remedy: 'drop', says: `${answers}: it refuses the records` };
}

/**
 * Null when the collector has the batch (2xx).
 * @param own what is known of this kind of collector beyond the status
 */
export function judgeAnswer(
  answer: Answer,
  peer: Peer,
  nowMs: number,
  own: CollectorWays = {},
): DeliveryError | null {
  const { status, headers } = answer;
  const refusal = own.refusal?.(answer) ?? null;
  if (refusal === null && status >= 200 && status <= 299) return null;
  const location =
    headers.location === undefined ? undefined : hide(withoutQuery(headers.location), peer.secrets);
  const { code, remedy, says } = refusal ?? adapted(verdictOf(status, location), status, own);
  const body = answer.excerpt.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  const excerpt = hideExcerpt(body, peer.secrets, EXCERPT_CHARACTERS);
  const message = `${peer.url} ${says}${excerpt === '' ? '' : ` (${excerpt})`}`;
  const wait = retryAfterMs(headers['retry-after'], headers.date, nowMs);
  return new DeliveryError(code, message, { remedy, retryAfterMs: wait });
}

/** An exchange without an answer: always worth another attempt. */
export function judgeFailure(error: unknown, peer: Peer): DeliveryError {
  if (error instanceof DeliveryError) return error;
  // A file fault names the file, not the collector.
  if (error instanceof RtpsondeError) {
    return new DeliveryError(error.code, error.message, { remedy: 'retry', cause: error.cause });
  }
  const code = String((error as NodeJS.ErrnoException | null)?.code);
  const says = (text: string) => `${peer.url} ${text}`;
  const words = () => hide(systemReason(error) || code, peer.secrets);
  if (error instanceof PostTimeout) {
    const message = says(`gave no complete answer in ${peer.timeoutMs / 1000} s`);
    return new DeliveryError('ERR_EXPORT_UNAVAILABLE', message, { remedy: 'retry' });
  }
  // A TLS alert from the other side is about our certificate, or the lack of it.
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    const message = says('refuses the TLS client certificate or its absence');
    return new DeliveryError('ERR_EXPORT_PERMISSION', message, { remedy: 'retry-slowly', cause: error });
  }
  if (trustFaults.has(code)) {
    // Later Nodes add advice about their command line.
    const why = words().replace(/; if the root CA .*$/s, '');
    const message = says(`has a certificate that is not trusted: ${why}`);
    return new DeliveryError('ERR_EXPORT_TLS', message, { remedy: 'retry', cause: error });
  }
  const reason = connectionFaults[code] ?? words();
  return new DeliveryError('ERR_EXPORT_UNAVAILABLE', says(`cannot be reached: ${reason}`), {
    remedy: 'retry',
    cause: error,
  });
}

const trustFaults: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const connectionFaults: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed before the answer',
  EPIPE: 'connection closed before the answer',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ENOTFOUND: 'host name is not known',
  EAI_AGAIN: 'host name cannot be looked up now',
  ETIMEDOUT: 'connection timed out',
};

/** A redirect target without user, password and query, which may hold secrets. */
function withoutQuery(location: string): string {
  return location.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//');
}
