// A summary of a stream with the fields that reports are made of, for tests of their mapping.
import type { Measured } from '../../../../src/export/hep/rtp-report.js';

export const STREAM_ID = '00000000000000aa';
export const REVERSE_ID = '00000000000000bb';

/** @param changes over a window without RTCP */
export function measured(changes: object = {}): Measured {
  const summary = {
    kind: 'window',
    schema: 2,
    id: 'probe-1/aa/1700000010',
    probe: 'probe-1',
    windowStart: '2023-11-14T22:13:20.000000000Z',
    windowEnd: '2023-11-14T22:13:30.000000000Z',
    start: '2023-11-14T22:13:19.123456789Z',
    end: '2023-11-14T22:13:29.987654321Z',
    streamId: STREAM_ID,
    pairId: '0123456789abcdef',
    reverse: { streamId: REVERSE_ID, packets: 500 },
    ssrc: '0x1f2e3d4c',
    ssrcChanges: 0,
    src: '192.0.2.10',
    srcPort: 40000,
    dst: '198.51.100.20',
    dstPort: 50000,
    payloadType: 0,
    codec: 'PCMU',
    media: 'audio',
    clockRate: 8000,
    packetTimeMs: 20,
    packets: 497,
    expected: 500,
    lost: 3,
    lossRatio: 0.006,
    octets: 79520,
    reordered: 0,
    lastSequence: 4711,
    deltaMs: { mean: 20.1, max: 41 },
    jitterMs: { last: 1.2, max: 4, mean: 1.1 },
    mos: { lq: 4.3, cq: 4.21, r: 87.1, scale: 'NB', rating: 'good', assumptions: null },
    oneWayAudio: false,
    rtcp: null,
    endpoint: null,
    ...changes,
  };
  return summary as unknown as Measured;
}

/** The opposite direction of `measured()`. */
export const reversed = (changes: object = {}) =>
  measured({
    id: 'probe-1/bb/1700000010',
    streamId: REVERSE_ID,
    reverse: { streamId: STREAM_ID, packets: 497 },
    ssrc: '0x00000bbb',
    src: '198.51.100.20',
    srcPort: 50000,
    dst: '192.0.2.10',
    dstPort: 40000,
    ...changes,
  });

/** With everything that a voice quality report tells. */
export const richMeasured = (changes: object = {}) =>
  measured({
    networkLoss: { lost: 3, ratio: 0.006 },
    lossAfterRepair: null,
    playout: {
      bufferMeanMs: 41.4,
      profiles: [
        { kind: 'fixed', discardRatio: 0.5, usedByQuality: false },
        { kind: 'adaptive', discardRatio: 0.012345, usedByQuality: true },
      ],
    },
    burstGap: {
      gmin: 16,
      burstDensity: 0.3333,
      burstDurationMs: 120.4,
      gapDensity: 0.001,
      gapDurationMs: 4000,
    },
    legs: { downstream: { rttMs: { mean: 20.3 } }, upstream: { rttMs: { mean: 30.3 } } },
    delayVariationMs: { mapdv2: 2.6 },
    speech: { signalLevelDbm0: -21.4, noiseLevelDbm0: -60.2 },
    comfortNoisePackets: 1,
    dtxResumptions: 0,
    rtcp: { reports: { reporter: '0x00000bbb' }, sender: null },
    mos: { lq: 4.3, cq: 4.214, r: 87.1, scale: 'NB', assumptions: { model: 'G.107' } },
    ...changes,
  });
