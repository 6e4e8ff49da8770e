// The programs of the operating system that a build needs: whether they are
// there, which package has them, and their installation where that is allowed.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { capture, run, StepError, which } from './process.mjs';

const HOUR_MS = 3_600_000;
const LIST_AGE_MS = 24 * HOUR_MS;

/** A compiler that knows C++20 as we use it: g++ 11 or clang 14. */
const COMPILERS = [
  'g++',
  'clang++',
  ...[15, 14, 13, 12, 11].map((v) => `g++-${v}`),
  ...[20, 19, 18, 17, 16, 15, 14].map((v) => `clang++-${v}`),
];

function isCpp20(command) {
  if (which(command) === null) return false;
  const { status, stdout } = capture(command, ['--version']);
  const version = Number(/(\d+)\.\d+/.exec(stdout.replace(/\(.*?\)/g, ''))?.[1]);
  return status === 0 && version >= (stdout.includes('clang') ? 14 : 11);
}

let compiler;
/** The C++ compiler to use: CXX of the environment, g++, clang++ or one with a version in its name; null if none. */
export function findCompiler() {
  compiler ??= [process.env.CXX, ...COMPILERS].find((name) => name && isCpp20(name)) ?? null;
  return compiler;
}

function hasPython() {
  return capture('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0;
}

function hasDoctest() {
  const folders = [
    '/usr/include',
    '/usr/local/include',
    ...(process.env.CPLUS_INCLUDE_PATH ?? '').split(':'),
  ];
  return folders.some((folder) => folder && existsSync(join(folder, 'doctest/doctest.h')));
}

const program = (name, packages) => ({ found: () => which(name) !== null, ...packages });

/** Each tool: how to see it, and the package that has it, by package manager. */
const TOOLS = {
  'a C++20 compiler (g++ 11 or clang++ 14)': {
    found: () => findCompiler() !== null,
    apt: 'g++',
    dnf: 'gcc-c++',
    pacman: 'gcc',
  },
  make: program('make', { apt: 'make', dnf: 'make', pacman: 'make' }),
  'python3 (3.8 or newer)': { found: hasPython, apt: 'python3', dnf: 'python3', pacman: 'python' },
  cmake: program('cmake', { apt: 'cmake', dnf: 'cmake', pacman: 'cmake' }),
  ninja: program('ninja', { apt: 'ninja-build', dnf: 'ninja-build', pacman: 'ninja' }),
  doctest: { found: hasDoctest, apt: 'doctest-dev', dnf: 'doctest-devel', pacman: 'doctest' },
  'clang++-19': program('clang++-19', { apt: 'clang-19' }),
  'the sanitizers of clang 19': {
    found: () => existsSync('/usr/lib/llvm-19/lib/clang/19/lib/linux'),
    apt: 'libclang-rt-19-dev',
  },
  'clang-format-19': program('clang-format-19', { apt: 'clang-format-19' }),
  'clang-tidy-19': program('clang-tidy-19', { apt: 'clang-tidy-19' }),
};
const [COMPILER, , PYTHON] = Object.keys(TOOLS);

/** What each job needs. */
export const needs = {
  addon: [COMPILER, 'make', PYTHON],
  nativeTests: [COMPILER, 'cmake', 'ninja', 'doctest'],
  fuzz: ['cmake', 'ninja', 'clang++-19', 'the sanitizers of clang 19'],
  format: ['clang-format-19'],
  tidy: [COMPILER, 'cmake', 'ninja', 'doctest', 'clang-tidy-19'],
};

/** Those of `names` that are not on this machine. */
export function missingTools(names) {
  return [...new Set(names)].filter((name) => !TOOLS[name].found());
}

const INSTALL = {
  apt: 'apt-get install -y --no-install-recommends',
  dnf: 'dnf install -y',
  pacman: 'pacman -S --needed',
};

/** The one command that installs these tools here, or null where we know no package manager. */
export function installCommand(names) {
  const manager = which('apt-get') ? 'apt' : Object.keys(INSTALL).find((name) => which(name));
  if (manager === undefined) return null;
  const packages = names.map((name) => TOOLS[name][manager]);
  return packages.includes(undefined) ? null : `sudo ${INSTALL[manager]} ${packages.join(' ')}`;
}

/** How to get root without asking anybody: [] as root, sudo without a password, or null. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return which('sudo') && capture('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : null;
}

function listsAreFresh() {
  const folder = '/var/lib/apt/lists';
  if (!existsSync(folder)) return false;
  const ages = readdirSync(folder)
    .filter((name) => /(_Packages|_InRelease)/.test(name))
    .map((name) => Date.now() - statSync(join(folder, name)).mtimeMs);
  return ages.length > 0 && Math.min(...ages) < LIST_AGE_MS;
}

function aptGet(prefix, ...args) {
  const [command, ...rest] = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-q',
    '-o',
    'DPkg::Lock::Timeout=300',
    ...args,
  ];
  run('apt-get', command, rest);
}

/** Installs packages, with lists that know them. Throws StepError. `prefix`: words that make it run as root. */
export function aptInstall(prefix, packages) {
  const install = () => aptGet(prefix, 'install', '-y', '--no-install-recommends', ...packages);
  if (!listsAreFresh()) aptGet(prefix, 'update');
  try {
    install();
  } catch {
    aptGet(prefix, 'update');
    install();
  }
}

/**
 * Sees that the tools are there; installs what is missing where apt and the right to use it are at hand.
 * @returns {string[]} what is still missing
 */
export function ensureTools(names) {
  const missing = missingTools(names);
  const prefix = missing.length > 0 && which('apt-get') ? rootPrefix() : null;
  if (prefix === null) return missing;
  const packages = missing.map((name) => TOOLS[name].apt);
  console.log(`setup: installing ${packages.join(' ')}`);
  try {
    aptInstall(prefix, packages);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.error(`setup: ${error.message}`);
  }
  compiler = undefined;
  return missingTools(names);
}

/** One sentence about what is missing, with the one command that helps. */
export function missingMessage(missing) {
  const command = installCommand(missing);
  return `missing: ${missing.join(', ')}.${command ? ` Run this once:\n  ${command}` : ' Install it with the package manager of this system.'}`;
}
