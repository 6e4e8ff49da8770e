// What can be asked of the simulation, with meaning, unit and default of every
// option. The command line fills this in; tests give it directly.
import { defaultLegOptions, defaultTapOptions, type LegOptions, type TapOptions } from './leg-options.js';
import { defaultRtcpOptions, type RtcpOptions } from './rtcp-options.js';

export type JitterShape = 'exponential' | 'gaussian';

export interface DelayStep {
  /** Time since the start of the stream, ms. */
  atMs: number;
  /** Added to the delay from then on, ms; may be negative. */
  deltaMs: number;
}

/** What the streams of a call carry and what happens to them on the way to the tap. */
export interface MediaOptions extends LegOptions, RtcpOptions {
  /** Codec names, taken in turn by the calls. */
  codecs: string[];
  /** Packet time, ms; raised to a whole number of codec frames. */
  ptimeMs: number;
  /** Share of packets lost before the tap, 0..1. */
  lossRatio: number;
  /** Mean length of a loss run in packets; null for independent losses. */
  meanLossRun: number | null;
  /** Gilbert model in place of `lossRatio` and `meanLossRun`. */
  gilbert: { p: number; q: number } | null;
  /** Share of packets that come twice, the copy within 3 packets, 0..1. */
  duplicateRatio: number;
  /** Who makes the copies: the sender (a new IPv4 identification) or the network (the same one). */
  duplicatesBy: 'sender' | 'network';
  /** Share of packets delayed until later ones have passed, 0..1. */
  reorderRatio: number;
  /** Most later packets that pass a reordered one, 1..20. */
  reorderMax: number;
  /** Mean (exponential) or standard deviation (gaussian) of the delay variation, ms. */
  jitterMs: number;
  jitterShape: JitterShape;
  /** Let jitter put packets out of order; otherwise they queue up behind each other. */
  jitterReorders: boolean;
  delaySteps: DelayStep[];
  /** How much faster than true the sender's sampling clock runs, parts per million. */
  skewPpm: number;
  /** By how much faster it runs with each hour of the stream, parts per million. */
  skewDriftPpmPerHour: number;
  /** Silence suppression: talk spurts with comfort noise or silence descriptors between them. */
  dtx: boolean;
  /** Telephone events (RFC 4733) now and then. */
  dtmf: boolean;
  /** Mean time between RTCP reports of an endpoint, ms; null for no RTCP. */
  rtcpIntervalMs: number | null;
  /** RTCP on the RTP port (RFC 5761) and not on the next one. */
  rtcpMux: boolean;
  /** One-way delay in ms between the calling end and the tap, and between the tap and the called end, either way. */
  legDelayMs: [number, number];
  /** VLAN ids from outside in: none, one (802.1Q) or two (802.1ad). */
  vlan: number[];
  /** Share of calls over IPv6, 0..1. */
  ipv6Share: number;
  /** First sequence number of all streams; null for a random one. */
  sequenceStart: number | null;
  /** Start so close to the top that sequence numbers and timestamps wrap early. */
  wrap: boolean;
  /** The sender starts again with another sequence number half-way. */
  restart: boolean;
  /** Video streams beside the audio of each call. */
  video: boolean;
  /** Encapsulations, layers from outside in as `vxlan/gre:key`, taken in turn; none for plain frames. */
  encap: string[];
  /** Whether each call or each packet takes the next encapsulation. */
  encapTurn: 'stream' | 'packet';
  /** Two calls each have the same addresses, ports and SSRCs and differ in the id of their tunnels alone. */
  overlap: boolean;
  /** The mirror port shows packets a second time: see `spanCopyKinds`; null for once only. */
  spanCopies: string | null;
  /** The second copy comes so much later, ms: from the least to the most. */
  spanCopyDelayMs: [number, number];
  /** Older packets repeated in each audio packet (RFC 2198), 0 for none. */
  redGenerations: number;
  /** Senders pace packets and tell their delay in a header extension (RFC 5450) with this id, 1..14; null for none. */
  transmissionOffsetId: number | null;
  /** G.711 payloads hold bursts of tone and noise with silence between them, not arbitrary octets. */
  audio: boolean;
}

/** A number of calls alike; media options not given come from the whole. */
export interface GroupOptions extends Partial<MediaOptions> {
  name: string;
  /** How many of the calls; scaled when another total is asked for. */
  calls: number;
}

export interface SimulateOptions extends MediaOptions, TapOptions {
  /** Calls of two directions each. */
  calls: number;
  /** Streams of one direction, beside or in place of calls. */
  streams: number;
  /** Longest call, ms; null for no end (then `packets` ends it). */
  durationMs: number | null;
  /** Calls last between this share of `durationMs` and all of it, 0..1. */
  shortestShare: number;
  /** Calls start within this time, ms; null for a tenth of the duration but 2 s at most. */
  rampMs: number | null;
  /** Stop after about this many RTP packets; null for no such limit. */
  packets: number | null;
  /** Capture time of the beginning, ISO 8601. */
  start: string;
  /** Whole number; the same seed and options give the same bytes. */
  seed: number;
  /** Times in microseconds in place of nanoseconds. */
  micro: boolean;
  /** Packets of other protocols each second, in all; 0 for none. */
  noisePerSecond: number;
  /** Number of fragmented datagrams that carry no media. */
  fragmentedDatagrams: number;
  /** IPv4 identifications: a counter for each stream, one for each host, or 0 always (RFC 6864). */
  ipId: 'stream' | 'host' | 'zero';
  /** Calls of different kinds; null for calls all alike. */
  groups: GroupOptions[] | null;
}

export const defaultOptions: Readonly<SimulateOptions> = {
  ...defaultLegOptions,
  ...defaultRtcpOptions,
  ...defaultTapOptions,
  codecs: ['PCMA'],
  ptimeMs: 20,
  lossRatio: 0,
  meanLossRun: null,
  gilbert: null,
  duplicateRatio: 0,
  duplicatesBy: 'sender',
  reorderRatio: 0,
  reorderMax: 5,
  jitterMs: 0,
  jitterShape: 'exponential',
  jitterReorders: false,
  delaySteps: [],
  skewPpm: 0,
  skewDriftPpmPerHour: 0,
  dtx: false,
  dtmf: false,
  rtcpIntervalMs: null,
  rtcpMux: false,
  legDelayMs: [10, 40],
  vlan: [],
  ipv6Share: 0,
  sequenceStart: null,
  wrap: false,
  restart: false,
  video: false,
  encap: [],
  encapTurn: 'stream',
  overlap: false,
  spanCopies: null,
  spanCopyDelayMs: [0.05, 2],
  redGenerations: 0,
  transmissionOffsetId: null,
  audio: false,
  calls: 10,
  streams: 0,
  durationMs: 30_000,
  shortestShare: 1,
  rampMs: null,
  packets: null,
  start: '2026-01-01T00:00:00Z',
  seed: 1,
  micro: false,
  noisePerSecond: 0,
  fragmentedDatagrams: 0,
  ipId: 'stream',
  groups: null,
};
