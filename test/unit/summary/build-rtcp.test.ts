import { describe, expect, it } from 'vitest';
import { endpointMetrics } from '../../../src/native/record.gen.js';
import { streamOf } from './records.js';

describe('what RTCP said', () => {
  it('is null when it said nothing', () => {
    expect(streamOf()).toMatchObject({ rtcp: null, endpoint: null });
  });

  it('of every kind, whole', () => {
    const summary = streamOf(
      {},
      {
        ...{ reports: 4, reporterSsrc: 0xbeef, lastReportNs: 12_000_000_000n, reportedHighestSequence: 149 },
        ...{ reportedFractionLost: 0.0625, reportedFractionLostMax: 0.125, reportedCumulativeLost: -2 },
        ...{ reportedJitterTicks: 16, reportedJitterMeanTicks: 12, reportedJitterMaxTicks: 24 },
        ...{ senderReports: 3, lastSenderReportNs: 11_000_000_000n, senderPackets: 100, senderOctets: 16000 },
        ...{ tapPackets: 98, tapOctets: 15680, senderClockHz: 7999.5, cnameDigest: 0x12n },
        ...{ byeNs: 13_000_000_000n, byeReason: [...Buffer.from('gone\nnow')], byeReasonOctets: 8 },
        ...{ nacks: 2, nackedPackets: 5, rembs: 1, rembBps: 500_000, xrBlocks: 6, unknownLsrs: 1 },
        ...{ reducedSize: 7, srtcpPackets: 8, malformedRtcp: 9 },
        ...{ xrWithoutInterval: 10, xrSkipped: 11, xrDropped: 12, unknownLrrs: 13, appPackets: 14 },
        ...{ otherRtcpPackets: 15, tmmbns: 16, tstrs: 17, tstns: 18, vbcms: 19 },
        ...{ reportedOffsetJitterTicks: 8, reportedOffsetJitterMeanTicks: 4 },
        ...{ reportedOffsetJitterMaxTicks: 12 },
      },
    );
    expect(summary.rtcp).toEqual({
      reports: {
        count: 4,
        last: '1970-01-01T00:00:12.000000000Z',
        reporter: '0x0000beef',
        fractionLost: { last: 0.0625, max: 0.125 },
        cumulativeLost: -2,
        highestSequence: 149,
        jitterMs: { last: 2, mean: 1.5, max: 3 },
        jitterTicks: { last: 16, mean: 12, max: 24 },
        offsetJitterMs: { last: 1, mean: 0.5, max: 1.5 },
        offsetJitterTicks: { last: 8, mean: 4, max: 12 },
      },
      sender: {
        reports: 3,
        last: '1970-01-01T00:00:11.000000000Z',
        packets: 100,
        octets: 16000,
        tapPackets: 98,
        tapOctets: 15680,
        clockHz: 7999.5,
      },
      cnameDigest: '0000000000000012',
      // A control character from the wire does not reach a terminal.
      bye: { time: '1970-01-01T00:00:13.000000000Z', reason: 'gone?now' },
      feedback: {
        ...{ nacks: 2, nackedPackets: 5, plis: 0, slis: 0, rpsis: 0, firs: 0, tmmbrs: 0, rembs: 1 },
        ...{ tmmbns: 16, tstrs: 17, tstns: 18, vbcms: 19 },
        ...{ transportCcs: 0, ccfbs: 0, ecnFeedbacks: 0, otherFeedbacks: 0, rembBps: 500_000 },
      },
      ...{ xrBlocks: 6, xrWithoutInterval: 10, xrSkipped: 11, xrDropped: 12 },
      ...{ unknownEchoes: 1, unknownReferenceEchoes: 13, appPackets: 14, otherPackets: 15 },
      reducedSize: 7,
      srtcpPackets: 8,
      malformedPackets: 9,
    });
    expect(summary.endpoint).toBeNull();
  });

  it('without reports, sender or BYE leaves these out', () => {
    expect(streamOf({}, { srtcpPackets: 3 }).rtcp).toMatchObject({
      ...{ reports: null, sender: null, bye: null, cnameDigest: null, srtcpPackets: 3 },
    });
  });
});

/** Bits of endpoint figures with that of one set. */
function bitOf(name: string): number[] {
  const index = endpointMetrics.findIndex((metric) => metric.name === name);
  return Array.from({ length: 5 }, (_, word) => (word === index >>> 5 ? 2 ** (index & 31) : 0));
}

describe('what the endpoint reported', () => {
  it('is only what it did, with the time', () => {
    const summary = streamOf(
      {},
      {
        ...{ endpointNs: 15_000_000_000n, endpointVoipNs: 14_000_000_000n },
        ...{
          endpointMosLq: 4.125,
          endpointRFactor: 88,
          endpointLossRate: 0.25,
          endpointRoundTripDelayMs: 40,
        },
        ...{ endpointGmin: 16, endpointPlc: 3, endpointBufferKind: 3, endpointBufferRate: 5 },
        ...{ endpointPdvKind: 1, endpointReporterSsrc: 0xb0b, endpointDejitterKind: 1 },
        ...{ endpointConcealmentPlc: 2, endpointBurstCombined: 0, endpointDiscardedLatePackets: 3 },
        endpointIntervalBits: bitOf('discardedLatePackets'),
        endpointSampledBits: bitOf('mosLq'),
      },
    );
    expect(summary.endpoint).toEqual({
      reportedAt: '1970-01-01T00:00:15.000000000Z',
      reporterSsrc: '0x00000b0b',
      voipReportedAt: '1970-01-01T00:00:14.000000000Z',
      ...{ intervalFigures: ['discardedLatePackets'], sampledFigures: ['mosLq'] },
      ...{ dejitterKind: 'adaptive', concealmentMethod: 'simple', burstsCombined: false },
      discardedLatePackets: 3,
      ...{ mosLq: 4.125, rFactor: 88, lossRate: 0.25, roundTripDelayMs: 40 },
      ...{ gmin: 16, lossConcealment: 'standard', bufferKind: 'adaptive', bufferRate: 5 },
      pdvKind: 'two-point',
    });
  });
});
