// Everything between `git clone` and a program that runs: system packages where
// that is allowed, npm packages, the addon, dist/. The second time it does nothing.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildEnvironment, findNodeGyp, findNodeHeaders, findNpm } from './lib/npm.mjs';
import { EXIT_UNAVAILABLE, exitWith, root, run, StepError } from './lib/process.mjs';
import {
  ADDON,
  modulesAreInstalled,
  nativeHash,
  PROGRAM,
  programHash,
  pruneProgram,
  readStamp,
  writeStamp,
} from './lib/state.mjs';
import { ensureTools, missingMessage, missingTools, needs } from './lib/system-tools.mjs';

const say = (text) => console.log(`setup: ${text}`);

/** True when `version` (x.y.z) satisfies a range made of `^x.y.z` and `>=x.y.z` joined by `||`. */
export function satisfies(version, range) {
  const parts = (text) => text.split('.').map((part) => Number.parseInt(part, 10));
  const have = parts(version);
  return range.split('||').some((alternative) => {
    const [, operator, text] = /^(\^|>=)([\d.]+)$/.exec(alternative.trim());
    const want = parts(text);
    if (operator === '^' && have[0] !== want[0]) return false;
    const at = want.findIndex((part, i) => part !== have[i]);
    return at === -1 || have[at] > want[at];
  });
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (satisfies(process.versions.node, engines.node)) return;
  throw new StepError(
    `rtpsonde needs Node.js ${engines.node}; this is ${process.version} (${process.execPath}). Install Node.js 22 or 24 and try again.`,
    EXIT_UNAVAILABLE,
  );
}

/** Installs npm packages by the lock file; their install scripts and our own build the addon. */
function installModules(env) {
  if (findNodeHeaders() === null)
    say('no headers of this Node.js found beside it; node-gyp will download them');
  say('installing npm packages');
  run(
    'npm ci',
    process.execPath,
    [findNpm(), 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=warn'],
    { env },
  );
}

function buildAddon(env) {
  say('building the addon');
  const gyp = findNodeGyp();
  if (gyp !== null) {
    run('node-gyp', process.execPath, [gyp, '--loglevel=warn', 'configure', 'build'], { env });
  } else {
    const full = { ...env, npm_config_build_from_source: 'true' };
    run('the build of the addon', process.execPath, [findNpm(), 'run', 'install'], { env: full });
  }
  if (!existsSync(join(root, ADDON))) throw new StepError(`the build left no ${ADDON}`);
}

function buildProgram() {
  say('compiling TypeScript');
  run('tsc', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
  pruneProgram();
}

const isNewerThan = (path, timeMs) =>
  existsSync(join(root, path)) && statSync(join(root, path)).mtimeMs >= timeMs;

/**
 * Brings the working tree into a state in which rtpsonde runs.
 * @param {{native?: boolean, dev?: boolean}} options `native`: build the addon; `dev`: also look for what the native tests need
 * @returns {{missing: string[]}} tools for the native tests that are not there and could not be installed
 */
export function setup({ native = true, dev = false } = {}) {
  checkNode();
  const installed = modulesAreInstalled();
  const stamp = readStamp();
  const want = { native: nativeHash(), program: programHash() };
  const compiles = native && (!installed || stamp.native !== want.native);
  // One look for everything, so that there is one command to tell.
  const tools = [...(compiles ? needs.addon : []), ...(dev ? needs.nativeTests : [])];
  const missing = ensureTools(tools);
  if (missing.length > 0) {
    const fatal = compiles && missingTools(needs.addon).length > 0;
    if (fatal) throw new StepError(missingMessage(missing), EXIT_UNAVAILABLE);
    say(missingMessage(missing));
  }
  if (installed && !compiles && stamp.program === want.program) return { missing };

  const { env, temporary } = buildEnvironment();
  try {
    const start = Date.now() - 1;
    if (!installed) installModules(env);
    // npm runs our install and prepare scripts, unless it is told not to.
    if (!installed && isNewerThan(ADDON, start)) stamp.native = want.native;
    if (!installed && isNewerThan(PROGRAM, start)) stamp.program = want.program;
    if (native && stamp.native !== want.native) {
      buildAddon(env);
      stamp.native = want.native;
    }
    if (stamp.program !== want.program) {
      buildProgram();
      stamp.program = want.program;
    }
    return { missing };
  } finally {
    if (existsSync(join(root, 'node_modules'))) writeStamp(stamp);
    if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await exitWith(() => {
    const { missing } = setup({
      native: !process.argv.includes('--no-native'),
      dev: process.argv.includes('--dev'),
    });
    if (missing.length === 0) say('ready');
  });
}
