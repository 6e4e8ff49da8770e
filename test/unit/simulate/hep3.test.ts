import { describe, expect, it } from 'vitest';
import { formatIp } from '../../../src/simulate/endpoints.js';
import { readPackets, run } from './capture-reader.js';

interface Hep {
  family: number;
  protocol: number;
  src: string;
  dst: string;
  srcPort: number;
  dstPort: number;
  timeUs: number;
  type: number;
  captureId: number;
  vlan: number | null;
  payload: Buffer;
}

/** Reads one message; throws when a length does not fit. */
function readHep(bytes: Buffer): Hep {
  expect(bytes.toString('latin1', 0, 4)).toBe('HEP3');
  expect(bytes.readUInt16BE(4)).toBe(bytes.length);
  const chunks = new Map<number, Buffer>();
  for (let at = 6; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at + 4);
    expect([bytes.readUInt16BE(at), length >= 6, at + length <= bytes.length]).toEqual([0, true, true]);
    chunks.set(bytes.readUInt16BE(at + 2), bytes.subarray(at + 6, at + length));
    at += length;
  }
  const chunk = (type: number) => chunks.get(type)!;
  const isV4 = chunk(1)[0] === 2;
  return {
    family: chunk(1)[0]!,
    protocol: chunk(2)[0]!,
    src: formatIp([...chunk(isV4 ? 3 : 5)]),
    dst: formatIp([...chunk(isV4 ? 4 : 6)]),
    srcPort: chunk(7).readUInt16BE(),
    dstPort: chunk(8).readUInt16BE(),
    timeUs: chunk(9).readUInt32BE() * 1e6 + chunk(10).readUInt32BE(),
    type: chunk(11)[0]!,
    captureId: chunk(12).readUInt32BE(),
    vlan: chunks.get(18)?.readUInt16BE() ?? null,
    payload: chunk(15),
  };
}

describe('HEP3', () => {
  for (const [name, ipv6Share, item, vlan] of [
    ['IPv4', 0, 'hep3', []],
    ['IPv6 in IPv6', 1, 'hep3:v6', []],
    ['IPv4 of a VLAN', 0, 'vlan/hep3:id=2001', [77]],
  ] as const) {
    it(`carries RTP and RTCP with their addresses and time: ${name}`, () => {
      const { truth, bytes } = run({
        ...{ calls: 1, durationMs: 3000, rampMs: 0, rtcpIntervalMs: 1000, ipv6Share },
        ...{ encap: [item], vlan: [...vlan] },
      });
      const seen = readPackets(bytes).map((packet) => {
        expect(packet.dstPort).toBe(9060);
        const hep = readHep(packet.payload);
        expect(hep.timeUs).toBe(Number(packet.ns / 1000n));
        expect([hep.family, hep.protocol, hep.vlan]).toEqual([ipv6Share === 1 ? 10 : 2, 17, vlan[0] ?? null]);
        return hep;
      });
      for (const stream of truth.streams) {
        const rtp = seen.filter(
          (hep) => hep.type === 4 && hep.payload.readUInt32BE(8) === Number(stream.ssrc),
        );
        const { src, srcPort, dst, dstPort, firstSequence } = stream;
        expect(rtp.map((hep) => hep.payload.readUInt16BE(2))).toEqual(
          Array.from({ length: stream.packets }, (_, i) => (firstSequence + i) & 0xffff),
        );
        for (const hep of rtp) {
          expect(hep).toMatchObject({ src, srcPort, dst, dstPort, captureId: stream.tunnel!.id });
        }
      }
      const rtcp = seen.filter((hep) => hep.type === 5);
      expect(rtcp.length).toBe(truth.totals.byKind.rtcp);
      expect(rtcp.every((hep) => hep.payload[1] === 200 || hep.payload[1] === 201)).toBe(true);
    });
  }
});
