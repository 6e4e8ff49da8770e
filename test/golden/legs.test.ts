// Both sides of the tap: round trips of the legs, losses by side and the verdict,
// against what really happened in simulated captures.
import { describe, expect, it } from 'vitest';
import type { SimulateRequest, StreamFacts } from '../../src/simulate/index.js';
import type { StreamSummary } from '../../src/summary/schema.js';
import { head, measured, type Pair } from './simulation.js';

const round = (value: number) => Math.round(value * 1e3) / 1e3;

/** What the definition of a damaged side makes of true losses: 2 packets and 0.1 %. */
function sideOf({ rtcp }: StreamFacts): StreamSummary['damage']['side'] {
  const { lost, fromSequence, toSequence } = rtcp.reportSpan!;
  const isDamage = (n: number) => n >= 2 && n >= 0.001 * (toSequence - fromSequence);
  if (isDamage(lost.upstream)) return isDamage(lost.downstream) ? 'both' : 'upstream';
  if (isDamage(lost.downstream)) return 'downstream';
  return isDamage(lost.capture) ? 'capture' : 'none';
}

const wantedLoss = (pair: Pair) => {
  const { lost, fromSequence, toSequence } = pair.facts.rtcp.reportSpan!;
  return {
    stream: head(pair),
    ...{ side: sideOf(pair.facts), expected: toSequence - fromSequence },
    ...{ upstream: lost.upstream, downstream: lost.downstream, capture: lost.capture },
  };
};

const foundLoss = (pair: Pair) => {
  const { side, expected, upstreamLost, downstreamLost, captureSuspected } = pair.found.damage;
  return {
    stream: head(pair),
    ...{ side, expected, upstream: upstreamLost, downstream: downstreamLost, capture: captureSuspected },
  };
};

/** Round trips of a leg in the truth, and the ones found when none is off by more than `withinMs`. */
function trips(
  truth: StreamFacts['rtcp']['legRttMs']['towardsSource'],
  leg: StreamSummary['legs']['downstream'],
  withinMs: number,
) {
  const rtt = leg?.rttMs ?? null;
  if (truth === null || rtt === null) return { wanted: truth, got: rtt };
  const { samples: count, min, mean, max } = truth;
  const isNear = [rtt.min - min, rtt.mean - mean, rtt.max - max].every((ms) => Math.abs(ms) <= withinMs);
  return {
    wanted: { count, near: true, min: round(min) },
    got: { count: rtt.count, near: isNear, min: isNear ? round(min) : rtt.min },
  };
}

const sessions: Record<string, SimulateRequest> = {
  'losses and delays on either side': { profile: 'two-legs', seed: 37 },
  'the same with another seed': { profile: 'two-legs', seed: 5 },
  'RTCP of every kind': { profile: 'reports', srtp: false, seed: 38 },
  'a long call': {
    ...{ calls: 1, durationMs: 300_000, rtcpIntervalMs: 5000, lossRatio: 0.01, downstreamLossRatio: 0.02 },
    ...{ jitterMs: 2, downstreamJitterMs: 10, seed: 41 },
  },
};

describe('between the first and the last report the losses of each side are the true ones:', () => {
  for (const [name, request] of Object.entries(sessions)) {
    it(name, async () => {
      const { pairs } = await measured(request);
      // Copies made behind the tap count as received, and so below zero.
      const plain = pairs.filter(({ facts }) => facts.group !== 'far-copies');
      expect(plain.map(foundLoss)).toEqual(plain.map(wantedLoss));
      expect(new Set(plain.map(({ found }) => found.damage.basis))).toEqual(new Set(['rtcp']));
    });
  }

  it('the verdicts are of every kind', async () => {
    const { pairs } = await measured(sessions['losses and delays on either side']!);
    expect(new Set(pairs.map(({ facts }) => sideOf(facts)))).toEqual(
      new Set(['none', 'upstream', 'downstream', 'both']),
    );
  });

  it('copies made behind the tap are no losses, and nothing that the capture missed', async () => {
    const { pairs } = await measured({ profile: 'two-legs', seed: 37 });
    const copied = pairs.filter(({ facts }) => facts.group === 'far-copies');
    expect(copied.map(({ found }) => [found.damage.side, found.damage.captureSuspected])).toEqual([
      ['none', 0],
      ['none', 0],
    ]);
    for (const { facts, found } of copied) {
      expect(found.damage.downstreamLost).toBe(facts.rtcp.reportSpan!.reportedLost);
      expect(found.damage.downstreamLost).toBeLessThan(-20);
    }
  });

  it('copies made before the tap hide no loss upstream', async () => {
    const { pairs } = await measured({
      ...{
        calls: 4,
        durationMs: 30_000,
        rtcpIntervalMs: 1500,
        lossRatio: 0.02,
        duplicateRatio: 0.03,
        seed: 4,
      },
    });
    for (const { facts, found } of pairs) {
      expect(found.damage.side).toBe('upstream');
      // A copy may come on the other side of a report than its packet.
      const { upstream } = facts.rtcp.reportSpan!.lost;
      expect(Math.abs(found.damage.upstreamLost! - upstream)).toBeLessThanOrEqual(1);
      expect(Math.abs(found.damage.downstreamLost!)).toBeLessThanOrEqual(1);
    }
  });

  it('a stream without readable RTCP tells of the side before the tap alone', async () => {
    const { pairs } = await measured({ calls: 2, durationMs: 8000, lossRatio: 0, seed: 6 });
    expect(
      pairs.map(({ found }) => [found.damage.side, found.damage.basis, found.damage.downstreamLost]),
    ).toEqual(pairs.map(() => ['upstream-only-known', 'tap', null]));
  });
});

describe('jitter of the side where it arises', () => {
  const session = { calls: 2, durationMs: 60_000, rtcpIntervalMs: 1000, codecs: ['PCMA'], seed: 51 };
  const jitters = async (request: SimulateRequest) => {
    const { pairs } = await measured({ ...session, ...request });
    expect(pairs.length).toBe(4);
    return pairs.map(({ found: { damage } }) => ({ near: damage.nearJitterMs!, far: damage.farJitterMs! }));
  };

  it('before the tap: near and far are alike', async () => {
    for (const { near, far } of await jitters({ jitterMs: 8 })) {
      expect(near).toBeGreaterThan(5);
      // Reports sample a running estimate that goes up and down.
      expect(Math.abs(far - near)).toBeLessThan(0.25 * near);
    }
  });

  it('behind the tap: the receiver alone has it', async () => {
    for (const { near, far } of await jitters({ downstreamJitterMs: 8 })) {
      expect(near).toBeLessThan(0.1);
      expect(far).toBeGreaterThan(5);
    }
  });
});

describe('round trips from the tap to either end are the true ones within 0.1 ms:', () => {
  for (const [name, request] of Object.entries(sessions)) {
    it(name, async () => {
      const { pairs } = await measured(request);
      // A clock that is 120 ppm off holds a report of 2 s by 0.24 ms too long.
      const within = ({ facts }: Pair) =>
        Math.abs(facts.clock.wallSkewPpm!) > 0 || facts.group === 'clocks' ? 0.4 : 0.1;
      const rows = pairs.map((pair) => {
        const { facts, found } = pair;
        const reverse = pairs.find((other) => other.found.streamId === found.reverse?.streamId)!;
        const { towardsSource, towardsDestination } = facts.rtcp.legRttMs;
        // Without DLRR the way to the sender is the way to the receiver of the opposite direction.
        const up = towardsSource ?? reverse.facts.rtcp.legRttMs.towardsDestination;
        const from = towardsSource === null ? 'reverse-stream' : 'this-stream';
        const down = trips(towardsDestination, found.legs.downstream, within(pair));
        const upstream = trips(up, found.legs.upstream, within(pair));
        return {
          wanted: { stream: head(pair), down: down.wanted, up: upstream.wanted, from, rejected: 0 },
          got: {
            ...{ stream: head(pair), down: down.got, up: upstream.got, from: found.legs.upstream?.from },
            rejected: found.legs.downstream?.rejected,
          },
        };
      });
      expect(rows.map(({ got }) => got)).toEqual(rows.map(({ wanted }) => wanted));
      for (const { found } of pairs) {
        const { downstream, upstream, oneWayDelayMs } = found.legs;
        const both = (downstream!.rttMs!.mean + upstream!.rttMs!.mean) / 2;
        expect(Math.abs(oneWayDelayMs! - both)).toBeLessThanOrEqual(0.001);
      }
    });
  }
});
