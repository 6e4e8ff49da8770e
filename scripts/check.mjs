// `npm run check`: every gate that needs no test run. All of them run; the table
// at the end tells which failed. What could not run is said, and fails in CI.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { clockFaults, includeFaults, machineFaults } from './lib/house-rules.mjs';
import { configure, nativeSources } from './lib/native-build.mjs';
import { root, StepError, tee } from './lib/process.mjs';
import { unknownCommands } from './lib/readme-commands.mjs';
import { filesBelow } from './lib/state.mjs';
import { ensureTools, missingMessage, needs } from './lib/system-tools.mjs';
import { setup } from './setup.mjs';

const inCi = ['true', '1'].includes(process.env.CI ?? '');

/** Outcome of one gate: output is shown when it failed; `notRun` tells what was missing. */
const passed = { ok: true, output: '' };
const fromFaults = (faults) => ({ ok: faults.length === 0, output: faults.join('\n') });

async function command(program, ...args) {
  const { status, output } = await tee(program, args, { quiet: true });
  return { ok: status === 0, output };
}

const node = (script, ...args) => command(process.execPath, join(root, script), ...args);

/** Runs `gate` when the tools are there, or can be had. */
async function withTools(tools, gate) {
  const missing = ensureTools(tools);
  return missing.length > 0 ? { ok: !inCi, notRun: missingMessage(missing), output: '' } : gate();
}

function clangFormat() {
  const files = ['core', 'addon', 'test', 'fuzz', 'bench']
    .flatMap((folder) => filesBelow(`native/${folder}`))
    .filter((path) => /\.(h|cpp)$/.test(path) && !path.endsWith('.gen.h'));
  return files.length === 0 ? passed : command('clang-format-19', '--dry-run', '-Werror', ...files);
}

async function clangTidy() {
  configure('dev');
  const files = nativeSources().filter((path) => path.startsWith('native/core/'));
  const failures = [];
  const worker = async () => {
    for (let file = files.shift(); file !== undefined; file = files.shift()) {
      const { ok, output } = await command(
        'clang-tidy-19',
        '-p',
        'native/build/dev',
        '--quiet',
        '--warnings-as-errors=*',
        file,
      );
      if (!ok) failures.push(output);
    }
  };
  await Promise.all(cpus().map(worker));
  return { ok: failures.length === 0, output: failures.join('\n') };
}

function prepare() {
  setup();
  return passed;
}

const gates = [
  ['set-up', prepare],
  [
    'biome',
    () =>
      node('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=50'),
  ],
  ['tsc', () => node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json')],
  ['clang-format', () => withTools(needs.format, clangFormat)],
  ['clang-tidy', () => withTools(needs.tidy, clangTidy)],
  ['generated files', () => node('scripts/generate.mjs', '--check')],
  ['C++ includes', () => fromFaults(includeFaults())],
  ['packet time', () => fromFaults(clockFaults())],
  ['machine paths', () => fromFaults(machineFaults())],
  ['shown commands', () => fromFaults(unknownCommands())],
];

/** A gate that cannot even run has failed. */
async function outcome(gate) {
  try {
    return await gate();
  } catch (error) {
    return { ok: false, output: error instanceof StepError ? error.message : error.stack };
  }
}

const rows = [];
for (const [name, gate] of gates) {
  const start = performance.now();
  const result = await outcome(gate);
  if (!result.ok && result.output) console.log(`\n== ${name}\n${result.output.trimEnd()}`);
  rows.push([name, result, (performance.now() - start) / 1000]);
}

console.log('');
for (const [name, { ok, notRun }, seconds] of rows) {
  const word = notRun ? 'NOT RUN' : ok ? 'ok' : 'FAILED';
  console.log(
    `${name.padEnd(16)} ${word.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s${notRun ? `  ${notRun}` : ''}`,
  );
}
if (rows.some(([, { ok }]) => !ok)) process.exitCode = 1;
