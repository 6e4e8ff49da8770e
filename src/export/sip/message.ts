// SIP messages (RFC 3261 7) as far as a client of PUBLISH needs them: requests
// are written, responses read.
import type { LocalEnd } from '../connection.js';

export interface SipRequest {
  method: string;
  /** Request-URI. */
  uri: string;
  via: { transport: 'UDP' | 'TCP' | 'TLS'; local: LocalEnd; branch: string };
  from: string;
  /** Of From; the same for all tries of a request. */
  fromTag: string;
  to: string;
  callId: string;
  cseq: number;
  /** What else there is, in this order. */
  headers: readonly (readonly [name: string, value: string])[];
  body: string;
}

export function writeRequest(request: SipRequest): Buffer {
  const { method, uri, via, from, fromTag, to, callId, cseq, headers, body } = request;
  const bytes = Buffer.from(body);
  const head = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/${via.transport} ${hostPort(via.local)};branch=${via.branch};rport`,
    'Max-Forwards: 70',
    `From: <${from}>;tag=${fromTag}`,
    `To: <${to}>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${bytes.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

export function hostPort({ address, port }: LocalEnd): string {
  return `${uriHost(address)}:${port}`;
}

/** An address as it stands in URIs. */
export const uriHost = (host: string) => (host.includes(':') ? `[${host}]` : host);

export interface SipResponse {
  /** 100..699. */
  status: number;
  reason: string;
  /** Of the topmost Via: whose response it is (RFC 3261 17.1.3). */
  branch: string | null;
  /** Method of CSeq. */
  method: string | null;
  /** Retry-After without its comment and parameters, s; null without one. */
  retryAfterSeconds: number | null;
}

/** Compact forms (RFC 3261 7.3.3) of the headers that are read. */
const COMPACT: Readonly<Record<string, string>> = { v: 'via', l: 'content-length' };

/** @param head start line and headers, without the empty line; null for what is no response */
export function readResponse(head: string): SipResponse | null {
  const [first = '', ...rows] = unfolded(head).split(/\r?\n/);
  const start = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(first);
  if (start === null) return null;
  const headers = headersOf(rows);
  const retryAfter = /^\d{1,9}/.exec(headers.get('retry-after') ?? '')?.[0];
  return {
    status: Number(start[1]),
    reason: start[2] ?? '',
    branch: /^[^,]*?;\s*branch\s*=\s*([^\s;,]+)/i.exec(headers.get('via') ?? '')?.[1] ?? null,
    method: /^\d+\s+(\S+)/.exec(headers.get('cseq') ?? '')?.[1] ?? null,
    retryAfterSeconds: retryAfter === undefined ? null : Number(retryAfter),
  };
}

/** Value of Content-Length; null without one. */
export function contentLength(head: string): number | null {
  const text = headersOf(unfolded(head).split(/\r?\n/).slice(1)).get('content-length');
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

const unfolded = (head: string) => head.replaceAll(/\r?\n[ \t]+/g, ' ');

/** By name in lower case; of several of a name the first. */
function headersOf(rows: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const row of rows) {
    const colon = row.indexOf(':');
    const written = row.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const name = COMPACT[written] ?? written;
    if (!headers.has(name)) headers.set(name, row.slice(colon + 1).trim());
  }
  return headers;
}
