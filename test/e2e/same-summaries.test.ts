// The same packets give the same summaries, byte for byte, whichever command measures them.
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { rtpsonde } from './support/program.js';
import { realCapture, Scratch } from './support/scratch.js';

const scratch = new Scratch();
afterAll(() => scratch.remove());

const TIMEOUT_MS = 120_000;

async function byAnalyze(files: readonly string[], ...options: string[]): Promise<string> {
  const args = ['analyze', '--json', '--windows', '--probe', 'e2e', ...options, ...files];
  const { stdout, code, stderr } = await rtpsonde(args);
  expect({ code, stderr }).toEqual({ code: stderr === '' ? 0 : 65, stderr });
  return stdout;
}

/** Through the daemon, with a file source and a file exporter. */
async function byRun(files: readonly string[], measure: object = {}): Promise<string> {
  const out = scratch.fresh('.ndjson');
  return byConfig(configOf(files, out, { measure }), out);
}

const configOf = (files: readonly string[], out: string, sections: object) =>
  scratch.config({
    probe: { name: 'e2e' },
    capture: { files },
    ...sections,
    export: [{ type: 'file', path: out }],
    log: { level: 'error' },
  });

async function byConfig(config: string, out: string): Promise<string> {
  const { code, stderr } = await rtpsonde(['run', '-c', config]);
  expect({ code: [0, 65].includes(code), stderr }).toEqual({ code: true, stderr: '' });
  return readFileSync(out, 'utf8');
}

/** The first line that differs, so that a failure shows that and not megabytes. */
function difference(one: string, other: string): { line: number; one?: string; other?: string } | null {
  if (one === other) return null;
  const [a, b] = [one.split('\n'), other.split('\n')];
  const line = a.findIndex((text, i) => text !== b[i]);
  const at = line === -1 ? a.length : line;
  return { line: at + 1, one: a[at] ?? 'nothing', other: b[at] ?? 'nothing' };
}

describe('analyze and run give byte-identical summaries in the same order', () => {
  it(
    'for a simulated capture with a bit of everything, again and again',
    async () => {
      const files = [scratch.capture({ profile: 'mixed', durationMs: 12_000 })];
      const first = await byAnalyze(files);
      expect(first.split('\n').length).toBeGreaterThan(100);
      expect(difference(first, await byRun(files))).toBeNull();
      expect(difference(first, await byAnalyze(files))).toBeNull();
      expect(difference(first, await byRun(files))).toBeNull();
    },
    TIMEOUT_MS,
  );

  it(
    'with windows, time-out and payload types that are not the defaults',
    async () => {
      const files = [scratch.capture({ profile: 'mixed', durationMs: 12_000, seed: 7 })];
      const options = ['--window', '500ms', '--idle', '1s', '--payload-type', '111=opus/48000'];
      const measure = {
        windowSeconds: 0.5,
        idleTimeoutSeconds: 1,
        payloadTypes: { 111: 'opus/48000' },
      };
      expect(difference(await byAnalyze(files, ...options), await byRun(files, measure))).toBeNull();
    },
    TIMEOUT_MS,
  );

  it(
    'with a configuration that says everything otherwise, which analyze --config takes as well',
    async () => {
      const files = [
        scratch.capture({ calls: 4, audio: true, codecs: ['PCMA'], lossRatio: 0.03, durationMs: 12_000 }),
      ];
      const out = scratch.fresh('.ndjson');
      const config = configOf(files, out, {
        measure: {
          ...{ windowSeconds: 2, idleTimeoutSeconds: 3, speechLevel: true, stallSeconds: 1 },
          burstGap: { gmin: 8, method: 'rfc3611-A.2' },
          playout: { profiles: [{ name: 'tight', kind: 'fixed', delayMs: 10, maxMs: 30 }], quality: 'tight' },
          spanCopies: { mode: 'off' },
        },
        quality: { echo: 'full' },
      });
      const told = await byAnalyze(files, '--config', config);
      expect(difference(told, await byConfig(config, out))).toBeNull();
      expect(told).toContain('"profile":"tight"');
      expect(told).toMatch(/"silenceShare":0\.\d/);
      expect(difference(told, await byAnalyze(files))).not.toBeNull();
    },
    TIMEOUT_MS,
  );

  it(
    'for two captures that overlap in time, in whatever order they are named',
    async () => {
      const one = scratch.capture({ calls: 3, durationMs: 10_000, start: '2026-01-01T00:00:00Z' });
      const two = scratch.capture({ calls: 3, durationMs: 10_000, start: '2026-01-01T00:00:04Z', seed: 2 });
      const first = await byAnalyze([one, two]);
      expect(difference(first, await byRun([one, two]))).toBeNull();
      expect(difference(first, await byAnalyze([two, one]))).toBeNull();
    },
    TIMEOUT_MS,
  );

  for (const name of [
    'vlan-rtp-mix.pcapng',
    'frag-ipv4-mix.pcap',
    'rtp-opus-loss.pcapng',
    'sip-rtp-rtcp-mgcp.pcap',
    'reorder-video-rtp.pcap',
    'wrap-video-eemebe.pcap',
    'rtp-null-linktype.pcap',
    'rtp-amrnb-sll.pcap',
    'cisco-mgcp-dtmf-nte.pcapng',
    'webrtc-google-meet.pcapng',
    'fuzz-rtp-mediasoup.pcap',
    'rtp-crash-27382.pcap',
    'neg-tinc.pcap',
  ]) {
    it(
      `for the real capture ${name}`,
      async (context) => {
        const files = [realCapture(name, context)];
        expect(difference(await byAnalyze(files), await byRun(files))).toBeNull();
      },
      TIMEOUT_MS,
    );
  }
});
