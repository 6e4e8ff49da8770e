import { describe, expect, it } from 'vitest';
import type { SimulateRequest, Truth } from '../../../src/simulate/index.js';
import { type RtpPacket, readPackets, readRtp, run } from './capture-reader.js';

/** 20 one-way streams of 60 s, 60,000 packets. */
const many: SimulateRequest = { streams: 20, durationMs: 60_000 };

function onlyStream(request: SimulateRequest): { truth: Truth; packets: RtpPacket[] } {
  const { truth, bytes } = run({ streams: 1, rampMs: 0, ...request });
  return { truth, packets: readRtp(bytes, truth).get(Number(truth.streams[0]!.ssrc))! };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const msBetween = (a: RtpPacket, b: RtpPacket) => Number(b.ns - a.ns) / 1e6;

describe('loss', () => {
  it('at random hits the asked share in runs as short as chance makes them', () => {
    const { truth } = run({ ...many, lossRatio: 0.02 });
    const runs = truth.streams.reduce((sum, stream) => sum + stream.lossRuns.count, 0);
    expect(truth.totals.sentLost / truth.totals.sent).toBeCloseTo(0.02, 2);
    expect(truth.totals.lost / runs).toBeCloseTo(1 / 0.98, 1);
  });

  it('in bursts hits the asked share and the asked mean run', () => {
    const { truth } = run({ ...many, lossRatio: 0.05, meanLossRun: 5 });
    const runs = truth.streams.reduce((sum, stream) => sum + stream.lossRuns.count, 0);
    expect(Math.abs(truth.totals.sentLost / truth.totals.sent - 0.05)).toBeLessThan(0.006);
    expect(Math.abs(truth.totals.lost / runs - 5)).toBeLessThan(0.4);
  });

  it('by the Gilbert model has share p/(p+q) and mean run 1/q', () => {
    const { truth } = run({ ...many, gilbert: { p: 0.02, q: 0.5 } });
    const runs = truth.streams.reduce((sum, stream) => sum + stream.lossRuns.count, 0);
    expect(truth.totals.sentLost / truth.totals.sent).toBeCloseTo(0.02 / 0.52, 2);
    expect(Math.abs(truth.totals.lost / runs - 2)).toBeLessThan(0.1);
  });

  it('before the first and after the last packet seen is not expected', () => {
    const { truth } = run({ ...many, streams: 200, durationMs: 2000, lossRatio: 0.3, meanLossRun: 4 });
    for (const { sent, sentLost, expected, lost } of truth.streams) {
      expect(sent - sentLost).toBe(expected - lost);
      expect(expected).toBeLessThanOrEqual(sent);
    }
    expect(truth.totals.expected).toBeLessThan(truth.totals.sent);
  });

  it('leaves the shortest streams a few packets', () => {
    const { truth } = run({ streams: 200, durationMs: 200, lossRatio: 0.9 });
    expect(Math.min(...truth.streams.map((stream) => stream.packets))).toBeGreaterThanOrEqual(4);
  });
});

describe('duplicates', () => {
  it('come one to three packets behind their originals, in the asked share', () => {
    const { truth, packets } = onlyStream({ durationMs: 120_000, duplicateRatio: 0.05 });
    const firstAt = new Map<number, number>();
    const distances = new Set<number>();
    packets.forEach(({ sequence, timestamp }, at) => {
      const key = sequence * 2 ** 32 + timestamp;
      const before = firstAt.get(key);
      if (before === undefined) firstAt.set(key, at);
      else distances.add(at - before);
    });
    // A copy among other copies can fall one place further.
    expect([...distances].sort().slice(0, 3)).toEqual([1, 2, 3]);
    expect(Math.max(...distances)).toBeLessThanOrEqual(4);
    expect(truth.totals.duplicates / truth.totals.sent).toBeCloseTo(0.05, 2);
    expect(truth.totals).toMatchObject({ lost: 0, reordered: 0 });
  });
});

describe('reordering', () => {
  it('lets packets arrive behind 1 to 20 later ones, in the asked share', () => {
    const { truth } = onlyStream({ durationMs: 120_000, reorderRatio: 0.01, reorderMax: 20 });
    const { reordered, reorderExtentMax, sent, lost, jitterMs } = truth.streams[0]!;
    expect(reordered / sent).toBeCloseTo(0.01, 2);
    expect(reorderExtentMax).toBeGreaterThan(15);
    expect(reorderExtentMax).toBeLessThanOrEqual(20);
    expect(lost).toBe(0);
    // Late is late: a packet that waits for 20 others is 400 ms behind.
    expect(jitterMs.max).toBeGreaterThan(20);
  });
});

describe('reordering and copies', () => {
  it('stop at the edges of silence, digits and restarts', () => {
    const { packets } = onlyStream({
      durationMs: 300_000,
      reorderRatio: 0.2,
      reorderMax: 20,
      duplicateRatio: 0.2,
      lossRatio: 0.05,
      dtx: true,
      dtmf: true,
      restart: true,
    });
    // A packet of another kind, a marker and a wide jump are edges: all before them came before.
    const isEdge = (packet: RtpPacket) => packet.marker || packet.payloadType === 13;
    let highest = packets[0]!.sequence;
    let floor = highest;
    let edges = 0;
    let behind = 0;
    for (const packet of packets) {
      const ahead = ((packet.sequence - highest) << 16) >> 16;
      if (Math.abs(ahead) > 1000) {
        highest = packet.sequence;
        floor = highest;
        continue;
      }
      const extended = highest + ahead;
      expect(extended).toBeGreaterThanOrEqual(floor);
      if (ahead < 0) behind += 1;
      highest = Math.max(highest, extended);
      if (isEdge(packet) && ahead > 0) {
        floor = extended;
        edges += 1;
      }
    }
    expect(edges).toBeGreaterThan(200);
    expect(behind).toBeGreaterThan(500);
  });
});

describe('delay', () => {
  it('that varies does not reorder unless asked to', () => {
    const kept = onlyStream({ durationMs: 60_000, jitterMs: 30 }).truth.totals.reordered;
    const mixed = onlyStream({ durationMs: 60_000, jitterMs: 30, jitterReorders: true }).truth.totals
      .reordered;
    expect(kept).toBe(0);
    expect(mixed).toBeGreaterThan(100);
  });

  it('has the RFC 3550 jitter that its distribution gives', () => {
    // E|X1 - X2| is the mean for the exponential distribution, 2/sqrt(pi) deviations for the gaussian one.
    const mean = (request: SimulateRequest) => onlyStream(request).truth.streams[0]!.jitterMs.mean!;
    expect(mean({ durationMs: 120_000, jitterMs: 2 })).toBeCloseTo(2, 0);
    expect(mean({ durationMs: 120_000, jitterMs: 2, jitterShape: 'gaussian' })).toBeCloseTo(
      4 / Math.sqrt(Math.PI),
      0,
    );
  });

  it('makes a step at the asked time', () => {
    const { packets } = onlyStream({ durationMs: 1000, delaySteps: [{ atMs: 400, deltaMs: 40 }] });
    const gaps = packets.slice(1).map((packet, i) => msBetween(packets[i]!, packet));
    expect(gaps).toEqual(Array.from({ length: 49 }, (_, i) => (i === 19 ? 60 : 20)));
  });

  it('drifts with a sampling clock that is off', () => {
    const { packets } = onlyStream({ durationMs: 100_000, skewPpm: 100 });
    const last = packets.at(-1)!;
    const ticks = (last.timestamp - packets[0]!.timestamp) >>> 0;
    expect((ticks / 8 / msBetween(packets[0]!, last) - 1) * 1e6).toBeCloseTo(100, 1);
  });

  it('drifts more and more with a sampling clock that gets faster', () => {
    const request = { durationMs: 3_600_000, ptimeMs: 60, skewPpm: 10, skewDriftPpmPerHour: 40 };
    const { packets } = onlyStream(request);
    const [first, middle, last] = [packets[0]!, packets[packets.length >> 1]!, packets.at(-1)!];
    const ppm = (a: typeof first, b: typeof first) =>
      (((b.timestamp - a.timestamp) >>> 0) / 8 / msBetween(a, b) - 1) * 1e6;
    // A mean over half an hour is what the clock had in its middle.
    expect(ppm(first, middle)).toBeCloseTo(20, 1);
    expect(ppm(middle, last)).toBeCloseTo(40, 1);
  });
});

describe('senders', () => {
  it('resume after silence with a marker, a timestamp that went on and no hole in the sequence', () => {
    const { truth, packets } = onlyStream({ durationMs: 60_000, dtx: true });
    const resumed = packets.slice(1).filter((packet, i) => packet.marker && packets[i]!.payloadType === 13);
    expect(resumed.length).toBe(truth.streams[0]!.dtxResumptions);
    expect(resumed.length).toBeGreaterThan(5);
    packets.slice(1).forEach((packet, i) => {
      const before = packets[i]!;
      expect((packet.sequence - before.sequence) & 0xffff).toBe(1);
      expect((packet.timestamp - before.timestamp) >>> 0).toBe(Math.round(msBetween(before, packet) * 8));
    });
    expect(truth.streams[0]).toMatchObject({ lost: 0, jitterMs: { max: 0 }, payloadTypes: [8, 13] });
  });

  it('send a digit with one timestamp, a growing duration and three ends', () => {
    const { truth, bytes } = run({ streams: 1, durationMs: 10_000, rampMs: 0, dtmf: true });
    const events = readPackets(bytes)
      .map(({ payload }) => payload)
      .filter((payload) => payload.length > 12 && (payload[1]! & 0x7f) === 101);
    const digits = grouped(events, (payload) => payload.readUInt32BE(4));
    expect(digits.size).toBeGreaterThan(2);
    for (const packets of digits.values()) {
      const durations = packets.map((payload) => payload.readUInt16BE(14));
      const ends = packets.map((payload) => payload[13]! >= 0x80);
      const steps = packets.length - 2;
      const last = steps * 160;
      expect(durations).toEqual([...Array.from({ length: steps }, (_, i) => (i + 1) * 160), last, last]);
      expect(ends).toEqual(packets.map((_, i) => i >= steps - 1));
      expect(packets.map((payload) => payload[1]! >= 0x80)).toEqual(packets.map((_, i) => i === 0));
      expect(new Set(packets.map((payload) => payload[12])).size).toBe(1);
    }
    expect(truth.streams[0]).toMatchObject({
      telephoneEventPackets: events.length,
      lost: 0,
      jitterMs: { max: 0 },
    });
  });

  it('send video frames of several packets with one timestamp and the marker on the last', () => {
    const { truth, bytes } = run({ calls: 1, durationMs: 5000, rampMs: 0, video: true });
    const video = truth.streams.filter((stream) => stream.codec === 'H264');
    expect(video.length).toBe(2);
    for (const stream of video) {
      const packets = readRtp(bytes, truth).get(Number(stream.ssrc))!;
      const frames = [...grouped(packets, (packet) => packet.timestamp).values()];
      expect(frames.length).toBe(150);
      expect(
        frames.every((frame) => frame.every((packet, i) => packet.marker === (i === frame.length - 1))),
      ).toBe(true);
      expect(Math.max(...frames.map((frame) => frame.length))).toBeGreaterThan(11);
      expect(stream).toMatchObject({ clockRate: 90_000, payloadTypes: [97], jitterSamples: 149, dscp: 34 });
      expect(stream.jitterMs.max).toBeLessThan(0.001);
    }
  });

  it('wrap early when asked to', () => {
    const { truth, packets } = onlyStream({ durationMs: 5000, wrap: true, lossRatio: 0.02 });
    expect(packets.some((packet) => packet.sequence < 300)).toBe(true);
    expect(packets.some((packet) => packet.timestamp < 100_000)).toBe(true);
    expect(truth.streams[0]!.expected).toBeGreaterThan(240);
    expect(truth.streams[0]!.restarts).toBe(0);
  });

  it('start again half-way when asked to, with nothing lost around it', () => {
    const { truth, packets } = onlyStream({ durationMs: 10_000, restart: true, lossRatio: 0.2, seed: 3 });
    const distance = (i: number) => (packets[i]!.sequence - packets[i - 1]!.sequence) & 0xffff;
    const at = packets.findIndex((_, i) => i > 0 && distance(i) > 3000);
    expect(at).toBeGreaterThan(100);
    expect([at - 2, at - 1, at + 1, at + 2].map(distance)).toEqual([1, 1, 1, 1]);
    expect(distance(at)).toBeLessThan(65_536 - 100);
    expect(truth.streams[0]).toMatchObject({ restarts: 1, timestampJumps: 0 });
    expect(truth.streams[0]!.expected).toBeLessThanOrEqual(500);
  });

  it('are wrapped in the VLAN tags and IP version asked for', () => {
    const { truth, bytes } = run({ calls: 10, durationMs: 100, ipv6Share: 0.3, vlan: [1000, 42] });
    const packets = readPackets(bytes);
    expect(packets.every((packet) => packet.vlans.join() === '1000,42')).toBe(true);
    expect(packets.filter((packet) => packet.ipVersion === 6).length).toBe(2 * 3 * 5);
    expect(truth.streams.filter((stream) => stream.src.startsWith('2001:db8:0:')).length).toBe(6);
    expect(truth.streams.every((stream) => stream.vlan === 1000)).toBe(true);
  });

  it('take the codecs in turn and keep packets below the size of a frame', () => {
    const { truth, bytes } = run({
      streams: 3,
      durationMs: 1000,
      codecs: ['L16', 'G723', 'opus'],
      ptimeMs: 40,
    });
    expect(
      truth.streams.map(({ codec, clockRate, ptimeMs, sent }) => [codec, clockRate, ptimeMs, sent]),
    ).toEqual([
      ['L16', 44_100, 10, 100],
      ['G723', 8000, 30, 33],
      ['opus', 48_000, 40, 25],
    ]);
    expect(Math.max(...readPackets(bytes).map((packet) => packet.frame.length))).toBeLessThanOrEqual(1514);
  });
});
