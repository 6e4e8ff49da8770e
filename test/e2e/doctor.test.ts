// `rtpsonde doctor` on a cable of its own: what it finds in real traffic, and that
// following its advice makes a finding go away.
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { diagnosisOf, doctor, rewrite, sourceOf } from './support/doctor-run.js';
import { far, Namespace, near } from './support/namespace.js';
import { rtpsonde } from './support/program.js';
import { notRun, Scratch } from './support/scratch.js';
import { cannotSend } from './support/sender.js';

const TIMEOUT_MS = 120_000;
/** Long enough for what is sent to be seen, on a busy machine too. */
const SECONDS = 6;

const scratch = new Scratch();
let namespace: Namespace | string;

beforeAll(async () => {
  namespace = cannotSend() ?? (await Namespace.open());
});
afterAll(() => {
  if (typeof namespace !== 'string') namespace.close();
  scratch.remove();
});

function place(context: TestContext): Namespace {
  return typeof namespace === 'string' ? notRun(context, namespace) : namespace;
}

const calls = (options: object = {}) =>
  scratch.capture({ calls: 5, durationMs: 3000, codecs: ['PCMA'], ...options });

/** Turns generic receive offload on or off, with ethtool or, without it, by the same ioctl. */
function setGro(inside: Namespace, on: boolean): void {
  const state = on ? 'on' : 'off';
  const program = `
import array, fcntl, socket, struct
value = array.array('B', struct.pack('II', 0x2c, ${on ? 1 : 0}))  # ETHTOOL_SGRO
request = struct.pack('16sP', b'${near}', value.buffer_info()[0])
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8946, request)`;
  if (inside.run(['ethtool', '-K', near, 'gro', state]).status === 0) return;
  const { status, stderr } = inside.run(['python3', '-c', program]);
  if (status !== 0) throw new Error(`GRO cannot be turned ${state}: ${stderr}`);
}

describe('doctor watches real traffic', () => {
  it(
    'calls in both directions: RTP is recognised, nothing is wrong with the mirror',
    async (context) => {
      const inside = place(context);
      const seen = await doctor(inside, { capture: calls(), seconds: SECONDS });
      const levels = [
        'no-packets',
        'no-mirror',
        'no-rtp',
        'mirror-duplicates',
        'packets-cut',
        'one-direction',
      ];
      expect(levels.map((id) => seen.level(id))).toEqual(levels.map(() => 'ok'));
      expect(seen.one('no-rtp').observed).toMatch(/^10 streams, /);
      expect(seen.one('ring-overflowed')).toMatchObject({ level: 'ok' });
      expect(seen.one('merged-frames').observed).toContain('the largest frame has 214 bytes');
      expect(seen.interface).toBe(near);
      expect(seen.code).toBe(seen.exitCode);
    },
    TIMEOUT_MS,
  );

  it(
    'packets that the mirror port delivers twice',
    async (context) => {
      const inside = place(context);
      const capture = calls({ spanCopies: 'routed', rtcpIntervalMs: null });
      const seen = await doctor(inside, { capture, seconds: SECONDS });
      expect(seen.one('mirror-duplicates')).toMatchObject({
        level: 'warning',
        observed: '50 % of the packets are copies',
      });
      expect(seen.code).toBeGreaterThanOrEqual(1);
    },
    TIMEOUT_MS,
  );

  it(
    'one direction of each call alone',
    async (context) => {
      const inside = place(context);
      const capture = calls();
      const sources = new Set<number>();
      rewrite(capture, (frame) => sources.add(sourceOf(frame)).size > 0);
      // The calling ends are in 10.64.0.0/10.
      const half = rewrite(capture, (frame) => sourceOf(frame) >>> 16 === 0x0a40);
      expect([...sources].some((source) => source >>> 16 !== 0x0a40)).toBe(true);
      const seen = await doctor(inside, { capture: half, seconds: SECONDS });
      expect(seen.one('one-direction')).toMatchObject({
        level: 'warning',
        observed: '5 of 5 audio streams without the opposite one',
      });
    },
    TIMEOUT_MS,
  );

  it(
    'VLANs and tunnels',
    async (context) => {
      const inside = place(context);
      const seen = await doctor(inside, { capture: calls({ vlan: [20] }), seconds: SECONDS });
      expect(seen.one('mixture-seen')).toMatchObject({ level: 'ok', observed: 'VLAN 20, no tunnels' });
      const tunnelled = await doctor(inside, {
        capture: calls({ encap: ['vxlan'] }),
        seconds: SECONDS,
      });
      expect(tunnelled.one('mixture-seen')).toMatchObject({
        level: 'note',
        observed: 'no VLAN, 100 % in tunnels',
      });
    },
    TIMEOUT_MS,
  );

  it(
    'nothing but multicast: a port without a mirror session',
    async (context) => {
      const inside = place(context);
      const capture = rewrite(calls(), (frame) => frame.write('01005e000001', 0, 'hex') > 0);
      const seen = await doctor(inside, { capture, seconds: SECONDS });
      expect(seen.one('no-mirror').level).toBe('error');
      expect(seen.code).toBe(2);
    },
    TIMEOUT_MS,
  );

  it(
    'no packets at all, and an interface that is not there',
    async (context) => {
      const inside = place(context);
      const silent = await doctor(inside);
      expect(silent.one('no-packets')).toMatchObject({ level: 'error', observed: 'none in 1 s' });
      expect(silent.code).toBe(2);
      const missing = await rtpsonde(['doctor', '-i', 'rtps7', '--json'], { wrapper: inside.wrapper });
      expect(diagnosisOf(missing).one('interface-missing')).toMatchObject({
        level: 'error',
        observed: `there are: lo, ${far}, ${near}`,
      });
    },
    TIMEOUT_MS,
  );
});

describe('following the advice of doctor', () => {
  it(
    'the commands that it names mend an interface that is down and one that has an address',
    async (context) => {
      const inside = place(context);
      const run = (command: string) => {
        const { status, stderr } = inside.run(['sh', '-c', command]);
        if (status !== 0) throw new Error(`${command}: ${stderr}`);
      };
      for (const { breaking, id, level } of [
        { breaking: `ip link set dev ${near} down`, id: 'interface-down', level: 'error' },
        {
          breaking: `ip address add 192.0.2.1/24 dev ${near}`,
          id: 'interface-has-address',
          level: 'warning',
        },
      ]) {
        run(breaking);
        const finding = (await doctor(inside)).one(id);
        expect(finding.level).toBe(level);
        run(finding.mend);
        expect((await doctor(inside)).one(id).level).toBe('ok');
      }
    },
    TIMEOUT_MS,
  );

  it(
    'GRO that is turned off is no finding any more',
    async (context) => {
      const inside = place(context);
      setGro(inside, true);
      expect((await doctor(inside)).one('gro-on')).toMatchObject({
        level: 'warning',
        observed: 'rx-gro',
        mend: `ethtool -K ${near} rx-gro off`,
      });
      setGro(inside, false);
      expect((await doctor(inside)).one('gro-on').level).toBe('ok');
    },
    TIMEOUT_MS,
  );
});

describe('the command', () => {
  it('tells an ordinary user what right is missing, and looks at the rest', async (context) => {
    // A user namespace of its own has no right in the network namespace around it.
    const result = await rtpsonde(['doctor', '-i', 'lo', '--seconds', '1'], { wrapper: ['unshare', '-U'] });
    if (result.stderr.includes('unshare')) notRun(context, result.stderr);
    expect(result.code).toBe(2);
    expect(result.stdout).toMatch(/^Interface lo, watched for 1 s\n/);
    expect(result.stdout).toContain(
      'error    This process may not capture: no packet socket: Operation not permitted',
    );
    expect(result.stdout).toContain('mend: sudo rtpsonde doctor -i lo\n');
    expect(result.stdout).toMatch(/\n1 error, .*\d+ ok.*\n$/);
    // Not a terminal: no colours.
    expect(result.stdout).not.toContain('\u001b');
  });

  it('reads the configuration, and says what is wrong with it', async () => {
    const good = scratch.config({
      capture: { interface: 'rtps7' },
      export: [
        { type: 'file', path: scratch.path('out.ndjson') },
        { type: 'file', path: scratch.path('missing/out.ndjson') },
        { type: 'http', url: 'https://collector.invalid/x' },
      ],
    });
    const seen = diagnosisOf(await rtpsonde(['doctor', '-c', good, '--json']));
    expect(seen.interface).toBe('rtps7');
    expect(seen.level('config-invalid')).toBe('ok');
    expect(seen.one('collector-unknown').level).toBe('error');
    const outputs = seen.findings.filter(({ id }) => id === 'output-not-writable');
    expect(outputs.filter(({ level }) => level === 'error').map(({ observed }) => observed)).toContain(
      `file-2: ${scratch.path('missing')} does not exist`,
    );
    const bad = scratch.write('bad.yaml', 'capture: {interfce: eth1}\n');
    const wrong = diagnosisOf(await rtpsonde(['doctor', '-c', bad, '--json']));
    expect(wrong.one('config-invalid').observed).toContain('did you mean interface?');
    expect(wrong.level('interface-not-named')).toBe('note');
  });

  it('looks at each of several interfaces, and tells of the machine once', async () => {
    const config = scratch.config({
      capture: { interfaces: ['lo', 'rtps7'] },
      export: [{ type: 'file', path: scratch.path('out.ndjson') }],
    });
    const { stdout, code } = await rtpsonde(['doctor', '-c', config, '--seconds', '1']);
    expect(code).toBe(2);
    const [first, second] = stdout.split('\nInterface rtps7, watched for 1 s\n');
    expect(first).toMatch(/^Interface lo, watched for 1 s\n/);
    expect(first).toContain('(interface-missing)');
    expect(second).toContain('(interface-missing)');
    expect(first).toContain('(config-invalid)');
    expect(second).not.toContain('(config-invalid)');
    const json = await rtpsonde(['doctor', '-i', 'lo', 'rtps7', '--seconds', '1', '--json']);
    const report = JSON.parse(json.stdout) as {
      interfaces: { interface: string; findings: { id: string }[] }[];
    };
    expect(report).toMatchObject({ exitCode: 2, interfaces: [{ interface: 'lo' }, { interface: 'rtps7' }] });
    for (const { findings } of report.interfaces)
      expect(findings.map(({ id }) => id)).toContain('interface-missing');
  });

  it('refuses a time that is none', async () => {
    for (const seconds of ['0', '-1', 'long', ''])
      expect(await rtpsonde(['doctor', '--seconds', seconds])).toMatchObject({ code: 64, stdout: '' });
  });
});
