import { describe, expect, it } from 'vitest';
import { readPackets, run } from './capture-reader.js';

interface Report {
  ns: bigint;
  from: number;
  isSender: boolean;
  ntpMiddle: number;
  packets: number;
  block: {
    ssrc: number;
    fraction: number;
    lost: number;
    highest: number;
    jitter: number;
    lsr: number;
    dlsr: number;
  } | null;
  types: number[];
}

function readReports(bytes: Buffer): Report[] {
  const reports: Report[] = [];
  for (const { ns, payload } of readPackets(bytes)) {
    if (payload.length < 8 || (payload[1] !== 200 && payload[1] !== 201)) continue;
    const isSender = payload[1] === 200;
    const at = isSender ? 28 : 8;
    const hasBlock = (payload[0]! & 31) === 1;
    const types: number[] = [];
    for (let next = 0; next < payload.length; next += 4 * (payload.readUInt16BE(next + 2) + 1)) {
      types.push(payload[next + 1]!);
    }
    reports.push({
      ns,
      from: payload.readUInt32BE(4),
      isSender,
      ntpMiddle: isSender ? payload.readUInt32BE(10) : 0,
      packets: isSender ? payload.readUInt32BE(20) : 0,
      types,
      block: hasBlock
        ? {
            ssrc: payload.readUInt32BE(at),
            fraction: payload[at + 4]!,
            lost: payload.readIntBE(at + 5, 3),
            highest: payload.readUInt32BE(at + 8),
            jitter: payload.readUInt32BE(at + 12),
            lsr: payload.readUInt32BE(at + 16),
            dlsr: payload.readUInt32BE(at + 20),
          }
        : null,
    });
  }
  return reports;
}

describe('RTCP of a call', () => {
  const request = {
    calls: 1,
    durationMs: 30_000,
    rtcpIntervalMs: 2000,
    lossRatio: 0.05,
    jitterMs: 3,
    legDelayMs: [15, 70] as [number, number],
  };
  const { truth, bytes } = run(request);
  const reports = readReports(bytes);
  const [forward, reverse] = truth.streams;

  it('comes from both ends as compounds that end with BYE', () => {
    expect(reports.length).toBe(truth.totals.byKind.rtcp);
    for (const stream of [forward!, reverse!]) {
      const own = reports.filter((report) => report.from === Number(stream.ssrc));
      expect(own.length).toBe(stream.rtcp.packets);
      expect(own.length).toBeGreaterThan(10);
      expect(own.map((report) => report.types)).toEqual(
        own.map((_, i) => (i === own.length - 1 ? [200, 202, 203] : [200, 202])),
      );
    }
  });

  it('gives the round-trip time from the tap to either end', () => {
    for (const [about, rttMs] of [
      [forward!, forward!.rtcp.rttMs.towardsDestination],
      [reverse!, reverse!.rtcp.rttMs.towardsDestination],
    ] as const) {
      const answers = reports.filter(({ block }) => block?.ssrc === Number(about.ssrc) && block.lsr !== 0);
      expect(answers.length).toBeGreaterThan(8);
      for (const { ns, block } of answers) {
        const request = reports.find(
          (report) => report.from === Number(about.ssrc) && report.ntpMiddle === block!.lsr,
        )!;
        const rtt = Number(ns - request.ns) / 1e6 - (block!.dlsr / 65_536) * 1000;
        // DLSR counts in steps of 15 us.
        expect(Math.abs(rtt - rttMs)).toBeLessThan(0.016);
      }
    }
    expect([forward!.rtcp.rttMs, reverse!.rtcp.rttMs]).toEqual([
      { towardsSource: 30, towardsDestination: 140 },
      { towardsSource: 140, towardsDestination: 30 },
    ]);
  });

  it('reports what had passed the tap one leg delay before the report was sent', () => {
    const ssrc = Number(forward!.ssrc);
    const about = reports.filter(({ block }) => block?.ssrc === ssrc);
    const packets = readPackets(bytes).filter(
      ({ payload }) => payload.length > 12 && payload.readUInt32BE(8) === ssrc && payload[1]! < 192,
    );
    let before = { expected: 0, received: 0 };
    for (const { ns, block } of about) {
      // The called end is 70 ms behind the tap, and its report took 70 ms to the tap.
      const seen = packets.filter((packet) => packet.ns <= ns - 140_000_000n);
      const first = seen[0]!.payload.readUInt16BE(2);
      const span = (sequence: number) => (sequence - first) & 0xffff;
      const expected = Math.max(...seen.map(({ payload }) => span(payload.readUInt16BE(2)))) + 1;
      const since = { expected: expected - before.expected, received: seen.length - before.received };
      before = { expected, received: seen.length };
      const lostSince = since.expected - since.received;
      // RFC 3550 A.8 in ticks of 8 kHz, which are 125 us.
      let jitter = 0;
      seen.slice(1).forEach(({ ns: at, payload }, i) => {
        const last = seen[i]!;
        const ticks = (payload.readUInt32BE(4) - last.payload.readUInt32BE(4)) | 0;
        jitter += (Math.abs(Number(at - last.ns) / 125_000 - ticks) - jitter) / 16;
      });
      const { lost, highest, fraction } = block!;
      expect({ lost, highest, fraction, jitter: block!.jitter }).toEqual({
        lost: expected - seen.length,
        highest: first + expected - 1,
        fraction: lostSince <= 0 ? 0 : Math.floor((256 * lostSince) / since.expected),
        jitter: Math.floor(jitter),
      });
    }
    const last = about.at(-1)!.block!;
    expect(forward!.rtcp.lastReport).toEqual({
      ssrc,
      fractionLost: last.fraction,
      cumulativeLost: last.lost,
      extendedHighestSequence: last.highest,
      jitter: last.jitter,
      lastSr: last.lsr,
      delaySinceLastSr: last.dlsr,
    });
  });

  it('counts what the sender had sent when it reported', () => {
    const ssrc = Number(reverse!.ssrc);
    const own = reports.filter((report) => report.from === ssrc);
    // From its first packet on, one each 20 ms; the reports come to the tap 70 ms after they were sent.
    const startNs = BigInt(reverse!.firstNs!);
    own.slice(0, -1).forEach(({ ns, packets }) => {
      const ms = Number(ns - startNs) / 1e6;
      expect(Math.abs(packets - ms / 20)).toBeLessThan(2);
    });
    expect(own.at(-1)!.packets).toBe(reverse!.sent);
  });
});

describe('RTCP of a one-way stream', () => {
  it('is sender reports from one end and receiver reports from the other, on one port when multiplexed', () => {
    const { truth, bytes } = run({ streams: 1, durationMs: 10_000, rtcpIntervalMs: 1000, rtcpMux: true });
    const stream = truth.streams[0]!;
    const reports = readReports(bytes);
    const bySender = reports.filter((report) => report.from === Number(stream.ssrc));
    const byReceiver = reports.filter((report) => report.from !== Number(stream.ssrc));
    expect(bySender.every((report) => report.isSender && report.block === null)).toBe(true);
    expect(byReceiver.every((report) => !report.isSender && report.block?.ssrc === Number(stream.ssrc))).toBe(
      true,
    );
    expect(stream.rtcp).toMatchObject({ packets: bySender.length, reports: byReceiver.length });
    expect(new Set(readPackets(bytes).flatMap(({ srcPort, dstPort }) => [srcPort, dstPort])).size).toBe(2);
  });
});
