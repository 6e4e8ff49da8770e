// The form in which packets come makes no difference: file format, cuts, order of
// the files and standard input give the same summaries of streams, byte for byte.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulate/index.js';
import { rtpsonde } from '../e2e/support/program.js';
import { Scratch } from '../e2e/support/scratch.js';
import { hasTool } from './tshark.js';

const scratch = new Scratch();
afterAll(() => scratch.remove());

const editcap = hasTool('editcap', 'variants of a capture are not made');
const original = scratch.path('original.pcap');

function edit(...args: string[]): void {
  const { status, stderr } = spawnSync('editcap', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** The lines of streams, and of the capture, as they are told for these files. */
async function summaries(files: readonly string[], input?: Buffer): Promise<string[]> {
  const args = ['analyze', '--json', '--windows', '--probe', 'golden', ...files];
  const { code, stdout, stderr } = await rtpsonde(args, input === undefined ? {} : { input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
}

/** The first line that differs, so that a failure shows it and not megabytes. */
function firstDifference(got: readonly string[], wanted: readonly string[]) {
  const at = Array.from({ length: Math.max(got.length, wanted.length) }).findIndex(
    (_, line) => got[line] !== wanted[line],
  );
  return at === -1 ? null : { line: at + 1, got: got[at] ?? null, wanted: wanted[at] ?? null };
}

describe('the same packets give the same summaries', () => {
  let wanted: string[] = [];
  beforeAll(async () => {
    simulate({ profile: 'mixed', durationMs: 15_000, seed: 3 }, original);
    wanted = await summaries([original]);
    expect(wanted.filter((line) => line.startsWith('{"kind":"stream"')).length).toBeGreaterThan(60);
  });

  it('through standard input', async () => {
    const got = await summaries(['-'], readFileSync(original));
    expect(firstDifference(got, wanted)).toBeNull();
  });

  it.skipIf(!editcap)('as pcapng, from a file and through standard input', async () => {
    const pcapng = scratch.path('original.pcapng');
    edit('-F', 'pcapng', original, pcapng);
    expect(readFileSync(pcapng).readUInt32BE(0)).toBe(0x0a0d0d0a);
    expect(firstDifference(await summaries([pcapng]), wanted)).toBeNull();
    expect(firstDifference(await summaries(['-'], readFileSync(pcapng)), wanted)).toBeNull();
  });

  for (const format of ['nsecpcap', 'pcapng']) {
    it.skipIf(!editcap)(`cut into many ${format} files, named in any order`, async () => {
      edit('-F', format, '-c', '4000', original, scratch.path(`${format}-piece.pcap`));
      const pieces = readdirSync(scratch.folder)
        .filter((name) => name.startsWith(`${format}-piece`))
        .sort()
        .map((name) => scratch.path(name));
      expect(pieces.length).toBeGreaterThanOrEqual(8);
      const shuffled = pieces.map((_, i) => pieces[(i * 5 + 3) % pieces.length]!);
      expect(firstDifference(await summaries([...new Set([...shuffled, ...pieces])]), wanted)).toBeNull();
      expect(firstDifference(await summaries(pieces.toReversed()), wanted)).toBeNull();
    });
  }
});
