// The daemon on the two legs of a TAP: one direction of each call on each interface, measured as one.
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { CaptureSummary, StreamSummary, Summary } from '../../src/summary/schema.js';
import { eventually } from './support/eventually.js';
import { splitByDirection } from './support/legs-of-tap.js';
import { far, farOther, Namespace, near, nearOther } from './support/namespace.js';
import { RunningDaemon, rtpsonde } from './support/program.js';
import { notRun, readSummaries, Scratch, summariesOf } from './support/scratch.js';
import { cannotSend, send } from './support/sender.js';

const TIMEOUT_MS = 180_000;
const scratch = new Scratch();
let namespace: Namespace | string;
const running: RunningDaemon[] = [];

beforeAll(async () => {
  namespace = cannotSend() ?? (await Namespace.open());
  if (typeof namespace === 'string') return;
  const { status, stderr } = namespace.layOther();
  if (status !== 0) throw new Error(stderr);
});
afterEach(async () => {
  for (const daemon of running.splice(0)) await daemon.kill();
});
afterAll(() => {
  if (typeof namespace !== 'string') namespace.close();
  scratch.remove();
});

const place = (context: TestContext): Namespace =>
  typeof namespace === 'string' ? notRun(context, namespace) : namespace;

const streamsOf = (summaries: readonly Summary[]) =>
  summaries.filter((summary): summary is StreamSummary => summary.kind === 'stream');
const capturesOf = (summaries: readonly Summary[]) =>
  summaries.filter((summary): summary is CaptureSummary => summary.kind === 'capture');
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What does not depend on when packets come, in an order of its own. */
const countsOf = (streams: readonly StreamSummary[]) =>
  streams
    .map(({ ssrc, src, srcPort, dst, dstPort, packets, octets, expected, lost, duplicates, ...more }) => ({
      ...{ ssrc, src, srcPort, dst, dstPort, packets, octets, expected, lost, duplicates },
      ...{ rtcpPackets: more.rtcpPackets, lastSequence: more.lastSequence, reordered: more.reordered },
      reversePackets: more.reverse?.packets ?? null,
    }))
    .sort((a, b) => (a.ssrc < b.ssrc ? -1 : 1));

const totalOf = (captures: readonly CaptureSummary[], leg: number) =>
  sum(captures.map(({ interfaces }) => interfaces[leg]!.kernelPackets));

async function startDaemon(inside: Namespace, out: string, capture: object): Promise<RunningDaemon> {
  const config = scratch.config({
    capture: { interfaces: [near, nearOther], ringMiB: 32, ...capture },
    measure: { windowSeconds: 0.5 },
    export: [{ type: 'file', path: out }],
  });
  const daemon = new RunningDaemon(config, { wrapper: inside.wrapper });
  running.push(daemon);
  await daemon.isMeasuring();
  return daemon;
}

describe('the daemon on both legs of a TAP', () => {
  for (const workers of [1, 2])
    it(
      `measures with ${workers} workers what one file has, pairs the directions, and tells each leg`,
      async (context) => {
        const inside = place(context);
        const capture = scratch.capture({
          calls: 20,
          durationMs: 6000,
          codecs: ['PCMA', 'PCMU'],
          rtcpIntervalMs: 1000,
        });
        const whole = summariesOf((await rtpsonde(['analyze', '--json', capture])).stdout);
        const [up, down] = [scratch.fresh('.pcap'), scratch.fresh('.pcap')];
        const sent = splitByDirection(capture, up, down);
        const out = scratch.fresh('.ndjson');
        const daemon = await startDaemon(inside, out, { workers });
        await Promise.all([send(up, inside, far), send(down, inside, farOther)]);
        const seen = () =>
          sum(
            capturesOf(readSummaries(out)).map(({ packets, kernel }) => packets + (kernel.kernelDrops ?? 0)),
          );
        await eventually('all packets of both legs', () => seen() >= sent.up + sent.down);
        expect({ code: await daemon.stop(), log: daemon.stderr }).toMatchObject({ code: 0 });

        const summaries = readSummaries(out);
        const captures = capturesOf(summaries);
        expect(seen()).toBe(sent.up + sent.down);
        expect(sum(captures.map(({ kernel }) => kernel.kernelPackets ?? 0))).toBe(sent.up + sent.down);
        expect(captures.at(-1)!.interfaces.map(({ name, state }) => ({ name, state }))).toEqual([
          { name: near, state: 'capturing' },
          { name: nearOther, state: 'capturing' },
        ]);
        expect([totalOf(captures, 0), totalOf(captures, 1)]).toEqual([sent.up, sent.down]);
        expect(countsOf(streamsOf(summaries))).toEqual(countsOf(streamsOf(whole)));
        const numberOf = (address: string) =>
          address.split('.').reduce((all, part) => all * 256 + Number(part), 0);
        for (const { src, dst, interface: on, interfaceOther } of streamsOf(summaries))
          expect({ src, on, interfaceOther }).toEqual({
            src,
            on: numberOf(src) < numberOf(dst) ? near : nearOther,
            interfaceOther: null,
          });
      },
      TIMEOUT_MS,
    );

  it(
    'goes on with one leg while the other is down, and says which',
    async (context) => {
      const inside = place(context);
      const out = scratch.fresh('.ndjson');
      const daemon = await startDaemon(inside, out, {});
      const ip = (...words: string[]) => expect(inside.run(['ip', ...words])).toMatchObject({ status: 0 });
      ip('link', 'set', nearOther, 'down');
      await daemon.says(`network interface ${nearOther} is down`);
      const capture = scratch.capture({ calls: 1, durationMs: 4000, codecs: ['PCMA'] });
      const packets = () => sum(capturesOf(readSummaries(out)).map((one) => one.packets));
      await send(capture, inside, far);
      await eventually('packets of the leg that is up', () => packets() > 300);
      ip('link', 'set', nearOther, 'up');
      await daemon.says(`network interface ${nearOther} is back`);
      expect(await daemon.stop()).toBe(0);
      const states = capturesOf(readSummaries(out)).map(({ state, interfaces }) =>
        [state, ...interfaces.map((one) => one.state)].join(' '),
      );
      expect(states).toContain('down capturing down');
      expect(daemon.messages.join('\n')).not.toMatch(
        new RegExp(`network interface ${near} (has no carrier|is (down|gone|back))`),
      );
    },
    TIMEOUT_MS,
  );

  it(
    'polls busily when asked, and says what the kernel refuses of it',
    async (context) => {
      const inside = place(context);
      const out = scratch.fresh('.ndjson');
      const daemon = await startDaemon(inside, out, { busyPollUs: 50 });
      const capture = scratch.capture({ calls: 1, durationMs: 4000, codecs: ['PCMA'] });
      await send(capture, inside, farOther);
      const packets = () => sum(capturesOf(readSummaries(out)).map((one) => one.packets));
      await eventually('packets', () => packets() > 300);
      expect(await daemon.stop()).toBe(0);
      // Root of a user namespace is not root of the machine.
      for (const name of [near, nearOther])
        expect(daemon.messages.filter((text) => /BUSY_POLL/.test(text) && text.includes(name))).toHaveLength(
          1,
        );
    },
    TIMEOUT_MS,
  );
});
