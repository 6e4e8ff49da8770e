import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Block } from '../../../src/native/block.js';
import { Directions } from '../../../src/windows/directions.js';
import { msAt } from '../../../src/windows/stream-keys.js';
import { blockOf, type Fields, ipv4, type ReportFields } from '../native/blocks.js';
import { factsOf } from './facts.js';
import { SlowDirections, type SlowRow } from './slow-directions.js';

const ONE_WAY_MS = 12_000;
const WINDOW_MS = 10_000;

/** What happens in a window: of stream `id`, one of many in few directions. */
interface Event {
  id: number;
  whole: boolean;
  packets: number;
  comfortNoise: number;
  mediaKind: number;
  /** Within the window, ms. */
  firstMs: number;
  lastMs: number;
  tripMs: number | null;
}

const event: fc.Arbitrary<Event> = fc.record({
  // Half of them in one direction, so that more than 16 come together there.
  id: fc.oneof(
    fc.integer({ min: 0, max: 29 }).map((n) => 12 * n),
    fc.integer({ min: 0, max: 359 }),
  ),
  whole: fc.boolean(),
  packets: fc.integer({ min: 0, max: 3 }),
  comfortNoise: fc.integer({ min: 0, max: 1 }),
  mediaKind: fc.constantFrom(0, 1, 1, 1, 2),
  firstMs: fc.integer({ min: 0, max: 5000 }),
  lastMs: fc.integer({ min: 5000, max: 9999 }),
  tripMs: fc.option(fc.integer({ min: 1, max: 100 })),
});
const windows = fc.array(
  fc.uniqueArray(event, { maxLength: 40, selector: ({ id, whole }) => `${id} ${whole}` }),
  { maxLength: 8 },
);

const ns = (ms: number) => BigInt(ms) * 1_000_000n;

/** Times as Directions reads them. */
function asRead(ms: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, ns(ms), true);
  return msAt(view, 0);
}

/** What is the same for a stream in every window follows from its number. */
function identity(id: number) {
  const pair = id % 3;
  const forward = id % 4 < 2;
  // One server, and a client for each pair: to the server all have one destination.
  const client = { address: ipv4(192, 0, 2, pair), port: 4000 };
  const server = { address: ipv4(198, 51, 100, 1), port: 5000 };
  const [from, to] = forward ? [client, server] : [server, client];
  return { pair, forward, from, to, ssrc: id % 7, startMs: (id % 5) * WINDOW_MS };
}

function rowOf(number: number, event: Event): SlowRow {
  const { id, whole, packets, comfortNoise, mediaKind, tripMs } = event;
  const { pair, forward, to, ssrc, startMs } = identity(id);
  const [firstMs, lastMs] = [event.firstMs, event.lastMs].map((ms) => asRead(number * WINDOW_MS + ms)) as [
    number,
    number,
  ];
  const trips = tripMs === null ? null : { count: 2, meanMs: tripMs, minMs: tripMs - 1, maxMs: tripMs + 1 };
  return {
    ...{ id, pair, forward, ssrc, destination: `${to.address} ${to.port}`, whole, mediaKind },
    ...{ startMs: asRead(startMs), firstMs, lastMs, packets, comfortNoise },
    ...{ trips: whole ? null : trips, lastTripMs: tripMs ?? Number.NaN },
  };
}

function recordOf(number: number, event: Event): Fields {
  const { pair, from, to, ssrc, startMs } = identity(event.id);
  return {
    ...{ streamId: BigInt(event.id), pairId: BigInt(pair), ssrc, kind: event.whole ? 2 : 1 },
    ...{ src: from.address, srcPort: from.port, dst: to.address, dstPort: to.port },
    ...{ streamStartNs: ns(startMs), packets: event.packets, comfortNoisePackets: event.comfortNoise },
    ...{ firstNs: ns(number * WINDOW_MS + event.firstMs), lastNs: ns(number * WINDOW_MS + event.lastMs) },
    mediaKind: event.mediaKind,
  };
}

function reportsOf(events: readonly Event[]): ReportFields[] {
  return events.flatMap(({ tripMs }, streamRow) =>
    tripMs === null
      ? []
      : [
          {
            ...{ streamRow, downstreamRttCount: 2, downstreamRttMeanMs: tripMs },
            ...{
              downstreamRttMinMs: tripMs - 1,
              downstreamRttMaxMs: tripMs + 1,
              downstreamRttLastMs: tripMs,
            },
          },
        ],
  );
}

it('the join of directions is that of a slow model, whatever comes', async () => {
  await fc.assert(
    fc.asyncProperty(windows, async (all) => {
      const directions = new Directions({ oneWayAudioMs: ONE_WAY_MS, idleMs: Number.POSITIVE_INFINITY });
      const slow = new SlowDirections(ONE_WAY_MS);
      for (const [number, events] of all.entries()) {
        const records = events.map((event) => recordOf(number, event));
        await directions.take(new Block(blockOf({ records, reports: reportsOf(events) })));
        const expected = slow.take(events.map((event) => rowOf(number, event)));
        const found = events.map((_, row) => factsOf(directions, row));
        expect(found).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
}, 120_000);
