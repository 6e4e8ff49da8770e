// The unit in systemd/: valid, hardened, and in agreement with the code.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const unitFile = fileURLToPath(new URL('../../../systemd/rtpsonde.service', import.meta.url));
const unit = readFileSync(unitFile, 'utf8');

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasAnalyze) console.warn('SKIPPED: systemd-analyze is not installed, the unit is not verified');

const xdpFile = fileURLToPath(new URL('../../../systemd/rtpsonde-xdp.conf', import.meta.url));

/** All values of a setting, in order. */
const settings = (name: string, text = unit) =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map((match) => match[1]!);

describe.skipIf(!hasAnalyze)('systemd-analyze', () => {
  test('verify finds nothing to say', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-unit-'));
    try {
      // verify wants the program itself to exist; Node is elsewhere on some machines.
      const copy = join(folder, 'rtpsonde.service');
      writeFileSync(copy, unit.replaceAll('/usr/bin/node', process.execPath));
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', copy], { encoding: 'utf8' });
      // Faults of other units on the machine are printed too.
      const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('rtpsonde'));
      expect({ status, about }).toEqual({ status: 0, about: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('verify finds nothing to say with the drop-in for AF_XDP', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-unit-'));
    try {
      const copy = join(folder, 'rtpsonde.service');
      writeFileSync(copy, unit.replaceAll('/usr/bin/node', process.execPath));
      mkdirSync(`${copy}.d`);
      copyFileSync(xdpFile, join(`${copy}.d`, 'rtpsonde-xdp.conf'));
      const { stderr } = spawnSync('systemd-analyze', ['verify', copy], { encoding: 'utf8' });
      expect(stderr.split('\n').filter((line) => line.includes('rtpsonde'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('security rates the exposure 2.0 or lower', () => {
    const report = execFileSync('systemd-analyze', ['security', '--offline=true', '--no-pager', unitFile], {
      encoding: 'utf8',
    });
    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(report)?.[1]);
    console.log(`systemd-analyze security: ${exposure}`);
    expect(exposure).toBeLessThanOrEqual(2.0);
  });
});

test('the only capability is CAP_NET_RAW', () => {
  expect([...settings('AmbientCapabilities'), ...settings('CapabilityBoundingSet')]).toEqual([
    'CAP_NET_RAW',
    'CAP_NET_RAW',
  ]);
});

test('AF_XDP has what it needs by its drop-in, and no more', () => {
  const dropIn = readFileSync(xdpFile, 'utf8');
  expect({
    ambient: settings('AmbientCapabilities', dropIn),
    bounding: settings('CapabilityBoundingSet', dropIn),
    families: settings('RestrictAddressFamilies', dropIn),
    calls: settings('SystemCallFilter', dropIn),
    locked: settings('LimitMEMLOCK', dropIn),
  }).toEqual({
    ambient: ['CAP_NET_ADMIN CAP_BPF'],
    bounding: ['CAP_NET_ADMIN CAP_BPF'],
    families: ['AF_XDP'],
    calls: ['bpf'],
    locked: ['infinity'],
  });
});

test('every address family that the daemon needs is allowed', () => {
  expect(settings('RestrictAddressFamilies')).toEqual(['AF_PACKET AF_INET AF_INET6 AF_UNIX AF_NETLINK']);
});

test('V8 may compile: memory is not denied to be executable', () => {
  expect(settings('MemoryDenyWriteExecute')).toEqual([]);
});

test('a wrong configuration is found before the start and before a reload, and not retried by systemd', () => {
  const check = '/usr/bin/node /usr/lib/rtpsonde/dist/main.js check-config /etc/rtpsonde/rtpsonde.yaml';
  expect({
    before: settings('ExecStartPre'),
    start: settings('ExecStart'),
    reload: settings('ExecReload'),
    noRestart: settings('RestartPreventExitStatus'),
  }).toEqual({
    before: [check],
    start: ['/usr/bin/node /usr/lib/rtpsonde/dist/main.js run -c /etc/rtpsonde/rtpsonde.yaml'],
    reload: [check, 'kill -HUP $MAINPID'],
    noRestart: ['64 78'],
  });
});
