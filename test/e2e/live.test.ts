// The daemon on a network interface: what is sent over a cable is measured as the
// same packets from a file, and not one goes missing without a word.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { CaptureSummary, StreamSummary, Summary } from '../../src/summary/schema.js';
import { accountedFor, capturesOf, expectExact, streamsOf, sum, windowsOf } from './support/accounting.js';
import { eventually } from './support/eventually.js';
import { Namespace, near } from './support/namespace.js';
import { RunningDaemon, root, rtpsonde } from './support/program.js';
import { compileCollector, RemoteCollector } from './support/remote-collector.js';
import { notRun, readSummaries, Scratch, summariesOf } from './support/scratch.js';
import { cannotSend, cannotSendTimed, send, sendTimed } from './support/sender.js';

const TIMEOUT_MS = 180_000;
const TOKEN = 'a-secret';

const scratch = new Scratch();
let namespace: Namespace | string;
let collectorProgram: string;
const running: RunningDaemon[] = [];

let rootNamespace: Namespace | string;

beforeAll(async () => {
  namespace = cannotSend() ?? (await Namespace.open());
  rootNamespace = cannotSendTimed() ?? (await Namespace.open(false));
  collectorProgram = compileCollector(scratch.path('collector'));
});
afterEach(async () => {
  for (const daemon of running.splice(0)) await daemon.kill();
});
afterAll(() => {
  if (typeof namespace !== 'string') namespace.close();
  if (typeof rootNamespace !== 'string') rootNamespace.close();
  scratch.remove();
});

function place(context: TestContext, which: Namespace | string = namespace): Namespace {
  return typeof which === 'string' ? notRun(context, which) : which;
}

async function startDaemon(config: string, inside: Namespace): Promise<RunningDaemon> {
  const env = { RTPSONDE_COLLECTOR_TOKEN: TOKEN };
  const daemon = new RunningDaemon(config, { wrapper: inside.wrapper, env });
  running.push(daemon);
  await daemon.isMeasuring();
  return daemon;
}

/** The example of the repository as an operator would fill it in: interface, paths, collector. */
function exampleConfig(out: string, url: string): string {
  const text = readFileSync(join(root, 'config/rtpsonde.example.yaml'), 'utf8');
  const [before, after] = text.split('  #- type: http') as [string, string];
  const end = after.indexOf('\n\n');
  const [http, rest] = [after.slice(0, end), after.slice(end)];
  const uncommented = `  - type: http${http.replaceAll(/^ {2}#/gm, '  ')}`.replace(
    /^ {4}tls:\n(?: {6}.*\n)*/m,
    '',
  );
  return `${before}${uncommented}${rest}`
    .replace('interface: eth1', `interface: ${near}`)
    .replace('ringMiB: 256', 'ringMiB: 64')
    .replace('windowSeconds: 10', 'windowSeconds: 1')
    .replace('/var/log/rtpsonde/summaries.ndjson', out)
    .replace('/var/lib/rtpsonde/spool', scratch.path('spool'))
    .replace('https://collector.example/summaries', url);
}

/** A configuration with a file exporter, for tests that look at one thing. */
function liveConfig(out: string, capture: object = {}): string {
  return scratch.config({
    capture: { interface: near, ringMiB: 32, ...capture },
    measure: { windowSeconds: 0.5 },
    export: [{ type: 'file', path: out }],
  });
}

/** What does not depend on when packets come, of each stream, in an order of its own. */
function countsOf(streams: readonly StreamSummary[]) {
  const counts = streams.map(
    ({ ssrc, src, srcPort, dst, dstPort, packets, octets, expected, lost, cumulativeLost, ...more }) => ({
      ...{ ssrc, src, srcPort, dst, dstPort, packets, octets, expected, lost, cumulativeLost },
      duplicates: more.duplicates,
      reordered: more.reordered,
      reorderExtentMax: more.reorderExtentMax,
      lossRuns: more.lossRuns,
      restarts: more.restarts,
      sequenceErrors: more.sequenceErrors,
      firstSequence: more.firstSequence,
      lastSequence: more.lastSequence,
      markers: more.markers,
      payloadTypes: more.payloadTypes,
      payloadTypeChanges: more.payloadTypeChanges,
      comfortNoisePackets: more.comfortNoisePackets,
      telephoneEventPackets: more.telephoneEventPackets,
      rtcpPackets: more.rtcpPackets,
      vlan: more.vlan,
      vlanOther: more.vlanOther,
      dscp: more.dscp,
      dscpSeen: more.dscpSeen,
    }),
  );
  const key = (count: (typeof counts)[number]) =>
    `${count.ssrc} ${count.src} ${count.srcPort} ${count.dst} ${count.firstSequence}`;
  return counts.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The same capture from the file: its streams, and the capture summary over everything. */
async function fromFile(capture: string): Promise<{ streams: StreamSummary[]; whole: CaptureSummary }> {
  const { stdout } = await rtpsonde(['analyze', '--json', capture]);
  const summaries = summariesOf(stdout);
  return { streams: streamsOf(summaries), whole: capturesOf(summaries)[0]! };
}

/** Sends packets to a daemon with a file exporter, and stops it when all of them are in its summaries. */
async function throughDaemon(
  inside: Namespace,
  awaited: number,
  sending: () => Promise<void>,
  options: object = {},
): Promise<Summary[]> {
  const out = scratch.fresh('.ndjson');
  const daemon = await startDaemon(liveConfig(out, options), inside);
  await sending();
  await eventually(`${awaited} packets in ${out}`, () => accountedFor(readSummaries(out)) >= awaited);
  expect(await daemon.stop()).toBe(0);
  const summaries = readSummaries(out);
  expectExact(summaries, awaited);
  return summaries;
}

describe('the daemon on an interface', () => {
  it(
    'measures the same streams with two workers as one does from the file',
    async (context) => {
      const inside = place(context);
      const capture = scratch.capture({ profile: 'mixed', durationMs: 12_000 });
      const expected = await fromFile(capture);
      const sending = () => send(capture, inside);
      const summaries = await throughDaemon(inside, expected.whole.packets, sending, { workers: 2 });
      const captures = capturesOf(summaries);
      expect(accountedFor(summaries)).toBe(expected.whole.packets);
      expect(sum(captures.map(({ kernel }) => kernel.kernelPackets ?? 0))).toBe(expected.whole.packets);
      expect(sum(captures.map(({ kernel }) => kernel.kernelDrops ?? 0))).toBe(0);
      expect(countsOf(streamsOf(summaries))).toEqual(countsOf(expected.streams));
    },
    TIMEOUT_MS,
  );

  it(
    'measures a capture sent over a cable as the file, and delivers all of it to an HTTP collector',
    async (context) => {
      const inside = place(context);
      const capture = scratch.capture({ profile: 'mixed', durationMs: 12_000 });
      const expected = await fromFile(capture);
      const collector = await RemoteCollector.start(collectorProgram, inside, TOKEN);
      const out = scratch.fresh('.ndjson');
      const config = scratch.write('example.yaml', exampleConfig(out, collector.url));
      const daemon = await startDaemon(config, inside);

      await send(capture, inside);
      await eventually(
        'all packets at the collector',
        async () => accountedFor(await collector.summaries()) >= expected.whole.packets,
      );
      expect({ code: await daemon.stop(), log: daemon.stderr }).toMatchObject({ code: 0 });
      const summaries = await collector.summaries();
      await collector.stop();

      const captures = capturesOf(summaries);
      expectExact(summaries, expected.whole.packets);
      expect(sum(captures.map(({ kernel }) => kernel.kernelDrops ?? 0))).toBe(0);
      expect(captures.map(({ state }) => state)).toEqual(captures.map(() => 'capturing'));
      // A veth pair stamps nothing, whatever it accepts.
      expect(new Set(captures.map(({ timestamps }) => timestamps ?? 'kernel'))).toEqual(new Set(['kernel']));
      expect(daemon.messages).toContain(
        `packets of network interface ${near} carry the time stamps of the kernel`,
      );
      expect(countsOf(streamsOf(summaries))).toEqual(countsOf(expected.streams));
      expect(new Set(streamsOf(summaries).map(({ endReason }) => endReason))).toEqual(new Set(['stopped']));

      // Windows add up to the streams, and the file got what the collector got.
      for (const field of ['packets', 'octets', 'expected', 'markers', 'duplicates'] as const) {
        const inWindows = sum(windowsOf(summaries).map((window) => window[field]));
        expect(inWindows).toBe(sum(streamsOf(summaries).map((stream) => stream[field])));
      }
      expect(readSummaries(out)).toEqual(summaries);
      const ids = summaries.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
    TIMEOUT_MS,
  );

  it(
    'counts the same with the first 128 bytes of each packet, with whole packets and with UDP alone',
    async (context) => {
      const inside = place(context);
      const capture = scratch.capture({ profile: 'mixed', durationMs: 6000, seed: 3 });
      const { streams, whole } = await fromFile(capture);
      const { tcp = 0, notIp = 0 } = whole.reasons;
      for (const { options, awaited } of [
        { options: { snapLength: 128 }, awaited: whole.packets },
        { options: { snapLength: 0 }, awaited: whole.packets },
        { options: { udpOnly: true }, awaited: whole.packets - tcp - notIp },
      ]) {
        const summaries = await throughDaemon(inside, awaited, () => send(capture, inside), options);
        expect({ options, packets: accountedFor(summaries) }).toEqual({ options, packets: awaited });
        expect({ options, streams: countsOf(streamsOf(summaries)) }).toEqual({
          options,
          streams: countsOf(streams),
        });
      }
    },
    TIMEOUT_MS,
  );

  it(
    'finds a VLAN tag that the kernel has taken out of the frame, and those that it has left in',
    async (context) => {
      const inside = place(context);
      for (const vlan of [[42], [1000, 42]]) {
        const capture = scratch.capture({ calls: 2, durationMs: 1000, vlan });
        const { streams, whole } = await fromFile(capture);
        const summaries = await throughDaemon(inside, whole.packets, () => send(capture, inside));
        expect(streamsOf(summaries).map(({ vlan: seen }) => seen)).toEqual([
          vlan[0],
          vlan[0],
          vlan[0],
          vlan[0],
        ]);
        expect(countsOf(streamsOf(summaries))).toEqual(countsOf(streams));
      }
    },
    TIMEOUT_MS,
  );

  it(
    'accounts for every packet while its reader stands still and the ring runs over',
    async (context) => {
      const inside = place(context);
      const capture = scratch.capture({ calls: 20, durationMs: 10_000 });
      const { whole } = await fromFile(capture);
      const out = scratch.fresh('.ndjson');
      const daemon = await startDaemon(liveConfig(out, { ringMiB: 1, blockKiB: 64 }), inside);
      daemon.signal('SIGSTOP');
      await send(capture, inside);
      daemon.signal('SIGCONT');
      await eventually('all packets', () => accountedFor(readSummaries(out)) >= whole.packets);
      expect(await daemon.stop()).toBe(0);
      const summaries = readSummaries(out);
      expectExact(summaries, whole.packets);
      const captures = capturesOf(summaries);
      expect(sum(captures.map(({ kernel }) => kernel.kernelDrops ?? 0))).toBeGreaterThan(whole.packets / 10);
      expect(sum(captures.map(({ packets }) => packets))).toBeGreaterThan(100);
      expect(captures.some(({ confidence }) => confidence.level === 'poor')).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    'lets through what the capture filter wants, as from the file, and no more',
    async (context) => {
      const inside = place(context);
      const capture = scratch.capture({ calls: 3, durationMs: 2000, vlan: [42] });
      const [{ srcPort } = { srcPort: 0 }] = (await fromFile(capture)).streams;
      const filter = `vlan 42 and udp port ${srcPort}`;
      const { stdout } = await rtpsonde(['analyze', '--json', '--filter', filter, capture]);
      if (stdout === '') notRun(context, 'libpcap is not installed');
      const expected = summariesOf(stdout);
      const awaited = sum(
        capturesOf(expected).map(({ packets, reasons }) => packets - (reasons.filteredOut ?? 0)),
      );
      expect(awaited).toBeGreaterThan(50);
      const summaries = await throughDaemon(inside, awaited, () => send(capture, inside), { filter });
      expect(countsOf(streamsOf(summaries))).toEqual(countsOf(streamsOf(expected)));
    },
    TIMEOUT_MS,
  );

  it(
    'goes on by itself when the interface was down, or removed and made anew; what is missing then is no loss',
    async (context) => {
      const inside = place(context);
      const capture = scratch.capture({ calls: 1, durationMs: 8000, codecs: ['PCMA'] });
      const out = scratch.fresh('.ndjson');
      const daemon = await startDaemon(liveConfig(out), inside);
      const ip = (...words: string[]) => expect(inside.run(['ip', ...words])).toMatchObject({ status: 0 });
      const sending = sendTimed(capture, inside, scratch.fresh('.pcap'));
      const packets = () => sum(capturesOf(readSummaries(out)).map((one) => one.packets));
      await eventually('the first packets', () => packets() > 50);
      ip('link', 'set', near, 'down');
      await daemon.says(`network interface ${near} is down`);
      ip('link', 'set', near, 'up');
      await daemon.says(`network interface ${near} is back`);
      await sending;
      await eventually('the last packets', () => packets() > 300);
      ip('link', 'del', near);
      await daemon.says(`network interface ${near} is gone`);
      const states = () => capturesOf(readSummaries(out)).map(({ state }) => state);
      await eventually('a window without an interface', () => states().includes('gone'));
      expect(inside.lay().status).toBe(0);
      await daemon.says(`network interface ${near} is back`, 2);
      const before = packets();
      await send(scratch.capture({ calls: 1, durationMs: 8000, codecs: ['PCMA'], seed: 2 }), inside);
      await eventually('packets of the new interface', () => packets() > before + 300);
      expect(await daemon.stop()).toBe(0);
      const summaries = readSummaries(out);
      const captures = capturesOf(summaries);
      expect(sum(captures.map(({ events }) => events.captureOutages ?? 0))).toBe(2);
      expect(sum(captures.map(({ events }) => events.outageLoss ?? 0))).toBeGreaterThan(5);
      // Of the sender's packets only those are missing that went to an interface that was down.
      for (const { ssrc, lost, captureLost, networkLoss } of streamsOf(summaries)) {
        expect({ ssrc, lost, captureLost, network: networkLoss.lost }).toMatchObject({
          captureLost: lost,
          network: 0,
        });
      }
      expect(sum(streamsOf(summaries).map(({ captureLost }) => captureLost))).toBeGreaterThan(5);
    },
    TIMEOUT_MS,
  );

  it(
    'measures the jitter with which packets were sent at the pace of a call',
    async (context) => {
      const inside = place(context);
      const why = cannotSendTimed();
      if (why !== null) notRun(context, why);
      const capture = scratch.capture({ calls: 3, durationMs: 4000, codecs: ['PCMA', 'PCMU'] });
      const { streams, whole } = await fromFile(capture);
      const sent = scratch.fresh('.pcap');
      const summaries = await throughDaemon(inside, whole.packets, () => sendTimed(capture, inside, sent));
      const live = streamsOf(summaries);
      expect(countsOf(live)).toEqual(countsOf(streams));
      // What the sender made of the pace, busy machine or not, and what it looks like at the other end of the cable.
      const asSent = new Map((await fromFile(sent)).streams.map((stream) => [stream.ssrc, stream]));
      for (const { ssrc, jitterMs, deltaMs, durationMs, mos } of live) {
        const expected = asSent.get(ssrc)!;
        expect(Math.abs(jitterMs.mean! - expected.jitterMs.mean!)).toBeLessThan(2);
        expect(Math.abs(deltaMs.mean! - expected.deltaMs.mean!)).toBeLessThan(1);
        expect(Math.abs(durationMs - expected.durationMs)).toBeLessThan(100);
        expect(mos).toMatchObject({ scale: 'NB', lq: expected.mos.lq });
      }
    },
    TIMEOUT_MS,
  );
});

describe('the daemon by AF_XDP', () => {
  for (const mode of ['native', 'generic'] as const) {
    it(
      `measures what is sent over a cable as the file, in ${mode} mode, and says how it captures`,
      async (context) => {
        const inside = place(context, rootNamespace);
        const capture = scratch.capture({ profile: 'mixed', durationMs: 6_000 });
        const expected = await fromFile(capture);
        // At its own pace: what the cable drops before XDP, nobody at its end can count.
        const sending = () => sendTimed(capture, inside, scratch.fresh('.pcap'));
        const capturing = { method: 'xdp', xdp: { mode } };
        const summaries = await throughDaemon(inside, expected.whole.packets, sending, capturing);
        const captures = capturesOf(summaries);
        expect(new Set(captures.map(({ method }) => method))).toEqual(new Set([`xdp-${mode}`]));
        expect(new Set(captures.map(({ timestamps }) => timestamps ?? 'kernel'))).toEqual(
          new Set(['kernel']),
        );
        expect(sum(captures.map(({ kernel }) => kernel.kernelDrops ?? 0))).toBe(0);
        expect(countsOf(streamsOf(summaries))).toEqual(countsOf(expected.streams));
      },
      TIMEOUT_MS,
    );
  }
});
