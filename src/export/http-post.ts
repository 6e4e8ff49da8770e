// One POST: sends a body, reads the status, drains the answer.
import {
  type Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Post {
  url: URL;
  agent: Agent;
  headers: OutgoingHttpHeaders;
  body: Buffer;
  /** From start to the end of the answer. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Kept of the answer's body. Default: EXCERPT_BYTES. */
  keepBytes?: number | undefined;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The first part of the body, `keepBytes` of it; may hold secrets that the collector repeats. */
  excerpt: string;
}

/** Kept of an answer's body: more than is shown, since secrets are taken out of it first. */
const EXCERPT_BYTES = 4096;

/** An answer that goes on for longer is cut off, together with its connection. */
const DRAIN_BYTES = 1024 * 1024;

/** The exchange took longer than `timeoutMs`. */
export class PostTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Rejects with the errors of node:http and node:tls, with PostTimeout, or when the signal aborts. */
export async function post(exchange: Post): Promise<Answer> {
  try {
    return await postOnce(exchange);
  } catch (error) {
    // The collector closed an idle connection at the very moment we used it
    // (RFC 9112 9.3.1). Sending again is safe: the batch key tells.
    if (error instanceof StaleConnection) return postOnce(exchange);
    throw error;
  }
}

class StaleConnection extends Error {}

function postOnce({
  url,
  agent,
  headers,
  body,
  timeoutMs,
  signal,
  keepBytes = EXCERPT_BYTES,
}: Post): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'Content-Length': body.length },
      signal,
    });
    const timer = setTimeout(() => request.destroy(new PostTimeout('no complete answer')), timeoutMs);
    let response: IncomingMessage | null = null;
    const excerpt: Buffer[] = [];
    let bytes = 0;

    // Whatever ends the exchange: once there is a status, the collector has decided.
    const end = (error: Error | null) => {
      clearTimeout(timer);
      if (response?.statusCode !== undefined) {
        const text = new TextDecoder().decode(Buffer.concat(excerpt));
        resolve({ status: response.statusCode, headers: response.headers, excerpt: text });
      } else {
        const code = (error as NodeJS.ErrnoException | null)?.code;
        const stale = request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
        reject(stale ? new StaleConnection() : (error ?? new Error('connection closed without an answer')));
      }
    };

    request.on('error', end);
    request.on('close', () => end(null));
    request.on('response', (message) => {
      response = message;
      message.on('data', (chunk: Buffer) => {
        if (bytes < keepBytes) excerpt.push(chunk.subarray(0, keepBytes - bytes));
        bytes += chunk.length;
        if (bytes > Math.max(DRAIN_BYTES, keepBytes)) request.destroy();
      });
      message.on('end', () => end(null));
      message.on('error', end);
    });
    request.end(body);
  });
}
