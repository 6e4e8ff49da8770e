// Which keys hold secrets, for the code that must not show their values.
import { Secret } from './secret.js';

/** Keys of an exporter, at whatever depth, whose values are secrets. */
const SECRET_KEYS: ReadonlySet<PropertyKey> = new Set(['token', 'password']);

/** Whether the value at this path is a secret, or a part of one. */
export function isSecretPath(path: readonly PropertyKey[]): boolean {
  return path[0] === 'export' && path.slice(2).some((key) => SECRET_KEYS.has(key));
}

/** All secrets in a value, with their paths. */
export function secretsIn(value: unknown, path: PropertyKey[]): { path: PropertyKey[]; secret: Secret }[] {
  if (value instanceof Secret) return [{ path, secret: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    secretsIn(child, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
