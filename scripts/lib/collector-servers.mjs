// The servers that the exporters are tested against: Debian's where it has them,
// others built from Go modules.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { capture, root, run, which } from './process.mjs';

/** Debian packages by a program that each brings. Without the services that they would start. */
const PACKAGES = {
  mosquitto: 'mosquitto',
  'nats-server': 'nats-server',
  prometheus: 'prometheus',
};

/** Programs by the folder of the Go module that they are built from. */
const GO_PROGRAMS = {
  'rtpsonde-otelcol': 'test/collectors/otelcol',
};

/** Where built programs are kept; test/collectors/support/server.ts looks there too. */
const BUILT = join(homedir(), '.cache/rtpsonde/bin');

/** As root finds them, wherever the caller's PATH ends. */
const find = (program) => which(program, `${process.env.PATH ?? ''}:/usr/sbin:/sbin`);

/** Installs and builds what is missing, as root on Debian; says what it could not. */
export function ensureServers() {
  const missing = Object.entries(PACKAGES)
    .filter(([program]) => find(program) === null)
    .map(([, name]) => name);
  const toBuild = Object.entries(GO_PROGRAMS).filter(([program, folder]) => !isBuilt(program, folder));
  if (toBuild.length > 0 && which('go') === null) missing.push('golang-go');
  if (missing.length > 0) install(missing);
  if (toBuild.length > 0 && which('go') === null) {
    console.log(`not built: ${toBuild.map(([program]) => program).join(' ')} (go is missing)`);
    return;
  }
  for (const [program, folder] of toBuild) build(program, folder);
}

function install(packages) {
  if (process.getuid?.() !== 0 || which('apt-get') === null) {
    console.log(`not installed: ${packages.join(' ')}`);
    return;
  }
  const apt = (...args) =>
    run('apt-get', 'env', [
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-q',
      '-o',
      'DPkg::Lock::Timeout=300',
      ...args,
    ]);
  if (capture('apt-cache', ['policy', packages[0]]).stdout.trim() === '') apt('update');
  withoutServices(() => apt('install', '-y', '--no-install-recommends', ...packages));
}

const POLICY = '/usr/sbin/policy-rc.d';

/** Packages of servers start them; what the tests need they start themselves. */
function withoutServices(action) {
  if (existsSync(POLICY)) return action();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return action();
  } finally {
    rmSync(POLICY);
  }
}

/** Names the sources of a Go module. */
function sumOf(folder) {
  const hash = createHash('sha256');
  for (const file of readdirSync(join(root, folder)).sort())
    hash.update(readFileSync(join(root, folder, file)));
  return hash.digest('hex');
}

function isBuilt(program, folder) {
  const stamp = join(BUILT, `${program}.sum`);
  const known = existsSync(stamp) && existsSync(join(BUILT, program));
  return known && readFileSync(stamp, 'utf8') === sumOf(folder);
}

function build(program, folder) {
  mkdirSync(BUILT, { recursive: true });
  run(program, 'go', ['build', '-ldflags', '-s -w', '-o', join(BUILT, program), '.'], {
    cwd: join(root, folder),
  });
  writeFileSync(join(BUILT, `${program}.sum`), sumOf(folder));
}
