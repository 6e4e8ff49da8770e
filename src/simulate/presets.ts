// Ready-made simulations, by name. Explicit options go before them.
import type { SimulateOptions } from './options.js';
import { feedbackKinds } from './rtcp-options.js';
import { allXrTypes } from './xr-blocks.js';

export const profiles = ['demo', 'mixed', 'two-legs', 'reports', 'mirror', 'clean', 'bench'] as const;
export type Profile = (typeof profiles)[number];

/** What each profile sets; the rest are the defaults. Profiles of groups have as many calls as these together. */
export const presets: Readonly<Record<Profile, Partial<SimulateOptions>>> = {
  /** A busy site with good and bad calls of many kinds, to look at. */
  demo: {
    durationMs: 24_000,
    shortestShare: 0.6,
    rampMs: 4000,
    jitterMs: 0.4,
    rtcpIntervalMs: 5000,
    noisePerSecond: 40,
    fragmentedDatagrams: 4,
    groups: [
      { name: 'clean', calls: 70, codecs: ['PCMA', 'PCMU', 'G722', 'opus'] },
      { name: 'light-loss', calls: 30, codecs: ['PCMU', 'G729'], lossRatio: 0.005, jitterMs: 2 },
      { name: 'heavy-loss', calls: 10, codecs: ['PCMA', 'G722'], lossRatio: 0.06, jitterMs: 3 },
      {
        name: 'bursty-loss',
        calls: 25,
        codecs: ['PCMA', 'AMR-WB'],
        lossRatio: 0.03,
        meanLossRun: 6,
        jitterMs: 4,
      },
      { name: 'high-jitter', calls: 25, codecs: ['PCMA', 'opus'], jitterMs: 25 },
      { name: 'duplicates', calls: 10, codecs: ['PCMU'], duplicateRatio: 0.02 },
      { name: 'reordering', calls: 15, codecs: ['PCMA', 'iLBC'], reorderRatio: 0.02, jitterMs: 2 },
      { name: 'delay-step', calls: 10, codecs: ['G722'], delaySteps: [{ atMs: 8000, deltaMs: 60 }] },
      { name: 'dtx', calls: 20, codecs: ['PCMA', 'G729', 'opus'], dtx: true, jitterMs: 1 },
      { name: 'dtmf', calls: 10, codecs: ['PCMA', 'PCMU'], dtmf: true, jitterMs: 1 },
      { name: 'vlan', calls: 10, vlan: [100], lossRatio: 0.002 },
      { name: 'ipv6', calls: 5, codecs: ['opus', 'PCMU'], ipv6Share: 1, jitterMs: 2 },
    ],
  },
  /** A few calls of every kind, for tests of accuracy. */
  mixed: {
    durationMs: 20_000,
    rampMs: 2000,
    jitterMs: 1,
    noisePerSecond: 50,
    fragmentedDatagrams: 5,
    groups: [
      { name: 'codecs', calls: 6, codecs: ['PCMU', 'G722', 'GSM', 'G729', 'opus', 'L16'] },
      { name: 'random-loss', calls: 2, lossRatio: 0.02 },
      { name: 'bursty-loss', calls: 2, gilbert: { p: 0.01, q: 0.25 } },
      { name: 'duplicates', calls: 2, duplicateRatio: 0.01 },
      { name: 'reordering', calls: 2, reorderRatio: 0.01, reorderMax: 20 },
      {
        name: 'all-at-once',
        calls: 2,
        lossRatio: 0.02,
        meanLossRun: 3,
        duplicateRatio: 0.01,
        reorderRatio: 0.01,
      },
      { name: 'jitter', calls: 2, jitterMs: 20 },
      { name: 'jitter-reorders', calls: 2, jitterMs: 10, jitterShape: 'gaussian', jitterReorders: true },
      {
        name: 'delay-steps',
        calls: 1,
        delaySteps: [
          { atMs: 5000, deltaMs: 80 },
          { atMs: 9000, deltaMs: -80 },
        ],
      },
      { name: 'skew', calls: 1, skewPpm: 100 },
      { name: 'dtx', calls: 3, codecs: ['PCMA', 'G729', 'opus'], dtx: true, lossRatio: 0.005 },
      { name: 'dtmf', calls: 1, dtmf: true, lossRatio: 0.005 },
      { name: 'wrap', calls: 2, wrap: true, lossRatio: 0.01, reorderRatio: 0.01, duplicateRatio: 0.01 },
      { name: 'restart', calls: 2, restart: true, lossRatio: 0.01 },
      { name: 'rtcp', calls: 1, rtcpIntervalMs: 2000, lossRatio: 0.02 },
      { name: 'rtcp-mux', calls: 1, rtcpIntervalMs: 2000, rtcpMux: true, codecs: ['opus'] },
      { name: 'vlan', calls: 1, vlan: [42], lossRatio: 0.01 },
      { name: 'qinq', calls: 1, vlan: [1000, 42], lossRatio: 0.01 },
      { name: 'ipv6', calls: 2, vlan: [7], ipv6Share: 1, lossRatio: 0.01, dtx: true },
      { name: 'video', calls: 1, video: true, lossRatio: 0.005 },
    ],
  },
  /** A tap in the middle, with losses and delays on either side of it. */
  'two-legs': {
    durationMs: 30_000,
    rampMs: 2000,
    rtcpIntervalMs: 2000,
    jitterMs: 1,
    downstreamJitterMs: 1,
    rtcpImpaired: true,
    groups: [
      { name: 'lossless', calls: 2, upstreamDelayMs: 5, downstreamDelayMs: 30 },
      { name: 'upstream-loss', calls: 2, lossRatio: 0.03 },
      { name: 'downstream-loss', calls: 2, downstreamLossRatio: 0.03, downstreamMeanLossRun: 3 },
      { name: 'both', calls: 2, lossRatio: 0.02, downstreamLossRatio: 0.04, downstreamJitterMs: 5 },
      // Only the leg to the calling end is bad: upstream one way, downstream the other.
      {
        name: 'calling-leg',
        calls: 2,
        lossRatio: 0.05,
        reverse: { lossRatio: 0, downstreamLossRatio: 0.05, jitterMs: 0, downstreamJitterMs: 8 },
      },
      {
        name: 'asymmetric',
        calls: 2,
        upstreamDelayMs: 5,
        downstreamDelayMs: 80,
        reverse: { upstreamDelayMs: 20, downstreamDelayMs: 6 },
      },
      { name: 'far-copies', calls: 1, downstreamDuplicateRatio: 0.03 },
      {
        name: 'clocks',
        calls: 1,
        skewPpm: 80,
        wallSkewPpm: 120,
        reverse: { skewPpm: -60, wallSkewPpm: -90 },
      },
      { name: 'wrap', calls: 1, wrap: true, lossRatio: 0.02, downstreamLossRatio: 0.02 },
    ],
  },
  /** RTCP of every kind. */
  reports: {
    durationMs: 20_000,
    rampMs: 1000,
    rtcpIntervalMs: 2000,
    jitterMs: 3,
    lossRatio: 0.01,
    downstreamLossRatio: 0.02,
    groups: [
      { name: 'plain', calls: 1 },
      { name: 'extras', calls: 1, rtcpExtras: true, rtcpPadding: 8 },
      { name: 'extended', calls: 2, xr: [...allXrTypes], downstreamJitterMs: 15 },
      { name: 'extended-reduced', calls: 1, xr: [...allXrTypes], rtcpReduced: true, rtcpMux: true },
      { name: 'feedback', calls: 1, video: true, feedback: [...feedbackKinds], rtcpMux: true },
      { name: 'feedback-reduced', calls: 1, video: true, feedback: [...feedbackKinds], rtcpReduced: true },
      { name: 'bundle', calls: 1, video: true, bundle: true, feedback: ['nack', 'twcc'], rtcpMux: true },
      { name: 'srtp', calls: 1, srtp: true, xr: [4, 5] },
    ],
  },
  /** What mirror ports deliver: every encapsulation, second copies, and payloads of known content. */
  mirror: {
    durationMs: 10_000,
    rampMs: 1000,
    jitterMs: 1,
    rtcpIntervalMs: 2000,
    lossRatio: 0.01,
    ipId: 'host',
    groups: [
      { name: 'tags', calls: 5, encap: ['vlan', 'qinq', 'mpls:3', 'pppoe', 'pbb'] },
      { name: 'ip-in-ip', calls: 4, encap: ['4in4', '6in4', '4in6', '6in6'] },
      { name: 'gre', calls: 5, encap: ['gre', 'gre:key', 'gre:key+seq+csum', 'gre:eth', 'nvgre'] },
      { name: 'erspan', calls: 4, encap: ['erspan1', 'erspan2', 'erspan3', 'erspan3:platform'] },
      { name: 'vxlan', calls: 5, encap: ['vxlan', 'vxlan:v6', 'geneve', 'geneve:options', 'tzsp:tags'] },
      { name: 'gtpu', calls: 3, encap: ['gtpu', 'gtpu:ext', 'gtpu:ext+seq'], ipv6Share: 0.5 },
      { name: 'hep3', calls: 2, encap: ['hep3'], ipv6Share: 0.5 },
      { name: 'nested', calls: 3, encap: ['vxlan/gre:key', 'qinq/mpls:2/erspan2', 'geneve/gtpu'] },
      { name: 'overlap', calls: 4, encap: ['vxlan', 'gtpu'], overlap: true },
      { name: 'bridged-copies', calls: 2, spanCopies: 'bridged' },
      { name: 'vlan-copies', calls: 2, spanCopies: 'vlan', vlan: [30] },
      { name: 'routed-copies', calls: 2, spanCopies: 'routed', duplicateRatio: 0.01 },
      { name: 'tunnelled-copies', calls: 2, spanCopies: 'tunnelled', ipv6Share: 0.5 },
      { name: 'duplicates', calls: 2, duplicateRatio: 0.02, duplicatesBy: 'network' },
      { name: 'redundancy', calls: 2, codecs: ['PCMU', 'opus'], redGenerations: 2, lossRatio: 0.05 },
      { name: 'offsets', calls: 2, transmissionOffsetId: 3, video: true },
      { name: 'audio', calls: 2, codecs: ['PCMA', 'PCMU'], audio: true },
    ],
  },
  /** Nothing goes wrong. */
  clean: { calls: 10 },
  /** Many plain streams, for measuring speed. */
  bench: {
    calls: 0,
    streams: 1000,
    durationMs: null,
    packets: 5_000_000,
    rampMs: 20,
    jitterMs: 1,
    lossRatio: 0.005,
    meanLossRun: 3,
    duplicateRatio: 0.0002,
  },
};
