// Collectors that no package has, built from Go modules of this repository.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root, run, which } from './process.mjs';

/** Programs by the folder of the Go module that they are built from. */
const GO_PROGRAMS = {
  'rtpsonde-otelcol': 'test/collectors/otelcol',
};

/** Where built programs are kept; test/collectors/support/server.ts looks there too. */
const BUILT = join(homedir(), '.cache/rtpsonde/bin');

const notBuilt = () => Object.entries(GO_PROGRAMS).filter(([program, folder]) => !isBuilt(program, folder));

/** Whether something is to be built. */
export const needsGo = () => notBuilt().length > 0;

/** Builds what is missing or older than its sources; says what it could not. */
export function ensureGoPrograms() {
  if (needsGo() && which('go') === null) {
    console.log(`not built, go is missing: ${notBuilt().map(([program]) => program)}`);
    return;
  }
  for (const [program, folder] of notBuilt()) build(program, folder);
}

/** Names the sources of a Go module. */
function sumOf(folder) {
  const hash = createHash('sha256');
  for (const file of readdirSync(join(root, folder)).sort())
    hash.update(readFileSync(join(root, folder, file)));
  return hash.digest('hex');
}

function isBuilt(program, folder) {
  const stamp = join(BUILT, `${program}.sum`);
  const known = existsSync(stamp) && existsSync(join(BUILT, program));
  return known && readFileSync(stamp, 'utf8') === sumOf(folder);
}

function build(program, folder) {
  mkdirSync(BUILT, { recursive: true });
  run(program, 'go', ['build', '-ldflags', '-s -w', '-o', join(BUILT, program), '.'], {
    cwd: join(root, folder),
  });
  writeFileSync(join(BUILT, `${program}.sum`), sumOf(folder));
}
