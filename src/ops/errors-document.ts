// docs/errors.md, written from the catalogue.
import { errorCodes, exitCodes } from './error-codes.js';

/** The whole document. */
export function errorsDocument(): string {
  const exits = Object.entries(exitCodes).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  const errors = Object.entries(errorCodes).map(
    ([code, { exitCode, meaning, whatToDo }]) => `| \`${code}\` | ${exitCode} | ${meaning} | ${whatToDo} |`,
  );
  return `<!-- Generated from src/ops/error-codes.ts by \`npm run generate\`. Do not edit. -->
# Errors

A command that fails prints one line, \`rtpsonde: MESSAGE (CODE)\`, on standard
error and ends with the exit code of its code. A wrong configuration prints one
line for each fault instead. The same codes stand in the log as \`code=\`.

## Exit codes

They follow sysexits.h. When the reader of standard output goes away
(\`rtpsonde analyze ... | head\`), the command ends at once and without a message,
with 141, as a program ended by SIGPIPE does in a shell. Ended by SIGINT or
SIGTERM, \`run\` seals, flushes and ends with 0. \`doctor\` ends with 0, 1 or 2, by the
worst of what it finds ([doctor](doctor.md)).

| exit code | meaning |
| --- | --- |
${exits.join('\n')}

## Codes

| code | exit code | what happened | what to do |
| --- | --- | --- | --- |
${errors.join('\n')}
`;
}
