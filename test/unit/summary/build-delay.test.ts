import { describe, expect, it } from 'vitest';
import { streamOf, windowOf } from './records.js';

const played = {
  ...{ expected: 200, playoutPackets: 190, bufferMeanMs: 31.25, adaptiveDelayMeanMs: 42.5 },
  ...{ lateDiscards: [6, 0, 1], earlyDiscards: [2, 0, 1] },
};

describe('playout', () => {
  it('tells the discards and the delay of each configured profile', () => {
    expect(streamOf(played).playout).toEqual({
      packets: 190,
      bufferMeanMs: 31.25,
      profiles: [
        {
          ...{ profile: 'fixed50', kind: 'fixed', lateDiscards: 6, earlyDiscards: 2 },
          ...{ discardRatio: 0.04, delayMs: 50, usedByQuality: false },
        },
        {
          ...{ profile: 'fixed200', kind: 'fixed', lateDiscards: 0, earlyDiscards: 0 },
          ...{ discardRatio: 0, delayMs: 200, usedByQuality: false },
        },
        {
          ...{ profile: 'adaptive', kind: 'adaptive', lateDiscards: 1, earlyDiscards: 1 },
          ...{ discardRatio: 0.01, delayMs: 42.5, usedByQuality: true },
        },
      ],
    });
  });

  it('is null where nothing was played', () => {
    expect(streamOf({ mediaKind: 2 }).playout).toBeNull();
  });
});

describe('delay variation', () => {
  it('has percentiles from the histogram, which is there to be merged', () => {
    const histogram = [10, 0, 0, 0, 0, 10, ...Array(10).fill(0)];
    const summary = streamOf({
      ...{ pdvHistogram: histogram, pdvMeanMs: 3, pdvMaxMs: 7, ipdvMeanMs: 1.5, ipdvMaxMs: 6, mapdv2Ms: 2.5 },
    });
    expect(summary.delayVariationMs).toEqual({
      ...{ pdvMean: 3, pdvMax: 7, pdvP50: 0.5, pdvP95: 6.8, pdvP99: 6.96, pdvP999: 6.996 },
      ...{ ipdvMean: 1.5, ipdvMax: 6, mapdv2: 2.5 },
    });
    expect(summary.pdvHistogram).toEqual(histogram);
  });

  it('is null without samples', () => {
    expect(Object.values(streamOf().delayVariationMs)).toEqual(Array(9).fill(null));
  });
});

it('skew, stalls and jitter without the delays of the sender', () => {
  const summary = streamOf({ skewPpm: -42.5, stalls: 2, jitterTransmissionMs: 0.25 });
  expect([summary.skewPpm, summary.stalls, summary.jitterTransmissionMs]).toEqual([-42.5, 2, 0.25]);
  const unknown = streamOf();
  expect([unknown.skewPpm, unknown.stalls, unknown.jitterTransmissionMs]).toEqual([null, 0, null]);
});

it('levels of speech, or nothing at all', () => {
  const levels = { signalLevelDbm0: -20.5, noiseLevelDbm0: -60, silenceShare: 0.25, clippingShare: 0 };
  expect(streamOf(levels).speech).toEqual(levels);
  // All of it was silence, so there is no level of speech.
  expect(streamOf({ noiseLevelDbm0: -60, silenceShare: 1, clippingShare: 0 }).speech).toEqual({
    ...{ signalLevelDbm0: null, noiseLevelDbm0: -60, silenceShare: 1, clippingShare: 0 },
  });
  expect(streamOf().speech).toBeNull();
});

it('copies of the mirror port, and the tunnel that the packets came in', () => {
  const summary = streamOf({
    ...{ spanCopies: 3, spanCopyDelayMeanMs: 0.25, spanCopyDelayMaxMs: 0.5 },
    ...{ tunnelKind: 7, tunnelId: 4711, tunnelDepth: 3, innerVlan: 12 },
    ...{ outerTunnelKinds: [6, 1, 0], outerTunnelIds: [70_000, 0xffff_ffff, 0] },
  });
  expect(summary.spanCopies).toEqual({ count: 3, delayMeanMs: 0.25, delayMaxMs: 0.5 });
  expect(summary.tunnel).toEqual({
    ...{ kind: 'vxlan', id: 4711, depth: 3, innerVlan: 12 },
    outer: [
      { kind: 'erspan', id: 70_000 },
      { kind: 'mpls', id: 0xffff_ffff },
    ],
  });
  expect(streamOf({ tunnelKind: 9, tunnelId: 1, tunnelDepth: 1 }).tunnel!.outer).toEqual([]);
  const plain = streamOf();
  expect(plain.spanCopies).toEqual({ count: 0, delayMeanMs: null, delayMaxMs: null });
  expect(plain.tunnel).toBeNull();
});

describe('skew drift', () => {
  const drift = { firstPpm: -3.12345, lastPpm: 2, minPpm: -4, maxPpm: 2.5, ppmPerHour: Number.NaN };

  it('is of whole streams alone, with a slope where there is one', () => {
    expect(streamOf().skewDrift).toBeNull();
    expect(streamOf({}, null, { skewDrift: drift }).skewDrift).toEqual({
      ...{ firstPpm: -3.123, lastPpm: 2, minPpm: -4, maxPpm: 2.5, ppmPerHour: null },
    });
    expect(streamOf({}, null, { skewDrift: { ...drift, ppmPerHour: 7.5 } }).skewDrift!.ppmPerHour).toBe(7.5);
    expect(windowOf({}, null, { skewDrift: drift })).not.toHaveProperty('skewDrift');
  });
});
