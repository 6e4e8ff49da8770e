// What `npm start` shows: a table that updates on a terminal, plain lines elsewhere.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { program, rtpsonde } from './support/program.js';
import { notRun, readSummaries, Scratch } from './support/scratch.js';

const TIMEOUT_MS = 120_000;

const scratch = new Scratch();
afterAll(() => scratch.remove());

/** Runs a command on a terminal of its own and gives everything that was written to it. */
function onTerminal(
  context: TestContext,
  columns: number,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): string {
  if (spawnSync('script', ['--version']).status !== 0)
    return notRun(context, 'script of util-linux is not installed');
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const typed = scratch.fresh('.typed');
  const command = `stty cols ${columns} rows 24; ${words}`;
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...plain } = process.env;
  const { status, stderr } = spawnSync('script', ['-qec', command, typed], {
    env: { ...plain, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const text = readFileSync(typed, 'utf8');
  // `script` adds a line about itself at either end.
  return text.slice(text.indexOf('\n') + 1, text.lastIndexOf('\nScript done')).replaceAll('\r\n', '\n');
}

const demoArgs = (folder: string) => ['demo', '--dir', folder, '--speed', '0', '--calls', '24'];

describe('the demonstration', () => {
  it(
    'without a terminal writes a line a window, the last table, and where everything is',
    async () => {
      const folder = scratch.path('plain');
      for (let run = 0; run < 2; run++) {
        const { code, stdout, stderr } = await rtpsonde(demoArgs(folder));
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        const lines = stdout.trimEnd().split('\n');
        const windows = lines.filter((text) =>
          /^Window \d+, \S+ to \S+ UTC: \d+ streams?; (NB|WB|FB) /.test(text),
        );
        expect(windows.length).toBeGreaterThan(5);
        expect(lines.length).toBeLessThan(windows.length + 35);
        expect(stdout).not.toContain('\u001b');
        const summaries = readSummaries(`${folder}/summaries.ndjson`);
        expect(stdout).toContain(`Done. ${summaries.length} summaries went to ${folder}/summaries.ndjson`);
        expect(new Set(summaries.map(({ id }) => id)).size).toBe(summaries.length);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'on a terminal of 80 columns redraws a table that fits, with the scale of each MOS',
    (context) => {
      const folder = scratch.path('tty');
      const text = onTerminal(context, 80, demoArgs(folder));
      expect(text).toContain('\u001b[31m');
      expect(text).toMatch(/\[\d+A/);
      const lines = stripVTControlCharacters(text).split('\n');
      // Paths of this test's folder may be long; a user's are not.
      const long = lines.filter((line) => line.length > 80 && !line.includes(folder));
      expect(long).toEqual([]);
      const table = lines.slice(lines.findLastIndex((line) => line.startsWith('Window ')));
      expect(table.find((line) => line.includes('MOS'))).toMatch(
        / MOS {2}scale .*loss % .*jitter ms .*source/,
      );
      expect(table.filter((line) => /^\d\.\d\d {2}(NB|WB|FB) /.test(line)).length).toBeGreaterThan(0);
      expect(table.filter((line) => /^(NB|WB|FB) {2}\d+ \w+/.test(line)).length).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    'has no colours with NO_COLOR',
    (context) => {
      const text = onTerminal(context, 80, demoArgs(scratch.path('mono')), { NO_COLOR: '1' });
      expect(text).not.toMatch(/\[3\dm/);
    },
    TIMEOUT_MS,
  );
});

describe('the table of analyze', () => {
  it(
    'fits a narrow terminal, says what is missing, and is whole elsewhere',
    async (context) => {
      const capture = scratch.capture({ profile: 'mixed', durationMs: 4000 });
      const narrow = stripVTControlCharacters(onTerminal(context, 80, ['analyze', '--top', '5', capture]));
      const table = narrow.split('\n').slice(0, 6);
      expect(table.filter((line) => line.length > 80)).toEqual([]);
      expect(table[0]).toMatch(/^ MOS {2}scale/);
      expect(narrow).toMatch(
        /\n\d+ columns have no room here; a wider terminal or `\| less -S` shows them\n/,
      );
      const { stdout } = await rtpsonde(['analyze', '--top', '5', capture]);
      expect(stdout.split('\n')[0]).toMatch(/^ MOS {2}scale {2}rating .* SSRC$/);
      expect(stdout).not.toContain('no room');
      expect(onTerminal(context, 220, ['analyze', '--top', '5', capture])).not.toContain('no room');
    },
    TIMEOUT_MS,
  );

  it('shows the worst windows with --windows', async () => {
    const capture = scratch.capture({ calls: 2, durationMs: 4000, lossRatio: 0.05 });
    const { stdout } = await rtpsonde(['analyze', '--windows', '--window', '1s', '--top', '3', capture]);
    const [head, ...rest] = stdout.split('\n');
    expect(head).toContain('window');
    expect(rest.filter((line) => /\b00:00:0\d\b/.test(line)).length).toBe(3);
    expect(stdout).toMatch(/\n\d+ windows of streams, the worst 3 shown \(--top 0 shows all\)\n/);
  });
});
