// The error that a wrong configuration ends in. It carries a `code` of the
// catalogue in ops, which this room does not import.
import type { Problem } from './yaml-document.js';

/** `file:line:column: path: message` */
export function formatProblem(file: string, { line, column, path, message }: Problem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  /**
   * @param code ERR_CONFIG_INVALID with at least one problem, ERR_CONFIG_NOT_FOUND,
   *   or ERR_CAPTURE_FILE_NOT_FOUND when a glob matches nothing
   * @param message all problems, one a line
   * @param problems in the order of the file
   */
  constructor(
    readonly code: 'ERR_CONFIG_INVALID' | 'ERR_CONFIG_NOT_FOUND' | 'ERR_CAPTURE_FILE_NOT_FOUND',
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }

  static invalid(file: string, problems: readonly Problem[]): ConfigError {
    const lines = problems.map((problem) => formatProblem(file, problem));
    return new ConfigError('ERR_CONFIG_INVALID', lines.join('\n'), problems);
  }
}
