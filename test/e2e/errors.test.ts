// What goes wrong for a user: one clear line on standard error, and an exit code that tells the kinds apart.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { exporterSchema } from '../../src/config/schema-export.js';
import { eventually } from './support/eventually.js';
import { GrowingCapture } from './support/growing-capture.js';
import { program, RunningDaemon, type RunOptions, rtpsonde } from './support/program.js';
import { notRun, readSummaries, Scratch, summariesOf } from './support/scratch.js';

const TIMEOUT_MS = 120_000;

const exporterTypes = exporterSchema.options.map(({ shape }) => shape.type.value).join(', ');

const scratch = new Scratch();
afterAll(() => scratch.remove());

const capture = scratch.capture({ profile: 'mixed', durationMs: 8000 });
const config = (changes: object) =>
  scratch.config({
    capture: { files: [capture] },
    export: [{ type: 'stdout' }],
    log: { level: 'error' },
    ...changes,
  });

/** Runs a command that must fail: its exit code and what it says, with nothing on standard output. */
async function failure(args: readonly string[], options: RunOptions = {}) {
  const { code, stdout, stderr } = await rtpsonde(args, options);
  expect({ args, stdout }).toEqual({ args, stdout: '' });
  return { code, stderr };
}

const line = (text: string) => `rtpsonde: ${text}\n`;

describe('a capture file', () => {
  it('that is missing', async () => {
    expect(await failure(['analyze', '/nowhere/x.pcap'])).toEqual({
      code: 66,
      stderr: line(
        'capture file /nowhere/x.pcap does not exist (No such file or directory) (ERR_CAPTURE_FILE_NOT_FOUND)',
      ),
    });
  });

  for (const [kind, path, what] of [
    ['text', scratch.write('notes.txt', 'hello\n'), 'is text, not a capture file'],
    [
      'compressed',
      scratch.write('x.pcap.gz', gzipSync(readFileSync(capture))),
      'is compressed with gzip; unpack it first with gunzip',
    ],
    ['a directory', scratch.folder, 'is a directory, not a capture file'],
    ['empty', scratch.write('empty.pcap', ''), 'is empty'],
  ] as const) {
    it(`that is ${kind}`, async () => {
      const told = { code: 65, stderr: line(`${path} ${what} (ERR_CAPTURE_FILE_TYPE)`) };
      expect(await failure(['analyze', path])).toEqual(told);
      expect(await failure(['analyze', '--json', capture, path])).toEqual(told);
      expect(await failure(['run', '-c', config({ capture: { files: [path] } })])).toEqual(told);
    });
  }

  it('that may not be read', async (context) => {
    const path = scratch.write('secret.pcap', readFileSync(capture));
    chmodSync(path, 0);
    const wrapper = asNobody(context);
    expect(await failure(['analyze', path], { wrapper })).toEqual({
      code: 77,
      stderr: expect.stringMatching(
        /^rtpsonde: .*secret\.pcap.*: Permission denied.* \(ERR_CAPTURE_FILE_PERMISSION\)\n$/i,
      ),
    });
  });

  it('that breaks off is measured as far as it goes', async () => {
    const path = scratch.write('cut.pcap', readFileSync(capture).subarray(0, 100_000));
    const { code, stdout, stderr } = await rtpsonde(['analyze', '--json', path]);
    expect(code).toBe(65);
    expect(stderr).toMatch(
      /^rtpsonde: \S+cut\.pcap breaks off after packet \d+: the record at byte \d+ has \d+ of \d+ bytes\n$/,
    );
    const packets = Number(/packet (\d+)/.exec(stderr)?.[1]);
    expect(packets).toBeGreaterThan(100);
    expect(summariesOf(stdout).at(-1)).toMatchObject({ kind: 'capture', packets });
    const daemon = await rtpsonde([
      'run',
      '-c',
      config({ capture: { files: [path] }, log: { level: 'warn' } }),
    ]);
    expect(daemon.code).toBe(65);
    expect(JSON.parse(daemon.stderr)).toMatchObject({
      level: 40,
      msg: stderr.slice('rtpsonde: '.length, -1),
    });
  });

  it('from standard input gives what the file gives', async () => {
    const input = readFileSync(capture);
    const args = ['analyze', '--json', '--windows'];
    expect(await rtpsonde([...args, '-'], { input })).toEqual(await rtpsonde([...args, capture]));
    expect(await failure(['analyze', '-'])).toEqual({
      code: 65,
      stderr: line('standard input is empty (ERR_CAPTURE_FILE_TYPE)'),
    });
  });
});

describe('the configuration', () => {
  for (const [what, path, code, told] of [
    ['missing', '/nowhere/x.yaml', 66, 'no such file (ERR_CONFIG_NOT_FOUND)'],
    ['a directory', scratch.folder, 66, 'is a directory (ERR_CONFIG_NOT_FOUND)'],
  ] as const) {
    it(`that is ${what}`, async () => {
      const stderr = line(`${path}: ${told}`);
      expect(await failure(['run', '-c', path])).toEqual({ code, stderr });
      expect(await failure(['check-config', path])).toEqual({ code, stderr });
    });
  }

  it('with faults is refused with a line for each', async () => {
    const path = scratch.write(
      'faults.yaml',
      'capture:\n  interfce: eth1\n  snapLength: yes\nexport:\n  - type: htpp\n',
    );
    const stderr = `${path}:2:3: capture.interfce: unknown key, did you mean interface?
${path}:3:15: capture.snapLength: expected a number, got "yes"
${path}:5:11: export[0].type: expected one of ${exporterTypes}, got "htpp", did you mean http?
`;
    const found = { code: 78, stderr };
    expect(await failure(['run', '-c', path])).toEqual(found);
    expect(await failure(['check-config', path])).toEqual(found);
  });
});

describe('the network interface', () => {
  it('that does not exist', async () => {
    const path = config({ capture: { interface: 'nowhere0', ringMiB: 8 } });
    const { code, stderr } = await failure(['run', '-c', path]);
    expect(code).toBe(69);
    expect(stderr).toMatch(
      /^rtpsonde: there is no network interface "nowhere0"; there are: .*\blo\b.* \(ERR_CAPTURE_INTERFACE\)\n$/,
    );
  });

  it('without the right to capture', async (context) => {
    const path = config({ capture: { interface: 'lo', ringMiB: 8 } });
    const { code, stderr } = await failure(['run', '-c', path], { wrapper: withoutRights(context) });
    expect(code).toBe(77);
    expect(stderr).toMatch(
      /^rtpsonde: capturing needs the right CAP_NET_RAW; start .* \(ERR_CAPTURE_PERMISSION\)\n$/,
    );
  });
});

/** Words that take all capabilities away from the command behind them. */
function withoutRights(context: TestContext): string[] {
  if (process.getuid?.() !== 0) return [];
  const ways = [
    ['setpriv', '--bounding-set=-all', '--inh-caps=-all'],
    ['capsh', '--drop=cap_net_raw', '--', '-c', '"$0" "$@"'],
  ];
  const way = ways.find(
    ([command, ...args]) => spawnSync(command!, [...args, process.execPath, '--version']).status === 0,
  );
  return way ?? notRun(context, 'neither setpriv nor capsh takes rights away');
}

/** Words that run the command behind them as a user without rights, if the tests are run by root. */
function asNobody(context: TestContext): string[] {
  if (process.getuid?.() !== 0) return [];
  const words = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all'];
  const { status } = spawnSync(words[0]!, [...words.slice(1), process.execPath, program, '--version']);
  chmodSync(scratch.folder, 0o755);
  return status === 0 ? words : context.skip('another user cannot run the program from this folder');
}

describe('standard output that is full', () => {
  const full = line('standard output: no space left on device (ERR_OUTPUT_FULL)');
  for (const args of [
    ['analyze', capture],
    ['analyze', '--json', '--windows', capture],
    ['run', '-c', config({ log: { level: 'silent' } })],
    ['check-config', config({})],
    ['mos', '--codec', 'G.711'],
    ['mos', '--list-codecs'],
    ['simulate', scratch.path('small.pcap'), '--calls', '1'],
    ['demo', '--dir', scratch.path('demo'), '--speed', '0', '--calls', '4'],
    ['--help'],
    ['--version'],
  ]) {
    it(`stops ${args.slice(0, 2).join(' ')}`, async () => {
      const stdout = openSync('/dev/full', 'w');
      const { code, stderr } = await rtpsonde(args, { stdout });
      closeSync(stdout);
      expect({ code, stderr }).toEqual({ code: 74, stderr: full });
    });
  }
});

describe('standard output whose reader goes away', () => {
  for (const args of [
    ['analyze', '--json', '--windows', capture],
    ['run', '-c', config({ log: { level: 'silent' } })],
    ['mos', '--list-codecs'],
    ['--help'],
  ]) {
    it(`ends ${args[0]} without a word`, async () => {
      // Closed before a byte of it is read: what `| true` does, in the worst case.
      const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
    });
  }
});

describe('an output file', () => {
  it('of simulate that cannot be written', async () => {
    expect(await failure(['simulate', '/dev/full'])).toEqual({
      code: 74,
      stderr: line('/dev/full: no space left on device (ERR_OUTPUT_FULL)'),
    });
    expect(await failure(['simulate', '/nowhere/x.pcap'])).toEqual({
      code: 73,
      stderr: line('/nowhere/x.pcap: no such file or directory (ERR_OUTPUT)'),
    });
    expect(await failure(['simulate', scratch.folder])).toEqual({
      code: 73,
      stderr: line(`${scratch.folder}: is a directory (ERR_OUTPUT)`),
    });
  });

  it('of the daemon that cannot be opened', async () => {
    expect(
      await failure(['run', '-c', config({ export: [{ type: 'file', path: scratch.folder }] })]),
    ).toEqual({ code: 73, stderr: line(`${scratch.folder}: is a directory (ERR_OUTPUT)`) });
  });

  it(
    'on a disk that stays full costs the daemon 15 s to stop, and an exit code',
    async () => {
      const daemon = new RunningDaemon(
        config({ export: [{ type: 'file', path: '/dev/full' }], log: { level: 'warn' } }),
      );
      await daemon.says('no space left on device; trying again');
      const stopped = performance.now();
      expect(await daemon.stop()).toBe(74);
      expect(performance.now() - stopped).toBeLessThan(40_000);
      expect(daemon.stderr).toMatch(
        /\nrtpsonde: export file: \d+ summaries were not delivered: \/dev\/full: no space left on device \(ERR_OUTPUT_FULL\)\n$/,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'on a disk that is full for a while loses nothing',
    async (context) => {
      const disk = scratch.path('disk');
      mkdirSync(disk);
      const mount = [
        'unshare',
        '-Urm',
        'sh',
        '-c',
        `mount -t tmpfs -o size=128k disk ${disk} && exec "$0" "$@"`,
      ];
      if (spawnSync(mount[0]!, [...mount.slice(1), 'true']).status !== 0)
        return notRun(context, 'no mount namespace with a small disk in it');
      const growing = new GrowingCapture(
        scratch.capture({ calls: 3, durationMs: 6000 }),
        scratch.fresh('.pcap'),
      );
      growing.grow(4.5);
      const out = `${disk}/summaries.ndjson`;
      const filler = `${disk}/filler`;
      const daemon = new RunningDaemon(
        config({
          capture: { files: [growing.path], follow: true },
          measure: { windowSeconds: 1 },
          export: [{ type: 'file', path: out }],
          log: { level: 'warn' },
        }),
        { wrapper: [...mount, 'sh', '-c', `head -c 120k /dev/zero > ${filler}; exec "$0" "$@"`] },
      );
      try {
        await daemon.says('no space left on device; trying again');
        // The disk is only there for the daemon; through /proc others see it.
        const inside = `/proc/${daemon.pid}/root`;
        rmSync(inside + filler);
        const windows = () => readSummaries(inside + out).filter(({ kind }) => kind === 'capture').length;
        await eventually('four windows on the disk', () => windows() === 4);
        const written = readSummaries(inside + out);
        expect(await daemon.stop()).toBe(0);
        expect(written.map(({ kind }) => kind).filter((kind) => kind !== 'capture')).toEqual(
          Array(4 * 6).fill('window'),
        );
      } finally {
        await daemon.kill();
      }
    },
    TIMEOUT_MS,
  );
});

describe('the command line', () => {
  for (const [args, told] of [
    [['bogus'], "unknown command 'bogus'; see rtpsonde --help"],
    [['simulat', 'x'], "unknown command 'simulat' (Did you mean simulate?); see rtpsonde --help"],
    [['--bogus'], "unknown option '--bogus'; see rtpsonde --help"],
    [['analyze'], "missing required argument 'file'; see rtpsonde analyze --help"],
    [['analyze', '--jsn', 'x'], "unknown option '--jsn' (Did you mean --json?); see rtpsonde analyze --help"],
    [['analyze', 'x', '--sort', 'mso'], '--sort mso: expected one of mos, loss, jitter'],
    [['analyze', 'x', '--top', '-1'], '--top -1: expected a whole number, 0 or more'],
    [
      ['analyze', 'x', '--window', '1ms'],
      '--window 1ms: expected a time such as 10s or 500ms, 0.1 to 900 seconds',
    ],
    [['run'], "required option '-c, --config <file>' not specified; see rtpsonde run --help"],
    [['demo', '--speed', '-1'], '--speed -1: a number from 0 to 10000 is wanted'],
    [
      ['mos', '--mode', 'half'],
      "option '--mode <mode>' argument 'half' is invalid. Allowed choices are probe, full; see rtpsonde mos --help",
    ],
  ] as const) {
    it(`${args.join(' ')}`, async () => {
      expect(await failure(args)).toEqual({ code: 64, stderr: line(`${told} (ERR_USAGE)`) });
    });
  }

  it('without a command shows the help', async () => {
    const { code, stderr } = await failure([]);
    expect(code).toBe(64);
    expect(stderr).toBe((await rtpsonde(['--help'])).stdout);
    expect(stderr).toMatch(/^Usage: rtpsonde [\s\S]+\n {2}run [\s\S]+\n {2}analyze /);
  });

  for (const command of ['run', 'check-config', 'analyze', 'mos', 'simulate', 'demo']) {
    it(`${command} --help tells what it does`, async () => {
      const { code, stdout, stderr } = await rtpsonde([command, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^Usage: rtpsonde ${command} .*\\n\\n\\w.+`));
      expect(stdout.split('\n').filter((text) => text.length > 90)).toEqual([]);
    });
  }
});

it('an addon that cannot be loaded', async () => {
  const env = { RTPSONDE_ADDON: scratch.path('none.node') };
  const { code, stderr } = await failure(['analyze', capture], { env });
  expect(code).toBe(69);
  expect(stderr).toMatch(
    /^rtpsonde: the native addon cannot be loaded: .*none\.node.* \(ERR_ADDON_MISSING\)\n$/,
  );
  const notOurs = scratch.path('other.node');
  writeFileSync(notOurs, 'not an addon');
  expect((await failure(['analyze', capture], { env: { RTPSONDE_ADDON: notOurs } })).code).toBe(69);
});
