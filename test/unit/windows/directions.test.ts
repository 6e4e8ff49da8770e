import { describe, expect, it } from 'vitest';
import { Block } from '../../../src/native/block.js';
import { Directions } from '../../../src/windows/directions.js';
import { blockOf, type Fields, ipv4, type ReportFields } from '../native/blocks.js';
import { factsOf } from './facts.js';

const A = { src: ipv4(192, 0, 2, 1), srcPort: 4000, dst: ipv4(198, 51, 100, 2), dstPort: 5000 };
const B = { src: A.dst, srcPort: A.dstPort, dst: A.src, dstPort: A.srcPort };
const seconds = (s: number) => BigInt(Math.round(s * 1000)) * 1_000_000n;

/** A row: a stream that was heard from one second to another. */
function row(id: number, way: typeof A, from: number, to: number, fields: Fields = {}): Fields {
  return {
    ...way,
    streamId: (0xabcd_0000n << 32n) | BigInt(id),
    pairId: 77n,
    ssrc: id,
    streamStartNs: seconds(from),
    firstNs: seconds(from),
    lastNs: seconds(to),
    packets: 50,
    ...fields,
  };
}

const directionsOf = (oneWayAudioMs: number) => new Directions({ oneWayAudioMs, idleMs: 60_000 });

const ended = (fields: Fields): Fields => ({ ...fields, kind: 2, endReason: 1 });

async function joined(
  directions: Directions,
  records: readonly Fields[],
  reports: readonly ReportFields[] = [],
) {
  await directions.take(new Block(blockOf({ records, reports })));
  return records.map((_, i) => factsOf(directions, i));
}

describe('the reverse of a stream', () => {
  it('has addresses and ports swapped', async () => {
    const [there, back] = await joined(directionsOf(10_000), [
      row(1, A, 0, 5),
      row(2, B, 0, 5, { packets: 40 }),
    ]);
    expect(there).toMatchObject({
      hasReverse: true,
      reverseIdHigh: 0xabcd_0000,
      reverseIdLow: 2,
      reverseWindowPackets: 40,
      reverseTotalPackets: 40,
    });
    expect(back).toMatchObject({ hasReverse: true, reverseIdLow: 1, reverseWindowPackets: 50 });
  });

  it('is found where only the addresses tell the directions apart', async () => {
    const same = { ...A, dstPort: 4000 };
    const swapped = { ...same, src: same.dst, dst: same.src };
    const [there, back] = await joined(directionsOf(10_000), [row(1, same, 0, 5), row(2, swapped, 0, 5)]);
    expect([there!.reverseIdLow, back!.reverseIdLow]).toEqual([2, 1]);
  });

  it('is of the same kind of media where several share the ports', async () => {
    const video = { mediaKind: 2 };
    const rows = [row(1, A, 0, 5), row(2, A, 0, 5, video), row(3, B, 0, 5), row(4, B, 0, 6, video)];
    const facts = await joined(directionsOf(10_000), rows);
    expect(facts.map(({ reverseIdLow }) => reverseIdLow)).toEqual([3, 4, 1, 2]);
  });

  it('of a whole stream is remembered, with all its packets', async () => {
    const directions = directionsOf(10_000);
    await joined(directions, [row(1, A, 0, 5), row(2, B, 0, 5)]);
    await joined(directions, [ended(row(2, B, 0, 5))]);
    const [whole] = await joined(directions, [ended(row(1, A, 0, 9, { packets: 90 }))]);
    expect(whole).toMatchObject({ hasReverse: true, reverseIdLow: 2, reverseTotalPackets: 50 });
  });

  it('lends its round-trip times, those of the window and all so far', async () => {
    const directions = directionsOf(10_000);
    const trips = (count: number, mean: number) => ({
      streamRow: 1,
      downstreamRttCount: count,
      downstreamRttMeanMs: mean,
      downstreamRttMinMs: mean - 1,
      downstreamRttMaxMs: mean + 1,
      downstreamRttLastMs: mean,
    });
    await joined(directions, [row(1, A, 0, 5), row(2, B, 0, 5)], [trips(1, 20)]);
    const [facts] = await joined(directions, [row(1, A, 5, 9), row(2, B, 5, 9)], [trips(3, 40)]);
    expect(facts!.reverseRoundTrips).toEqual({
      window: { count: 3, meanMs: 40, minMs: 39, maxMs: 41 },
      total: { count: 4, meanMs: 35, minMs: 19, maxMs: 41 },
      lastMs: 40,
    });
    const [later] = await joined(directions, [row(1, A, 9, 12)]);
    expect(later!.reverseRoundTrips).toMatchObject({ window: { count: 0 }, total: { count: 4 }, lastMs: 40 });
  });
});

describe('one-way audio', () => {
  const audio = ({ oneWayAudio, silentMs }: { oneWayAudio: boolean | null; silentMs: number }) => [
    oneWayAudio,
    silentMs,
  ];

  it('is an opposite direction that was never there, once long enough', async () => {
    const directions = directionsOf(10_000);
    const [early] = await joined(directions, [row(1, A, 0, 8)]);
    expect(audio(early!)).toEqual([null, 8000]);
    const [late] = await joined(directions, [row(1, A, 8, 10, { streamStartNs: 0n })]);
    expect(audio(late!)).toEqual([true, 10_000]);
  });

  it('is one that went silent, until it is heard again', async () => {
    const directions = directionsOf(10_000);
    const [fine] = await joined(directions, [row(1, A, 0, 10), row(2, B, 0, 9)]);
    expect(audio(fine!)).toEqual([false, 1000]);
    const [silent] = await joined(directions, [row(1, A, 10, 20)]);
    expect(audio(silent!)).toEqual([true, 11_000]);
    const [again] = await joined(directions, [row(1, A, 20, 30), row(2, B, 28, 30)]);
    expect(audio(again!)).toEqual([false, 0]);
    const [whole] = await joined(directions, [ended(row(1, A, 0, 30))]);
    expect([whole!.oneWayAudioEver, whole!.silentMaxMs]).toEqual([true, 11_000]);
  });

  it('does not forget when the other one was heard, though its stream has ended', async () => {
    const directions = directionsOf(60_000);
    await joined(directions, [row(1, A, 0, 10), row(2, B, 0, 10)]);
    await joined(directions, [row(1, A, 10, 20), ended(row(2, B, 0, 10))]);
    const [facts] = await joined(directions, [row(1, A, 20, 30)]);
    expect(audio(facts!)).toEqual([false, 20_000]);
  });

  it('forgets that when streams of neither direction are left', async () => {
    const directions = directionsOf(60_000);
    await joined(directions, [row(1, A, 0, 10), row(2, B, 0, 10)]);
    await joined(directions, [ended(row(1, A, 0, 10)), ended(row(2, B, 0, 10))]);
    const [facts] = await joined(directions, [row(3, A, 10, 30)]);
    expect(audio(facts!)).toEqual([null, 20_000]);
  });

  it('is one that sends nothing but silence or comfort noise, as far as that is known', async () => {
    const directions = directionsOf(10_000);
    const heard = { silenceShare: 0.99 };
    const quiet = [{ silenceShare: 1 }, { comfortNoisePackets: 50 }];
    await joined(directions, [row(1, A, 0, 10, heard), row(2, B, 0, 10, heard)]);
    for (const [i, fields] of quiet.entries()) {
      const [from, to] = [10 + 10 * i, 20 + 10 * i];
      const [facts, other] = await joined(directions, [
        row(1, A, from, to, heard),
        row(2, B, from, to, fields),
      ]);
      expect(audio(facts!)).toEqual([true, 10_000 * (i + 1)]);
      expect(audio(other!)).toEqual([false, 0]);
    }
    // The whole stream had sound, but not at its end.
    const [facts] = await joined(directions, [row(1, A, 30, 40, heard), ended(row(2, B, 0, 30, heard))]);
    expect(audio(facts!)).toEqual([true, 30_000]);
  });

  it('is none where digits are dialled in silence, or a second of noise is not all', async () => {
    const directions = directionsOf(10_000);
    const sounds = [{ silenceShare: 1, telephoneEventPackets: 8 }, { comfortNoisePackets: 49 }, {}];
    for (const fields of sounds) {
      const [facts] = await joined(directions, [row(1, A, 0, 20), row(2, B, 0, 20, fields)]);
      expect(audio(facts!)).toEqual([false, 0]);
    }
  });

  it('is none where both are silent', async () => {
    const directions = directionsOf(10_000);
    const silent = { silenceShare: 1 };
    await joined(directions, [row(1, A, 0, 10, { silenceShare: 0 }), row(2, B, 0, 10, { silenceShare: 0 })]);
    const facts = await joined(directions, [row(1, A, 10, 30, silent), row(2, B, 10, 30, silent)]);
    expect(facts.map(audio)).toEqual([
      [false, 20_000],
      [false, 20_000],
    ]);
  });

  it('goes on through a window without packets', async () => {
    const directions = directionsOf(10_000);
    await joined(directions, [row(1, A, 0, 10), row(2, B, 0, 10, { silenceShare: 1 })]);
    const [facts] = await joined(directions, [row(1, A, 10, 20), row(2, B, 0, 10, { packets: 0 })]);
    expect(audio(facts!)).toEqual([true, 20_000]);
  });

  it('is not told of video, nor of what may not be audio', async () => {
    const rows = [
      row(1, A, 0, 90, { mediaKind: 2 }),
      row(2, { ...A, srcPort: 9 }, 0, 90, { mediaKind: 0, pairId: 5n }),
    ];
    const facts = await joined(directionsOf(10_000), rows);
    expect(facts.map(audio)).toEqual([
      [null, Number.NaN],
      [null, Number.NaN],
    ]);
  });
});

describe('a change of the SSRC', () => {
  it('follows a stream that had stopped, however the rows lie', async () => {
    const rows = [row(3, A, 6, 9), row(2, A, 3, 6), row(1, A, 0, 2)];
    const facts = await joined(directionsOf(10_000), rows);
    expect(facts.map((f) => [f.hasPrevious, f.previousIdLow, f.ssrcChanges])).toEqual([
      [true, 2, 2],
      [true, 1, 1],
      [false, 0, 0],
    ]);
  });

  it('is none while both are heard, or the other way', async () => {
    const facts = await joined(directionsOf(10_000), [row(1, A, 0, 5), row(2, A, 4, 9), row(3, B, 6, 9)]);
    expect(facts.map(({ hasPrevious }) => hasPrevious)).toEqual([false, false, false]);
  });

  it('is none after a stream that ended long ago', async () => {
    const directions = directionsOf(10_000);
    await joined(directions, [ended(row(1, A, 0, 5))]);
    const [facts] = await joined(directions, [row(2, A, 90, 95)]);
    expect(facts!.hasPrevious).toBe(false);
  });
});

describe('a collision of SSRCs', () => {
  const other = { ...A, src: ipv4(192, 0, 2, 9) };
  const collisions = async (rows: readonly Fields[]) =>
    (await joined(directionsOf(10_000), rows)).map(({ ssrcCollision }) => ssrcCollision);

  it('is one SSRC in both directions at once', async () => {
    expect(await collisions([row(1, A, 0, 5), row(2, B, 0, 5, { ssrc: 1 })])).toEqual([true, true]);
  });

  it('is one SSRC from two sources to one destination at once', async () => {
    const rows = [row(1, A, 0, 5), row(2, other, 4, 9, { ssrc: 1, pairId: 78n })];
    expect(await collisions(rows)).toEqual([true, true]);
  });

  it('is none when one follows the other, or goes elsewhere', async () => {
    expect(await collisions([row(1, A, 0, 4), row(2, other, 5, 9, { ssrc: 1, pairId: 78n })])).toEqual([
      false,
      false,
    ]);
    const elsewhere = { ...other, dst: ipv4(198, 51, 100, 3) };
    expect(await collisions([row(1, A, 0, 5), row(2, elsewhere, 0, 5, { ssrc: 1, pairId: 78n })])).toEqual([
      false,
      false,
    ]);
  });
});

it('streams that have ended are forgotten, whatever was done to the ports', async () => {
  const directions = directionsOf(10_000);
  // More than are kept of one direction.
  const rows = Array.from({ length: 40 }, (_, i) => row(i + 1, A, i, i + 1));
  await joined(directions, rows);
  expect(directions.size).toBe(40);
  await joined(directions, rows.map(ended));
  await joined(directions, []);
  expect(directions.size).toBe(0);
});

it('streams whose end was lost with a block are forgotten when they have been silent for too long', async () => {
  const directions = new Directions({ oneWayAudioMs: 10_000, idleMs: 30_000 });
  const at = (from: number, records: readonly Fields[]) =>
    directions.take(
      new Block(blockOf({ records, windowStartNs: seconds(from), windowEndNs: seconds(from + 10) })),
    );
  const other = { ...A, dstPort: 6000 };
  await at(0, [row(1, A, 0, 9), row(2, other, 0, 9, { pairId: 78n })]);
  await at(20, [row(2, other, 20, 29, { pairId: 78n })]);
  await at(40, []);
  expect(directions.size).toBe(2);
  // Silent for 30 s and more: found now, gone with the next block.
  await at(70, [row(2, other, 70, 79, { pairId: 78n })]);
  await at(80, []);
  expect(directions.size).toBe(1);
  await at(120, []);
  await at(130, []);
  expect(directions.size).toBe(0);
});

it('a window of a reverse stream that has ended is told once', async () => {
  const directions = directionsOf(10_000);
  const trips = {
    ...{ streamRow: 1, downstreamRttCount: 1, downstreamRttMeanMs: 20, downstreamRttMinMs: 20 },
    ...{ downstreamRttMaxMs: 20, downstreamRttLastMs: 20 },
  };
  const rows = [row(1, A, 0, 5), row(2, B, 0, 5), ended(row(2, B, 0, 5))];
  const [first] = await joined(directions, rows, [trips]);
  expect(first!.reverseRoundTrips).toMatchObject({ window: { count: 1 }, total: { count: 1 } });
  const [second] = await joined(directions, [row(1, A, 5, 9)]);
  expect(second!.reverseRoundTrips).toMatchObject({ window: { count: 0 }, total: { count: 1 }, lastMs: 20 });
});

it('many rows let the event loop turn', async () => {
  const records = Array.from({ length: 10_000 }, (_, i) => row(i + 1, A, 0, 5, { pairId: BigInt(i) }));
  let turns = 0;
  let running = true;
  const count = () => {
    turns++;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  await joined(directionsOf(10_000), records);
  running = false;
  expect(turns).toBeGreaterThanOrEqual(4);
});

describe('the drift of the clock skew', () => {
  const windows = (directions: Directions, skews: readonly number[]) =>
    skews.reduce(
      async (before, skewPpm, i) => {
        await before;
        return (
          await joined(directions, [row(1, A, 10 * i, 10 * i + 9, { skewPpm, streamStartNs: 0n })])
        )[0]!;
      },
      Promise.resolve(factsOf(directions, 0)),
    );

  it('is told once a stream had a skew for five minutes, at its end too', async () => {
    const directions = directionsOf(10_000);
    await joined(directions, [row(1, A, 0, 0)]);
    expect((await windows(directions, Array(28).fill(5))).skewDrift).toBeNull();
    expect((await windows(directions, [...Array(29).fill(5), 7])).skewDrift).toMatchObject({
      ...{ firstPpm: 5, lastPpm: 7, minPpm: 5, maxPpm: 7 },
    });
    const [end] = await joined(directions, [ended(row(1, A, 0, 300, { skewPpm: 99, streamStartNs: 0n }))]);
    expect(end!.skewDrift).toMatchObject({ firstPpm: 5, lastPpm: 7 });
  });

  it('does not count what came shortly after a break: the hull began anew', async () => {
    const directions = directionsOf(10_000);
    await joined(directions, [row(1, A, 0, 0)]);
    const skews = [...Array(30).fill(5), Number.NaN, Number.NaN, ...Array(25).fill(800), Number.NaN];
    expect((await windows(directions, skews)).skewDrift).toMatchObject({ maxPpm: 5 });
  });
});
