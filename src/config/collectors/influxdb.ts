// Options of the exporter `influxdb`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { commonKeys, httpKeys, httpUrlSchema, tokenKey } from './parts.js';

const name = z.string().min(1).max(255).exactOptional();

/** Columns that may be tags. Those behind `interface` have as many values as there are streams or addresses. */
export const influxTags = [
  'probe',
  'codec',
  'media',
  'mos_scale',
  'mos_rating',
  'damage_side',
  'interface',
  'stream_id',
  'pair_id',
  'ssrc',
  'src_address',
  'dst_address',
] as const;

export const influxdbSchema = z
  .strictObject({
    type: z.literal('influxdb').describe('Write points to InfluxDB 1.x, 2.x or what speaks as they do.'),
    ...commonKeys,
    url: httpUrlSchema('http://influxdb.example:8086').describe(
      'http:// or https:// address of the server; the path of the API is added to it.',
    ),
    database: name.describe('Database (1.x). Goes with `user` and `password`.'),
    retentionPolicy: name.describe('Retention policy of it. Default: that of the database.'),
    user: name.describe('User name (1.x).'),
    password: secretSchema
      .exactOptional()
      .describe('Password of the user (1.x), as {env: NAME} or {file: PATH}.'),
    org: name.describe('Organisation (2.x).'),
    bucket: name.describe('Bucket (2.x). Goes with `org` and `token`.'),
    token: tokenKey.token.describe('API token (2.x), as {env: NAME} or {file: PATH}.'),
    tags: z
      .array(z.enum(influxTags))
      .default(['probe', 'codec', 'media', 'mos_scale', 'mos_rating', 'interface'])
      .describe(
        'Columns that are tags, besides `probe`. Every combination of values is a series that the server keeps in memory: think twice about `stream_id`, `pair_id`, `ssrc` and addresses.',
      ),
    ...httpKeys,
  })
  .superRefine((options, context) => {
    const problem = (key: string, message: string) =>
      context.addIssue({ code: 'custom', message, path: [key], input: options });
    const { database, bucket, org, user, password } = options;
    if ((database === undefined) === (bucket === undefined))
      problem('database', 'either `database` (1.x) or `org` and `bucket` (2.x) is needed');
    if ((bucket === undefined) !== (org === undefined)) problem('org', '`org` and `bucket` go together');
    if ((user === undefined) !== (password === undefined))
      problem('user', '`user` and `password` go together');
    const other = database === undefined ? (['retentionPolicy', 'user'] as const) : (['token'] as const);
    for (const key of other)
      if (options[key] !== undefined)
        problem(key, database === undefined ? 'is for 1.x, with `database`' : 'is for 2.x, with `bucket`');
  });
