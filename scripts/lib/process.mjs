// Running other programs: quietly, with their output passed on, or copied while
// it is passed on. No npm package is used: setup runs before there are any.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** EX_UNAVAILABLE of sysexits.h: something that is needed is not there. */
export const EXIT_UNAVAILABLE = 69;

/** A step failed for a reason that its message tells completely; no stack is shown. */
export class StepError extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The path of a program on PATH, or null. */
export function which(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(':')) {
    const file = join(folder || '.', name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here: look on.
    }
  }
  return null;
}

/** Runs a program and gives what it printed; a program that is missing gives status -1. */
export function capture(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: root, ...options });
  return { status: status ?? -1, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Runs a program with our terminal; throws StepError when it fails. `what` names it for the reader. */
export function run(what, command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options });
  if (error) throw new StepError(`${what} could not be started: ${error.message}`);
  if (signal) throw new StepError(`${what} was ended by ${signal}`);
  if (status !== 0) throw new StepError(`${what} failed (exit code ${status})`);
}

/**
 * Runs a program, passes its output on as it comes and gives all of it at the end.
 * After `timeoutMs` it is ended; `status` is null when a signal ended it.
 */
export function tee(command, args, { timeoutMs = 0, quiet = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = timeoutMs > 0 ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : undefined;
    let output = '';
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.setEncoding('utf8');
      from.on('data', (text) => {
        output += text;
        if (!quiet) to.write(text);
      });
    }
    child.on('error', (error) => resolve({ status: -1, signal: null, output: `${error.message}\n` }));
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, output });
    });
  });
}

/** Runs `main` and turns a StepError into its message and exit code. */
export async function exitWith(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = error.exitCode;
  }
}
