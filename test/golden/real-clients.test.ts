// Real RTP clients (test/captures, recorded by scripts/record-captures.mjs), held
// against what they were told to send, against tshark's table of streams, and
// against RFC 3550 A.8 worked out from tshark's fields packet by packet.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyzeCapture } from './analyze-capture.js';
import { keyOf, streamsByKey } from './streams.js';
import { hasTool, type TsharkPacket, tsharkPackets, tsharkStreams } from './tshark.js';

const captureOf = (name: string) => fileURLToPath(new URL(`../captures/${name}.pcap`, import.meta.url));

/** Why tshark's table says something else. */
type Difference =
  /** It knows no clock for a dynamic payload type without SDP: no jitter, and no spacing either when the marker is set. */
  | 'clock unknown to tshark'
  /** It leaves packets with the marker out of spacing and jitter; in video that is the end of each frame. */
  | 'marked packets left out by tshark'
  /** It subtracts copies from the losses, and divides the mean of the jitter by the number of all packets. */
  | 'copies are packets to tshark';

interface Client {
  name: string;
  payloadTypes?: Record<number, string>;
  /** What the senders were told to send, by codec, one entry a stream. */
  streams: { codec: string; clockRate: number; packets: number; lost: number; rtcp: boolean }[];
  differences: Difference[];
}

const TONE = { lost: 0, rtcp: false };
const PCMA = { ...TONE, codec: 'PCMA', clockRate: 8000 };
const PCMU = { ...TONE, codec: 'PCMU', clockRate: 8000 };
const OPUS = { ...TONE, codec: 'opus', clockRate: 48_000 };

const clients: Client[] = [
  { name: 'gst-pcma', streams: [{ ...PCMA, packets: 300 }], differences: [] },
  {
    name: 'gst-pcmu-impaired',
    streams: [{ ...PCMU, packets: 393, lost: 8 }],
    differences: ['copies are packets to tshark'],
  },
  {
    name: 'gst-speex',
    payloadTypes: { 110: 'speex/16000' },
    streams: [{ ...TONE, codec: 'speex', clockRate: 16_000, packets: 300 }],
    differences: ['clock unknown to tshark'],
  },
  {
    name: 'gst-rtpbin-opus-pcmu',
    payloadTypes: { 111: 'opus/48000' },
    streams: [
      { ...PCMU, packets: 350, rtcp: true },
      { ...OPUS, packets: 351, rtcp: true },
    ],
    differences: ['clock unknown to tshark'],
  },
  {
    name: 'gst-vp8',
    payloadTypes: { 96: 'VP8/90000' },
    streams: [{ ...TONE, codec: 'VP8', clockRate: 90_000, packets: 75 }],
    differences: ['clock unknown to tshark', 'marked packets left out by tshark'],
  },
  {
    name: 'gst-theora',
    payloadTypes: { 98: 'theora/90000' },
    streams: [{ ...TONE, codec: 'theora', clockRate: 90_000, packets: 62 }],
    differences: ['clock unknown to tshark'],
  },
  {
    name: 'gst-jpeg',
    streams: [{ ...TONE, codec: 'JPEG', clockRate: 90_000, packets: 103 }],
    differences: ['marked packets left out by tshark'],
  },
  {
    name: 'sipp-pcma-echo',
    streams: [
      { ...PCMA, packets: 280 },
      { ...PCMA, packets: 280 },
    ],
    differences: [],
  },
  {
    // SDP in the capture tells tshark the clock of the dynamic type.
    name: 'baresip-opus',
    payloadTypes: { 96: 'opus/48000' },
    streams: [
      { ...OPUS, packets: 300, rtcp: true },
      { ...OPUS, packets: 301, rtcp: true },
    ],
    differences: [],
  },
  // What these say of either side of the tap is in two-legs.test.ts.
  {
    name: 'gst-two-legs',
    streams: [
      { ...PCMU, packets: 534, lost: 25, rtcp: true },
      { ...PCMU, packets: 541, lost: 26, rtcp: true },
    ],
    differences: [],
  },
  {
    name: 'linphone-two-legs',
    payloadTypes: { 96: 'opus/48000' },
    streams: [
      { ...OPUS, packets: 1050, lost: 52, rtcp: true },
      { ...OPUS, packets: 1063, lost: 37, rtcp: true },
    ],
    differences: [],
  },
  {
    name: 'baresip-two-legs',
    payloadTypes: { 96: 'opus/48000' },
    streams: [
      { ...OPUS, packets: 1045, lost: 52, rtcp: true },
      { ...OPUS, packets: 1056, lost: 37, rtcp: true },
    ],
    differences: [],
  },
];

const measure = async ({ name, payloadTypes = {} }: Client) =>
  streamsByKey(await analyzeCapture(captureOf(name), { payloadTypes }));

describe('of every stream that a real client sent, we tell', () => {
  for (const client of clients) {
    it(`codec, clock, packets, losses and RTCP: ${client.name}`, async () => {
      const streams = [...(await measure(client)).values()].map((stream) => ({
        ...{ codec: stream.codec, clockRate: stream.clockRate },
        ...{ packets: stream.packets, lost: stream.lost, rtcp: stream.rtcpPackets > 0 },
      }));
      expect(streams.sort((a, b) => a.packets - b.packets)).toEqual(client.streams);
    });
  }

  it('the same clock without configuration', async () => {
    for (const client of clients) {
      const inferred = [...(await measure({ ...client, payloadTypes: {} })).values()];
      const clocks = inferred.sort((a, b) => a.packets - b.packets).map(({ clockRate }) => clockRate);
      expect([client.name, ...clocks]).toEqual([
        client.name,
        ...client.streams.map(({ clockRate }) => clockRate),
      ]);
    }
  });

  it('silence about everything else: no restart, wild packet, jump, pause or change of type', async () => {
    for (const client of clients) {
      for (const stream of (await measure(client)).values()) {
        const { restarts, sequenceErrors, late, timestampJumps, dtxResumptions, payloadTypeChanges } = stream;
        expect({
          name: client.name,
          ...{ restarts, sequenceErrors, late, timestampJumps, dtxResumptions, payloadTypeChanges },
        }).toEqual({
          name: client.name,
          ...{
            restarts: 0,
            sequenceErrors: 0,
            late: 0,
            timestampJumps: 0,
            dtxResumptions: 0,
            payloadTypeChanges: 0,
          },
        });
      }
    }
  });
});

const tshark = hasTool('tshark', 'captures of real clients are not held against it');
const TABLE_TOLERANCE_MS = 0.002;
/** Summaries have six digits behind the point. */
const EXACT_MS = 1e-6;

describe.skipIf(!tshark)('tshark finds the same', () => {
  for (const client of clients) {
    it(`in its table of streams: ${client.name}`, async () => {
      const found = await measure(client);
      const table = tsharkStreams(captureOf(client.name));
      expect(table.map(keyOf).sort()).toEqual([...found.keys()].sort());
      const differs = (why: Difference) => client.differences.includes(why);
      for (const theirs of table) {
        const ours = found.get(keyOf(theirs))!;
        const copies = differs('copies are packets to tshark');
        expect({ packets: ours.packets, lost: ours.lost - (copies ? ours.duplicates : 0) }).toEqual({
          packets: theirs.packets,
          lost: theirs.lost,
        });
        if (differs('marked packets left out by tshark')) continue;
        expect(Math.abs(ours.deltaMs.max! - theirs.maxDeltaMs)).toBeLessThanOrEqual(TABLE_TOLERANCE_MS);
        if (differs('clock unknown to tshark') && ours.clockRateSource !== 'static') {
          expect(theirs.maxJitterMs).toBe(0);
          continue;
        }
        expect(Math.abs(ours.jitterMs.max! - theirs.maxJitterMs)).toBeLessThanOrEqual(TABLE_TOLERANCE_MS);
        if (copies) continue;
        expect(Math.abs(ours.jitterMs.mean! - theirs.meanJitterMs)).toBeLessThanOrEqual(TABLE_TOLERANCE_MS);
      }
    });

    it(`packet by packet: ${client.name}`, async () => {
      const found = await measure(client);
      const packets = new Map<string, TsharkPacket[]>();
      for (const packet of tsharkPackets(captureOf(client.name))) {
        const key = keyOf(packet);
        packets.set(key, [...(packets.get(key) ?? []), packet]);
      }
      expect([...packets.keys()].sort()).toEqual([...found.keys()].sort());
      for (const [key, ours] of found) {
        const wanted = byHand(packets.get(key)!, ours.clockRate!, ours.media === 'video');
        const { octets, duplicates, reordered, markers } = ours;
        expect({ octets, duplicates, reordered, markers }).toEqual(wanted.counts);
        expect(Math.abs(ours.jitterMs.max! - wanted.jitterMaxMs)).toBeLessThanOrEqual(EXACT_MS);
        expect(Math.abs(ours.jitterMs.mean! - wanted.jitterMeanMs)).toBeLessThanOrEqual(EXACT_MS);
        expect(Math.abs(ours.jitterMs.last! - wanted.jitterLastMs)).toBeLessThanOrEqual(EXACT_MS);
        expect(Math.abs(ours.deltaMs.max! - wanted.deltaMaxMs)).toBeLessThanOrEqual(EXACT_MS);
      }
    });
  }
});

/** RFC 3550 A.8 and counts for a stream without wraps and pauses. */
function byHand(packets: readonly TsharkPacket[], clockRate: number, isVideo: boolean) {
  const counts = { octets: 0, duplicates: 0, reordered: 0, markers: 0 };
  const seen = new Set<number>();
  const frames = new Set<number>();
  let highest = -1;
  let jitterMs = 0;
  let jitterMaxMs = 0;
  let jitterSumMs = 0;
  let samples = 0;
  let deltaMaxMs = 0;
  let sampled: { ms: number; timestamp: number } | null = null;
  for (const [i, { ms, sequence, timestamp, marker, octets }] of packets.entries()) {
    if (i > 0) deltaMaxMs = Math.max(deltaMaxMs, ms - packets[i - 1]!.ms);
    counts.octets += octets;
    if (marker) counts.markers += 1;
    if (seen.has(sequence)) {
      counts.duplicates += 1;
      continue;
    }
    seen.add(sequence);
    if (sequence < highest) counts.reordered += 1;
    highest = Math.max(highest, sequence);
    // The first packet of a frame alone.
    if (isVideo && frames.has(timestamp)) continue;
    frames.add(timestamp);
    if (sampled !== null) {
      const transitMs = ms - sampled.ms - ((timestamp - sampled.timestamp) * 1000) / clockRate;
      jitterMs += (Math.abs(transitMs) - jitterMs) / 16;
      jitterMaxMs = Math.max(jitterMaxMs, jitterMs);
      jitterSumMs += jitterMs;
      samples += 1;
    }
    sampled = { ms, timestamp };
  }
  return { counts, jitterMaxMs, jitterMeanMs: jitterSumMs / samples, jitterLastMs: jitterMs, deltaMaxMs };
}
