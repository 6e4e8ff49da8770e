import { describe, expect, it } from 'vitest';
import { packetKind } from '../../../src/simulate/media-model.js';
import { StreamTruth } from '../../../src/simulate/stream-truth.js';
import { present, vectors } from '../../support/rtp-vectors.js';

interface Arrival {
  ms: number;
  index: number;
  timestamp?: number;
  isDuplicate?: boolean;
  segment?: number;
  kind?: number;
  resumes?: boolean;
}

/** A stream of 20 ms packets at 8 kHz whose first sequence number is 65,530. */
function truthOf(arrivals: Arrival[], clockRate = 8000): StreamTruth {
  const truth = new StreamTruth(clockRate);
  for (const arrival of arrivals) {
    const { ms, index, kind = packetKind.audio, segment = 0, resumes = false, isDuplicate = false } = arrival;
    const timestamp = arrival.timestamp ?? (index * 160) >>> 0;
    const sequence = (65_530 + index) & 0xffff;
    const payloadType = kind === packetKind.comfortNoise ? 13 : 8;
    truth.arrive(
      ms * 1e6,
      isDuplicate,
      segment,
      index,
      sequence,
      timestamp,
      kind,
      resumes,
      resumes,
      payloadType,
      160,
    );
  }
  return truth;
}

const numbersOf = (truth: StreamTruth) => ({
  packets: truth.packets,
  octets: truth.octets,
  expected: truth.expected,
  lost: truth.lost,
  duplicates: truth.duplicates,
  reordered: truth.reordered,
  reorderExtentMax: truth.reorderExtentMax,
  jitterSamples: truth.jitterSamples,
  jitterMs: truth.jitterMs,
  deltaMs: truth.deltaMs,
});

describe('the truth about a stream', () => {
  it('is what ten packets give by hand: two lost, one twice, one two places late', () => {
    const truth = truthOf([
      { ms: 0, index: 0 },
      { ms: 20, index: 1 },
      { ms: 60, index: 3 },
      { ms: 85, index: 4 },
      { ms: 86, index: 4, isDuplicate: true },
      { ms: 90, index: 2 },
      { ms: 125, index: 6 },
      { ms: 145, index: 7 },
      { ms: 165, index: 8 },
      { ms: 200, index: 10 },
    ]);
    // |D| in ticks: 0, 0, 40, 360, 360, 0, 0, 40, each a sixteenth into the estimate.
    const estimates = [
      0, 0, 2.5, 24.84375, 45.791015625, 42.9290771484375, 40.246009826660156, 40.2306342124939,
    ];
    expect(numbersOf(truth)).toEqual({
      packets: 10,
      octets: 1600,
      expected: 11,
      lost: 2,
      duplicates: 1,
      reordered: 1,
      reorderExtentMax: 2,
      jitterSamples: 8,
      jitterMs: {
        mean: expect.closeTo(estimates.reduce((sum, estimate) => sum + estimate, 0) / 8 / 8, 12),
        max: 45.791015625 / 8,
        last: 40.2306342124939 / 8,
      },
      deltaMs: { mean: expect.closeTo(200 / 9, 12), max: 40 },
    });
  });

  it('extends the range downwards for a packet that precedes the first one seen', () => {
    const truth = truthOf([
      { ms: 20, index: 1 },
      { ms: 21, index: 0 },
      { ms: 60, index: 3 },
    ]);
    expect(numbersOf(truth)).toMatchObject({ expected: 4, lost: 1, reordered: 1, reorderExtentMax: 1 });
  });

  it('sums the ranges of two segments and takes no jitter sample across a restart', () => {
    const truth = truthOf([
      { ms: 0, index: 0 },
      { ms: 20, index: 1 },
      { ms: 40, index: 0, segment: 1, timestamp: 99_999 },
      { ms: 60, index: 2, segment: 1, timestamp: 99_999 + 320 },
    ]);
    expect(truth.restarts).toBe(1);
    expect(numbersOf(truth)).toMatchObject({ expected: 5, lost: 1, reordered: 0, jitterSamples: 2 });
  });

  it('has no jitter from comfort noise, the packet after it, and telephone events', () => {
    const truth = truthOf([
      { ms: 0, index: 0 },
      { ms: 33, index: 1, kind: packetKind.comfortNoise },
      { ms: 500, index: 2, timestamp: 4000 },
      { ms: 520, index: 3, timestamp: 4160, kind: packetKind.telephoneEvent },
      { ms: 540, index: 4, timestamp: 4160, kind: packetKind.telephoneEvent },
      { ms: 560, index: 5, timestamp: 4480 },
    ]);
    expect(truth.jitterMs).toEqual({ mean: 0, max: 0, last: 0 });
    expect(truth).toMatchObject({
      jitterSamples: 1,
      comfortNoisePackets: 1,
      telephoneEventPackets: 2,
      dtxResumptions: 1,
    });
  });

  it('measures video by the first packet of each timestamp, in whatever order they come', () => {
    const truth = truthOf(
      [
        { ms: 0, index: 0, timestamp: 0 },
        { ms: 1, index: 1, timestamp: 0 },
        { ms: 34, index: 3, timestamp: 3000 },
        { ms: 35, index: 2, timestamp: 0 },
        { ms: 36, index: 4, timestamp: 3000 },
      ].map((arrival) => ({ ...arrival, kind: packetKind.video })),
      90_000,
    );
    // 34 ms for a step of 33 1/3 ms: 60 ticks.
    expect(truth.jitterSamples).toBe(1);
    expect(truth.jitterMs.last).toBeCloseTo(60 / 16 / 90, 12);
  });

  it('counts a step of more than a second as a jump and not as jitter', () => {
    const truth = truthOf([
      { ms: 0, index: 0 },
      { ms: 1021, index: 1 },
      { ms: 1041, index: 2 },
    ]);
    expect(truth).toMatchObject({ timestampJumps: 1, jitterSamples: 1, jitter: 0 });
  });

  it('knows no jitter and no delta of a single packet', () => {
    expect(numbersOf(truthOf([{ ms: 7, index: 0 }]))).toMatchObject({
      expected: 1,
      lost: 0,
      jitterMs: { mean: null, max: null, last: null },
      deltaMs: { mean: null, max: null },
    });
  });

  it.skipIf(!present)('agrees with the vectors of RFC 3550 A.8', () => {
    // The naive ones hold what happens to those who take every packet as a sample.
    const used = vectors.jitter.filter((vector) => !vector.name.endsWith('naive'));
    expect(used.length).toBeGreaterThan(3);
    for (const { name, clock, result, packets } of used) {
      const truth = truthOf(
        packets.map(([seconds, timestamp], index) => ({ ms: seconds * 1000, index, timestamp })),
        clock,
      );
      expect(truth.jitter, name).toBeCloseTo(result.float, 5);
    }
  });
});
