// RTCP of every kind in simulated calls: what is in a datagram and when it comes.
import { describe, expect, it } from 'vitest';
import type { SimulateRequest } from '../../../src/simulate/index.js';
import { readPackets, readRtp, run } from './capture-reader.js';
import { type RtcpDatagram, readRtcp, readXr } from './rtcp-reader.js';

const call: SimulateRequest = { calls: 1, durationMs: 15_000, rtcpIntervalMs: 2000 };

function simulated(request: SimulateRequest) {
  const { truth, bytes } = run({ ...call, ...request });
  return { truth, bytes, rtcp: readRtcp(readPackets(bytes)) };
}

const typesOf = ({ packets }: RtcpDatagram) => packets.map(({ type }) => type).join(' ');
const kinds = (rtcp: RtcpDatagram[]) => [...new Set(rtcp.map(typesOf))].sort();

describe('the RTCP of a call', () => {
  it('has padding at the end of the last packet alone', () => {
    const { rtcp } = simulated({ rtcpPadding: 12 });
    for (const { packets } of rtcp) {
      expect(packets.map(({ hasPadding }) => hasPadding)).toEqual(
        packets.map((_, i) => i === packets.length - 1),
      );
      expect(packets.at(-1)!.bytes.at(-1)).toBe(12);
    }
  });

  it('has more items, applications and a reason when asked for extras', () => {
    const { rtcp } = simulated({ rtcpExtras: true });
    expect(kinds(rtcp)).toEqual(['200 202 204', '200 202 204 203']);
    const bye = rtcp.at(-1)!.packets.at(-1)!.bytes;
    expect(bye.subarray(9, 9 + bye[8]!).toString()).toBe('end of call');
    const items = rtcp[0]!.packets[1]!.bytes.toString('latin1');
    expect(items).toMatch(/calling-0@example.com.*Simulated Party.*rtpsonde simulate.*on a call/);
  });

  it('goes without descriptions, and in datagrams of its own, when reduced', () => {
    const { rtcp } = simulated({ rtcpReduced: true, xr: [4, 6] });
    expect(kinds(rtcp)).toEqual(['200', '200 203', '207']);
    expect(kinds(simulated({ xr: [4, 6] }).rtcp)).toEqual(['200 202 207', '200 202 207 203']);
  });

  it('reports on audio and video in one report when they are bundled', () => {
    const { truth, rtcp, bytes } = simulated({ video: true, bundle: true, rtcpMux: true });
    expect(new Set(readPackets(bytes).map(({ srcPort }) => srcPort)).size).toBe(2);
    const [audio, , video] = truth.streams;
    const back = rtcp.filter(({ from }) => from === Number(truth.streams[1]!.ssrc));
    for (const { packets } of back.slice(1)) {
      const report = packets[0]!;
      expect(report.count).toBe(2);
      expect([report.bytes.readUInt32BE(28), report.bytes.readUInt32BE(52)]).toEqual([
        Number(audio!.ssrc),
        Number(video!.ssrc),
      ]);
      // Each sender has its report, its name, and its BYE.
      expect(packets.map(({ type, count }) => [type, count]).slice(0, 3)).toEqual([
        [200, 2],
        [200, 0],
        [202, 2],
      ]);
    }
    expect(back.at(-1)!.packets.at(-1)).toMatchObject({ type: 203, count: 2 });
    expect(video!.rtcp.reports).toBe(back.length - back.findIndex(({ packets }) => packets[0]!.count === 2));
  });

  it('is unreadable behind its first 8 octets with SRTP, and counts the datagrams of each end', () => {
    const plain = run({ ...call, xr: [4] });
    const covered = run({ ...call, xr: [4], srtp: true });
    const datagramsOf = (bytes: Buffer) =>
      readPackets(bytes).filter(({ payload }) => payload[1]! >= 200 && payload[1]! <= 207);
    const [before, after] = [datagramsOf(plain.bytes), datagramsOf(covered.bytes)];
    expect(after.length).toBe(before.length);
    const indexes = new Map<number, number>();
    after.forEach(({ payload }, i) => {
      const original = before[i]!.payload;
      expect(payload.length).toBe(original.length + 14);
      expect(payload.subarray(0, 8)).toEqual(original.subarray(0, 8));
      expect(payload.subarray(8, 32)).not.toEqual(original.subarray(8, 32));
      const from = payload.readUInt32BE(4);
      const index = indexes.get(from) ?? 0;
      indexes.set(from, index + 1);
      expect(payload.readUInt32BE(original.length)).toBe(0x8000_0000 + index);
    });
    expect(covered.truth.streams).toEqual(plain.truth.streams);
  });

  it('is the same for the same seed and other for another', () => {
    const request: SimulateRequest = { profile: 'reports', durationMs: 4000 };
    const { bytes } = run(request);
    expect(run(request).bytes.equals(bytes)).toBe(true);
    expect(run({ ...request, seed: 2 }).bytes.equals(bytes)).toBe(false);
  });
});

describe('the feedback about video', () => {
  const { truth, rtcp, bytes } = simulated({
    ...{ video: true, lossRatio: 0.02, feedback: ['nack', 'pli', 'fir', 'remb', 'twcc'] },
    ...{ upstreamDelayMs: 10, downstreamDelayMs: 10 },
  });
  const video = truth.streams[2]!;
  const about = rtcp.flatMap(({ ns, packets }) =>
    packets
      .filter(({ type, bytes: packet }) => type >= 205 && type <= 206 && packet.length >= 12)
      .map((packet) => ({ ns, ...packet })),
  );
  const ofVideo = about.filter(({ bytes: packet }) => packet.readUInt32BE(8) === Number(video.ssrc));
  const packets = readRtp(bytes, truth).get(Number(video.ssrc))!;

  it('comes in compounds that begin with a report and a name', () => {
    const withFeedback = kinds(rtcp).filter((types) => / 20[56]/.test(types));
    expect(withFeedback.length).toBeGreaterThan(2);
    for (const types of withFeedback) expect(types).toMatch(/^201 202 20[56]/);
  });

  it('asks again for just what is missing', () => {
    const asked: number[] = [];
    for (const { type, count, bytes: packet } of ofVideo) {
      if (type !== 205 || count !== 1) continue;
      for (let at = 12; at < packet.length; at += 4) {
        const first = packet.readUInt16BE(at);
        asked.push(first);
        const mask = packet.readUInt16BE(at + 2);
        for (let bit = 0; bit < 16; bit += 1) if ((mask >> bit) & 1) asked.push((first + bit + 1) & 0xffff);
      }
    }
    const seen = new Set(packets.map(({ sequence }) => sequence));
    const missing: number[] = [];
    const end = packets.at(-1)!.sequence;
    for (let number = packets[0]!.sequence; number !== end; number = (number + 1) & 0xffff) {
      if (!seen.has(number)) missing.push(number);
    }
    expect(asked).toEqual(missing);
    expect(asked.length).toBeGreaterThan(10);
  });

  it('tells when each packet arrived to a quarter of a millisecond', () => {
    const arrivals = new Map<number, number>();
    let numbers = 0;
    for (const { type, count, bytes: packet } of ofVideo) {
      if (type !== 205 || count !== 15) continue;
      expect(packet[19]).toBe(numbers & 255);
      numbers += 1;
      const base = packet.readUInt16BE(12);
      const number = packet.readUInt16BE(14);
      let ticks = packet.readUIntBE(16, 3) * 256;
      const chunks = Math.ceil(number / 7);
      let at = 20 + 2 * chunks;
      for (let i = 0; i < number; i += 1) {
        const symbol = (packet.readUInt16BE(20 + 2 * Math.floor(i / 7)) >> (12 - 2 * (i % 7))) & 3;
        if (symbol === 0) continue;
        ticks += symbol === 1 ? packet[at]! : packet.readInt16BE(at);
        at += symbol;
        arrivals.set((base + i) & 0xffff, ticks / 4);
      }
    }
    // The receiver is 10 ms behind the tap, and its clock counts from the start of the capture.
    const startNs = BigInt(Date.parse('2026-01-01T00:00:00Z')) * 1_000_000n;
    const wrong = packets.filter(({ ns, sequence }) => {
      const toldMs = arrivals.get(sequence);
      return toldMs !== undefined && Math.abs(toldMs - (Number(ns - startNs) / 1e6 + 10)) > 0.126;
    });
    expect(wrong).toEqual([]);
    expect(arrivals.size).toBeGreaterThan(0.95 * packets.length);
  });

  it('wants whole pictures and a bit rate now and then', () => {
    const found = about.map(({ type, count }) => `${type}/${count}`);
    const count = (kind: string) => found.filter((other) => other === kind).length;
    expect({ pli: count('206/1'), fir: count('206/4'), remb: count('206/15') }).toEqual({
      pli: 12,
      fir: 6,
      remb: 28,
    });
    expect(readXr(rtcp)).toEqual([]);
  });
});
