import { describe, expect, it } from 'vitest';
import { streamOf } from './records.js';

const lossOf = (upstreamLost: number, downstreamLost: number, captureMissed = 0) => ({
  ...{ sideIntervals: 3, sideExpected: 1000, upstreamLost, downstreamLost, captureMissed },
  reportedJitterMeanTicks: 16,
});

const damage = (upstream: number, downstream: number, missed = 0) =>
  streamOf({ lost: upstream, expected: 1000 }, lossOf(upstream, downstream, missed)).damage;

describe('the verdict on loss', () => {
  it('with receiver reports, whole', () => {
    expect(damage(12, 0)).toEqual({
      side: 'upstream',
      basis: 'rtcp',
      expected: 1000,
      upstreamLost: 12,
      downstreamLost: 0,
      captureSuspected: 0,
      farJitterMs: 2,
      nearJitterMs: 0.25,
      text: '12 packets of 1000 (1.20 %) lost before the tap, none to speak of after it.',
    });
  });

  it.each([
    [0, 0, 'none'],
    [1, 1, 'none'],
    [2, 0, 'upstream'],
    [0, 2, 'downstream'],
    [2, 2, 'both'],
  ])('upstream %d and downstream %d of 1000 is %s', (upstream, downstream, side) => {
    expect(damage(upstream, downstream).side).toBe(side);
  });

  it('takes less than a thousandth for none', () => {
    const report = { ...lossOf(9, 9), sideExpected: 10_000 };
    expect(streamOf({ expected: 10_000, lost: 9 }, report).damage.side).toBe('none');
  });

  it('that the receiver got what the tap did not see, is the capture', () => {
    expect(damage(8, -8, 8)).toMatchObject({
      side: 'capture',
      upstreamLost: 0,
      downstreamLost: -8,
      captureSuspected: 8,
      text: 'No loss to speak of on either side of the tap. The capture itself is suspected to have missed 8 packets.',
    });
    expect(damage(20, -5)).toMatchObject({ side: 'upstream', upstreamLost: 15, captureSuspected: 5 });
  });

  it('takes a receiver that counts copies for no loss of the capture', () => {
    expect(damage(0, -8)).toMatchObject({ side: 'none', downstreamLost: -8, captureSuspected: 0 });
  });

  it('without receiver reports knows what came before the tap alone, and says so', () => {
    expect(streamOf({ lost: 3, expected: 100 }).damage).toMatchObject({
      side: 'upstream',
      basis: 'tap',
      upstreamLost: 3,
      downstreamLost: null,
      farJitterMs: null,
      text: '3 packets of 100 (3.00 %) lost before the tap; what was lost after it, only receiver reports could tell.',
    });
    expect(streamOf({ expected: 100 }).damage).toMatchObject({
      side: 'upstream-only-known',
      text: 'No loss to speak of before the tap; what was lost after it, only receiver reports could tell.',
    });
    expect(streamOf({ lost: 6, captureLost: 6, expected: 100 }).damage).toMatchObject({
      side: 'capture',
      upstreamLost: 0,
      captureSuspected: 6,
    });
  });
});
