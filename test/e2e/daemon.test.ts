// The daemon as it lives: collectors that fail, signals, systemd, memory. It reads
// a capture file that grows, so that no rights are needed and the test sets the pace.
import { closeSync, fstatSync, openSync, readFileSync, renameSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Summary } from '../../src/summary/schema.js';
import { Collector } from './collector.js';
import { eventually } from './support/eventually.js';
import { GrowingCapture } from './support/growing-capture.js';
import { NotifyListener } from './support/notify-listener.js';
import { RunningDaemon, type RunOptions, rtpsonde } from './support/program.js';
import { Relay } from './support/relay.js';
import { notRun, readSummaries, Scratch } from './support/scratch.js';

const TIMEOUT_MS = 120_000;
/** For 300,000 rows, which take a loaded machine minutes. */
const LONG_MS = 300_000;

const scratch = new Scratch();
const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => scratch.remove());

function start(config: string, options: RunOptions = {}): RunningDaemon {
  const daemon = new RunningDaemon(config, options);
  cleanups.push(() => daemon.kill());
  return daemon;
}

async function startCollector(): Promise<Collector> {
  const collector = await Collector.start();
  cleanups.push(() => collector.close());
  return collector;
}

const httpExport = (url: string) => ({
  type: 'http',
  url,
  batchMaxRecords: 20,
  batchMaxSeconds: 0.1,
  retry: { initialMs: 20, maxMs: 200 },
});

/** What `analyze` says about a capture, line by line. */
async function linesOf(capture: string): Promise<string[]> {
  const { stdout } = await rtpsonde(['analyze', '--json', '--windows', '--probe', 'e2e', capture]);
  return stdout.split('\n').slice(0, -1);
}

/** A daemon that follows a growing capture in windows of a second of packet time. */
function follow(changes: { quality?: object; export?: object[]; log?: object } = {}) {
  const capture = new GrowingCapture(
    scratch.capture({ calls: 2, durationMs: 20_000, rampMs: 0 }),
    scratch.fresh('.pcap'),
  );
  const out = scratch.fresh('.ndjson');
  const settings = {
    probe: { name: 'e2e' },
    capture: { files: [capture.path], follow: true },
    measure: { windowSeconds: 1 },
    export: [{ type: 'file', path: out }],
    ...changes,
  };
  return { capture, out, settings, config: scratch.config(settings) };
}

const windowsIn = (path: string) => readSummaries(path).filter(({ kind }) => kind === 'capture').length;
const kindsOf = (summaries: readonly Summary[]) => new Set(summaries.map(({ kind }) => kind));

async function untilWindows(path: string, count: number): Promise<void> {
  await eventually(`${count} windows in ${path}`, () => windowsIn(path) >= count);
}

describe('collectors that fail', () => {
  it(
    'that is down at the start and comes up later gets everything, in order',
    async () => {
      const capture = scratch.capture({ calls: 5, durationMs: 25_000 });
      const collector = await startCollector();
      const relay = await Relay.closed();
      cleanups.push(() => relay.close());
      const daemon = start(
        scratch.config({
          probe: { name: 'e2e' },
          capture: { files: [capture] },
          export: [httpExport(`http://127.0.0.1:${relay.port}/summaries`)],
        }),
      );
      await daemon.says('trying again');
      expect(collector.requests).toEqual([]);
      await relay.open(collector.url);
      expect(await daemon.ended).toBe(0);
      expect(collector.lines).toEqual(await linesOf(capture));
    },
    TIMEOUT_MS,
  );

  it(
    'that answers 500 and 503 before it answers 200 gets everything, in order',
    async () => {
      const capture = scratch.capture({ calls: 5, durationMs: 25_000 });
      const collector = await startCollector();
      collector.reply({ status: 500 }, { status: 500 }, { status: 200 }, { status: 503 }, 'close');
      const daemon = start(
        scratch.config({
          probe: { name: 'e2e' },
          capture: { files: [capture] },
          export: [httpExport(collector.url)],
        }),
      );
      expect(await daemon.ended).toBe(0);
      expect(collector.requests.slice(0, 5).map(({ status }) => status)).toEqual([500, 500, 200, 503, null]);
      expect(collector.lines).toEqual(await linesOf(capture));
    },
    TIMEOUT_MS,
  );

  it(
    'that stays down when the daemon is stopped costs 15 s and an exit code',
    async () => {
      const relay = await Relay.closed();
      const daemon = start(
        scratch.config({
          capture: { files: [scratch.capture({ calls: 1, durationMs: 3000 })] },
          export: [{ name: 'far', ...httpExport(`http://127.0.0.1:${relay.port}/`) }],
        }),
      );
      await daemon.says('trying again');
      const stopped = performance.now();
      expect(await daemon.stop()).toBe(69);
      expect(performance.now() - stopped).toBeLessThan(40_000);
      expect(daemon.stderr).toMatch(
        /\nrtpsonde: export far: 5 summaries were not delivered: .* \(ERR_EXPORT_UNAVAILABLE\)\n$/,
      );
    },
    TIMEOUT_MS,
  );
});

describe('SIGTERM and SIGINT', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(
      `seal what is open on ${signal}, deliver it and end with 0`,
      async () => {
        const { capture, out, config } = follow();
        capture.grow(3.5);
        const daemon = start(config);
        await untilWindows(out, 3);
        daemon.signal(signal);
        expect(await daemon.ended).toBe(0);
        const summaries = readSummaries(out);
        expect(windowsIn(out)).toBe(4);
        const streams = summaries.filter((summary) => summary.kind === 'stream');
        expect(streams.map(({ endReason }) => endReason)).toEqual(Array(4).fill('stopped'));
        expect(summaries.at(-1)).toMatchObject({ kind: 'capture', partial: true, streamsActive: 0 });
        expect(daemon.messages.at(-1)).toBe('stopped');
      },
      TIMEOUT_MS,
    );
  }
});

describe('SIGHUP', () => {
  it(
    'applies quality, export and log at once, and keeps the streams',
    async () => {
      const { capture, out, settings, config } = follow();
      const second = scratch.fresh('.ndjson');
      capture.grow(3.5);
      const daemon = start(config);
      await untilWindows(out, 3);
      scratch.config(
        {
          ...settings,
          quality: { advantageFactor: 7 },
          export: [...settings.export, { type: 'file', name: 'second', path: second, include: ['window'] }],
          log: { level: 'debug' },
        },
        config,
      );
      daemon.signal('SIGHUP');
      await daemon.says('reloaded: quality.advantageFactor, export');
      capture.grow(3);
      await untilWindows(out, 6);
      expect(await daemon.stop()).toBe(0);

      const windows = readSummaries(out).filter((summary) => summary.kind === 'window');
      const factors = windows.map(({ mos }) => mos.assumptions.advantageFactor);
      expect([...new Set(factors)]).toEqual([0, 7]);
      expect(readSummaries(second)).toEqual(windows.filter((_, i) => factors[i] === 7));
      expect(kindsOf(readSummaries(out))).toEqual(new Set(['window', 'stream', 'capture']));
      expect(new Set(windows.map(({ streamId }) => streamId)).size).toBe(4);
    },
    TIMEOUT_MS,
  );

  it(
    'names what needs a restart and leaves it as it is',
    async () => {
      const { capture, out, settings, config } = follow();
      capture.grow(2.5);
      const daemon = start(config);
      await untilWindows(out, 2);
      const capturing = { ...settings.capture, replaySpeed: 2 };
      const changes = { probe: { name: 'other' }, capture: capturing, measure: { windowSeconds: 5 } };
      scratch.config({ ...settings, ...changes }, config);
      daemon.signal('SIGHUP');
      await daemon.says(
        'these changes need a restart: probe.name, capture.replaySpeed, measure.windowSeconds',
      );
      await daemon.says('reloaded: nothing to apply');
      capture.grow(2);
      await untilWindows(out, 4);
      expect(await daemon.stop()).toBe(0);
      expect(new Set(readSummaries(out).map(({ probe }) => probe))).toEqual(new Set(['e2e']));
    },
    TIMEOUT_MS,
  );

  it(
    'opens the file anew that logrotate has moved away, even when the configuration is broken',
    async () => {
      const { capture, out, config } = follow();
      capture.grow(2.5);
      const daemon = start(config);
      await untilWindows(out, 2);
      renameSync(out, `${out}.1`);
      daemon.signal('SIGHUP');
      await daemon.says('reloaded: nothing to apply');
      capture.grow(2);
      await untilWindows(out, 2);

      renameSync(out, `${out}.2`);
      scratch.config({ capture: { file: 'x' }, exports: [] }, config);
      daemon.signal('SIGHUP');
      await daemon.says('reload refused, the old configuration stays');
      expect(daemon.stderr).toContain(`${config}:2:3: capture.file: unknown key, did you mean files?`);
      capture.grow(2);
      await untilWindows(out, 2);
      expect(await daemon.stop()).toBe(0);

      const all = [`${out}.1`, `${out}.2`, out].flatMap(readSummaries);
      const starts = all
        .filter((summary) => summary.kind === 'capture')
        .map(({ windowStart }) => windowStart);
      expect(starts.map((text) => text.slice(17, 19))).toEqual(['00', '01', '02', '03', '04', '05', '06']);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    },
    TIMEOUT_MS,
  );
});

describe('under systemd', () => {
  it(
    'the daemon tells that it is ready, alive, reloading and stopping',
    async (context) => {
      const listener = await NotifyListener.open(scratch.path('notify'));
      if (typeof listener === 'string') return notRun(context, listener);
      cleanups.push(() => listener.close());
      const { capture, config } = follow();
      capture.grow(2.5);
      const daemon = start(config, { env: { NOTIFY_SOCKET: listener.path, WATCHDOG_USEC: '100000' } });
      await listener.hears(/^READY=1\nSTATUS=measuring 1 file/);
      await listener.hears(/^WATCHDOG=1$/, 5);
      await listener.hears(/^STATUS=4 streams, \d+ packets, 0 dropped by the kernel$/);
      daemon.signal('SIGHUP');
      await listener.hears(/^RELOADING=1\nMONOTONIC_USEC=\d+$/);
      await listener.hears(/^READY=1/, 2);
      expect(await daemon.stop()).toBe(0);
      await listener.hears(/^STOPPING=1\nSTATUS=delivering what is queued$/);
      const order = ['READY=1', 'RELOADING=1', 'READY=1', 'STOPPING=1'];
      const told = listener.states.map((state) => state.split('\n')[0]!);
      expect(told.filter((state) => order.includes(state))).toEqual(order);
    },
    TIMEOUT_MS,
  );

  it(
    'the log is lines with a priority, for the journal',
    async () => {
      const { capture, out, config } = follow();
      capture.grow(2.5);
      const log = openSync(scratch.path('journal'), 'w');
      cleanups.push(() => closeSync(log));
      const { dev, ino } = fstatSync(log, { bigint: true });
      const daemon = start(config, { stderr: log, env: { JOURNAL_STREAM: `${dev}:${ino}` } });
      await untilWindows(out, 2);
      expect(await daemon.stop()).toBe(0);
      const lines = readFileSync(scratch.path('journal'), 'utf8').trimEnd().split('\n');
      expect(lines.filter((line) => !/^<6>\S/.test(line))).toEqual([]);
      expect(lines[0]).toMatch(/^<6>measuring 1 file\(s\) version=\S+ source=/);
      expect(lines.at(-1)).toBe('<6>stopped');
    },
    TIMEOUT_MS,
  );
});

describe('memory', () => {
  it(
    'stays where it is over 200 windows of 1500 streams',
    async () => {
      const capture = scratch.capture({ streams: 1500, durationMs: 20_000, ptimeMs: 60, rampMs: 500 });
      const out = scratch.fresh('.ndjson');
      const daemon = start(
        scratch.config({
          capture: { files: [capture] },
          measure: { windowSeconds: 0.1 },
          export: [{ type: 'file', path: out, include: ['capture'] }],
        }),
      );
      const samples: number[] = [];
      await eventually(
        'the end of the capture',
        () => {
          const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
          const kib = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
          if (kib !== undefined) samples.push(Number(kib) / 1024);
          return daemon.messages.includes('stopped');
        },
        LONG_MS,
      );
      expect(await daemon.ended).toBe(0);
      expect(windowsIn(out)).toBeGreaterThanOrEqual(200);
      // All blocks together are 87 MiB.
      const half = Math.floor(samples.length / 2);
      const [before, after] = [Math.max(...samples.slice(0, half)), Math.max(...samples.slice(half))];
      expect({ grownMiB: after - before < 30, before, after }).toEqual({ grownMiB: true, before, after });
    },
    LONG_MS + TIMEOUT_MS,
  );
});
