// A daemon that gets too little CPU for what comes: it measures a share of the streams, says so, accounts for every
// packet, and returns to all of them by itself.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SimulateRequest, simulate, type Truth } from '../../src/simulate/index.js';
import { accountedFor, capturesOf, expectExact, streamsOf, sum } from './support/accounting.js';
import { eventually } from './support/eventually.js';
import { Namespace, near } from './support/namespace.js';
import { RunningDaemon } from './support/program.js';
import { notRun, readSummaries, Scratch } from './support/scratch.js';
import { cannotSend, send } from './support/sender.js';

const TIMEOUT_MS = 240_000;

const scratch = new Scratch();
let namespace: Namespace | string;
let daemon: RunningDaemon | undefined;

beforeAll(async () => {
  namespace = cannotSend() ?? (await Namespace.open());
});
afterAll(async () => {
  await daemon?.kill();
  if (typeof namespace !== 'string') namespace.close();
  scratch.remove();
});

function make(request: SimulateRequest): { path: string; truth: Truth } {
  const path = scratch.fresh('.pcap');
  return { path, truth: simulate(request, path) };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Takes CPU from a process as the quota of a container does: it runs for 20 of each 120 ms, until `until` has come true. */
async function starve(process: RunningDaemon, until: () => boolean): Promise<void> {
  while (!until()) {
    process.signal('SIGSTOP');
    await sleep(100);
    process.signal('SIGCONT');
    await sleep(20);
  }
}

it(
  'too little CPU: whole streams are shed and told of, every packet has a fate, and all are measured again',
  async (context) => {
    const inside = typeof namespace === 'string' ? notRun(context, namespace) : namespace;
    const out = scratch.fresh('.ndjson');
    const config = scratch.config({
      capture: { interface: near, ringMiB: 1, blockKiB: 64 },
      measure: { windowSeconds: 0.5 },
      metrics: { intervalSeconds: 1 },
      export: [{ type: 'file', path: out }],
    });
    const probe = new RunningDaemon(config, { wrapper: inside.wrapper });
    daemon = probe;
    await probe.isMeasuring();

    // 400 streams, sent over and over: to the sequence rules that is a restart each time.
    const overload = make({ calls: 200, durationMs: 2000, rampMs: 10, seed: 1 });
    let rounds = 0;
    let isOver = false;
    const sending = (async () => {
      for (; !isOver; rounds++) await send(overload.path, inside);
    })();
    const hasTold = () => probe.stderr.includes('the probe cannot keep up: 1 in');
    const deadline = performance.now() + 60_000;
    await starve(probe, () => hasTold() || performance.now() > deadline);
    expect(hasTold(), probe.stderr).toBe(true);
    isOver = true;
    await sending;
    await probe.says('all streams are measured again');

    // What begins now is measured, every stream of it.
    const after = make({ calls: 40, durationMs: 1000, seed: 2 });
    await send(after.path, inside);
    const sent = rounds * overload.truth.totals.packets + after.truth.totals.packets;
    await eventually('all packets', () => accountedFor(readSummaries(out)) >= sent);
    expect(await probe.stop()).toBe(0);

    const summaries = readSummaries(out);
    expectExact(summaries, sent);
    const captures = capturesOf(summaries);
    const shed = sum(captures.map(({ reasons }) => reasons.shed ?? 0));
    expect(shed).toBeGreaterThan(100);
    expect(sum(captures.map(({ overload }) => overload?.packetsShed ?? 0))).toBe(shed);
    const sampled = captures.filter(({ overload }) => overload !== null && overload.level > 0);
    expect(sampled.length).toBeGreaterThan(0);
    for (const { overload } of sampled) {
      expect(overload!.admittedShare).toBe(2 ** -overload!.level);
      expect(overload!.since).not.toBeNull();
    }
    expect(captures.at(-1)!.overload).toBeNull();
    // Streams that were let go are told as such, as many as were counted.
    const letGo = streamsOf(summaries).filter(({ endReason }) => endReason === 'shed').length;
    expect(letGo).toBe(sum(captures.map(({ overload }) => overload?.streamsShed ?? 0)));
    const found = new Map(streamsOf(summaries).map((stream) => [stream.ssrc, stream]));
    for (const { ssrc, packets } of after.truth.streams) {
      expect(found.get(ssrc)).toMatchObject({ packets, lost: 0, endReason: 'stopped' });
    }
    expect(after.truth.streams.length).toBe(80);
    expect(probe.stderr).toMatch(/"shed_level":[1-9]/);
  },
  TIMEOUT_MS,
);
