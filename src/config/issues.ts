// Puts zod's findings into sentences: what was expected, what came instead, and
// what was probably meant.
import type { core } from 'zod';
import { childOf, knownKeys, sectionsWith } from './json-schema.js';
import { SECRET_NOTATION } from './secret.js';
import { isSecretPath } from './secret-paths.js';
import { suggest } from './suggest.js';

/** A finding without its line yet. */
export interface Finding {
  path: PropertyKey[];
  /** Whether the key or its value is to blame. */
  at: 'key' | 'value';
  message: string;
}

/** `export[1].url`, `quality.codecs["G.729"]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    const key = String(segment);
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** The findings of one zod issue; `input` is the whole plain YAML value. */
export function explain(issue: core.$ZodIssue, input: unknown): Finding[] {
  const { path } = issue;
  const value = path.reduce<unknown>(childOf, input);
  const found = (message: string): Finding[] => [{ path, at: 'value', message }];

  switch (issue.code) {
    case 'unrecognized_keys':
      // Someone may have put the secret itself where a key belongs.
      if (isSecretPath(path)) return found(SECRET_NOTATION);
      return issue.keys.map((key) => ({
        path: [...path, key],
        at: 'key',
        message: unknownKey(key, path, input),
      }));
    case 'invalid_key':
      return [{ path, at: 'key', message: issue.issues[0]?.message ?? 'this key is not possible' }];
    case 'invalid_type':
      if (value === undefined) return found('is missing');
      return found(
        `expected ${expectedWords[issue.expected] ?? issue.expected}, got ${describe(value, path)}${hint(issue.expected, value)}`,
      );
    case 'invalid_value':
      if (value === undefined) return found(`is missing: ${oneOf(issue.values)}`);
      return found(
        `expected ${oneOf(issue.values)}, got ${describe(value, path)}${didYouMean(value, issue.values)}`,
      );
    case 'too_small':
      return found(
        bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum, value),
      );
    case 'too_big':
      return found(
        bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum, value),
      );
    case 'invalid_union': {
      const types = discriminators(issue);
      if (types === null) return found(`${issue.message}, got ${describe(value, path)}`);
      if (value === undefined) return found(`is missing: ${oneOf(types)}`);
      return found(`expected ${oneOf(types)}, got ${describe(value, path)}${didYouMean(value, types)}`);
    }
    default:
      return found(issue.message);
  }
}

function discriminators(issue: core.$ZodIssueInvalidUnion): unknown[] | null {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : null;
}

function unknownKey(key: string, path: readonly PropertyKey[], input: unknown): string {
  const known = knownKeys(path, input).filter(
    (name) => childOf(path.reduce<unknown>(childOf, input), name) === undefined,
  );
  const near = suggest(key, known);
  if (near !== null) return `unknown key, did you mean ${near}?`;
  const sections = sectionsWith(key);
  return sections.length === 0
    ? 'unknown key'
    : `unknown key here; it belongs under ${sections.join(' or ')}`;
}

const expectedWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

/** What stands there, in words; never the value of a secret. */
function describe(value: unknown, path: readonly PropertyKey[]): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (isSecretPath(path)) return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  if (typeof value !== 'string') return String(value);
  const shown = value.length > 40 ? `${value.slice(0, 40)}...` : value;
  return JSON.stringify(shown);
}

function hint(expected: string, value: unknown): string {
  if (expected === 'boolean' && typeof value === 'string' && /^(yes|no|on|off)$/i.test(value))
    return ` (YAML 1.2 reads ${value} as a text)`;
  if (expected === 'string' && ['number', 'boolean'].includes(typeof value)) return ' (put it in quotes)';
  if (
    ['number', 'int'].includes(expected) &&
    typeof value === 'string' &&
    /^\s*-?\d+(\.\d+)?\s*$/.test(value)
  )
    return ' (write it without quotes)';
  return '';
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

function didYouMean(value: unknown, values: readonly unknown[]): string {
  const near = typeof value === 'string' ? suggest(value, values.map(String)) : null;
  return near === null ? '' : `, did you mean ${near}?`;
}

function bound(origin: string, words: string, limit: number | bigint, value: unknown): string {
  if (origin === 'array') return `must have ${words} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string')
    return limit === 1 ? 'must not be empty' : `must have ${words} ${limit} characters`;
  return `must be ${words} ${limit}, is ${String(value)}`;
}
