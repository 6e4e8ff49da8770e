import { describe, expect, it } from 'vitest';
import type { SimulateRequest } from '../../../src/simulate/index.js';
import { type ReadPacket, readPackets, run } from './capture-reader.js';

/** Where the IPv4 header of a frame with those tags is. */
const ipAt = (packet: ReadPacket) => 14 + 4 * packet.vlans.length;
const idOf = (packet: ReadPacket) => packet.frame.readUInt16BE(ipAt(packet) + 4);
const ttlOf = (packet: ReadPacket) => packet.frame[ipAt(packet) + 8]!;
const rtpOf = (packet: ReadPacket) => packet.payload.toString('hex');

/** First and second time that each UDP payload is in the capture. */
function pairs(bytes: Buffer): [ReadPacket, ReadPacket][] {
  const first = new Map<string, ReadPacket>();
  const found: [ReadPacket, ReadPacket][] = [];
  for (const packet of readPackets(bytes)) {
    const key = rtpOf(packet);
    const before = first.get(key);
    if (before === undefined) first.set(key, packet);
    else found.push([before, packet]);
  }
  return found;
}

const base: SimulateRequest = {
  ...{ calls: 2, durationMs: 1000, rampMs: 0, rtcpIntervalMs: 500, spanCopyDelayMs: [0.5, 1.5] },
};

describe('second copies of the mirror port', () => {
  it('are identical when bridged, and come as late as the truth says', () => {
    const { truth, bytes } = run({ ...base, spanCopies: 'bridged' });
    const found = pairs(bytes);
    expect(found.length).toBe(truth.totals.spanCopies);
    expect(truth.totals.spanCopies).toBe(truth.totals.byKind.rtp + truth.totals.byKind.rtcp);
    expect(truth.totals.packets).toBe(2 * truth.totals.spanCopies);
    expect(found.every(([first, second]) => first.frame.equals(second.frame))).toBe(true);
    for (const { spanCopies, ssrc, packets, duplicates } of truth.streams) {
      const delays = found
        .filter(([{ payload }]) => payload[1]! < 192 && payload.readUInt32BE(8) === Number(ssrc))
        .map(([first, second]) => Number(second.ns - first.ns) / 1e6);
      const mean = delays.reduce((sum, ms) => sum + ms, 0) / delays.length;
      expect([packets, duplicates, delays.length]).toEqual([50, 0, 50]);
      expect(spanCopies).toEqual({
        kind: 'bridged',
        packets: 50,
        delayMs: { mean: expect.closeTo(mean, 9), max: Math.max(...delays) },
      });
      expect(Math.min(...delays) >= 0.5 && Math.max(...delays) <= 1.5).toBe(true);
    }
  });

  it('have another VLAN tag, or one tag more', () => {
    for (const vlan of [[], [70], [70, 71]]) {
      const found = pairs(run({ ...base, spanCopies: 'vlan', vlan }).bytes);
      expect(found.length).toBeGreaterThan(200);
      for (const [first, second] of found) {
        expect(first.vlans).toEqual(vlan);
        expect(second.vlans.slice(1)).toEqual(vlan.slice(1));
        expect(second.vlans.length).toBe(Math.max(1, vlan.length));
        expect(second.vlans[0]).not.toBe(vlan[0]);
        expect(idOf(first)).toBe(idOf(second));
      }
    }
  });

  it('have one hop less and other MAC addresses when routed', () => {
    const found = pairs(run({ ...base, spanCopies: 'routed' }).bytes);
    expect(found.length).toBeGreaterThan(200);
    for (const [first, second] of found) {
      expect(ttlOf(second)).toBe(ttlOf(first) - 1);
      expect(idOf(second)).toBe(idOf(first));
      expect(first.frame.subarray(0, 12).equals(second.frame.subarray(0, 12))).toBe(false);
      // From the addresses on all is as it was.
      expect(first.frame.subarray(26).equals(second.frame.subarray(26))).toBe(true);
    }
  });

  it('come once in a tunnel', () => {
    for (const [kind, protocol] of [
      ['tunnelled', 47],
      ['tunnelled:gtpu:ext', 17],
    ] as const) {
      const { truth, bytes } = run({ ...base, rtcpIntervalMs: null, spanCopies: kind });
      const packets = readPackets(bytes);
      const plain = packets.filter(({ frame }) => frame[26] === 10 && frame[27]! >= 64);
      const tunnelled = packets.filter((packet) => !plain.includes(packet));
      expect([plain.length, tunnelled.length]).toEqual([truth.totals.byKind.rtp, truth.totals.spanCopies]);
      expect(plain.length).toBe(200);
      expect(tunnelled.every(({ frame }) => frame[23] === protocol)).toBe(true);
      const inner = new Set(plain.map(rtpOf));
      for (const { frame } of tunnelled) {
        expect(inner.delete(frame.subarray(frame.length - 172).toString('hex'))).toBe(true);
      }
    }
  });
});

describe('IPv4 identifications', () => {
  const duplicates: SimulateRequest = { calls: 3, durationMs: 4000, duplicateRatio: 0.1, lossRatio: 0.1 };

  it('are new for what the sender sends twice and the same for what the network doubles', () => {
    for (const ipId of ['stream', 'host'] as const) {
      for (const duplicatesBy of ['sender', 'network'] as const) {
        const { truth, bytes } = run({ ...duplicates, ipId, duplicatesBy });
        const found = pairs(bytes);
        expect(found.length).toBe(truth.totals.duplicates);
        expect(found.length).toBeGreaterThan(50);
        expect(
          found.every(([first, second]) => (idOf(first) === idOf(second)) === (duplicatesBy === 'network')),
        ).toBe(true);
      }
    }
  });

  it('count up for each host over all of its streams, and what is lost has one too', () => {
    const { truth, bytes } = run({
      ...{ calls: 4, durationMs: 3000, lossRatio: 0.1, video: true, rtcpIntervalMs: 1000, ipId: 'host' },
    });
    const byHost = new Map<string, number[]>();
    for (const packet of readPackets(bytes)) {
      const host = packet.frame.subarray(26, 30).join('.');
      byHost.set(host, [...(byHost.get(host) ?? []), idOf(packet)]);
    }
    // Four phones and the gateway that all of them talk to.
    expect(byHost.size).toBe(5);
    for (const [host, ids] of byHost) {
      expect(new Set(ids).size, host).toBe(ids.length);
      const sent = truth.streams
        .filter((stream) => stream.src === host)
        .reduce((sum, stream) => sum + stream.sent, 0);
      const highest = ids.reduce((best, id) => (((id - best) << 16) >> 16 > 0 ? id : best));
      const lowest = ids.reduce((best, id) => (((id - best) << 16) >> 16 < 0 ? id : best));
      const spread = (highest - lowest + 1) & 0xffff;
      expect(spread, host).toBeGreaterThan(0.97 * sent);
      // RTCP counts too.
      expect(spread, host).toBeLessThanOrEqual(sent + 40);
    }
  });

  it('are all zero on request', () => {
    const packets = readPackets(run({ ...duplicates, rtcpIntervalMs: 1000, ipId: 'zero' }).bytes);
    expect(new Set(packets.map(idOf))).toEqual(new Set([0]));
  });
});
