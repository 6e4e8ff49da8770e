#!/usr/bin/env node
// argv in, exit code out.
import { CommanderError } from 'commander';
import { createProgram } from './cli/main-program.js';
import { describeError, toRtpsondeError } from './ops/errors.js';

const EXIT_USAGE = 64;

try {
  const program = await createProgram(process.argv[2]);
  for (const command of [program, ...program.commands]) command.exitOverride();
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its own message.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  } else {
    const text = describeError(error);
    if (text !== '') process.stderr.write(`${text}\n`);
    process.exitCode = toRtpsondeError(error).exitCode;
  }
}
