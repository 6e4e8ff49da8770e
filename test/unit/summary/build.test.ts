import { describe, expect, it } from 'vitest';
import { Block } from '../../../src/native/block.js';
import type { InterfaceStats } from '../../../src/native/engine.js';
import { captureSummary, OF_FILES } from '../../../src/summary/build-capture.js';
import { summarySchema } from '../../../src/summary/schema.js';
import { type BlockFields, blockOf } from '../native/blocks.js';
import { context, streamOf, windowOf } from './records.js';

const block = (fields: BlockFields) => new Block(blockOf(fields));

describe('a stream summary', () => {
  it('of a plain stream, whole', () => {
    const summary = streamOf({ endReason: 1 });
    const { assumptions, ...mos } = summary.mos;
    expect({ ...summary, mos }).toEqual({
      kind: 'stream',
      schema: 2,
      id: 'p1/0123456789abcdef',
      probe: 'p1',
      endReason: 'idle',
      skewDrift: null,
      streamId: '0123456789abcdef',
      ssrc: '0x00c0ffee',
      src: '192.0.2.1',
      srcPort: 4000,
      dst: '198.51.100.2',
      dstPort: 5000,
      payloadTypes: [8],
      payloadType: 8,
      codec: 'PCMA',
      media: 'audio',
      clockRate: 8000,
      clockRateSource: 'static',
      start: '1970-01-01T00:00:10.000000000Z',
      end: '1970-01-01T00:00:10.980000000Z',
      durationMs: 980,
      packets: 50,
      octets: 8000,
      bitrateKbps: 64,
      packetTimeMs: 20,
      redPrimary: null,
      expected: 50,
      lost: 0,
      lossRatio: 0,
      cumulativeLost: 0,
      duplicates: 0,
      reordered: 0,
      reorderExtentMax: 0,
      late: 0,
      restarts: 0,
      sequenceErrors: 0,
      lossRuns: { count: 0, meanLength: null, longest: 0 },
      jitterMs: { mean: 0.25, max: 1, last: 0.5 },
      jitterTicks: { mean: 2, max: 8, last: 4 },
      deltaMs: { mean: 20, max: 21 },
      timestampJumps: 0,
      dtxResumptions: 0,
      comfortNoisePackets: 0,
      telephoneEventPackets: 0,
      payloadTypeChanges: 0,
      markers: 0,
      rtcpPackets: 0,
      dscp: 46,
      dscpSeen: [46],
      vlan: null,
      vlanOther: null,
      interface: null,
      interfaceOther: null,
      firstSequence: 100,
      lastSequence: 149,
      captureLost: 0,
      networkLoss: { lost: 0, ratio: 0 },
      lossAfterRepair: null,
      burstGap: {
        ...{ method: 'rfc3611-4.7.2', gmin: 16, decided: 50, badPackets: 0, badRuns: 0, bursts: 0 },
        ...{ burstPackets: 0, burstBadPackets: 0, burstSquares: 0 },
        ...{ burstDensity: null, burstDurationMs: null, gapDensity: null, gapDurationMs: null },
      },
      damage: {
        ...{ side: 'upstream-only-known', basis: 'tap', expected: 50, upstreamLost: 0, downstreamLost: null },
        ...{ captureSuspected: 0, farJitterMs: null, nearJitterMs: 0.25 },
        text: 'No loss to speak of before the tap; what was lost after it, only receiver reports could tell.',
      },
      playout: null,
      delayVariationMs: {
        ...{ pdvMean: null, pdvMax: null, pdvP50: null, pdvP95: null, pdvP99: null, pdvP999: null },
        ...{ ipdvMean: null, ipdvMax: null, mapdv2: null },
      },
      pdvHistogram: Array(16).fill(0),
      skewPpm: null,
      stalls: 0,
      jitterTransmissionMs: null,
      speech: null,
      spanCopies: { count: 0, delayMeanMs: null, delayMaxMs: null },
      tunnel: null,
      legs: { downstream: null, upstream: null, oneWayDelayMs: null },
      rtcp: null,
      endpoint: null,
      pairId: '000000000000abcd',
      reverse: null,
      oneWayAudio: null,
      silentMs: null,
      previousStreamId: null,
      ssrcChanges: 0,
      ssrcCollision: false,
      // G.107 with the delay of packet and jitter buffer, which is free below 100 ms.
      mos: { lq: 4.412, cq: 4.409, r: 93.206, scale: 'NB', rating: 'excellent' },
    });
    expect(assumptions).toMatchObject({ model: 'G.107', codec: 'PCMA', lossPercent: 0, delayMs: 60 });
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  it('with everything that can go wrong keeps to the published schema', () => {
    const summary = streamOf({
      ...{
        packets: 990,
        expected: 1000,
        lost: 20,
        duplicates: 10,
        reordered: 5,
        reorderExtentMax: 7,
        late: 3,
      },
      ...{
        lossRuns: 8,
        lossRunPackets: 20,
        lossRunLongest: 6,
        bad: 20,
        badRuns: 8,
        decided: 1000,
        restarts: 1,
        sequenceErrors: 2,
      },
      ...{ vlan: 0, vlanOther: 4094, dscpSeen: (1n << 46n) | 1n, payloadTypesHigh: 1n << 37n },
      ...{ timestampJumps: 1, dtxResumptions: 2, comfortNoisePackets: 3, telephoneEventPackets: 4 },
    });
    expect(summary).toMatchObject({
      lossRatio: 0.02,
      cumulativeLost: 10,
      lossRuns: { count: 8, meanLength: 2.5, longest: 6 },
      vlan: 0,
      vlanOther: 4094,
      dscpSeen: [0, 46],
      payloadTypes: [8, 101],
      mos: { scale: 'NB', assumptions: { lossPercent: 2, burstRatio: 2.45 } },
    });
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  it('leaves unknown what is unknown', () => {
    const unknown = {
      ...{ clockRate: 0, clockSource: 0, timestampStep: 0, mediaKind: 0, payloadType: 120 },
      ...{ jitterLastMs: Number.NaN, jitterMeanMs: Number.NaN, jitterMaxMs: Number.NaN },
      ...{ deltaMeanMs: Number.NaN, deltaMaxMs: Number.NaN, expected: 0 },
    };
    const summary = streamOf(unknown);
    expect(summary).toMatchObject({
      codec: null,
      media: null,
      clockRate: null,
      clockRateSource: null,
      bitrateKbps: null,
      packetTimeMs: null,
      lossRatio: null,
      jitterMs: { mean: null, max: null, last: null },
      jitterTicks: { mean: null, max: null, last: null },
      deltaMs: { mean: null, max: null },
      mos: { lq: null, cq: null, r: null, scale: null, rating: null },
    });
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  it('names dynamic payload types by the configuration, on the scale of their codec', () => {
    const opus = streamOf({ payloadType: 111, clockRate: 48000, timestampStep: 960, clockSource: 2 });
    expect(opus).toMatchObject({ codec: 'opus', clockRateSource: 'config', mos: { scale: 'FB' } });
    expect(streamOf({ payloadType: 9 })).toMatchObject({ codec: 'G722', mos: { scale: 'WB' } });
  });

  it('gives video no MOS and no bit rate from its packets', () => {
    const video = streamOf({ payloadType: 97, clockRate: 90000, timestampStep: 3600, mediaKind: 2 });
    expect(video).toMatchObject({
      codec: 'H264',
      media: 'video',
      packetTimeMs: 40,
      bitrateKbps: null,
      mos: { cq: null, scale: null },
    });
  });

  it('names a stream of nothing but events by what it carries', () => {
    expect(streamOf({ payloadType: 101, telephoneEventPackets: 50 }).codec).toBe('telephone-event');
  });

  it('tells every reason to end', () => {
    expect([1, 2, 3, 4, 5].map((endReason) => streamOf({ endReason }).endReason)).toEqual([
      'idle',
      'end-of-capture',
      'evicted',
      'stopped',
      'shed',
    ]);
  });
});

it('a window summary is a stream within a window, with an id of its own', () => {
  const summary = windowOf({ recovered: 2 });
  const { endReason: _reason, skewDrift: _drift, mos, ...stream } = streamOf({});
  // 50 packets of 20 ms are all of the stream, and a tenth of the window.
  const covers = { mediaShare: 0.1, codecChanges: 0, comfortNoisePackets: 0 };
  expect(summary).toEqual({
    ...stream,
    mos: { ...mos, assumptions: { ...mos.assumptions, covers } },
    kind: 'window',
    id: 'p1/0123456789abcdef/10000',
    windowStart: '1970-01-01T00:00:10.000000000Z',
    windowEnd: '1970-01-01T00:00:20.000000000Z',
    recovered: 2,
  });
  expect(summarySchema.parse(summary)).toEqual(summary);
});

describe('a capture summary', () => {
  const first = block({
    counters: {
      packets: 100,
      rtp: 80,
      rtcp: 2,
      tcp: 8,
      rtpInProbation: 10,
      streamsStarted: 3,
      streamsActive: 3,
    },
  });

  it('tells what became of every packet', () => {
    const summary = captureSummary(
      first.counters,
      null,
      first,
      { workerLoad: 0.12345, state: 'down', method: 'xdp-native', interfaces: [] },
      context,
    );
    expect(summary).toEqual({
      kind: 'capture',
      schema: 2,
      id: 'p1/capture/files/10000',
      probe: 'p1',
      windowStart: '1970-01-01T00:00:10.000000000Z',
      windowEnd: '1970-01-01T00:00:20.000000000Z',
      partial: false,
      blocksMissing: false,
      packets: 100,
      used: { rtp: 80, rtcp: 2, fragmentsReassembled: 0 },
      pending: { rtpInProbation: 10 },
      reasons: { tcp: 8 },
      kernel: {
        ...{ kernelPackets: 0, kernelDrops: 0, kernelFreezes: 0 },
        ...{ softnetDrops: 0, nicMissed: 0, nicDropped: 0, nicErrors: 0 },
      },
      events: { streamsStarted: 3 },
      confidence: {
        ...{ level: 'full', kernelDrops: 0, freezes: 0, softnetDrops: 0, nicMissed: 0 },
        ...{ suspectedCaptureLoss: 0, commonGaps: 0, commonGapMs: 0, clockSteps: 0, missingShare: 0 },
        ...{ hostClockSteps: 0, captureOutages: 0, captureOutageMs: 0, timeSwitches: 0 },
        text: 'Nothing points to packets that the capture missed.',
      },
      overload: null,
      streamsActive: 3,
      state: 'down',
      method: 'xdp-native',
      timestamps: null,
      interfaces: [],
      workerLoad: 0.1235,
    });
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  it('counts from the window before, but pending and streams as they are', () => {
    const second = block({
      flags: 1 | 2,
      windowStartNs: 20_000_000_000n,
      windowEndNs: 30_000_000_000n,
      counters: {
        ...{ packets: 150, rtp: 135, rtcp: 2, tcp: 13, rtpInProbation: 0 },
        ...{ kernelPackets: 155, kernelDrops: 5, streamsStarted: 3, streamsEnded: 2, streamsActive: 1 },
      },
    });
    const live = { ...context, session: '1767225600000' };
    expect(captureSummary(second.counters, first.counters, second, OF_FILES, live)).toMatchObject({
      id: 'p1/capture/1767225600000/20000',
      partial: true,
      blocksMissing: true,
      packets: 50,
      used: { rtp: 55, rtcp: 0, fragmentsReassembled: 0 },
      pending: {},
      reasons: { tcp: 5 },
      kernel: { kernelPackets: 155, kernelDrops: 5, kernelFreezes: 0 },
      events: { streamsEnded: 2 },
      streamsActive: 1,
      state: null,
      method: null,
      timestamps: 'file',
      workerLoad: null,
    });
  });

  it.each([
    [{ hardwareTimes: 9 }, 'hardware'],
    [{ kernelTimes: 9 }, 'kernel'],
    [{ hardwareTimes: 1, kernelTimes: 9 }, 'mixed'],
    [{ readerTimes: 9 }, 'reader'],
    [{ readerTimes: 1, kernelTimes: 9 }, 'mixed'],
    [{}, null],
  ] as const)('%j: says who gave the packets their time', (counters, timestamps) => {
    const window = block({ counters });
    const condition = { workerLoad: null, state: 'capturing', method: 'packet', interfaces: [] } as const;
    expect(captureSummary(window.counters, null, window, condition, context).timestamps).toBe(timestamps);
  });

  it('tells how much was measured when the probe could not keep up', () => {
    const before = { shed: 1000, streamsShed: 10 };
    const since = { shedLevel: 5, shedSinceMs: 1_767_225_600_250, shed: 1500, streamsShed: 12 };
    const window = block({ counters: { ...since, packets: 2000 } });
    const { overload, reasons } = captureSummary(
      window.counters,
      block({ counters: before }).counters,
      window,
      OF_FILES,
      context,
    );
    expect(overload).toEqual({
      level: 5,
      admittedShare: 1 / 32,
      keptShare: 1 / 4,
      since: '2026-01-01T00:00:00.250000000Z',
      packetsShed: 500,
      streamsShed: 2,
    });
    expect(reasons).toEqual({ shed: 500 });
  });

  it('tells each interface by its name, from when the window before was told', () => {
    const window = block({ counters: { packets: 10 } });
    const zero: InterfaceStats = {
      ...{ state: 'capturing', method: 'packet', kernelPackets: 0, kernelDrops: 0, kernelFreezes: 0 },
      ...{ nicMissed: 0, nicDropped: 0, nicErrors: 0, timeSwitches: 0 },
      ...{ hardwareTimes: 0, kernelTimes: 0, readerTimes: 0, captureOutages: 0, captureOutageMs: 0 },
    };
    const before = [{ ...zero, kernelPackets: 5, kernelTimes: 5 }, zero];
    const now = [
      { ...zero, kernelPackets: 12, kernelDrops: 1, kernelTimes: 11 },
      { ...zero, state: 'down' as const, captureOutages: 1, captureOutageMs: 300 },
    ];
    const live = { ...context, interfaces: ['eth1', 'eth2', 'eth3'] };
    const condition = { workerLoad: null, state: 'down', method: 'packet', interfaces: now } as const;
    const { state: _, method: _m, hardwareTimes: _h, kernelTimes: _k, readerTimes: _r, ...none } = zero;
    const { interfaces } = captureSummary(window.counters, null, window, condition, live, before);
    expect(interfaces).toEqual([
      { ...none, name: 'eth1', state: 'capturing', timestamps: 'kernel', kernelPackets: 7, kernelDrops: 1 },
      { ...none, name: 'eth2', state: 'down', timestamps: null, captureOutages: 1, captureOutageMs: 300 },
      { ...none, name: 'eth3', state: null, timestamps: null },
    ]);
  });

  it('an outage lowers the confidence', () => {
    const window = block({ counters: { captureOutages: 1, captureOutageMs: 1500 } });
    expect(captureSummary(window.counters, null, window, OF_FILES, context).confidence).toMatchObject({
      level: 'reduced',
      text: '1 outages of the network interface, 1500 ms without capture: loss may be told that is none.',
    });
  });

  it.each([
    [{ kernelDrops: 0 }, 'full', 0],
    [{ kernelDrops: 1 }, 'reduced', 0.00005],
    [{ kernelDrops: 20, softnetDrops: 5 }, 'poor', 0.001],
    [{ suspectedCaptureLoss: 100 }, 'poor', 0.005],
    [{ commonGaps: 1, commonGapMs: 300 }, 'reduced', 0],
    [{ clockSteps: 2 }, 'reduced', 0],
    [{ hostClockSteps: 1 }, 'reduced', 0],
    [{ kernelFreezes: 1 }, 'reduced', 0],
    [{ nicMissed: 3 }, 'reduced', 0.00015],
  ] as const)('with %o has confidence %s', (counters, level, missingShare) => {
    const missing = Math.max(0, ...Object.values(counters));
    const packets = missingShare === 0 ? 20_000 : Math.round(missing / missingShare) - missing;
    const now = block({ counters: { packets, ...counters } });
    const { confidence } = captureSummary(now.counters, null, now, OF_FILES, context);
    expect([confidence.level, confidence.missingShare]).toEqual([level, missingShare]);
  });

  it('says in words what its confidence rests on', () => {
    const now = block({ counters: { packets: 1000, kernelDrops: 3, commonGaps: 2, commonGapMs: 60 } });
    expect(captureSummary(now.counters, null, now, OF_FILES, context).confidence.text).toBe(
      '3 packets dropped as the ring was full, 2 gaps of nearly all paths at once: part of the loss told is not in the network.',
    );
  });
});
