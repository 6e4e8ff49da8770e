// The servers that the exporters are tested against: Debian's where it has them.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChdb } from './chdb.mjs';
import { ensureGoPrograms, needsGo } from './go-programs.mjs';
import { ensureKafka } from './kafka-jars.mjs';
import { which } from './process.mjs';
import { aptInstall } from './system-tools.mjs';

/** Debian packages by a program that they bring. */
const PACKAGES = {
  'clickhouse-server': ['clickhouse-server'],
  influxd: ['influxdb'],
  initdb: ['postgresql', 'postgresql-client'],
  java: ['default-jre-headless'],
  kamailio: ['kamailio', 'kamailio-postgres-modules'],
  mosquitto: ['mosquitto'],
  mvn: ['maven'],
  'nats-server': ['nats-server'],
  pip3: ['python3-pip'],
  prometheus: ['prometheus'],
  rsyslogd: ['rsyslog', 'rsyslog-openssl'],
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

/** Installs, fetches and builds what is missing; says what it could not. */
export function ensureServers() {
  installPackages();
  ensureKafka();
  ensureChdb();
  ensureGoPrograms();
}

/** As root on Debian. */
function installPackages() {
  const missing = Object.entries(PACKAGES)
    .filter(([program]) => which(program, folders()) === null)
    .flatMap(([, names]) => names);
  if (needsGo() && which('go') === null) missing.push('golang-go');
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || which('apt-get') === null) {
    console.log(`not installed: ${missing.join(' ')}`);
    return;
  }
  withoutServices(() => aptInstall([], missing));
}
