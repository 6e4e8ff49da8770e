// The servers that the exporters are tested against: Debian's where it has them.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, run, which } from './process.mjs';

/** Debian packages by a program that they bring. */
const PACKAGES = {
  initdb: ['postgresql', 'postgresql-client'],
  kamailio: ['kamailio', 'kamailio-postgres-modules'],
  sipp: ['sip-tester'],
};

/** Programs are looked for here as well: not all servers are in everybody's PATH. */
function folders() {
  const postgres = '/usr/lib/postgresql';
  const versions = existsSync(postgres) ? readdirSync(postgres) : [];
  const bins = versions.map((version) => join(postgres, version, 'bin'));
  return [process.env.PATH ?? '', '/usr/sbin', ...bins].join(':');
}

/** While it stands, packages that are installed start no services: each test starts its own server. */
const NO_SERVICES = '/usr/sbin/policy-rc.d';

function withoutServices(install) {
  if (existsSync(NO_SERVICES)) return install();
  writeFileSync(NO_SERVICES, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(NO_SERVICES);
  }
}

/** Installs what is missing, as root on Debian; says what it could not. */
export function ensureServers() {
  const missing = Object.entries(PACKAGES)
    .filter(([program]) => which(program, folders()) === null)
    .flatMap(([, names]) => names);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || which('apt-get') === null) {
    console.log(`not installed: ${missing.join(' ')}`);
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
  if (capture('apt-cache', ['policy', missing[0]]).stdout.trim() === '') apt('update');
  withoutServices(() => apt('install', '-y', '--no-install-recommends', ...missing));
}
