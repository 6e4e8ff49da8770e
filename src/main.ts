#!/usr/bin/env node
// argv in, exit code out.
import { CommanderError } from 'commander';
import { createProgram } from './cli/main-program.js';
import { describeError, outputError, type RtpsondeError, toRtpsondeError } from './ops/errors.js';

const EXIT_USAGE = 64;

let outputFault: RtpsondeError | undefined;

function fail(error: unknown): void {
  const text = describeError(error);
  if (text !== '') process.stderr.write(`${text}\n`);
  process.exitCode = toRtpsondeError(error).exitCode;
}

// Told once, whoever wrote; a command that writes much also sees it and ends.
process.stdout.on('error', (error) => {
  if (outputFault !== undefined) return;
  outputFault = outputError('standard output', error);
  fail(outputFault);
});
process.stderr.on('error', () => {});
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit();
});

try {
  const program = await createProgram(process.argv[2]);
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help; with an exit code when it was not asked for.
    if (error.exitCode !== 0) process.exitCode ??= EXIT_USAGE;
  } else if (toRtpsondeError(error).code !== outputFault?.code) {
    fail(error);
  }
}
