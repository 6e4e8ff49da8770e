// A tap between two legs: what the bytes of the capture give away of losses and
// round-trip times on either side is what the truth says.
import { describe, expect, it } from 'vitest';
import type { StreamFacts } from '../../../src/simulate/index.js';
import { type ReadPacket, readPackets, run } from './capture-reader.js';

interface Block {
  ns: bigint;
  lost: number;
  highest: number;
  lsr: number;
  dlsr: number;
}

const isRtcp = ({ payload }: ReadPacket) => payload.length >= 8 && payload[1]! >= 192 && payload[1]! <= 223;

/** The first report block of every SR or RR, by the stream that it is about. */
function blocksAbout(packets: readonly ReadPacket[], ssrc: number): Block[] {
  return packets.filter(isRtcp).flatMap(({ ns, payload }) => {
    const at = payload[1] === 200 ? 28 : 8;
    if (payload[1]! > 201 || (payload[0]! & 31) === 0 || payload.readUInt32BE(at) !== ssrc) return [];
    return {
      ns,
      lost: payload.readIntBE(at + 5, 3),
      highest: payload.readUInt32BE(at + 8),
      lsr: payload.readUInt32BE(at + 16),
      dlsr: payload.readUInt32BE(at + 20),
    };
  });
}

/** Distinct sequence numbers of a stream behind `from` and up to `to`. */
function seenBetween(packets: readonly ReadPacket[], ssrc: number, from: number, to: number): number {
  const seen = new Set<number>();
  for (const packet of packets) {
    if (isRtcp(packet) || packet.payload.length < 12 || packet.payload.readUInt32BE(8) !== ssrc) continue;
    const behind = (packet.payload.readUInt16BE(2) - from) & 0xffff;
    if (behind > 0 && behind <= to - from) seen.add(behind);
  }
  return seen.size;
}

/** Losses between the first and the last report, from the bytes alone. */
function attribute(packets: readonly ReadPacket[], { ssrc }: StreamFacts) {
  const blocks = blocksAbout(packets, Number(ssrc));
  const [first, last] = [blocks[0]!, blocks.at(-1)!];
  const expected = last.highest - first.highest;
  const upstream = expected - seenBetween(packets, Number(ssrc), first.highest, last.highest);
  return { upstream, downstream: last.lost - first.lost - upstream };
}

/** Round trips between the tap and the receiver, ms: from an SR to the report that answers it. */
function roundTripsMs(packets: readonly ReadPacket[], { ssrc }: StreamFacts): number[] {
  const reports = new Map<number, bigint>();
  for (const { ns, payload } of packets.filter(isRtcp)) {
    const isOwn = payload[1] === 200 && payload.readUInt32BE(4) === Number(ssrc);
    if (isOwn) reports.set(payload.readUInt32BE(10), ns);
  }
  return blocksAbout(packets, Number(ssrc)).flatMap(({ ns, lsr, dlsr }) => {
    const askedNs = reports.get(lsr);
    return askedNs === undefined ? [] : Number(ns - askedNs) / 1e6 - (dlsr * 1000) / 65_536;
  });
}

describe('a tap between two legs', () => {
  const { truth, bytes } = run({ profile: 'two-legs' });
  const packets = readPackets(bytes);

  it('tells losses before it from losses behind it', () => {
    const found = truth.streams.map((stream) => [stream.group, stream.ssrc, attribute(packets, stream)]);
    const wanted = truth.streams.map(({ group, ssrc, rtcp, receiver }) => {
      const { upstream, downstream } = rtcp.reportSpan!.lost;
      // To the receiver of copies, each makes up for a loss.
      return [group, ssrc, { upstream, downstream: downstream - receiver!.copies }];
    });
    expect(found).toEqual(wanted);
    expect(truth.streams.every(({ captureLost }) => captureLost === 0)).toBe(true);
    const lossy = truth.streams.filter(({ group }) => group === 'both');
    expect(lossy.every(({ upstreamLost, downstreamLost }) => upstreamLost > 10 && downstreamLost! > 30)).toBe(
      true,
    );
  });

  it('puts the loss of the bad leg before the tap one way and behind it the other', () => {
    const places = truth.streams
      .filter(({ group }) => group === 'calling-leg')
      .map(({ direction, upstreamLost, downstreamLost }) => [
        direction,
        upstreamLost > 0,
        downstreamLost! > 0,
      ]);
    expect(places).toEqual([
      ['forward', true, false],
      ['reverse', false, true],
      ['forward', true, false],
      ['reverse', false, true],
    ]);
  });

  it('gives the round-trip times of both legs', () => {
    let compared = 0;
    for (const stream of truth.streams) {
      const found = roundTripsMs(packets, stream);
      const { samples, min, mean, max } = stream.rtcp.legRttMs.towardsDestination!;
      expect(found.length).toBe(samples);
      // DLSR counts in steps of 15 us; clocks 120 ppm off make 0.5 ms of 4 s.
      const allowed = stream.group === 'clocks' ? 0.8 : 0.02;
      expect(Math.abs(Math.min(...found) - min)).toBeLessThan(allowed);
      expect(Math.abs(Math.max(...found) - max)).toBeLessThan(allowed);
      expect(Math.abs(found.reduce((sum, ms) => sum + ms, 0) / samples - mean)).toBeLessThan(allowed);
      compared += 1;
    }
    expect(compared).toBe(30);
  });
});

describe('RTCP on lossy legs', () => {
  it('is lost before the tap as media is, and what is lost behind it is never answered', () => {
    const request = { calls: 1, durationMs: 120_000, rtcpIntervalMs: 1000 };
    const { truth: whole } = run(request);
    const { truth, bytes } = run({
      ...{ ...request, rtcpImpaired: true, lossRatio: 0.3, downstreamLossRatio: 0.4 },
      reverse: { lossRatio: 0, downstreamLossRatio: 0 },
    });
    const packets = readPackets(bytes);
    const [forward, reverse] = truth.streams;
    const sent = whole.streams.map(({ rtcp }) => rtcp.packets);
    expect(reverse!.rtcp.packets).toBe(sent[1]);
    expect(forward!.rtcp.packets / sent[0]!).toBeGreaterThan(0.5);
    expect(forward!.rtcp.packets / sent[0]!).toBeLessThan(0.9);
    const answered = new Set(blocksAbout(packets, Number(forward!.ssrc)).map(({ lsr }) => lsr));
    const share = answered.size / forward!.rtcp.senderReports;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  });
});

describe('round-trip times without jitter', () => {
  it('are the delays of the far leg and no others', () => {
    // "asymmetric far leg" of the vectors of round-trip times: 5 and 6 ms to A, 80 and 20 ms to B.
    const { truth, bytes } = run({
      ...{ calls: 1, durationMs: 20_000, rtcpIntervalMs: 2000 },
      ...{
        upstreamDelayMs: 5,
        downstreamDelayMs: 80,
        reverse: { upstreamDelayMs: 20, downstreamDelayMs: 6 },
      },
    });
    const packets = readPackets(bytes);
    for (const [i, wantedMs] of [100, 11].entries()) {
      const found = roundTripsMs(packets, truth.streams[i]!);
      expect(found.length).toBeGreaterThan(5);
      for (const ms of found) expect(Math.abs(ms - wantedMs)).toBeLessThan(0.016);
      expect(truth.streams[i]!.rtcp.rttMs.towardsDestination).toBe(wantedMs);
      expect(truth.streams[i]!.rtcp.legRttMs.towardsDestination).toMatchObject({
        min: wantedMs,
        mean: wantedMs,
        max: wantedMs,
      });
    }
  });
});

describe('a tap that misses packets', () => {
  const request = { calls: 4, durationMs: 20_000, rtcpIntervalMs: 2000, lossRatio: 0.02 };

  it('shows as negative losses behind it', () => {
    const { truth, bytes } = run({ ...request, captureLossRatio: 0.03 });
    const packets = readPackets(bytes);
    for (const stream of truth.streams) {
      const { upstream, downstream, capture } = stream.rtcp.reportSpan!.lost;
      expect(capture).toBeGreaterThan(5);
      expect(attribute(packets, stream)).toEqual({
        upstream: upstream + capture,
        downstream: downstream - capture,
      });
      expect(stream.sentLost).toBe(stream.upstreamLost + stream.captureLost);
      expect(stream.downstreamLost).toBe(0);
    }
    expect(truth.totals.captureLost).toBe(
      truth.streams.reduce((sum, { captureLost }) => sum + captureLost, 0),
    );
  });

  it('drops everything at once in the gaps of a mirror port', () => {
    const { truth, bytes } = run({ ...request, spanDrops: { everyMs: 2000, lengthMs: 100 } });
    const times = readPackets(bytes).map(({ ns }) => Number(ns - BigInt(truth.streams[0]!.firstNs!)) / 1e6);
    // Eight streams of 20 ms: more than 60 ms without a packet is a gap of the port.
    const gaps = times.flatMap((ms, i) => (i > 0 && ms - times[i - 1]! > 60 ? [ms - times[i - 1]!] : []));
    expect(gaps.length).toBeGreaterThan(5);
    for (const ms of gaps) expect(Math.abs(ms - 105)).toBeLessThan(15);
    for (const { captureLost, lossRuns } of truth.streams) {
      // 5 packets each.
      expect(captureLost).toBeGreaterThan(4 * (gaps.length - 2));
      expect(lossRuns.longest).toBeGreaterThanOrEqual(5);
    }
  });

  it('leaves the reports of the receivers as they were', () => {
    const all = run(request).truth.streams.map(({ receiver }) => receiver);
    const some = run({ ...request, captureLossRatio: 0.5 }).truth.streams.map(({ receiver }) => receiver);
    expect(some).toEqual(all);
  });
});

describe('a receiver', () => {
  it('begins anew when the sender does, and knows nothing of what was before', () => {
    const { truth } = run({
      calls: 1,
      durationMs: 20_000,
      rtcpIntervalMs: 1000,
      restart: true,
      lossRatio: 0.05,
    });
    for (const { receiver, rtcp, sent, upstreamLost } of truth.streams) {
      expect(receiver!.beginnings).toBe(2);
      expect(receiver!.received).toBeLessThan(0.7 * sent);
      expect(receiver!.cumulativeLost).toBeLessThan(upstreamLost);
      // The span of reports begins with the restart, too.
      const { reportedLost, lost } = rtcp.reportSpan!;
      expect(reportedLost).toBe(lost.upstream);
    }
  });
});

describe('wall clocks', () => {
  it('run as fast as the truth says, against the capture', () => {
    const { truth, bytes } = run({
      ...{
        calls: 1,
        durationMs: 120_000,
        rtcpIntervalMs: 5000,
        wallSkewPpm: 200,
        reverse: { wallSkewPpm: -300 },
      },
    });
    for (const { ssrc, clock } of truth.streams) {
      const own = readPackets(bytes).filter(
        (packet) => packet.payload[1] === 200 && packet.payload.readUInt32BE(4) === Number(ssrc),
      );
      const ntpMs = (packet: ReadPacket) =>
        packet.payload.readUInt32BE(8) * 1000 + packet.payload.readUInt32BE(12) / 4_294_967.296;
      const [first, last] = [own[0]!, own.at(-1)!];
      const trueMs = Number(last.ns - first.ns) / 1e6;
      expect((ntpMs(last) - ntpMs(first) - trueMs) / trueMs / 1e-6).toBeCloseTo(clock.wallSkewPpm!, 1);
    }
    expect(truth.streams.map(({ clock }) => clock.wallSkewPpm)).toEqual([200, -300]);
  });
});
