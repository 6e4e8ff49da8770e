// Keeps what must stay secret out of messages, even when a collector repeats
// it in its answer.

/** A secret as the configuration holds it, or plain. */
export type Secret = string | { reveal(): string };

const HIDDEN = '[redacted]';

export function reveal(secret: Secret): string {
  // A token file usually ends with a newline, which no header can carry.
  return (typeof secret === 'string' ? secret : secret.reveal()).trim();
}

/** Value of Authorization for a user and his password (RFC 7617). */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Some collectors take a token as a part of the path; words of that length are not to be read aloud. */
const TOKEN_LIKE = 16;

/** Shorter values of a query (`?v=1`) and shorter beginnings of a secret would be found everywhere. */
const SHORTEST_VALUE = 4;

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The URL as messages show it: no user, no password, no query, no long words in the path. */
export function publicUrl(url: URL): string {
  return `${url.protocol}//${url.host}${hide(url.pathname, tokenLikeParts(url))}`;
}

function tokenLikeParts(url: URL): string[] {
  return url.pathname.split('/').filter((part) => part.length >= TOKEN_LIKE);
}

/** All forms in which the secrets of a request could come back. */
export function secretsOf(url: URL, token: string | null): string[] {
  const password = decoded(url.password);
  const basic = password === '' ? '' : Buffer.from(`${decoded(url.username)}:${password}`).toString('base64');
  const query = [...url.searchParams.values()].filter((value) => value.length >= SHORTEST_VALUE);
  const search = url.search.length > SHORTEST_VALUE ? url.search.slice(1) : '';
  const all = [token ?? '', url.password, password, basic, search, ...query, ...tokenLikeParts(url)];
  return all.filter((text) => text !== '');
}

/** The text with every secret replaced. */
export function hide(text: string, secrets: readonly string[]): string {
  // Longest first, so that one secret inside another leaves no rest.
  const ordered = [...secrets].sort((a, b) => b.length - a.length);
  return ordered.reduce((result, secret) => result.replaceAll(secret, HIDDEN), text);
}

/**
 * The first `length` characters of a text that may itself have been cut off:
 * what could be the beginning of a secret at its end is hidden too.
 */
export function hideExcerpt(text: string, secrets: readonly string[], length: number): string {
  let end = text.length;
  for (const secret of secrets) {
    for (let part = secret.length - 1; part >= SHORTEST_VALUE; part--) {
      if (text.endsWith(secret.slice(0, part))) end = Math.min(end, text.length - part);
    }
  }
  return hide(text.slice(0, end), secrets).slice(0, length);
}
