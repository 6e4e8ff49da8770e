// What has been built from what: lets the second set-up see in a moment that
// there is nothing to do. Everything is compared by content, never by time.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './process.mjs';

export const ADDON = 'build/Release/rtpsonde.node';
export const PROGRAM = 'dist/main.js';

const STAMP = 'node_modules/.cache/rtpsonde-setup.json';
const LOCK = 'package-lock.json';

const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Every file below a folder of the repository, sorted, as paths from the root. */
export function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

function hashOf(paths, ...more) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  for (const text of more) hash.update(`\0${text}`);
  return hash.digest('hex');
}

/** True when node_modules has exactly what the lock file asks for on this platform. */
export function modulesAreInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = readJson(LOCK).packages;
  const found = readJson('node_modules/.package-lock.json').packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    if (found[path] === undefined) return optional === true;
    return found[path].version === version && existsSync(join(root, path));
  });
}

const platform = () => `${process.versions.modules} ${process.arch} ${process.env.CXX ?? ''}`;
const lockedVersion = (name) => readJson(LOCK).packages[`node_modules/${name}`]?.version;

/** The hash of everything that the addon is made of. */
export function nativeHash() {
  const sources = [...filesBelow('native/core'), ...filesBelow('native/addon')].filter((path) =>
    /\.(h|cpp)$/.test(path),
  );
  return hashOf(
    ['binding.gyp', 'native/sources.txt', ...sources],
    platform(),
    lockedVersion('node-addon-api'),
  );
}

/** The hash of everything that dist/ is made of. */
export function programHash() {
  return hashOf(['tsconfig.json', 'tsconfig.build.json', ...filesBelow('src')], lockedVersion('typescript'));
}

/** What was built last: `{native, program}` hashes; empty when nothing was, or when it is gone. */
export function readStamp() {
  try {
    const { native, program } = readJson(STAMP);
    return {
      ...(existsSync(join(root, ADDON)) && { native }),
      ...(existsSync(join(root, PROGRAM)) && { program }),
    };
  } catch {
    return {};
  }
}

export function writeStamp(stamp) {
  mkdirSync(dirname(join(root, STAMP)), { recursive: true });
  writeFileSync(join(root, STAMP), `${JSON.stringify(stamp)}\n`);
}

/** Removes from dist/ what no source makes any more. */
export function pruneProgram() {
  for (const path of filesBelow('dist')) {
    const source = path.replace(/^dist/, 'src').replace(/(\.d\.ts|\.js)(\.map)?$/, '');
    if (!['.ts', '.json', ''].some((end) => existsSync(join(root, source + end)))) rmSync(join(root, path));
  }
}
