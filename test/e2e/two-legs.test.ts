// Real clients call each other over two networks that lose and delay by a known
// amount, and the daemon listens where these meet. What it says of either side must
// be what the networks say that they did.
//
//   RECORD=test/captures npm test -- e2e/two-legs    also records some of the calls, and the truth beside them
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { StreamSummary } from '../../src/summary/schema.js';
import { hostA, hostB, type Legs, losses, roundTripFaults } from './support/leg-truth.js';
import { baresip } from './support/peers/baresip.js';
import { gstreamer } from './support/peers/gstreamer.js';
import { linphone } from './support/peers/linphone.js';
import { sipp } from './support/peers/sipp.js';
import { notRun, Scratch } from './support/scratch.js';
import { type Call, type Tapped, tappedCall } from './support/tapped-call.js';

/** RTCP comes each second from GStreamer, and each five from the others. */
const SECONDS = { gstreamer: 12, others: 22 };

const clean = (delayMs: number) => ({ toTap: { delayMs, loss: 0 }, fromTap: { delayMs, loss: 0 } });
const cleanLegs: Legs = { a: clean(10), b: clean(30), seed: 5 };
const badA = { toTap: { delayMs: 10, loss: 0.03 }, fromTap: { delayMs: 10, loss: 0.02 } };
const badB = { toTap: { delayMs: 30, loss: 0.04 }, fromTap: { delayMs: 30, loss: 0.05 } };
const badLegs: Legs = { a: badA, b: badB, seed: 1 };
const rtcpToo = (leg: typeof badA) => ({
  toTap: { ...leg.toTap, rtcpLoss: leg.toTap.loss },
  fromTap: { ...leg.fromTap, rtcpLoss: leg.fromTap.loss },
});

interface Expected {
  /** Whether test/captures has a recording. */
  recorded: boolean;
  /** Verdict on the stream from A, and on that from B. */
  sides: [StreamSummary['damage']['side'], StreamSummary['damage']['side']];
}

const bothSides = { legs: badLegs, sides: ['both', 'both'] } satisfies Partial<Call & Expected>;
const ofGstreamer = { peers: gstreamer, seconds: SECONDS.gstreamer, recorded: true };
const CALLS: (Call & Expected)[] = [
  {
    ...{ ...ofGstreamer, ...bothSides, name: 'gst-two-legs' },
    legs: { ...badLegs, a: rtcpToo(badA), b: rtcpToo(badB) },
  },
  {
    ...{ ...ofGstreamer, name: 'gst-one-bad-leg', sides: ['upstream', 'downstream'] },
    legs: { ...cleanLegs, a: badA },
  },
  { ...ofGstreamer, name: 'gst-clean-legs', sides: ['none', 'none'], legs: cleanLegs, recorded: false },
  {
    ...{ ...ofGstreamer, name: 'gst-missed-by-tap', sides: ['capture', 'capture'] },
    legs: { ...cleanLegs, mirrorLoss: 0.03 },
  },
  { ...bothSides, name: 'baresip-two-legs', peers: baresip, seconds: SECONDS.others, recorded: true },
  { ...bothSides, name: 'linphone-two-legs', peers: linphone, seconds: SECONDS.others, recorded: true },
  // Without RTCP, what is lost after the tap remains unseen.
  {
    ...{ name: 'sipp-two-legs', peers: sipp, seconds: 8, recorded: false },
    ...{ legs: badLegs, sides: ['upstream', 'upstream'] },
  },
];

const scratch = new Scratch();
let results: Map<string, Tapped | string>;

beforeAll(async () => {
  const record = (call: Expected) => (call.recorded ? process.env.RECORD : undefined);
  const made = CALLS.map(async (call) => [call.name, await tappedCall(call, scratch, record(call))] as const);
  // All to their end, so that nothing is left behind when one fails.
  const settled = await Promise.allSettled(made);
  results = new Map(
    settled.map((each) => {
      if (each.status === 'rejected') throw each.reason;
      return each.value;
    }),
  );
}, 120_000);
afterAll(() => scratch.remove());

function resultOf(name: string, context: TestContext): Tapped {
  const result = results.get(name)!;
  return typeof result === 'string' ? notRun(context, result) : result;
}

/** The stream from A and the one from B. */
function bothOf({ streams }: Tapped): [StreamSummary, StreamSummary] {
  expect(
    streams.map(({ src, endReason }) => ({ src, endReason })).sort((x, y) => (x.src < y.src ? -1 : 1)),
  ).toEqual([
    { src: hostA, endReason: 'stopped' },
    { src: hostB, endReason: 'stopped' },
  ]);
  return streams[0]!.src === hostA ? [streams[0]!, streams[1]!] : [streams[1]!, streams[0]!];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const sumOf = (...records: readonly Record<string, number>[]) => sum(records.flatMap(Object.values));

describe('of a call of real clients over two bad legs, the daemon in the middle tells', () => {
  for (const { name, peers, sides } of CALLS) {
    it(`on which side packets were lost: ${name}`, (context) => {
      expect(bothOf(resultOf(name, context)).map(({ damage }) => damage.side)).toEqual(sides);
    });

    it(`how many packets it saw, each of them accounted for: ${name}`, (context) => {
      const { captures, truth } = resultOf(name, context);
      const frames = truth.a.mirrored + truth.b.mirrored;
      const drops = sum(captures.map(({ kernel }) => kernel.kernelDrops ?? 0));
      expect(sum(captures.map(({ packets }) => packets))).toBe(frames - drops);
      expect(sum(captures.map(({ kernel }) => kernel.kernelPackets ?? 0))).toBe(frames);
      let pendingBefore = 0;
      for (const { packets, used, pending, reasons } of captures) {
        expect(packets + pendingBefore).toBe(sumOf(used, reasons, pending));
        pendingBefore = sumOf(pending);
      }
      expect(pendingBefore).toBe(0);
    });

    if (peers === sipp) continue;

    it(`how many on each, to the packet: ${name}`, (context) => {
      const tapped = resultOf(name, context);
      for (const stream of bothOf(tapped)) {
        // Most of the call lies between the first and the last report.
        expect(stream.damage.basis).toBe('rtcp');
        expect(stream.damage.expected).toBeGreaterThan(stream.expected / 3);
        const { told, truth } = losses(stream, tapped.truth);
        expect(told).toEqual(truth);
      }
    });

    it(`the round-trip time of each leg: ${name}`, (context) => {
      const tapped = resultOf(name, context);
      for (const stream of bothOf(tapped))
        expect(roundTripFaults(stream, tapped.truth, peers.name)).toEqual([]);
    });
  }

  it('all that was lost before the tap, and that there is no report to say more, without RTCP: sipp-two-legs', (context) => {
    const tapped = resultOf('sipp-two-legs', context);
    const [called, echoed] = bothOf(tapped);
    const there = losses(called, tapped.truth).truth;
    const back = losses(echoed, tapped.truth).truth;
    for (const { damage, legs, rtcp } of [called, echoed])
      expect({ basis: damage.basis, downstreamLost: damage.downstreamLost, legs, rtcp }).toEqual({
        basis: 'tap',
        downstreamLost: null,
        legs: { downstream: null, upstream: null, oneWayDelayMs: null },
        rtcp: null,
      });
    expect(called.damage.upstreamLost).toBe(there.upstreamLost);
    // What did not come to the other end was never sent back, with the numbers of the sender.
    expect(echoed.damage.upstreamLost).toBe(there.upstreamLost + there.downstreamLost + back.upstreamLost);
  });
});
