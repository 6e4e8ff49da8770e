import { describe, expect, it } from 'vitest';
import { timeline } from '../../../src/cli/story-timeline.js';
import { headOf } from '../../../src/cli/stream-choice.js';
import { streamStory } from '../../../src/cli/stream-story.js';
import type { Fields } from '../native/blocks.js';
import { streamOf, windowOf } from '../summary/records.js';
import { window } from './summaries.js';

const seconds = (s: number) => BigInt(s) * 1_000_000_000n;
const at = (s: number) => ({ windowStartNs: seconds(s), windowEndNs: seconds(s + 10) });

describe('the timeline', () => {
  it('has a row a window, a bar for what is bad, and words for what happened', () => {
    const played = { playoutPackets: 50, adaptiveDelayMeanMs: 20 };
    const rows = [
      window({ ...played, lateDiscards: [0, 0, 1] }, at(10)),
      window({ ...played, stalls: 2, payloadType: 0, dscp: 0, reordered: 3 }, at(20)),
      window({ ...played, expected: 100, lost: 30, restarts: 1, pdvMaxMs: 4, vlan: 7 }, at(50)),
    ];
    expect(timeline(rows)).toEqual([
      'time      packets  loss %  disc %            jitter ms  PDV p95   MOS  what happened',
      '00:00:10       50    0.00    2.00  ####           0.25        -  4.24',
      '00:00:20       50    0.00    0.00                 0.25        -  4.41  2 x stall, payload type 8 -> 0, DSCP 46 -> 0, reordered 3',
      '...                                                                    nothing for 20.0 s',
      '00:00:50       50   30.00    0.00  #######        0.25        -  2.14  restart, payload type 0 -> 8, DSCP 0 -> 46, VLAN none -> 7',
    ]);
  });

  it('says where one-way audio begins and ends, and what came before', () => {
    const oneWay = { oneWayAudio: true, silentMs: 12_000 };
    const after = { hasPrevious: true, previousIdHigh: 0, previousIdLow: 0xab };
    const rows = [windowOf({}, null, { ...after, oneWayAudio: false }), windowOf({}, null, oneWay)];
    const words = timeline([...rows, windowOf({}, null, oneWay), windowOf()]).map((row) => row.slice(71));
    expect(words.slice(1)).toEqual([
      'new SSRC after stream 00000000000000ab',
      'one-way audio from here on',
      '',
      'heard both ways again',
    ]);
  });
});

describe('the story', () => {
  it('of a plain stream is short', () => {
    expect(streamStory(streamOf({ endReason: 1 }), [windowOf()], null)).toEqual([
      'Stream   0123456789abcdef, SSRC 0x00c0ffee',
      '         192.0.2.1:4000 > 198.51.100.2:5000',
      'Media    PCMA, 8000 Hz (static), 20 ms a packet, 64.0 kbit/s',
      'Time     1970-01-01 00:00:10.000 to 00:00:10.980 UTC, 980 ms, ended: idle',
      'Network  no VLAN tag; DSCP 46',
      '',
      'time      packets  loss %  disc %            jitter ms  PDV p95   MOS  what happened',
      '00:00:10       50    0.00       -                 0.25        -  4.41',
      '',
      'Loss     none of 50 packets',
      'Where    No loss to speak of before the tap; what was lost after it, only receiver reports could tell.',
      'Jitter   mean 0.25 ms, max 1.00 ms (RFC 3550)',
      '         longest time between packets 21.0 ms, 0 stalls',
      'RTCP     none seen',
      'MOS      4.41 conversational, 4.41 listening, R 93.2, scale NB: excellent',
      '         PCMA: Ie 0, Bpl 25.1 (ITU-T G.113 Table I.4: Bpl 25.1 with the concealment of G.711 Appendix I, 4.3 without)',
      '         loss and discards 0.00 % (nothing played), burst ratio 1.00',
      '         delay 60.0 ms: network 0.0 (assumed), packet 20.0, look-ahead 0.0, jitter buffer 40.0',
      '         media in 100.00 % of the time',
      'Reverse  not seen',
    ]);
  });

  it('of a long stream tells how its clock drifted', () => {
    const drift = { firstPpm: -3, lastPpm: 2, minPpm: -4, maxPpm: 2.5, ppmPerHour: Number.NaN };
    const clock = (skewDrift: typeof drift | null) =>
      streamStory(streamOf({ skewPpm: 2 }, null, { skewDrift }), [], null)
        .filter((line) => line.includes('clock') && line.includes('capture'))
        .map((line) => line.trim());
    expect(clock(null)).toEqual(["sender's clock 2.0 ppm slow against the capture"]);
    const told =
      "sender's clock 2.0 ppm slow against the capture; slow by -3.0 ppm at first, by -4.0 to 2.5 in all";
    expect(clock(drift)).toEqual([told]);
    expect(clock({ ...drift, ppmPerHour: 7.5 })).toEqual([`${told}, 7.5 ppm an hour`]);
  });

  it('of redundant audio tells the codec inside', () => {
    const media = (fields: Fields) =>
      streamStory(streamOf({ payloadType: 121, redPackets: 49, ...fields }), [], null)[2];
    expect(media({ redPrimaryPayloadType: 8 })).toMatch(/^Media +PCMA inside red, 8000 Hz/);
    expect(media({ redPrimaryPayloadType: 99 })).toMatch(/^Media +payload type 99 inside red,/);
    expect(media({})).toMatch(/^Media +red,/);
  });

  it('of one with everything tells everything', () => {
    const trips = { count: 4, meanMs: 20, minMs: 18, maxMs: 22 };
    const stream = streamOf(
      {
        ...{
          lost: 5,
          expected: 50,
          lossRuns: 2,
          lossRunLongest: 4,
          captureLost: 1,
          redPackets: 40,
          redRepaired: 2,
        },
        ...{ decided: 50, bad: 6, badRuns: 3, bursts: 1, burstDensity: 0.5, gapDensity: 0.01 },
        ...{ burstMeanPackets: 10, gapMeanPackets: 600, reordered: 1, reorderExtentMax: 2, duplicates: 3 },
        ...{ pdvHistogram: [48, 2, ...Array(14).fill(0)], pdvMaxMs: 0.9, skewPpm: -50, playoutPackets: 45 },
        ...{ adaptiveDelayMeanMs: 25, lateDiscards: [2, 0, 1], silenceShare: 0.5, clippingShare: 0 },
        ...{ signalLevelDbm0: -21, noiseLevelDbm0: -60, spanCopies: 2, spanCopyDelayMeanMs: 0.05 },
        ...{
          tunnelKind: 7,
          tunnelId: 99,
          tunnelDepth: 2,
          outerTunnelKinds: [6, 0, 0],
          outerTunnelIds: [5, 0, 0],
          vlan: 100,
          jitterTransmissionMs: 0.1,
        },
      },
      {
        ...{ sideIntervals: 2, sideExpected: 50, upstreamLost: 5, downstreamLost: 3, reports: 3 },
        ...{ reporterSsrc: 0xbeef, reportedCumulativeLost: 8, reportedFractionLostMax: 0.25 },
        ...{ reportedJitterMeanTicks: 16, reportedJitterMaxTicks: 24, nacks: 2 },
        ...{ senderReports: 2, senderPackets: 50, tapPackets: 45, senderClockHz: 8000 },
        ...{ byeNs: seconds(11), downstreamRttCount: 2, downstreamRttMeanMs: 60 },
        ...{ downstreamRttMinMs: 50, downstreamRttMaxMs: 70, downstreamRttLastMs: 70 },
        ...{ endpointNs: seconds(11), endpointMosLq: 3.9, endpointRFactor: 80, endpointGmin: 16 },
        // mosLq is figure 13.
        ...{ endpointReporterSsrc: 0xbeef, endpointIntervalBits: [2 ** 13, 0, 0, 0, 0] },
      },
      {
        ...{ hasReverse: true, reverseIdLow: 0xef, oneWayAudioEver: true, silentMaxMs: 12_500 },
        reverseRoundTrips: { window: trips, total: trips, lastMs: 20 },
      },
    );
    const story = streamStory(stream, [], headOf(streamOf({ streamId: 0xefn })));
    expect(story.slice(4, 5)).toEqual([
      'Network  VLAN 100; DSCP 46; in erspan 5 > vxlan 99; 2 SPAN copies, 0.050 ms later',
    ]);
    expect(story.slice(8)).toEqual([
      'Loss      5 of 50 packets (10.00 %) in 2 runs, longest 4',
      '          1 of them perhaps lost by the capture (estimate)',
      '          3 (6.00 %) after repair by redundant audio',
      '          1 burst of 200 ms with 50.00 % bad, gaps of 12.0 s with 1.00 % bad (Gmin 16)',
      '          1 reordered, by up to 2 packets, 3 duplicates',
      'Where     4 packets of 50 (8.00 %) lost before the tap, and 3 packets after it. The capture itself is suspected to have missed 1 packet.',
      'Jitter    mean 0.25 ms, max 1.00 ms (RFC 3550)',
      '          delay variation: half within 0.3, 95 % 0.5, 99 % 0.8, all 0.9 ms',
      '          without the delays of the sender: 0.10 ms (RFC 5450)',
      '          longest time between packets 21.0 ms, 0 stalls',
      "          sender's clock 50.0 ppm fast against the capture",
      'Playout   fixed50   4.08 % discarded (2 late, 0 early), delay 50.0 ms',
      '          fixed200  0.00 % discarded (0 late, 0 early), delay 200.0 ms',
      '          adaptive  2.04 % discarded (1 late, 0 early), delay 25.0 ms, used for the MOS',
      'Speech    signal -21.0 dBm0, noise -60.0 dBm0, silence 50.00 %, clipping 0.00 %',
      'RTCP      3 reports by 0x0000beef: lost 8, at most 25.00 %, jitter 2.00 ms mean, 3.00 ms max',
      '          2 sender reports: 50 packets sent meanwhile, 45 seen; clock 8000.0 Hz',
      '          nacks 2',
      '          BYE at 00:00:11.000',
      'Legs      tap to sender and back: 20.0 ms (18.0 to 22.0, 4 times)',
      '          tap to receiver and back: 60.0 ms (50.0 to 70.0, 2 times)',
      '          about 40.0 ms from sender to receiver (estimate)',
      'Endpoint  at 00:00:11.000 by 0x0000beef, not measured here:',
      '          rFactor 80, mosLq 3.9 (interval), gmin 16',
      expect.stringMatching(/^MOS {7}3\.\d\d conversational/),
      expect.stringMatching(/^ {10}PCMA: Ie 0/),
      '          loss and discards 6.12 % (discards of adaptive 2.04 %), burst ratio 1.76',
      '          delay 85.0 ms: network 40.0 (half the round trips of both legs), packet 20.0, look-ahead 0.0, jitter buffer 25.0',
      '          media in 100.00 % of the time',
      '          1 packet left out of the loss as suspected to be missed by the capture (estimate)',
      'Reverse   00000000000000ef, SSRC 0x00c0ffee, PCMA, 50 packets, loss 0.00 %, jitter 0.25 ms, MOS 4.41 NB; silent for 12.5 s: one-way audio',
    ]);
  });
});
