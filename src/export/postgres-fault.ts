// What an error of PostgreSQL means for the batch, by its SQLSTATE
// (PostgreSQL, appendix "PostgreSQL Error Codes").
import type { ErrorCode } from '../ops/errors.js';
import { DeliveryError, type Remedy } from './exporter.js';
import { judgeFailure, type Peer } from './http-answer.js';

interface Verdict {
  code: ErrorCode;
  remedy: Remedy;
  hint: string;
}

const unavailable: Verdict = { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', hint: '' };
const refused: Verdict = { code: 'ERR_EXPORT_REJECTED', remedy: 'split', hint: '' };
const noRight: Verdict = { code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly', hint: '' };
const noTable: Verdict = {
  code: 'ERR_EXPORT_UNAVAILABLE',
  remedy: 'retry-slowly',
  hint: '; apply deploy/postgres/schema.sql or set createTables',
};

/** The first that begins the SQLSTATE counts; the rest is about the moment, and tried again. */
const verdicts: readonly (readonly [state: string, verdict: Verdict])[] = [
  ['28', noRight], // invalid authorization
  ['42501', { ...noRight, hint: '; see the GRANTs at the top of deploy/postgres/schema.sql' }],
  ['3D000', { ...noTable, hint: '; create the database or correct the url' }],
  ['3F000', noTable], // schema
  ['42P01', noTable], // table
  ['42703', noTable], // column
  ['42804', { ...noTable, hint: '; a column has another type than in deploy/postgres/schema.sql' }],
  ['25006', { ...noTable, hint: '; this server is a standby' }], // read only
  ['22', refused], // data exception
  ['23', refused], // integrity constraint
  ['54', refused], // program limit exceeded
  ['P0001', refused], // a trigger of the operator's
];

export function postgresFault(peer: Peer, error: unknown): DeliveryError {
  const state = sqlState(error);
  if (state === null) return judgeFailure(error, peer);
  const { code, remedy, hint } = verdicts.find(([start]) => state.startsWith(start))?.[1] ?? unavailable;
  // A message is one line and holds no row; detail and hint of the server may.
  const message = `${peer.url} answers ${state}: ${(error as Error).message}${hint}`;
  return new DeliveryError(code, message, { remedy, cause: error });
}

/** Tables or columns that are not there. */
export function missingFault(peer: string, schema: string, missing: readonly string[]): DeliveryError {
  const shown =
    missing.slice(0, 3).join(', ') + (missing.length > 3 ? ` and ${missing.length - 3} more` : '');
  return new DeliveryError(
    noTable.code,
    `${peer}: schema ${schema} lacks ${shown}, or the user may not insert there${noTable.hint}`,
    { remedy: noTable.remedy },
  );
}

/** Of an error that the server sent; null for one of the connection. */
function sqlState(error: unknown): string | null {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && severity !== undefined ? code : null;
}
