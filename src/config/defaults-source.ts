// The defaults of the schema as plain data, for commands that start too often to
// load the schema library for them.
import { configSchema } from './schema.js';

/** Text of src/config/defaults.gen.ts. */
export function defaultsSource(): string {
  // An interface and an exporter have to be named; their defaults come along.
  const { capture, measure, quality } = configSchema.parse({
    capture: { interface: 'none' },
    export: [{ type: 'stdout' }],
  });
  const { interface: _, ...source } = capture;
  return `// Generated from src/config/schema.ts by \`npm run generate\`. Do not edit.
import type { Config } from './schema.js';

/** What a configuration that says nothing amounts to. */
export const defaults: Pick<Config, 'capture' | 'measure' | 'quality'> = ${JSON.stringify({ capture: source, measure, quality }, null, 2)};
`;
}
