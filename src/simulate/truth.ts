// The truth of a simulated capture: what a probe at the tap should find, and
// what really happened before it. The names are those of the stream summaries.
import { closeSync, openSync, writeSync } from 'node:fs';
import { outputError } from '../ops/errors.js';
import { outerVlans, type SpecialFacts } from './delivery.js';
import { formatIp } from './endpoints.js';
import { lossRunsOf, placesOf, receiverOf } from './fate-facts.js';
import type { NoiseKind } from './noise.js';
import type { SimulateOptions } from './options.js';
import type { ReportBlock } from './rtcp-packets.js';
import type { ReportSpan } from './rtcp-truth.js';
import type { SpreadFacts } from './spread.js';
import type { SimulatedStream } from './stream.js';

/** What is known of every stream; the rest is in `SpecialFacts`. */
interface PlainStreamFacts {
  /** Number of the call; streams of one call share it. */
  call: number;
  direction: 'forward' | 'reverse' | 'one-way';
  /** Group of the profile that the call is of. */
  group: string;
  /** 8 hexadecimal digits with 0x before them. */
  ssrc: string;
  src: string;
  srcPort: number;
  dst: string;
  dstPort: number;
  codec: string;
  payloadType: number;
  /** All payload types seen at the tap, ascending. */
  payloadTypes: number[];
  clockRate: number;
  ptimeMs: number;
  dscp: number;
  /** Outer VLAN id of the frames as they are on the wire, null when untagged. */
  vlan: number | null;
  /** All VLAN ids from outside in, up to the first tunnel. */
  vlans: number[];
  /** Packets and payload octets that the sender sent. */
  sent: number;
  sentOctets: number;
  /** Of those, not in the capture, also before the first and after the last one seen. */
  sentLost: number;
  /** Of those, lost between the sender and the tap. */
  upstreamLost: number;
  /** Packets that passed the tap, of which the capture has no copy. */
  captureLost: number;
  /** Packets that passed the tap and never came to the receiver; null without RTCP, as nothing tells of it. */
  downstreamLost: number | null;
  /** Seen at the tap, copies included. */
  packets: number;
  octets: number;
  /** Highest minus lowest sequence number seen plus 1, summed over restarts. */
  expected: number;
  lost: number;
  duplicates: number;
  reordered: number;
  /** Largest distance of a reordered packet from the highest before it. */
  reorderExtentMax: number;
  lossRuns: { count: number; packets: number; meanLength: number | null; longest: number };
  restarts: number;
  markers: number;
  comfortNoisePackets: number;
  telephoneEventPackets: number;
  dtxResumptions: number;
  timestampJumps: number;
  jitterMs: { mean: number | null; max: number | null; last: number | null };
  jitterSamples: number;
  deltaMs: { mean: number | null; max: number | null };
  /** Capture times of the first and last packet, ns since the Unix epoch; null when all are lost. */
  firstNs: string | null;
  lastNs: string | null;
  firstSequence: number;
  /** One-way delays on either side of the tap, without jitter. */
  legDelayMs: { before: number; after: number };
  clock: {
    /** How much too fast the sampling clock of the sender runs (RTP timestamps) at its start, parts per million. */
    samplingSkewPpm: number;
    /** By how much faster it runs with each hour of the stream, parts per million. */
    samplingSkewDriftPpmPerHour: number;
    /** How far its wall clock (NTP times) is ahead of the capture at its start; null without RTCP. */
    wallOffsetMs: number | null;
    /** How much too fast the wall clock runs, parts per million; null without RTCP. */
    wallSkewPpm: number | null;
  };
  /** What the receiver has by RFC 3550 A.1, A.3 and A.8 when all has come that comes; null without RTCP. */
  receiver: {
    /** Packets that counted since the source was valid, copies among them. */
    received: number;
    extendedHighestSequence: number;
    /** Expected less received; negative when copies outnumber losses. */
    cumulativeLost: number;
    /** Interarrival jitter, RTP clock ticks, not rounded. */
    jitter: number;
    /** Packets that came more than once, every further coming counted. */
    copies: number;
    /** How often the source was found valid anew: 1, and 1 more for each restart. */
    beginnings: number;
  } | null;
  rtcp: {
    /** RTCP datagrams of this SSRC. */
    packets: number;
    senderReports: number;
    /** Report blocks about this stream. */
    reports: number;
    lastReport: ReportBlock | null;
    /** Round-trip times from the tap to either end, without jitter. */
    rttMs: { towardsSource: number; towardsDestination: number };
    /**
     * True round-trip times from the tap to either end, ms, of the exchanges in the capture: towards the destination
     * one for every report block about this stream that answers a sender report of it (RFC 3550 6.4.1); towards the
     * source one for every DLRR of the source that answers a receiver reference time (RFC 3611 4.5). Both the asking
     * and the answering packet are in the capture. Null without any.
     */
    legRttMs: { towardsSource: SpreadFacts | null; towardsDestination: SpreadFacts | null };
    /** Losses between the first and the last report in the capture; null with fewer than two. */
    reportSpan: ReportSpan | null;
  };
}

export type StreamFacts = PlainStreamFacts & SpecialFacts;

export interface Totals {
  streams: number;
  /** All packets in the capture, and by what they are. */
  packets: number;
  byKind: Record<'rtp' | 'rtcp' | NoiseKind, number>;
  /** Size of the capture file. */
  fileBytes: number;
  /** Over all streams. */
  sent: number;
  sentLost: number;
  /** Packets that passed the tap, of which the capture has no copy. */
  captureLost: number;
  expected: number;
  lost: number;
  duplicates: number;
  reordered: number;
  /** Second copies that the mirror port delivered; in no other number but `packets`. */
  spanCopies: number;
}

export interface Truth {
  version: 1;
  parameters: SimulateOptions;
  totals: Totals;
  streams: StreamFacts[];
}

/** Where the truth of the capture `path` is put. */
export function truthPath(path: string): string {
  return `${path}.truth.json`;
}

/** The facts of one stream; `epochNs` turns a time of the simulation into ns since the Unix epoch. */
export function factsOf(stream: SimulatedStream, epochNs: (atNs: number) => string): PlainStreamFacts {
  const { plan, truth, rtcp } = stream;
  const { path } = plan;
  const places = placesOf(stream);
  const { clock } = stream;
  const vlans = outerVlans(path.delivery?.tunnels[0] ?? [], path.vlan);
  return {
    call: plan.call,
    direction: plan.direction,
    group: plan.group,
    ssrc: `0x${plan.ssrc.toString(16).padStart(8, '0')}`,
    src: formatIp(path.from.ip),
    srcPort: path.from.port,
    dst: formatIp(path.to.ip),
    dstPort: path.to.port,
    codec: plan.codecName,
    payloadType: plan.payloadType,
    payloadTypes: [...truth.payloadTypes].sort((a, b) => a - b),
    clockRate: plan.clockRate,
    ptimeMs: plan.ptimeMs,
    dscp: path.dscp,
    vlan: vlans[0] ?? null,
    vlans,
    sent: stream.sent,
    sentOctets: stream.sentOctets,
    sentLost: stream.sent - (truth.packets - truth.duplicates),
    upstreamLost: places.upstream,
    captureLost: places.capture,
    downstreamLost: stream.far === null ? null : places.downstream,
    packets: truth.packets,
    octets: truth.octets,
    expected: truth.expected,
    lost: truth.lost,
    duplicates: truth.duplicates,
    reordered: truth.reordered,
    reorderExtentMax: truth.reorderExtentMax,
    lossRuns: lossRunsOf(stream, places.capture),
    restarts: truth.restarts,
    markers: truth.markers,
    comfortNoisePackets: truth.comfortNoisePackets,
    telephoneEventPackets: truth.telephoneEventPackets,
    dtxResumptions: truth.dtxResumptions,
    timestampJumps: truth.timestampJumps,
    jitterMs: truth.jitterMs,
    jitterSamples: truth.jitterSamples,
    deltaMs: truth.deltaMs,
    firstNs: truth.packets === 0 ? null : epochNs(truth.firstNs),
    lastNs: truth.packets === 0 ? null : epochNs(truth.lastNs),
    firstSequence: plan.firstSequence,
    legDelayMs: { before: plan.legBeforeMs, after: plan.legAfterMs },
    clock: {
      samplingSkewPpm: plan.media.skewPpm,
      samplingSkewDriftPpmPerHour: plan.media.skewDriftPpmPerHour,
      wallOffsetMs: clock?.offsetMs ?? null,
      wallSkewPpm: clock?.skewPpm ?? null,
    },
    receiver: receiverOf(stream),
    rtcp: {
      packets: rtcp.packets,
      senderReports: rtcp.senderReports,
      reports: rtcp.reports,
      lastReport: rtcp.lastReport,
      rttMs: {
        towardsSource: plan.legBeforeMs + plan.backAfterMs,
        towardsDestination: plan.legAfterMs + plan.backBeforeMs,
      },
      legRttMs: {
        towardsSource: rtcp.towardsSource.facts,
        towardsDestination: rtcp.towardsDestination.facts,
      },
      reportSpan: stream.fates === null ? null : rtcp.span(stream.fates),
    },
  };
}

/** Writes the truth as JSON, one line a stream, so that any number of streams fits through. */
export function writeTruth(path: string, truth: Truth): void {
  try {
    const file = openSync(path, 'w');
    try {
      const { streams, ...rest } = truth;
      const head = JSON.stringify(rest, null, 1).slice(0, -2);
      writeAll(file, `${head},\n "streams": [\n`);
      for (let from = 0; from < streams.length; from += 1000) {
        const lines = streams.slice(from, from + 1000).map((stream) => `  ${JSON.stringify(stream)}`);
        writeAll(file, `${lines.join(',\n')}${from + 1000 < streams.length ? ',' : ''}\n`);
      }
      writeAll(file, ' ]\n}\n');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw outputError(path, error);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
