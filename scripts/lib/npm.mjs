// npm, node-gyp and the running Node's own headers: where they are, and the
// environment in which they download nothing but packages.
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { EXIT_UNAVAILABLE, StepError, which } from './process.mjs';
import { findCompiler } from './system-tools.mjs';

const node = realpathSync(process.execPath);
const nodePrefix = dirname(dirname(node));

/** The prefix under which include/node has the headers of this very Node (same major version), or null. */
export function findNodeHeaders() {
  const major = process.versions.node.split('.')[0];
  const prefixes = [nodePrefix, process.config.variables.node_prefix, '/usr', '/usr/local'];
  for (const prefix of prefixes.filter(Boolean)) {
    const folder = join(prefix, 'include/node');
    if (!existsSync(join(folder, 'node_api.h'))) continue;
    const version = join(folder, 'node_version.h');
    const found =
      existsSync(version) && /^#define NODE_MAJOR_VERSION (\d+)/m.exec(readFileSync(version, 'utf8'))?.[1];
    if (found === major) return prefix;
  }
  return null;
}

/** npm's own script: the npm that runs us, the one beside this Node, or the one on PATH. */
export function findNpm() {
  const onPath = which('npm');
  const candidates = [
    process.env.npm_execpath,
    join(nodePrefix, 'lib/node_modules/npm/bin/npm-cli.js'),
    join(nodePrefix, 'share/nodejs/npm/bin/npm-cli.js'),
    onPath && realpathSync(onPath),
  ];
  const found = candidates.find((path) => path && basename(path) === 'npm-cli.js' && existsSync(path));
  if (!found) throw new StepError('npm is not on this machine; it comes with Node.js', EXIT_UNAVAILABLE);
  return found;
}

/** The node-gyp that npm carries, or null where a distribution has taken it apart. */
export function findNodeGyp() {
  try {
    return createRequire(findNpm()).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    return null;
  }
}

/** node-gyp 12 has a name for its settings that npm does not warn about. */
function nodedirVariable() {
  const gyp = findNodeGyp();
  const source = gyp && join(dirname(gyp), '../lib/node-gyp.js');
  const isNew =
    source && existsSync(source) && readFileSync(source, 'utf8').includes('npm_package_config_node_gyp_');
  return isNew ? 'npm_package_config_node_gyp_nodedir' : 'npm_config_nodedir';
}

function canWrite(folder) {
  if (!existsSync(folder)) return folder !== dirname(folder) && canWrite(dirname(folder));
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The environment for npm, node-gyp and all that they start. `temporary` is to be removed afterwards. */
export function buildEnvironment() {
  const env = { ...process.env };
  const onPath = which('node');
  if (onPath === null || realpathSync(onPath) !== node)
    env.PATH = `${dirname(node)}${delimiter}${env.PATH ?? ''}`;
  const headers = findNodeHeaders();
  if (headers !== null) env[nodedirVariable()] = headers;
  const cxx = findCompiler();
  if (cxx !== null && cxx !== 'g++') {
    env.CXX = cxx;
    env.CC ??= cxx.replace('clang++', 'clang').replace('g++', 'gcc');
  }
  env.JOBS ??= 'max';
  let temporary = null;
  if (!canWrite(env.npm_config_cache ?? join(homedir(), '.npm'))) {
    temporary = mkdtempSync(join(tmpdir(), 'rtpsonde-npm-'));
    env.npm_config_cache = temporary;
  }
  return { env, temporary };
}
