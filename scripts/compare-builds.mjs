// The addon of node-gyp and that of cmake-js must measure alike: both analyse one
// simulated capture, and what they print is compared byte for byte.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, exitWith, root, StepError } from './lib/process.mjs';
import { ADDON, PROGRAM } from './lib/state.mjs';

const ADDONS = [ADDON, 'native/build/cmake-js/Release/rtpsonde.node'];
const MAX_OUTPUT = 256 * 1024 * 1024;

function rtpsonde(args, env = process.env) {
  const program = [join(root, PROGRAM), ...args];
  const { status, stdout, stderr } = capture(process.execPath, program, { env, maxBuffer: MAX_OUTPUT });
  if (status !== 0)
    throw new StepError(`rtpsonde ${args.join(' ')} failed (exit code ${status}):\n${stderr}`);
  return stdout;
}

function analyze(addon, file) {
  const path = join(root, addon);
  if (!existsSync(path)) throw new StepError(`${addon} is not built`);
  return rtpsonde(['analyze', '--json', '--windows', file], { ...process.env, RTPSONDE_ADDON: path });
}

await exitWith(() => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-compare-'));
  try {
    const file = join(folder, 'simulated.pcap');
    rtpsonde(['simulate', file]);
    const [one, other] = ADDONS.map((addon) => analyze(addon, file).split('\n'));
    if (one.length < 3) throw new StepError('the simulated capture gave no summaries');
    const at = one.findIndex((line, i) => line !== other[i]);
    if (at === -1 && one.length === other.length) {
      console.log(`both builds give the same ${one.length - 1} lines`);
      return 0;
    }
    console.error(
      `the builds differ in line ${at + 1}:\n  ${ADDONS[0]}: ${one[at]}\n  ${ADDONS[1]}: ${other[at]}`,
    );
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
