// What an operator does after an outage: looks at what waits, starts the probe
// again, and has a stretch of time sent once more.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../collectors/support/server.js';
import { temporaryFolder } from '../unit/export/support.js';
import { Collector } from './collector.js';
import { root, rtpsonde } from './support/program.js';

const capture = join(root, 'test/captures/gst-pcma.pcap');

function configure(folder: string, port: number, file: string): string {
  const path = join(folder, 'rtpsonde.yaml');
  writeFileSync(
    path,
    `
capture: {files: [${file}]}
spool: {path: spool}
export:
  - {type: http, name: collector, url: 'http://127.0.0.1:${port}/', retry: {initialMs: 10, maxMs: 100}}
log: {format: json}
`,
  );
  return path;
}

interface Shown {
  exporters: {
    name: string;
    waiting: number;
    delivered: number;
    deadLetters: number;
    isConfigured: boolean;
  }[];
}

it('summaries of an outage wait, are shown, are delivered by the next run, and can be replayed', async () => {
  const folder = temporaryFolder();
  const port = await freePort();
  const config = configure(folder, port, capture);
  const show = async () => {
    const { stdout } = await rtpsonde(['spool', '-c', config, '--json']);
    return (JSON.parse(stdout) as Shown).exporters;
  };
  expect((await rtpsonde(['spool', '-c', config])).stdout).toContain('nothing yet');

  const down = await rtpsonde(['run', '-c', config]);
  expect({ code: down.code, log: down.stderr }).toMatchObject({
    code: 0,
    log: expect.stringContaining('stay in the spool') as string,
  });
  const [waiting] = await show();
  expect(waiting).toMatchObject({ name: 'collector', delivered: 0, deadLetters: 0, isConfigured: true });
  const count = waiting?.waiting ?? 0;
  expect(count).toBeGreaterThan(2);
  const text = (await rtpsonde(['spool', '-c', config])).stdout;
  expect(text).toContain(`collector: ${count} summaries wait, the oldest for`);

  const collector = await Collector.start({ port });
  try {
    // Measured again, and with the same ids: the collector tells by them.
    expect((await rtpsonde(['run', '-c', config])).code).toBe(0);
    const ids = collector.lines.map((line) => (JSON.parse(line) as { id: string }).id);
    expect([ids.length, new Set(ids).size]).toEqual([2 * count, count]);
    expect(ids.slice(0, count)).toEqual(ids.slice(count));
    expect(await show()).toMatchObject([{ waiting: 0, delivered: 2 * count }]);

    const range = ['--from', '2026-01-01T00:00Z', '--to', '2126-01-01T00:00Z'];
    const again = await rtpsonde(['spool', 'replay', 'collector', '-c', config, ...range]);
    expect(again).toMatchObject({ code: 0, stdout: `collector: ${2 * count} summaries sent again\n` });
    expect(collector.lines.length).toBe(4 * count);
  } finally {
    await collector.close();
  }
  const refused = await rtpsonde([
    'spool',
    'replay',
    'collector',
    '-c',
    config,
    '--from',
    '2026-01-01T00:00Z',
    '--to',
    '2126-01-01T00:00Z',
  ]);
  expect(refused).toMatchObject({ code: 69, stdout: 'collector: 0 summaries sent again\n' });
  expect(refused.stderr).toContain('connection refused');
});

it.each([
  [
    ['spool', 'replay', 'nobody', '--from', '2026-01-01', '--to', '2026-01-02'],
    'has no exporter nobody; it has collector',
  ],
  [
    ['spool', 'replay', 'collector', '--from', 'yesterday', '--to', '2026-01-02'],
    '--from yesterday: expected a time',
  ],
  [
    ['spool', 'replay', 'collector', '--from', '2026-01-02', '--to', '2026-01-01'],
    '--to must be later than --from',
  ],
])('%j is refused: %s', async (args, why) => {
  const config = configure(temporaryFolder(), 1, capture);
  const { code, stderr } = await rtpsonde([...args, '-c', config]);
  expect({ code, stderr }).toMatchObject({ code: 64, stderr: expect.stringContaining(why) as string });
});
