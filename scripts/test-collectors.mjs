// `npm run test:collectors [-- FILTER...]`: each exporter against the real server
// that it is made for. Servers that Debian has are installed where that is allowed;
// what cannot run is said, and fails in CI.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureServers } from './lib/collector-servers.mjs';
import { root, tee } from './lib/process.mjs';
import { setup } from './setup.mjs';

setup();
ensureServers();
const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-collectors-'));
const report = join(folder, 'report.json');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { status } = await tee(
  process.execPath,
  [
    vitest,
    'run',
    '--config=test/collectors/vitest.config.ts',
    '--reporter=default',
    `--reporter=${join(root, 'scripts/lib/vitest-reporter.mjs')}`,
    ...process.argv.slice(2),
  ],
  { env: { ...process.env, NO_COLOR: '1', RTPSONDE_TEST_REPORT: report } },
);
const { passed, failed, skipped } = JSON.parse(readFileSync(report, 'utf8'));
rmSync(folder, { recursive: true });
for (const { name, why } of skipped) console.log(`NOT RUN: ${name}${why ? `: ${why}` : ''}`);
console.log(`\n${passed} passed, ${failed} failed`);
if (status !== 0) process.exitCode = 1;
