// Keeps secrets out of the log: values under telling keys at any depth, user
// names and passwords in URLs, and bearer tokens in running text.

export const REDACTED = '[redacted]';

// Compared without case, `-` and `_`, so `X-Api-Key` and `apiKey` are one.
const secretKeys = new Set([
  'token',
  'accesstoken',
  'refreshtoken',
  'bearertoken',
  'authtoken',
  'authorization',
  'proxyauthorization',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'clientsecret',
  'key',
  'apikey',
  'xapikey',
  'privatekey',
  'credential',
  'credentials',
  'cookie',
  'setcookie',
]);

/** Whether the value under this key is a secret by its name. */
export function isSecretKey(key: string): boolean {
  return secretKeys.has(key.replaceAll(/[-_]/g, '').toLowerCase());
}

/** A copy of a plain JSON value with the secrets replaced. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  return typeof value === 'object' && value !== null ? redactFields(value) : value;
}

/** As `redact`, for the fields of one object. */
export function redactFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      isSecretKey(key) && value !== null ? REDACTED : redact(value),
    ]),
  );
}

/** Takes credentials out of running text: `https://user:password@host` and `Bearer abc...`. */
export function redactText(text: string): string {
  return text
    .replaceAll(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/"'@]+@/gi, `$1${REDACTED}@`)
    .replaceAll(/\b(bearer)\s+[\w.~+/-]{8,}=*/gi, `$1 ${REDACTED}`);
}
