// What ClickHouse's answers mean. It names its errors by a number in the text, and
// their HTTP status differs between versions.
import type { Verdict } from './http-answer.js';
import type { Answer } from './http-post.js';

/** By the number of the exception (ErrorCodes.cpp); those not named are about the moment. */
const verdicts: Readonly<Record<number, Verdict>> = {
  16: outdated('the table lacks a column'),
  60: outdated('the table is missing'),
  81: outdated('the database is missing'),
  115: waiting('it does not know a setting of the insert: insertToken needs ClickHouse 22.2'),
  164: refused('the user may only read'),
  192: refused('it does not know the user'),
  193: refused('the password is wrong'),
  194: refused('it wants a password'),
  497: refused('the user may not insert'),
  516: refused('it refuses user or password'),
  6: unreadable(),
  26: unreadable(),
  27: unreadable(),
  33: unreadable(),
  41: unreadable(),
  53: unreadable(),
  69: unreadable(),
  72: unreadable(),
  117: unreadable(),
  349: unreadable(),
};

function outdated(what: string): Verdict {
  return waiting(`${what}; apply deploy/clickhouse/01-tables.sql of this version`);
}
function waiting(what: string): Verdict {
  return {
    code: 'ERR_EXPORT_UNAVAILABLE',
    remedy: 'retry-slowly',
    says: `refuses the insert: ${what}; records wait`,
  };
}
function refused(what: string): Verdict {
  return {
    code: 'ERR_EXPORT_PERMISSION',
    remedy: 'retry-slowly',
    says: `refuses the insert: ${what}; records wait`,
  };
}
function unreadable(): Verdict {
  return { code: 'ERR_EXPORT_REJECTED', remedy: 'split', says: 'cannot read the rows' };
}

/** The number of the exception that an answer tells of; null when it tells of none. */
export function exceptionIn({ headers, excerpt }: Answer): number | null {
  const header = headers['x-clickhouse-exception-code'];
  const text = typeof header === 'string' ? header : /^Code: (\d+)/.exec(excerpt)?.[1];
  return text === undefined ? null : Number(text);
}

/** What ClickHouse itself says is wrong; null when it says nothing, as a proxy does. */
export function judgeClickHouse(answer: Answer): Verdict | null {
  const exception = exceptionIn(answer);
  if (exception === null) return null;
  if (exception === 117 && answer.excerpt.includes('Unknown field'))
    return outdated('the table lacks a column');
  return (
    verdicts[exception] ?? {
      code: 'ERR_EXPORT_UNAVAILABLE',
      remedy: 'retry',
      says: `answers exception ${exception}`,
    }
  );
}
