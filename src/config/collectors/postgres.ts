// Options of the exporter `postgres`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { commonKeys, deliveryKeys, tlsSchema } from './parts.js';

export const postgresSchema = z.strictObject({
  type: z.literal('postgres').describe('Insert into the tables of a PostgreSQL or Timescale database.'),
  ...commonKeys,
  url: z
    .string()
    .superRefine((url, context) => {
      const message = urlProblem(url);
      if (message !== null) context.addIssue({ code: 'custom', message, path: [], input: url });
    })
    .describe('postgresql://USER@HOST[:PORT]/DATABASE, without the password.'),
  password: secretSchema
    .exactOptional()
    .describe('Password of the user, as {env: NAME} or {file: PATH}. Default: none.'),
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'expected lower-case letters, digits and _, at most 63')
    .default('rtpsonde')
    .describe('Schema in which the tables are.'),
  createTables: z
    .boolean()
    .default(false)
    .describe(
      'Create schema, tables and columns that are missing. The user needs the right to; otherwise apply deploy/postgres/schema.sql.',
    ),
  tls: tlsSchema
    .exactOptional()
    .describe('Speak TLS, and never without; {} trusts the built-in authorities. Default: no TLS.'),
  ...deliveryKeys,
});

/** What is wrong with the URL, or null. Does not repeat it: it may hold a password. */
function urlProblem(text: string): string | null {
  const expected = 'expected postgresql://USER@HOST/DATABASE';
  if (!URL.canParse(text)) return expected;
  const url = new URL(text);
  if (url.protocol !== 'postgresql:' && url.protocol !== 'postgres:') return expected;
  if (url.password !== '') return 'must not hold a password; use `password` for it';
  if (url.search !== '' || url.hash !== '') return 'takes no parameters; use the options for them';
  if (url.hostname === '' || url.username === '' || !/^\/[^/]+$/.test(url.pathname)) return expected;
  return null;
}
