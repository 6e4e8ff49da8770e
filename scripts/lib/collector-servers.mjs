// The servers that the exporters are tested against: Debian's where it has them.
import { capture, run, which } from './process.mjs';

/** Debian packages by a program that each brings. Without the services that they would start. */
const PACKAGES = {
  mosquitto: 'mosquitto',
  'nats-server': 'nats-server',
  prometheus: 'prometheus',
};

/** Installs what is missing, as root on Debian; says what it could not. */
export function ensureServers() {
  const missing = Object.entries(PACKAGES)
    .filter(([program]) => which(program) === null)
    .map(([, name]) => name);
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
  apt('install', '-y', '--no-install-recommends', ...missing);
}
