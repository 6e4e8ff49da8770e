// A tap between two legs: round trips, losses by side and the verdict are those of
// the simulation, as they stand in the summaries.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type StreamFacts, simulate } from '../../src/simulate/index.js';
import type { StreamSummary } from '../../src/summary/schema.js';
import { analyzeCapture } from './analyze-capture.js';
import { keyOf, streamsByKey } from './streams.js';

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-legs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = join(folder, 'legs.pcap');
const truth = simulate({ profile: 'two-legs', seed: 5 }, file);
const found = streamsByKey(await analyzeCapture(file));

interface Case {
  name: string;
  facts: StreamFacts;
  stream: StreamSummary;
  reverse: StreamFacts;
}

const cases: Case[] = truth.streams.map((facts) => ({
  name: `${facts.group}, call ${facts.call} ${facts.direction}`,
  facts,
  stream: found.get(keyOf(facts))!,
  reverse: truth.streams.find(({ call, direction }) => call === facts.call && direction !== facts.direction)!,
}));

/** Clocks of the ends that run wrong by hundreds of ppm shorten or lengthen the pause that they tell of. */
const digitsOf = (group: string) => (group === 'clocks' ? 0 : 1);

/** Round trips from a stream's truth, as a summary tells them. */
function tripsOf({ rtcp, group }: StreamFacts) {
  const trips = rtcp.legRttMs.towardsDestination;
  if (trips === null) return null;
  const { min, mean, max, samples } = trips;
  return {
    min: expect.closeTo(min, digitsOf(group)),
    mean: expect.closeTo(mean, digitsOf(group)),
    max: expect.closeTo(max, digitsOf(group)),
    count: samples,
  };
}

describe('between two legs', () => {
  it('each stream has its reverse', () => {
    expect(cases.map(({ name, stream }) => [name, stream.reverse?.streamId])).toEqual(
      cases.map(({ name, reverse }) => [name, found.get(keyOf(reverse))!.streamId]),
    );
  });

  it.each(cases)('round trips of both are those of the simulation: $name', ({ facts, stream, reverse }) => {
    expect(stream.legs.downstream?.rttMs ?? null).toEqual(tripsOf(facts));
    expect(stream.legs.upstream?.rttMs ?? null).toEqual(tripsOf(reverse));
  });

  it.each(cases)('losses are found on their side: $name', ({ facts, stream }) => {
    const span = facts.rtcp.reportSpan;
    if (span === null) throw new Error('every stream is reported on');
    const { upstream, capture, downstream } = span.lost;
    const { upstreamLost, downstreamLost, captureSuspected, basis } = stream.damage;
    // A receiver that gets copies reports so much less lost (RFC 3550 A.3), and may report less than nothing.
    const copies = facts.group === 'far-copies' ? facts.receiver!.copies : 0;
    expect(basis).toBe('rtcp');
    expect(downstreamLost).toBeLessThanOrEqual(downstream - capture);
    expect(downstreamLost).toBeGreaterThanOrEqual(downstream - capture - copies);
    // What the capture lost is known only as far as the receiver got more than passed the tap.
    expect(upstreamLost! + captureSuspected).toBe(upstream + capture);
    if (capture === 0)
      expect({ upstreamLost, captureSuspected }).toEqual({ upstreamLost: upstream, captureSuspected: 0 });
  });

  it('the network delay in the MOS is half of both round trips', () => {
    const far = cases.flatMap(({ name, facts, reverse, stream }) => {
      const there = facts.rtcp.legRttMs.towardsDestination;
      const back = reverse.rtcp.legRttMs.towardsDestination;
      const wanted = there === null || back === null ? null : (there.mean + back.mean) / 2;
      const got = stream.legs.oneWayDelayMs;
      return wanted !== null &&
        got !== null &&
        Math.abs(wanted - got) < (facts.group === 'clocks' ? 0.5 : 0.1)
        ? []
        : [{ name, wanted, got }];
    });
    expect(far).toEqual([]);
  });
});
