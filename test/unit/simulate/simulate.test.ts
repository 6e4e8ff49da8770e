import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { presets } from '../../../src/simulate/index.js';
import { readPackets, readRtp, recount, run } from './capture-reader.js';

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('simulate', () => {
  it('gives the same bytes for the same seed and others for another', () => {
    const request = { profile: 'mixed', durationMs: 3000 } as const;
    const first = hash(run(request).bytes);
    expect(hash(run(request).bytes)).toBe(first);
    expect(hash(run({ ...request, seed: 2 }).bytes)).not.toBe(first);
  });

  it('gives the truth of a stream of ten packets in full', () => {
    const { truth, written } = run({ streams: 1, durationMs: 200, rampMs: 0, sequenceStart: 65_530 });
    expect(written).toEqual(truth);
    expect(truth.streams).toEqual([
      {
        call: 0,
        direction: 'one-way',
        group: 'streams',
        ssrc: expect.stringMatching(/^0x[0-9a-f]{8}$/),
        src: '10.64.0.1',
        srcPort: expect.any(Number),
        dst: '10.192.0.1',
        dstPort: 50_000,
        codec: 'PCMA',
        payloadType: 8,
        payloadTypes: [8],
        clockRate: 8000,
        ptimeMs: 20,
        dscp: 46,
        vlan: null,
        vlans: [],
        sent: 10,
        sentOctets: 1600,
        sentLost: 0,
        upstreamLost: 0,
        captureLost: 0,
        downstreamLost: null,
        packets: 10,
        octets: 1600,
        expected: 10,
        lost: 0,
        duplicates: 0,
        reordered: 0,
        reorderExtentMax: 0,
        lossRuns: { count: 0, packets: 0, meanLength: null, longest: 0 },
        restarts: 0,
        markers: 1,
        comfortNoisePackets: 0,
        telephoneEventPackets: 0,
        dtxResumptions: 0,
        timestampJumps: 0,
        jitterMs: { mean: 0, max: 0, last: 0 },
        jitterSamples: 9,
        deltaMs: { mean: 20, max: 20 },
        // The leg from the sender to the tap takes 10 ms.
        firstNs: '1767225600010000000',
        lastNs: '1767225600190000000',
        firstSequence: 65_530,
        legDelayMs: { before: 10, after: 40 },
        clock: {
          ...{ samplingSkewPpm: 0, samplingSkewDriftPpmPerHour: 0 },
          ...{ wallOffsetMs: null, wallSkewPpm: null },
        },
        receiver: null,
        rtcp: {
          packets: 0,
          senderReports: 0,
          reports: 0,
          lastReport: null,
          rttMs: { towardsSource: 20, towardsDestination: 80 },
          legRttMs: { towardsSource: null, towardsDestination: null },
          reportSpan: null,
        },
        tunnel: null,
        tunnels: [],
        spanCopies: null,
        red: null,
        transmissionOffset: null,
        audio: null,
      },
    ]);
  });

  it('tells of every stream what its bytes say', () => {
    const { truth, bytes } = run({ profile: 'mixed' });
    const packets = readRtp(bytes, truth);
    const plain = truth.streams.filter((stream) => stream.restarts === 0);
    expect(plain.length).toBe(truth.streams.length - 4);
    for (const stream of plain) {
      const { meanLength: _, ...lossRuns } = stream.lossRuns;
      const { packets: seen, octets, expected, lost, duplicates, reordered, reorderExtentMax } = stream;
      expect(
        { packets: seen, octets, expected, lost, duplicates, reordered, reorderExtentMax, lossRuns },
        `${stream.group} ${stream.ssrc}`,
      ).toEqual(recount(packets.get(Number(stream.ssrc))!));
    }
    // The profile is to show all of this.
    const total = (key: 'lost' | 'duplicates' | 'reordered' | 'restarts' | 'dtxResumptions') =>
      truth.streams.reduce((sum, stream) => sum + stream[key], 0);
    for (const key of ['lost', 'duplicates', 'reordered', 'restarts', 'dtxResumptions'] as const) {
      expect(total(key), key).toBeGreaterThan(3);
    }
  });

  it('counts every packet of the file under one kind', () => {
    const { truth, bytes } = run({ profile: 'mixed', durationMs: 5000 });
    const { byKind, packets, fileBytes } = truth.totals;
    expect(readPackets(bytes).length).toBe(packets);
    expect(Object.values(byKind).reduce((sum, count) => sum + count, 0)).toBe(packets);
    expect(Object.values(byKind).every((count) => count > 0)).toBe(true);
    expect(byKind.fragments).toBe(15);
    expect(fileBytes).toBe(bytes.length);
  });

  it('writes in order of time, in microseconds too', () => {
    for (const micro of [false, true]) {
      const { truth, bytes } = run({ profile: 'mixed', durationMs: 3000, micro });
      const times = readPackets(bytes).map((packet) => packet.ns);
      expect(times.every((ns, i) => i === 0 || ns >= times[i - 1]!)).toBe(true);
      expect(bytes.readUInt32LE(0)).toBe(micro ? 0xa1b2c3d4 : 0xa1b23c4d);
      // Times of the truth are those of the file.
      const stream = truth.streams[0]!;
      const packets = readRtp(bytes, truth).get(Number(stream.ssrc))!;
      expect([stream.firstNs, stream.lastNs]).toEqual([String(packets[0]!.ns), String(packets.at(-1)!.ns)]);
    }
  });

  it('makes clean streams without any fault', () => {
    const { truth } = run({ profile: 'clean', durationMs: 2000 });
    expect(truth.totals).toMatchObject({
      streams: 20,
      sent: 2000,
      packets: 2000,
      sentLost: 0,
      lost: 0,
      duplicates: 0,
      reordered: 0,
    });
    expect(truth.streams.every((stream) => stream.jitterMs.max! < 0.0001)).toBe(true);
  });

  it('stops after about the packets asked for, with all that was sent accounted for', () => {
    const { truth } = run({ profile: 'bench', streams: 300, packets: 20_000 });
    const { sent, sentLost, duplicates, byKind } = truth.totals;
    expect(sent).toBeGreaterThanOrEqual(20_000);
    expect(sent).toBeLessThan(21_000);
    expect(byKind.rtp).toBe(sent - sentLost + duplicates);
    expect(new Set(truth.streams.map((stream) => `${stream.src}:${stream.srcPort}`)).size).toBe(300);
  });

  it('shares calls out over the groups of a profile when another number is asked for', () => {
    const { truth } = run({ profile: 'demo', calls: 48, durationMs: 300, rampMs: 0 });
    const groups = new Map<string, number>();
    for (const { group } of truth.streams) groups.set(group, (groups.get(group) ?? 0) + 0.5);
    expect(truth.streams.length).toBe(96);
    expect(groups.size).toBe(presets.demo.groups!.length);
    expect(groups.get('clean')).toBe(14);
  });

  it('lets an explicit option hold for all groups', () => {
    const { truth } = run({ profile: 'demo', calls: 24, durationMs: 1000, lossRatio: 0, jitterMs: 0 });
    expect(truth.totals.lost).toBe(0);
    const kept = truth.streams.filter((stream) => stream.group !== 'delay-step' && stream.reordered === 0);
    expect(kept.every((stream) => (stream.jitterMs.max ?? 0) < 0.001)).toBe(true);
  });
});
