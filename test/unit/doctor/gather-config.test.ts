// The configuration and where summaries go.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gatherConfig, settingsOf } from '../../../src/doctor/gather/config.js';
import { fakeMachine } from './fake-machine.js';

const MIB = 2 ** 20;

describe('the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-doctor-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (text: string) => {
    const path = join(folder, 'rtpsonde.yaml');
    writeFileSync(path, text);
    return path;
  };
  const GOOD = `capture: {interface: eth1, ringMiB: 64}
measure: {maxStreams: 5000, spanCopies: {mode: strict}}
export:
  - {type: file, path: /var/log/rtpsonde/out.ndjson, rotate: {maxMiB: 10, maxFiles: 3}}
  - {type: http, url: 'https://collector.example/x', token: {env: NOT_SET_ANYWHERE}}
  - {type: http, url: 'http://[2001:db8::1]:8080/x'}
`;
  const status = { uid: 998, gid: 997, mode: 0o750, writable: true, freeBytes: 100 * MIB };
  const passwd = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nrtpsonde:x:998:997::/:/sbin/nologin\n' };

  test('outputs as the service may write them, collectors as names resolve; tokens are left alone', async () => {
    const machine = fakeMachine({
      files: { ...passwd, '/var/log/rtpsonde/out.ndjson': 'x'.repeat(MIB), '/var/log/rtpsonde/other': 'x' },
      folders: { '/var/log/rtpsonde': status },
      hosts: ['2001:db8::1'],
    });
    const { facts, settings } = await gatherConfig(machine, write(GOOD));
    expect(facts).toMatchObject({
      faults: [],
      outputs: [
        {
          exporter: 'file',
          folder: '/var/log/rtpsonde',
          user: 'rtpsonde',
          exists: true,
          writable: true,
          freeBytes: 100 * MIB,
          wantedBytes: 29 * MIB,
        },
      ],
      collectors: [
        { exporter: 'http', host: 'collector.example', resolves: false },
        { exporter: 'http-2', host: '2001:db8::1', resolves: true },
      ],
    });
    expect(facts!.warnings.join()).toContain('cross the network unencrypted');
    expect(settingsOf(settings)).toMatchObject({
      ringBytes: 64 * MIB,
      maxStreams: 5000,
      spanCopies: 'strict',
      snapLength: 128,
    });
  });

  test.each([
    ['its own', { uid: 998, gid: 0, mode: 0o700 }, true],
    ["its group's", { uid: 0, gid: 997, mode: 0o770 }, true],
    ["its group's, to read", { uid: 0, gid: 997, mode: 0o750 }, false],
    ["root's", { uid: 0, gid: 0, mode: 0o755 }, false],
    ["everybody's", { uid: 0, gid: 0, mode: 0o1777 }, true],
  ])('root looks whether the user of the service may write: folder of %s', async (_whose, bits, writable) => {
    const machine = fakeMachine({ files: passwd, folders: { '/var/log/rtpsonde': { ...status, ...bits } } });
    const { facts } = await gatherConfig(machine, write(GOOD));
    expect(facts!.outputs[0]).toMatchObject({ user: 'rtpsonde', writable });
  });

  test('an ordinary user asks for himself', async () => {
    const folders = { '/var/log/rtpsonde': { ...status, writable: false } };
    const machine = fakeMachine({ files: passwd, folders, uid: 1000, user: 'ada' });
    const { facts } = await gatherConfig(machine, write(GOOD));
    expect(facts!.outputs[0]).toMatchObject({ user: 'ada', writable: false });
  });

  test('all faults of one that does not load, and the defaults instead', async () => {
    const { facts, settings } = await gatherConfig(
      fakeMachine({}),
      write('capture: {interfce: eth1}\nexport: []\n'),
    );
    expect(facts!.faults.length).toBeGreaterThan(1);
    expect(facts!.faults.join()).toContain('did you mean interface?');
    expect(settings.capture.ringMiB).toBe(256);
    const missing = await gatherConfig(fakeMachine({}), join(folder, 'none.yaml'));
    expect(missing.facts!.faults[0]).toContain('no such file');
  });
});
