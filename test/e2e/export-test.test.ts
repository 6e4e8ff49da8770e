// `rtpsonde export-test`: one marked summary to a real collector, and what came back.
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summarySchema } from '../../src/summary/schema.js';
import { Collector } from './collector.js';
import { rtpsonde } from './support/program.js';
import { readSummaries, Scratch } from './support/scratch.js';

const scratch = new Scratch();
afterAll(() => scratch.remove());

let collector: Collector;
beforeEach(async () => {
  collector = await Collector.start();
});
afterEach(() => collector.close());

/** Runs it for the exporter `collector`, with more options of the exporter. */
function run(more: object = {}, ...args: string[]) {
  const config = scratch.config({
    probe: { name: 'probe-1' },
    capture: { interface: 'nowhere0' },
    export: [{ type: 'http', name: 'collector', url: collector.url, ...more }],
  });
  return rtpsonde(['export-test', 'collector', '-c', config, ...args]);
}

describe('a collector that', () => {
  it('takes the summary has one that is valid and marked', async () => {
    const { code, stdout, stderr } = await run();
    const [line] = collector.lines;
    const summary = summarySchema.parse(JSON.parse(line ?? ''));
    expect(collector.lines).toHaveLength(1);
    expect(summary).toMatchObject({ kind: 'capture', probe: 'probe-1', id: expect.stringMatching(/^test-/) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(/ in \d+ ms/, ' in N ms')).toBe(
      `collector: POST ${collector.url}, gzip\n  delivered in N ms: capture summary ${summary.id}\n`,
    );
  });

  it('takes no captures gets a stream', async () => {
    await run({ include: ['window', 'stream'] });
    expect(JSON.parse(collector.lines[0] ?? '')).toMatchObject({ kind: 'stream', src: '192.0.2.1' });
  });

  it('refuses the token is told in words, with the exit code, once', async () => {
    collector.otherwise({ status: 401 });
    const { code, stdout } = await run();
    expect(code).toBe(77);
    expect(collector.requests).toHaveLength(1);
    expect(stdout.replace(/after \d+ ms/, 'after N ms')).toBe(
      `collector: POST ${collector.url}, gzip
  not delivered after N ms: ${collector.url} answers 401: it refuses the token or client certificate; records wait (ERR_EXPORT_PERMISSION)
  The daemon would keep the summary, and try again once a minute. Check \`token\` and \`tls\` of the exporter, and the clock of the machine.
`,
    );
  });

  it.each([
    [{ status: 503 }, 69, 'ERR_EXPORT_UNAVAILABLE', 'retry'],
    [{ status: 400 }, 76, 'ERR_EXPORT_REJECTED', 'drop'],
    ['close', 69, 'ERR_EXPORT_UNAVAILABLE', 'retry'],
    ['hang', 69, 'ERR_EXPORT_UNAVAILABLE', 'retry'],
  ] as const)('answers %j, as JSON', async (reply, exitCode, errorCode, remedy) => {
    collector.otherwise(reply);
    const { code, stdout } = await run({ timeoutSeconds: 1 }, '--json');
    expect(code).toBe(exitCode);
    const outcome = JSON.parse(stdout);
    expect(outcome).toMatchObject({
      exporter: 'collector',
      type: 'http',
      kind: 'capture',
      delivered: false,
      warnings: [],
      error: { code: errorCode, remedy },
    });
    expect(outcome.ms).toBeGreaterThanOrEqual(reply === 'hang' ? 900 : 0);
  });

  it('repeats the token in its answer does not get it printed', async () => {
    collector.otherwise({ status: 400, body: 'bad token s3cret-of-the-test' });
    const { stdout, stderr } = await run({ token: 's3cret-of-the-test' }, '--json');
    expect(stdout + stderr).not.toContain('s3cret');
    expect(stdout).toContain('[redacted]');
  });
});

describe('an exporter', () => {
  it('that is not in the configuration: those that are', async () => {
    const config = scratch.config({
      capture: { interface: 'nowhere0' },
      export: [{ type: 'stdout' }, { type: 'http', url: collector.url }],
    });
    const { code, stderr } = await rtpsonde(['export-test', 'kafka', '-c', config]);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: 'rtpsonde: no exporter is named kafka; there are: stdout, http (ERR_USAGE)\n',
    });
  });

  it('to a file writes the line', async () => {
    const path = scratch.path('test.ndjson');
    const config = scratch.config({ capture: { interface: 'nowhere0' }, export: [{ type: 'file', path }] });
    expect((await rtpsonde(['export-test', 'file', '-c', config])).code).toBe(0);
    expect(readSummaries(path)).toHaveLength(1);
  });

  it('to a file that cannot be written: what is wrong', async () => {
    const path = scratch.folder;
    const config = scratch.config({ capture: { interface: 'nowhere0' }, export: [{ type: 'file', path }] });
    const { code, stdout } = await rtpsonde(['export-test', 'file', '-c', config]);
    expect(code).toBe(73);
    expect(stdout).toContain(`${path}: is a directory (ERR_OUTPUT)`);
  });

  it('prometheus whose port is in use: by another program', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const config = scratch.config({
      capture: { interface: 'nowhere0' },
      export: [{ type: 'prometheus', listen: `127.0.0.1:${port}` }],
    });
    const { code, stdout } = await rtpsonde(['export-test', 'prometheus', '-c', config]);
    other.close();
    expect(code).toBe(69);
    expect(stdout).toContain(
      `cannot listen on 127.0.0.1:${port}: another program listens there (ERR_EXPORT_LISTEN)`,
    );
  });
});
