// Options of the exporter `elasticsearch`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { commonKeys, httpKeys, httpUrlSchema, tokenKey } from './parts.js';

/** What Elasticsearch allows in the name of an index, besides {kind} and {date}. */
const INDEX = /^(?:[a-z0-9]|\{kind\})(?:[a-z0-9._-]|\{kind\}|\{date\})*$/;

export const elasticsearchSchema = z
  .strictObject({
    type: z.literal('elasticsearch').describe('Index into Elasticsearch or OpenSearch by the bulk API.'),
    ...commonKeys,
    url: httpUrlSchema('https://elasticsearch.example:9200').describe(
      'http:// or https:// address of the cluster; `/_bulk` is added to it.',
    ),
    index: z
      .string()
      .max(200)
      .regex(INDEX, 'expected lower-case letters, digits, . _ -, {kind} and {date}')
      .default('rtpsonde-{kind}-{date}')
      .describe(
        'Index, or data stream, for each summary. `{kind}` is windows, streams or captures, `{date}` the UTC day of the summary as 2026.11.21.',
      ),
    token: tokenKey.token.describe('API key in its encoded form, as {env: NAME} or {file: PATH}.'),
    user: z.string().min(1).max(255).exactOptional().describe('User name, instead of an API key.'),
    password: secretSchema.exactOptional().describe('Password of the user, as {env: NAME} or {file: PATH}.'),
    ...httpKeys,
  })
  .superRefine((options, context) => {
    const { user, password, token } = options;
    const problem = (key: string, message: string) =>
      context.addIssue({ code: 'custom', message, path: [key], input: options });
    if ((user === undefined) !== (password === undefined))
      problem('user', '`user` and `password` go together');
    if (user !== undefined && token !== undefined)
      problem('token', 'either `token` or `user` and `password`');
  });
