import { describe, expect, it } from 'vitest';
import { streamOf, windowOf } from './records.js';

const clean = { decided: 50 };
const played = { playoutPackets: 100, expected: 100, adaptiveDelayMeanMs: 35, decided: 100 };

describe('the MOS', () => {
  it('rests on loss after repair without that of the capture, and on discards', () => {
    const { mos } = streamOf({
      ...played,
      ...{ lost: 12, captureLost: 2, redPackets: 80, redRepaired: 3, lateDiscards: [50, 0, 7] },
      ...{ bad: 19, badRuns: 10, expected: 102 },
    });
    expect(mos.assumptions).toMatchObject({
      lossPercent: 14,
      lossRatio: 0.07,
      discardRatio: 0.07,
      playoutProfile: 'adaptive',
      captureLost: 2,
      repaired: 3,
      burstRatio: 1.9 * (1 - 0.19),
      delayMs: 55,
      delay: { packetizationMs: 20, jitterBufferMs: 35, jitterBufferSource: 'playout' },
      notes: ['2 packets left out of the loss as suspected to be missed by the capture (estimate)'],
    });
  });

  it('gets worse by discards as by loss', () => {
    const lost = streamOf({ ...played, lost: 5 }).mos.cq;
    const late = streamOf({ ...played, lateDiscards: [0, 0, 5] }).mos.cq;
    expect(late).toBe(lost);
    expect(lost!).toBeLessThan(streamOf(played).mos.cq!);
  });

  it('takes the configured buffer for a stream that was not played', () => {
    expect(streamOf(clean).mos.assumptions).toMatchObject({
      discardRatio: null,
      playoutProfile: null,
      delayMs: 60,
      delay: { jitterBufferMs: 40, jitterBufferSource: 'assumed' },
    });
  });

  it('is that of the codec inside redundant audio, with its own bit rate', () => {
    const red = { payloadType: 121, redPackets: 49, redPrimaryPayloadType: 8, redPrimaryOctets: 49 * 160 };
    const inside = streamOf({ ...clean, ...red, octets: 24_000, lost: 6, expected: 56, redRepaired: 4 });
    expect(inside).toMatchObject({
      ...{ payloadType: 121, codec: 'red', bitrateKbps: 192 },
      redPrimary: { payloadType: 8, codec: 'PCMA', bitrateKbps: 64 },
    });
    const plain = streamOf({ ...clean, lost: 2, expected: 56 });
    expect({ ...inside.mos, assumptions: {} }).toEqual({ ...plain.mos, assumptions: {} });
    expect(inside.mos.assumptions).toMatchObject({
      ...{ codec: 'PCMA', repaired: 4 },
      notes: ['rated as PCMA inside RED, the redundant audio of RFC 2198'],
    });
    expect(plain).toMatchObject({ redPrimary: null, mos: { assumptions: { notes: [] } } });
  });

  it('chooses the mode of a codec inside redundant audio by what it sends itself', () => {
    const mode = { payloadType: 121, redPackets: 49, redPrimaryPayloadType: 4, redPrimaryOctets: 49 * 20 };
    const given = { ...clean, ...mode, timestampStep: 240, octets: 50 * 45 };
    expect(streamOf(given).mos.assumptions).toMatchObject({ codec: 'G723', codecBitrateKbps: 5.3 });
    const unread = { ...given, redPackets: 0, redPrimaryOctets: 0 };
    expect(windowOf(unread).redPrimary).toMatchObject({ codec: 'G723', bitrateKbps: null });
  });

  it('is not there when redundant audio was not looked into, or holds what nobody knows', () => {
    const unread = streamOf({ ...clean, payloadType: 121 });
    expect([unread.redPrimary, unread.mos.cq, unread.mos.assumptions.notes]).toEqual([
      ...[null, null, ['red is not in the codec table: no MOS']],
    ]);
    const unknown = streamOf({ ...clean, payloadType: 121, redPackets: 49, redPrimaryPayloadType: 99 });
    expect([unknown.redPrimary!.codec, unknown.mos.cq, unknown.mos.assumptions.notes]).toEqual([
      ...[null, null, ['codec inside RED not known: no MOS']],
    ]);
    // The sender has gone on without redundancy.
    expect(streamOf({ ...clean, redPackets: 20, redPrimaryPayloadType: 0 })).toMatchObject({
      ...{ codec: 'PCMA', redPrimary: null, mos: { assumptions: { codec: 'PCMA', notes: [] } } },
    });
  });

  it('is there before anything is decided', () => {
    const { mos } = windowOf({ ...played, decided: 0, lost: 2, lateDiscards: [0, 0, 1] });
    expect(mos.cq).not.toBeNull();
    expect(mos.assumptions).toMatchObject({ lossPercent: 3, burstRatio: 1 });
  });

  it('says what it covers: comfort noise, other codecs and pauses do not switch it off', () => {
    const pauses = { comfortNoisePackets: 5, payloadTypeChanges: 2, packets: 125 };
    const { mos } = windowOf({ ...clean, ...pauses });
    expect(mos.cq).toBe(4.409);
    expect(mos.assumptions).toMatchObject({
      covers: { mediaShare: 0.25, codecChanges: 2, comfortNoisePackets: 5 },
      notes: ['the payload type changed 2 times: all is rated as the last codec'],
    });
    // 50 packets of 20 ms within 980 ms and the time of the last one
    expect(streamOf(clean).mos.assumptions).toMatchObject({ covers: { mediaShare: 1 } });
  });
});
