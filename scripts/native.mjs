// The native code under its tools:
//   node scripts/native.mjs test dev|asan|tsan [doctest arguments]
//   node scripts/native.mjs fuzz TARGET|all SECONDS [SEED]   npm run fuzz -- rtp 60
//   node scripts/native.mjs fuzz list
//   node scripts/native.mjs fuzz regress [TARGET]     every kept input once
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, buildFolder, runTests, sanitizerEnvironment } from './lib/native-build.mjs';
import { EXIT_UNAVAILABLE, exitWith, root, StepError, tee } from './lib/process.mjs';
import { filesBelow } from './lib/state.mjs';
import { ensureTools, missingMessage, needs } from './lib/system-tools.mjs';

const USAGE = `usage: native.mjs test dev|asan|tsan
       native.mjs fuzz TARGET|all SECONDS [SEED]
       native.mjs fuzz regress [TARGET]
       native.mjs fuzz list`;
const PRESETS = ['dev', 'asan', 'tsan'];
const INPUTS_AT_ONCE = 500;
const LIMITS = ['-timeout=20', '-rss_limit_mb=2048'];

function need(tools) {
  const missing = ensureTools(tools);
  if (missing.length > 0) throw new StepError(missingMessage(missing), EXIT_UNAVAILABLE);
}

async function test(preset, args) {
  if (!PRESETS.includes(preset)) throw new StepError(USAGE, 64);
  need(needs.nativeTests);
  build(preset);
  const { passed, failed } = await runTests(preset, args);
  console.log(`\n${preset}: ${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** Names of the fuzz targets: native/fuzz/fuzz_NAME.cpp. */
function targets() {
  const files = existsSync(join(root, 'native/fuzz')) ? readdirSync(join(root, 'native/fuzz')) : [];
  return files.flatMap((file) => /^fuzz_(\w+)\.cpp$/.exec(file)?.[1] ?? []).sort();
}

function chosen(name) {
  const all = targets();
  if (name === 'all') return all;
  const target = name.replace(/^fuzz_/, '');
  if (!all.includes(target))
    throw new StepError(`no fuzz target ${name}; there are: ${all.join(', ') || 'none'}`, 64);
  return [target];
}

const program = (target) => join(buildFolder('fuzz'), `fuzz_${target}`);
const folders = (target) => ({
  corpus: `native/fuzz/corpus/${target}`,
  work: `native/fuzz/work/${target}`,
  crashes: `native/fuzz/crashes/${target}`,
});

/** The lines of a target's output that say what broke, and with which input. */
const verdictIn = (output) =>
  output
    .split('\n')
    .filter((line) =>
      /does not hold|^==\d+==\s*ERROR|runtime error|^SUMMARY|^Base64|Test unit written/.test(line),
    )
    .join('\n');

/**
 * Looks for new inputs; what breaks the target is left in native/fuzz/crashes/TARGET, to be kept with its fix.
 * @param seed of the mutations, so that one commit is always tried with the same ones; by chance without
 * @returns what broke, null when nothing did
 */
async function fuzz(target, seconds, seed) {
  const { corpus, work, crashes } = folders(target);
  for (const folder of [work, crashes]) mkdirSync(join(root, folder), { recursive: true });
  const args = [
    `-max_total_time=${seconds}`,
    ...LIMITS,
    `-artifact_prefix=${crashes}/`,
    '-print_final_stats=1',
    ...(seed === undefined ? [] : [`-seed=${seed}`]),
  ];
  // libFuzzer writes what it learns into the first folder and only reads the others.
  const inputs = [work, ...[corpus, crashes].filter((folder) => existsSync(join(root, folder)))];
  console.log(`fuzz: ${target} for ${seconds} s`);
  const { status, signal, output } = await tee(program(target), [...args, ...inputs], {
    env: sanitizerEnvironment(),
  });
  if (status === 0) return null;
  return `${target} ended with ${signal ?? `exit code ${status}`}; see ${crashes}/\n${verdictIn(output)}`;
}

/** Runs every kept input once. Gives what broke, null when nothing did. */
async function regress(target) {
  const { corpus, work, crashes } = folders(target);
  mkdirSync(join(root, work), { recursive: true });
  const files = [...filesBelow(corpus), ...filesBelow(crashes)];
  for (let i = 0; i < files.length; i += INPUTS_AT_ONCE) {
    const args = [...LIMITS, `-artifact_prefix=${work}/`, ...files.slice(i, i + INPUTS_AT_ONCE)];
    const { status, output } = await tee(program(target), args, { env: sanitizerEnvironment(), quiet: true });
    if (status !== 0) {
      console.error(output);
      const input = output.match(/^Running: .*$/gm)?.at(-1) ?? '';
      return `${target} fails on a kept input\n${input}\n${verdictIn(output)}`;
    }
  }
  console.log(`fuzz: ${target}: ${files.length} kept inputs passed`);
  return null;
}

async function fuzzCommand(what, argument, seed) {
  if (what === 'list') return console.log(targets().join('\n'));
  const seconds = Number(argument);
  const isWrong = !(seconds > 0) || (seed !== undefined && !/^\d+$/.test(seed));
  if (what === undefined || (what !== 'regress' && isWrong)) throw new StepError(USAGE, 64);
  const names = chosen(what === 'regress' ? (argument ?? 'all') : what);
  need(needs.fuzz);
  build('fuzz');
  const broken = [];
  for (const name of names) {
    const why = (await regress(name)) ?? (what === 'regress' ? null : await fuzz(name, seconds, seed));
    if (why !== null) broken.push(why);
  }
  // At the end once more, where it is found behind all the rest.
  for (const why of broken) console.error(`\nfuzz: ${why}`);
  console.log(`\nfuzz: ${names.length - broken.length} of ${names.length} targets clean`);
  return broken.length > 0 ? 1 : 0;
}

const [command, ...args] = process.argv.slice(2);
await exitWith(() => {
  if (command === 'test') return test(args[0], args.slice(1));
  if (command === 'fuzz') return fuzzCommand(args[0], args[1], args[2]);
  throw new StepError(USAGE, 64);
});
