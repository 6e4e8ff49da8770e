// Extended reports of simulated calls say what truly happened.
import { describe, expect, it } from 'vitest';
import { burstsAndGaps, total } from '../../../src/simulate/burst-gap.js';
import { allXrTypes, type SimulateRequest } from '../../../src/simulate/index.js';
import { readPackets, readRtp, run } from './capture-reader.js';
import { readRtcp, readTrace, readXr, type XrBlock } from './rtcp-reader.js';

const call: SimulateRequest = { calls: 1, durationMs: 30_000, rtcpIntervalMs: 2000, xr: [...allXrTypes] };

function simulated(request: SimulateRequest) {
  const { truth, bytes } = run({ ...call, ...request });
  const rtcp = readRtcp(readPackets(bytes));
  const xr = readXr(rtcp);
  const forward = truth.streams[0]!;
  const ssrc = Number(forward.ssrc);
  /** Blocks of a type about the stream of the calling end. */
  const about = (type: number): XrBlock[] =>
    xr.filter((block) => block.type === type && block.body.readUInt32BE(0) === ssrc);
  return { truth, bytes, rtcp, xr, forward, about };
}

/** The whole trace of a type, from the first number on. */
function traceOf(blocks: readonly XrBlock[]): { begin: number; bits: boolean[] } {
  const traces = blocks.map(({ body }) => readTrace(body));
  traces.slice(1).forEach(({ begin }, i) => {
    // Each goes on where the one before ended.
    expect(begin).toBe((traces[i]!.begin + traces[i]!.bits.length) & 0xffff);
  });
  return { begin: traces[0]!.begin, bits: traces.flatMap(({ bits }) => bits) };
}

describe('an extended report with everything', () => {
  const { xr, rtcp } = simulated({ lossRatio: 0.03, jitterMs: 10, downstreamDuplicateRatio: 0.02 });

  it('has blocks of every type as long as their standards say', () => {
    const lengths: Record<number, number> = {
      ...{
        4: 2,
        5: 3,
        6: 9,
        7: 8,
        11: 6,
        12: 7,
        13: 5,
        14: 7,
        15: 4,
        16: 6,
        17: 3,
        18: 2,
        19: 6,
        20: 5,
        21: 3,
      },
      ...{ 8: 8, 22: 12, 32: 9, 34: 5 },
      ...{ 23: 3, 24: 2, 26: 2, 27: 2, 28: 3, 29: 2, 30: 6, 31: 4, 33: 3, 35: 5, 200: 3 },
    };
    const found = new Map<number, Set<number>>();
    for (const { type, body } of xr) found.set(type, (found.get(type) ?? new Set()).add(body.length / 4));
    expect([...found.keys()].sort((a, b) => a - b)).toEqual([...allXrTypes].sort((a, b) => a - b));
    for (const [type, length] of Object.entries(lengths)) {
      expect([type, [...found.get(Number(type))!]]).toEqual([type, [length]]);
    }
  });

  it('fits into a frame', () => {
    const sizes = rtcp.map(({ packets }) => packets.reduce((sum, { bytes }) => sum + bytes.length, 0));
    expect(Math.max(...sizes)).toBeLessThan(1400);
  });

  it('marks what is of the interval and what is of the whole', () => {
    const flags = (type: number) =>
      new Set(xr.filter((block) => block.type === type).map((b) => b.specific >> 6));
    for (const type of [15, 16, 20, 21, 24, 26, 28, 30, 31, 34, 35])
      expect([type, flags(type)]).toEqual([type, new Set([2])]);
    for (const type of [17, 18, 29]) expect([type, flags(type)]).toEqual([type, new Set([3])]);
    expect(flags(23)).toEqual(new Set([1]));
  });
});

describe('the run length encodings', () => {
  it('of losses are just what the capture misses', () => {
    const { truth, bytes, forward, about } = simulated({ lossRatio: 0.05 });
    const seen = new Set(
      readRtp(bytes, truth)
        .get(Number(forward.ssrc))!
        .map(({ sequence }) => sequence),
    );
    const { begin, bits } = traceOf(about(1));
    expect(bits).toEqual(bits.map((_, i) => seen.has((begin + i) & 0xffff)));
    expect(bits.length).toBeGreaterThan(1400);
    expect(bits.filter((isThere) => !isThere).length).toBe(forward.rtcp.lastReport!.cumulativeLost);
    // Nothing is repaired.
    expect(traceOf(about(10))).toEqual({ begin, bits });
  });

  it('of copies are as many as the receiver counted', () => {
    const { forward, about } = simulated({ downstreamDuplicateRatio: 0.05 });
    const copied = traceOf(about(2)).bits.filter((isSingle) => !isSingle).length;
    expect(copied).toBe(forward.receiver!.copies);
    expect(copied).toBeGreaterThan(40);
    expect(about(6).reduce((sum, { body }) => sum + body.readUInt32BE(12), 0)).toBe(copied);
  });

  it('of discards are as many as the counts and the octets', () => {
    const { about } = simulated({ downstreamJitterMs: 30, jitterReorders: true });
    const late = traceOf(about(25).filter(({ specific }) => specific === 0)).bits;
    const discarded = late.filter((isLate) => isLate).length;
    expect(discarded).toBeGreaterThan(50);
    const counted = about(24).filter(({ specific }) => ((specific >> 4) & 3) === 2);
    expect(counted.reduce((sum, { body }) => sum + body.readUInt32BE(4), 0)).toBe(discarded);
    // 160 octets each.
    expect(about(26).reduce((sum, { body }) => sum + body.readUInt32BE(4), 0)).toBe(160 * discarded);
    expect(about(35).reduce((sum, { body }) => sum + body.readUInt32BE(16), 0)).toBeGreaterThanOrEqual(
      discarded,
    );
  });
});

describe('the figures of losses', () => {
  const { about, forward } = simulated({ gilbert: { p: 0.02, q: 0.3 } });

  it('are those of the trace', () => {
    const traces = about(1).map(({ body }) => readTrace(body).bits);
    const lostOf = (bits: readonly boolean[]) => bits.filter((isThere) => !isThere).length;
    expect(about(6).map(({ body }) => body.readUInt32BE(8))).toEqual(traces.map(lostOf));
    expect(about(33).map(({ body }) => body.readUInt16BE(8))).toEqual(traces.map(lostOf));
    // Of 20 ms each; the number of bursts has 12 bits, the sum of squares 36.
    const wanted = traces.map((bits) => {
      const { bursts } = burstsAndGaps(
        bits.map((isThere) => !isThere),
        16,
      );
      const { packets, bad } = total(bursts);
      const squares = bursts.reduce((sum, burst) => sum + (burst.packets * 20) ** 2, 0);
      return { durationMs: packets * 20, bad, packets, bursts: bursts.length, squares };
    });
    const found = about(20).map(({ body }) => ({
      durationMs: body.readUIntBE(5, 3),
      bad: body.readUIntBE(8, 3),
      packets: body.readUIntBE(11, 3),
      bursts: body.readUInt16BE(14) >> 4,
      squares: (body.readUInt16BE(14) & 15) * 2 ** 32 + body.readUInt32BE(16),
    }));
    expect(found).toEqual(wanted);
    expect(wanted.some(({ bursts }) => bursts > 1)).toBe(true);
  });

  it('are in the VoIP metrics since the beginning', () => {
    const { bits } = traceOf(about(1));
    const { bursts, gaps } = burstsAndGaps(
      bits.map((isThere) => !isThere),
      16,
    );
    const density = ({ packets, bad }: { packets: number; bad: number }) =>
      Math.min(255, Math.floor((256 * bad) / packets));
    const last = about(7).at(-1)!.body;
    const lost = bits.filter((isThere) => !isThere).length;
    expect({
      lossRate: last[4],
      discardRate: last[5],
      burstDensity: last[6],
      gapDensity: last[7],
      burstMs: last.readUInt16BE(8),
      gapMs: last.readUInt16BE(10),
    }).toEqual({
      lossRate: Math.floor((256 * lost) / bits.length),
      discardRate: 0,
      burstDensity: density(total(bursts)),
      gapDensity: density(total(gaps)),
      burstMs: Math.round((total(bursts).packets * 20) / bursts.length),
      gapMs: Math.round((total(gaps).packets * 20) / gaps.length),
    });
    // 40 ms out, 40 ms and 10 ms back: half of all that, and 60 ms in the end system.
    expect([last.readUInt16BE(12), last.readUInt16BE(14)]).toEqual([100, 60]);
    expect(lost).toBe(forward.rtcp.lastReport!.cumulativeLost);
  });

  it('have measurement information for every interval', () => {
    const blocks = about(14).map(({ body }) => body);
    const firsts = blocks.map((body) => body.readUInt32BE(8));
    const lasts = blocks.map((body) => body.readUInt32BE(12));
    expect(firsts.slice(1)).toEqual(lasts.slice(0, -1).map((number) => number + 1));
    expect(lasts.at(-1)).toBe(forward.rtcp.lastReport!.extendedHighestSequence);
    expect(new Set(blocks.map((body) => body.readUInt16BE(6)))).toEqual(new Set([firsts[0]! & 0xffff]));
    // The intervals make up the whole.
    const intervals = blocks.reduce((sum, body) => sum + body.readUInt32BE(16) / 65_536, 0);
    const whole = blocks.at(-1)!.readUInt32BE(20) + blocks.at(-1)!.readUInt32BE(24) / 2 ** 32;
    expect(Math.abs(intervals - whole)).toBeLessThan(0.001);
  });
});

describe('the round-trip times', () => {
  it('come out of reference times and their answers, to both ends', () => {
    const { xr, truth } = simulated({ legDelayMs: [15, 60], streams: 1, calls: 0 });
    const asked = new Map<number, bigint>();
    for (const { type, ns, body } of xr) {
      if (type === 4) asked.set(body.readUInt32BE(2), ns);
    }
    const found = xr.flatMap(({ type, ns, body }) => {
      const askedNs = type === 5 ? asked.get(body.readUInt32BE(4)) : undefined;
      if (askedNs === undefined) return [];
      return {
        isAboutSource: body.readUInt32BE(0) === Number(truth.streams[0]!.ssrc),
        ms: Number(ns - askedNs) / 1e6 - (body.readUInt32BE(8) * 1000) / 65_536,
      };
    });
    expect(found.length).toBeGreaterThan(15);
    // An answer to the source comes from the other end.
    for (const { isAboutSource, ms } of found) {
      expect(Math.abs(ms - (isAboutSource ? 120 : 30))).toBeLessThan(0.016);
    }
    const { towardsSource } = truth.streams[0]!.rtcp.legRttMs;
    expect(towardsSource).toMatchObject({ min: 30, mean: 30, max: 30 });
    expect(found.filter(({ isAboutSource }) => !isAboutSource).length).toBe(towardsSource!.samples);
  });

  it('are in the delay blocks as the end knows them', () => {
    const { about } = simulated({});
    const bodies = about(16).map(({ body }) => body);
    // At first none is known.
    expect(bodies[0]!.readUInt32BE(4)).toBe(0xffff_ffff);
    const means = bodies.map((body) => body.readUInt32BE(4)).filter((value) => value !== 0xffff_ffff);
    for (const mean of means) expect(Math.abs(mean / 65.536 - 100)).toBeLessThan(0.1);
    expect(means.length).toBeGreaterThan(5);
    // 60 ms in the end system.
    expect(bodies[0]!.readUInt32BE(20) / 2 ** 32).toBeCloseTo(0.06, 6);
  });
});
