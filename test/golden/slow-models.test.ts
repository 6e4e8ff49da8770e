// Delay variation, playout, bursts and stalls of whole captures against their
// definitions, read literally with all packets in memory.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SimulateRequest } from '../../src/simulate/index.js';
import type { StreamSummary } from '../../src/summary/schema.js';
import { analyzeCapture } from './analyze-capture.js';
import { readRtpStreams } from './rtp-reader.js';
import { make, payloadTypes } from './simulation.js';
import { slowFigures } from './slow-models.js';
import { keyOf, streamsOf } from './streams.js';
import { captureNames, capturePath } from './support.js';

/** Sums in single precision. */
const TOLERANCE_MS = 0.01;

function found(stream: StreamSummary) {
  const { playout, delayVariationMs: v, burstGap: b, packetTimeMs } = stream;
  const packets = (ms: number | null) => (ms === null || packetTimeMs === null ? null : ms / packetTimeMs);
  return {
    counts: {
      samples: playout?.packets ?? null,
      discards: (playout?.profiles ?? []).map(({ lateDiscards, earlyDiscards }) => ({
        late: lateDiscards,
        early: earlyDiscards,
      })),
      stalls: stream.stalls,
      ...{ bursts: b.bursts, burstPackets: b.burstPackets, burstBadPackets: b.burstBadPackets },
      ...{ badPackets: b.badPackets, badRuns: b.badRuns, burstSquares: b.burstSquares, decided: b.decided },
    },
    histogram: stream.pdvHistogram,
    values: {
      ...{ pdvMean: v.pdvMean, pdvMax: v.pdvMax, ipdvMean: v.ipdvMean, ipdvMax: v.ipdvMax, mapdv2: v.mapdv2 },
      adaptiveMeanMs: playout?.profiles[2]?.delayMs ?? null,
      bufferMeanMs: playout?.bufferMeanMs ?? null,
      ...{ burstDensity: b.burstDensity, gapDensity: b.gapDensity },
      burstMeanPackets: packets(b.burstDurationMs),
      gapMeanPackets: packets(b.gapDurationMs),
    },
  };
}

/** What the slow model says of each stream, beside what was found, equal where within the tolerance. */
async function compare(
  file: string,
  types: Record<number, string>,
  only: (stream: StreamSummary) => boolean,
) {
  const streams = streamsOf(await analyzeCapture(file, { payloadTypes: types })).filter(only);
  const packets = readRtpStreams(readFileSync(file));
  return streams.map((stream) => {
    const own = packets
      .get(Number(stream.ssrc))!
      .filter(({ srcPort, dstPort }) => srcPort === stream.srcPort && dstPort === stream.dstPort);
    const isVideo = stream.media === 'video';
    const slow = slowFigures(own, {
      ...{ clockRate: stream.clockRate!, isVideo },
      noiseTypes: new Set([13, 19]),
      eventTypes: new Set([101]),
    });
    const got = found(stream);
    const wanted: ReturnType<typeof found> = {
      counts: {
        samples: isVideo ? null : slow.samples,
        discards: isVideo ? [] : slow.discards,
        stalls: slow.stalls,
        ...{ bursts: slow.bursts, burstPackets: slow.burstPackets, burstBadPackets: slow.burstBadPackets },
        ...{
          badPackets: slow.badPackets,
          badRuns: slow.badRuns,
          burstSquares: slow.burstSquares,
          decided: stream.expected,
        },
      },
      histogram: slow.histogram,
      values: {
        ...{ pdvMean: slow.pdvMean, pdvMax: slow.pdvMax, ipdvMean: slow.ipdvMean, ipdvMax: slow.ipdvMax },
        mapdv2: slow.mapdv2,
        ...(isVideo
          ? { adaptiveMeanMs: null, bufferMeanMs: null }
          : { adaptiveMeanMs: slow.adaptiveMeanMs, bufferMeanMs: slow.bufferMeanMs }),
        ...{ burstDensity: slow.burstDensity, gapDensity: slow.gapDensity },
        ...{ burstMeanPackets: slow.burstMeanPackets, gapMeanPackets: slow.gapMeanPackets },
      },
    };
    const values = Object.fromEntries(
      Object.entries(got.values).map(([name, value]) => {
        const exact = wanted.values[name as keyof typeof wanted.values];
        const limit = /Density/.test(name) ? 1e-6 : TOLERANCE_MS;
        const near = value !== null && exact !== null && Math.abs(value - exact) <= limit;
        return [name, near ? exact : value];
      }),
    );
    const head = { stream: keyOf(stream), codec: stream.codec };
    return { got: { ...head, ...got, values }, wanted: { ...head, ...wanted } };
  });
}

const simulations: Record<string, SimulateRequest> = {
  'jitter of 1 to 40 ms': {
    calls: 5,
    durationMs: 30_000,
    seed: 91,
    groups: [1, 5, 12, 25, 40].map((jitterMs) => ({ name: `${jitterMs}`, calls: 1, jitterMs })),
  },
  'packets that overtake each other': {
    ...{
      calls: 4,
      jitterMs: 20,
      jitterShape: 'gaussian',
      jitterReorders: true,
      reorderRatio: 0.05,
      reorderMax: 15,
    },
    ...{ durationMs: 20_000, seed: 92 },
  },
  'losses in bursts, under jitter and copies': {
    ...{
      calls: 4,
      gilbert: { p: 0.03, q: 0.2 },
      jitterMs: 10,
      duplicateRatio: 0.03,
      durationMs: 30_000,
      seed: 93,
    },
  },
  'sparse losses': { calls: 4, lossRatio: 0.02, jitterMs: 2, durationMs: 30_000, seed: 94 },
  'steps of the delay, up and down': {
    ...{ calls: 2, jitterMs: 4, durationMs: 30_000, seed: 95 },
    delaySteps: [
      { atMs: 4000, deltaMs: 90 },
      { atMs: 9000, deltaMs: -60 },
      { atMs: 15_000, deltaMs: 250 },
      { atMs: 21_000, deltaMs: -250 },
    ],
  },
  'steps so long that media stalls': {
    ...{ calls: 2, durationMs: 20_000, seed: 96 },
    delaySteps: [
      { atMs: 5000, deltaMs: 701.3 },
      { atMs: 12_000, deltaMs: -600.9 },
    ],
  },
  'media held up for more than a second, and on time again': {
    ...{ calls: 2, jitterMs: 4, durationMs: 40_000, seed: 98 },
    delaySteps: [
      { atMs: 4000, deltaMs: 1200.7 },
      { atMs: 7000, deltaMs: -1199.2 },
      { atMs: 20_000, deltaMs: 5000.25 },
      { atMs: 33_000, deltaMs: -1500.1 },
    ],
  },
  'silence suppression of every kind': {
    ...{
      calls: 6,
      dtx: true,
      lossRatio: 0.02,
      jitterMs: 5,
      codecs: ['PCMU', 'G729', 'AMR', 'AMR-WB', 'EVS', 'opus'],
    },
    ...{ durationMs: 30_000, seed: 97 },
  },
  'telephone events': { calls: 3, dtmf: true, lossRatio: 0.02, jitterMs: 5, durationMs: 20_000, seed: 98 },
  'a skewed clock, taken out on the way': {
    calls: 2,
    skewPpm: 150,
    jitterMs: 5,
    lossRatio: 0.01,
    durationMs: 60_000,
    seed: 99,
  },
  'video beside audio': {
    calls: 2,
    video: true,
    lossRatio: 0.02,
    jitterMs: 4,
    durationMs: 10_000,
    seed: 100,
  },
};

describe('the literal definitions give the same in simulated captures:', () => {
  for (const [name, request] of Object.entries(simulations)) {
    it(name, async () => {
      const { file, truth } = make(request);
      const rows = await compare(file, payloadTypes, () => true);
      expect(rows.map(({ got }) => got)).toEqual(rows.map(({ wanted }) => wanted));
      expect(rows.length).toBe(truth.streams.length);
    });
  }
});

// Classic pcap with static payload types, from other projects; without delays that lie
// on the end of a bin, which single precision may round to either side.
const real = [
  'sip-rtp-rtcp-mgcp.pcap',
  'sip-g711.pcap',
  'sip-g729a.pcap',
  'sip-g722.pcap',
  'zrtp-sip-rtp-rtcp.pcap',
  'srtp-rtpproxy-alice.pcap',
  'sip-reinvite-4ssrc.pcap',
  'rtp-pcma-sipp.pcap',
];

describe.skipIf(captureNames.length === 0)('and in real ones:', () => {
  for (const name of real) {
    it(name, async () => {
      const rows = await compare(
        capturePath(name),
        {},
        ({ clockRateSource, packets, restarts, sequenceErrors, late }) =>
          clockRateSource === 'static' && packets > 1 && restarts + sequenceErrors + late === 0,
      );
      expect(rows.map(({ got }) => got)).toEqual(rows.map(({ wanted }) => wanted));
      expect(rows.length).toBeGreaterThan(0);
    });
  }
});
