// The CMake build of native/ for developers, one folder per preset, and its
// doctest program.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root, run, StepError, tee, which } from './process.mjs';
import { findCompiler } from './system-tools.mjs';

const TEST_TIMEOUT_MS = 15 * 60_000;

/** Where a preset is built. */
export const buildFolder = (preset) => join(root, 'native/build', preset);

/** Configures a preset; a build folder that was moved or made by other tools is made anew. */
export function configure(preset) {
  const env = { ...process.env };
  const cxx = findCompiler();
  if (cxx !== null && cxx !== 'g++') env.CXX = cxx;
  const attempt = () => capture('cmake', ['--preset', preset, '-S', 'native'], { env });
  let result = attempt();
  if (result.status !== 0 && existsSync(buildFolder(preset))) {
    rmSync(buildFolder(preset), { recursive: true });
    result = attempt();
  }
  if (result.status !== 0)
    throw new StepError(`${result.stdout}${result.stderr}\ncmake --preset ${preset} failed`);
}

/** Configures and builds a preset, or one target of it. */
export function build(preset, target = 'all') {
  console.log(`native: building ${preset}`);
  configure(preset);
  run(`the native build (${preset})`, 'cmake', ['--build', buildFolder(preset), '--target', target]);
}

/** Where the program is that prints the RTCP of a capture; test/golden/rtcp.test.ts runs it. */
export const rtcpDump = join(buildFolder('dev'), 'rtpsonde_rtcp_dump');

const SANITIZER_ENV = {
  ASAN_OPTIONS: 'detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  TSAN_OPTIONS: 'halt_on_error=1:second_deadlock_stack=1',
};

/** Environment for a program built with sanitizers; what the caller has set wins. */
export const sanitizerEnvironment = () => ({ ...SANITIZER_ENV, ...process.env });

/** ThreadSanitizer needs the address layout to hold still. */
function withoutRandomLayout(command) {
  const works = which('setarch') !== null && capture('setarch', ['-R', 'true']).status === 0;
  return works ? ['setarch', '-R', command] : [command];
}

/**
 * Runs the doctest program of a preset and reads its closing lines.
 * @returns {Promise<{passed: number, failed: number, output: string}>} a crash counts as one failure
 */
export async function runTests(preset, args = []) {
  const program = join(buildFolder(preset), 'rtpsonde_tests');
  const [command, ...first] = preset === 'tsan' ? withoutRandomLayout(program) : [program];
  const { status, signal, output } = await tee(command, [...first, ...args], {
    env: sanitizerEnvironment(),
    timeoutMs: TEST_TIMEOUT_MS,
  });
  const found = /^\[doctest\] test cases: *\d+ \| *(?<passed>\d+) passed \| *(?<failed>\d+) failed/m.exec(
    output,
  );
  const counts = {
    passed: Number(found?.groups.passed ?? 0),
    failed: Number(found?.groups.failed ?? 0),
    output,
  };
  if (status === 0 || counts.failed > 0) return counts;
  console.error(
    `native: the tests (${preset}) ended with ${signal ?? `exit code ${status}`} and no failed test to show for it`,
  );
  return { ...counts, failed: 1 };
}

/** The sources that are ours to lint: native/sources.txt without comments. */
export function nativeSources() {
  return readFileSync(join(root, 'native/sources.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `native/${line}`);
}
