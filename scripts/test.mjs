// `npm test`: sets up, runs the native tests and the TypeScript tests, tells what
// did not run and why, and closes with `N passed, N failed` over both.
// `npm test -- FILTER...` runs only the TypeScript tests whose path has FILTER in it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build, rtcpDump, runTests } from './lib/native-build.mjs';
import { root, StepError, tee } from './lib/process.mjs';
import { setup } from './setup.mjs';

const inCi = ['true', '1'].includes(process.env.CI ?? '');

/** Lines with which a test says that it, or a part of it, could not run. */
function notRunLines(output) {
  const lines = stripVTControlCharacters(output).split('\n');
  return lines.flatMap((line) => {
    const why = /^\s*(?:NOT RUN|SKIPPED): *(.*)/i.exec(line)?.[1];
    return why === undefined ? [] : [`NOT RUN: ${why.trim()}`];
  });
}

async function nativeTests(missing) {
  if (missing.length > 0) {
    const why = `NOT RUN: all native tests, missing ${missing.join(', ')}`;
    return { passed: 0, failed: inCi ? 1 : 0, notRun: [why] };
  }
  build('dev');
  const { passed, failed, output } = await runTests('dev');
  return { passed, failed, notRun: notRunLines(output) };
}

async function typescriptTests(filters) {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-test-'));
  const report = join(folder, 'report.json');
  try {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const reporter = join(root, 'scripts/lib/vitest-reporter.mjs');
    const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
    const args = [vitest, 'run', '--reporter=default', `--reporter=${reporter}`, ...filters];
    const env = { ...process.env, ...colours, RTPSONDE_TEST_REPORT: report };
    const { status, signal, output } = await tee(process.execPath, args, { env });
    const { passed, failed, skipped } = readReport(report);
    const skips = skipped.map(({ name, why }) => `NOT RUN: ${name}${why ? `: ${why}` : ''}`);
    const crashed = status !== 0 && failed === 0;
    if (crashed)
      console.error(`vitest ended with ${signal ?? `exit code ${status}`} and no failed test to show for it`);
    return { passed, failed: crashed ? 1 : failed, notRun: [...notRunLines(output), ...skips] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: [] };
  }
}

/** Runs one part; what stops it from running counts as a failure. */
async function part(run) {
  try {
    return await run();
  } catch (error) {
    console.error(error instanceof StepError ? error.message : error);
    return { passed: 0, failed: 1, notRun: [] };
  }
}

const filters = process.argv.slice(2);
const onlySome = filters.some((argument) => !argument.startsWith('-'));
const parts = [];
try {
  const { missing } = setup({ dev: !onlySome });
  if (!onlySome) parts.push(await part(() => nativeTests(missing)));
  // An old program would let the tests that run it speak of old code.
  else if (existsSync(rtcpDump)) build('dev', basename(rtcpDump));
  parts.push(await part(() => typescriptTests(filters)));
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  console.error(error.message);
  parts.push({ passed: 0, failed: 1, notRun: [] });
  process.exitCode = error.exitCode;
}

const notRun = [...new Set(parts.flatMap((each) => each.notRun))];
if (onlySome) notRun.unshift('NOT RUN: all native tests, because a filter was given');
if (notRun.length > 0) console.log(`\nWhat did not run:\n${notRun.map((line) => `  ${line}`).join('\n')}`);
const sum = (what) => parts.reduce((total, each) => total + each[what], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
if (sum('failed') > 0) process.exitCode ||= 1;
