// A secret of the configuration: shown nowhere, read only by the code that
// sends it. Written in YAML as {env: NAME}, {file: PATH} or, with a warning, inline.
import { inspect } from 'node:util';
import { z } from 'zod';

/** Where a secret comes from. */
export type SecretSource = { env: string } | { file: string } | { inline: string };

/** What looking up a secret needs; tests put their own here. */
export interface SecretLookup {
  environment: NodeJS.ProcessEnv;
  /** Text of a file; throws a system error. */
  readFile(path: string): string;
  /** Absolute path of a path in the configuration. */
  resolvePath(path: string): string;
}

const SHOWN = '[redacted]';

export class Secret {
  readonly #source: SecretSource;
  #value: string | undefined;

  constructor(source: SecretSource) {
    this.#source = source;
    if ('inline' in source) this.#value = source.inline;
  }

  /** A secret that is known already. */
  static of(value: string): Secret {
    return new Secret({ inline: value });
  }

  /** Whether it stands in the configuration file itself. */
  get isInline(): boolean {
    return 'inline' in this.#source;
  }

  /** Where it comes from, in words, for summaries and error messages. */
  get origin(): string {
    if ('env' in this.#source) return `environment variable ${this.#source.env}`;
    return 'file' in this.#source ? `file ${this.#source.file}` : 'configuration file';
  }

  /** Fetches the value; returns what is wrong with it, or null. */
  resolve(lookup: SecretLookup): string | null {
    const value = this.#fetch(lookup);
    if (value instanceof Error) return value.message;
    if (value === '') return `the ${this.origin} is empty`;
    // It is sent in an HTTP header, where a line break would begin another header.
    if (/[^\x20-\x7e]/.test(value)) return `the ${this.origin} holds something other than printable ASCII`;
    this.#value = value;
    return null;
  }

  #fetch({ environment, readFile, resolvePath }: SecretLookup): string | Error {
    if ('inline' in this.#source) return this.#source.inline;
    if ('env' in this.#source)
      return environment[this.#source.env] ?? new Error(`the ${this.origin} is not set`);
    try {
      // Editors end a file with a line feed; it is not part of the secret.
      return readFile(resolvePath(this.#source.file)).replace(/\r?\n$/, '');
    } catch (error) {
      return new Error(`the ${this.origin} cannot be read (${codeOf(error)})`);
    }
  }

  /** The value; throws when it was never looked up. */
  reveal(): string {
    if (this.#value === undefined) throw new Error('the secret was not looked up');
    return this.#value;
  }

  /** Same value, or same source while not looked up. */
  equals(other: Secret): boolean {
    if (this.#value === undefined || other.#value === undefined)
      return this.#value === other.#value && this.origin === other.origin;
    return this.#value === other.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** How a secret is written, for messages. */
export const SECRET_NOTATION = 'expected {env: NAME} or {file: PATH}';

const sourceSchema = z.union(
  [
    z.string().min(1).describe('The secret itself; a warning says that it should not stand here.'),
    z.strictObject({
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable')
        .describe('Name of an environment variable.'),
    }),
    z.strictObject({ file: z.string().min(1).describe('Path of a file that holds nothing else.') }),
  ],
  { error: SECRET_NOTATION },
);

/** A secret in YAML. */
export const secretSchema = sourceSchema.transform(
  (source) => new Secret(typeof source === 'string' ? { inline: source } : source),
);
