// The one error class that carries a code and an exit code, and the ways in
// from the errors of Node and of the addon.
import { type ErrorCode, errorCodes } from './error-codes.js';

export { type ErrorCode, type ErrorInfo, errorCodes, exitCodes } from './error-codes.js';

/** An error that an operator can act on: one clear line, a code from the catalogue, an exit code. */
export class RtpsondeError extends Error {
  override readonly name = 'RtpsondeError';
  readonly code: ErrorCode;
  /** Exit code of a command that ends with this error (sysexits.h). */
  readonly exitCode: number;

  /**
   * @param code from the catalogue
   * @param message one line that says what happened to what, for example `eth9: no such interface`
   * @param options `cause`: the error below this one
   */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.exitCode = errorCodes[code].exitCode;
  }
}

/** Whether a string is a code of the catalogue. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

/** The `code` property that Node and the addon put on their errors, or undefined. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

// System errors that mean the same wherever they come up.
const systemCodes = new Map<unknown, ErrorCode>([
  ['EPIPE', 'ERR_OUTPUT_PIPE'],
  ['ENOSPC', 'ERR_OUTPUT_FULL'],
  ['EDQUOT', 'ERR_OUTPUT_FULL'],
  ['EFBIG', 'ERR_OUTPUT_FULL'],
  ['EIO', 'ERR_IO'],
  ['EAGAIN', 'ERR_OS'],
  ['EMFILE', 'ERR_OS'],
  ['ENFILE', 'ERR_OS'],
  ['ENOMEM', 'ERR_OS'],
]);

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : String(error);
}

/**
 * Any thrown value as an RtpsondeError. Errors of the addon keep their code;
 * system errors of a general kind are translated; the rest gets `fallback`.
 */
export function toRtpsondeError(error: unknown, fallback: ErrorCode = 'ERR_INTERNAL'): RtpsondeError {
  if (error instanceof RtpsondeError) return error;
  const code = codeOf(error);
  const own = isErrorCode(code) ? code : (systemCodes.get(code) ?? fallback);
  return new RtpsondeError(own, messageOf(error), { cause: error });
}

/** A failed write to `path` as an RtpsondeError: full disk, broken pipe, or ERR_OUTPUT for the rest. */
export function outputError(path: string, error: unknown): RtpsondeError {
  const { code } = toRtpsondeError(error, 'ERR_OUTPUT');
  return new RtpsondeError(code, `${path}: ${systemReason(error)}`, { cause: error });
}

// Words for the system errors that operators meet most; others keep Node's message.
const reasons = new Map<unknown, string>([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['EISDIR', 'is a directory'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['EROFS', 'read-only file system'],
  ['ENOSPC', 'no space left on device'],
  ['EDQUOT', 'disk quota exceeded'],
  ['EFBIG', 'file too large'],
  ['EPIPE', 'the reader went away'],
]);

/** What a system error says, without Node's `EACCES: ..., open 'path'` frame. */
export function systemReason(error: unknown): string {
  return reasons.get(codeOf(error)) ?? messageOf(error);
}

/**
 * What a command prints as it ends: one line `rtpsonde: message (CODE)` for a
 * known error, one line a fault for a wrong configuration, nothing for a broken
 * pipe, the stack too for a fault of our own. Without a line feed at the end.
 */
export function describeError(error: unknown): string {
  const own = toRtpsondeError(error);
  if (own.code === 'ERR_OUTPUT_PIPE') return '';
  if (own.code === 'ERR_CONFIG_INVALID') return own.message;
  const stack = own.code === 'ERR_INTERNAL' && own.cause instanceof Error ? `\n${own.cause.stack ?? ''}` : '';
  return `rtpsonde: ${own.message} (${own.code})${stack}`;
}
