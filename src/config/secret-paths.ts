// Which keys hold secrets, for the code that must not show their values.

/** Whether the value at this path is a secret, or a part of one. */
export function isSecretPath(path: readonly PropertyKey[]): boolean {
  return path[0] === 'export' && path[2] === 'token';
}
