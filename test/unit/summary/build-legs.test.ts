import { describe, expect, it } from 'vitest';
import type { StreamRoundTrips } from '../../../src/windows/direction-facts.js';
import { streamOf, windowOf } from './records.js';

const downstream = {
  ...{ downstreamRttCount: 4, downstreamRttMeanMs: 40, downstreamRttMinMs: 30 },
  ...{ downstreamRttMaxMs: 60, downstreamRttLastMs: 50, downstreamRttRejected: 1 },
};
const trips = (count: number, meanMs: number) => ({ count, meanMs, minMs: meanMs - 1, maxMs: meanMs + 1 });
const reverse: StreamRoundTrips = { window: trips(2, 20), total: trips(9, 24), lastMs: 22 };

describe('the legs', () => {
  it('before the tap is what the reverse stream has after it', () => {
    const window = windowOf({}, downstream, { reverseRoundTrips: reverse });
    expect(window.legs).toEqual({
      downstream: { from: 'this-stream', rttMs: { min: 30, mean: 40, max: 60, count: 4 }, rejected: 1 },
      upstream: { from: 'reverse-stream', rttMs: { min: 19, mean: 20, max: 21, count: 2 }, rejected: 0 },
      oneWayDelayMs: 30,
    });
    expect(window.mos.assumptions).toMatchObject({
      delay: { networkMs: 30, networkSource: 'both-legs' },
    });
  });

  it('of a whole stream are over all of it', () => {
    const { legs } = streamOf({}, downstream, { reverseRoundTrips: reverse });
    expect(legs.upstream?.rttMs).toMatchObject({ mean: 24, count: 9 });
    expect(legs.oneWayDelayMs).toBe(32);
  });

  it('before the tap is its own where it has one', () => {
    const own = { upstreamRttCount: 1, upstreamRttMeanMs: 10, upstreamRttMinMs: 10, upstreamRttMaxMs: 10 };
    const { legs } = windowOf({}, { ...downstream, ...own }, { reverseRoundTrips: reverse });
    expect(legs.upstream).toMatchObject({ from: 'this-stream', rttMs: { mean: 10 } });
    expect(legs.oneWayDelayMs).toBe(25);
  });

  it('keep their last value for the delay of a window without RTCP', () => {
    const own: StreamRoundTrips = { window: trips(0, 0), total: trips(5, 42), lastMs: 44 };
    const silent = { ...reverse, window: trips(0, 0) };
    const window = windowOf({}, null, { roundTrips: own, reverseRoundTrips: silent });
    expect(window.legs).toEqual({ downstream: null, upstream: null, oneWayDelayMs: 33 });
  });

  it('when only one is known, count that one, and the MOS says so', () => {
    const { legs, mos } = windowOf({}, downstream);
    expect(legs).toMatchObject({ upstream: null, oneWayDelayMs: null });
    expect(mos.assumptions).toMatchObject({
      delay: { networkMs: 20, networkSource: 'downstream-leg' },
      notes: ['network delay of one leg alone: that before the tap is not known and taken as 0'],
    });
  });

  it('tell of echoes that were all impossible', () => {
    expect(windowOf({}, { downstreamRttRejected: 3 }).legs.downstream).toEqual({
      from: 'this-stream',
      rttMs: null,
      rejected: 3,
    });
  });
});

describe('the other direction', () => {
  const facts = {
    ...{ hasReverse: true, reverseIdHigh: 1, reverseIdLow: 0xab, reverseWindowPackets: 7 },
    ...{ reverseTotalPackets: 70, silentMs: 250.5, silentMaxMs: 12_000, oneWayAudio: false },
    ...{ oneWayAudioEver: true, hasPrevious: true, previousIdHigh: 0, previousIdLow: 2, ssrcChanges: 3 },
    ...{ ssrcCollision: false, ssrcCollisionEver: true },
  };

  it('in a window is as it was there', () => {
    expect(windowOf({ pairId: 0x1fn }, null, facts)).toMatchObject({
      pairId: '000000000000001f',
      reverse: { streamId: '00000001000000ab', packets: 7 },
      oneWayAudio: false,
      silentMs: 250.5,
      previousStreamId: '0000000000000002',
      ssrcChanges: 3,
      ssrcCollision: false,
    });
  });

  it('of a whole stream is what it ever was', () => {
    expect(streamOf({}, null, facts)).toMatchObject({
      reverse: { packets: 70 },
      oneWayAudio: true,
      silentMs: 12_000,
      ssrcCollision: true,
    });
  });

  it('is null where none was seen', () => {
    expect(windowOf()).toMatchObject({
      ...{ reverse: null, oneWayAudio: null, silentMs: null, previousStreamId: null },
      ...{ ssrcChanges: 0, ssrcCollision: false },
    });
  });
});
