// Redundant audio, transmission offsets and audio of known level, measured from
// the bytes of the capture.
import { describe, expect, it } from 'vitest';
import type { StreamFacts } from '../../../src/simulate/index.js';
import { decode, isClipped, type Law, levelDbm0 } from '../../../src/simulate/media/g711.js';
import { type ReadPacket, readPackets, run } from './capture-reader.js';

function packetsOf(bytes: Buffer, stream: StreamFacts): ReadPacket[] {
  return readPackets(bytes).filter(
    ({ payload }) =>
      payload.length > 12 &&
      (payload[1]! < 192 || payload[1]! > 223) &&
      payload.readUInt32BE(8) === Number(stream.ssrc),
  );
}

interface Red {
  sequence: number;
  timestamp: number;
  payloadType: number;
  /** All blocks by their timestamps, oldest first. */
  blocks: { timestamp: number; payloadType: number; octets: string }[];
}

/** RFC 2198 3. */
function readRed({ payload }: ReadPacket): Red {
  const timestamp = payload.readUInt32BE(4);
  const heads: { timestamp: number; payloadType: number; length: number }[] = [];
  let at = 12;
  for (; payload[at]! >= 0x80; at += 4) {
    const word = payload.readUInt32BE(at);
    const offset = (word >>> 10) & 0x3fff;
    heads.push({
      timestamp: (timestamp - offset) >>> 0,
      payloadType: (word >>> 24) & 127,
      length: word & 1023,
    });
  }
  const payloadType = payload[at]!;
  at += 1;
  const older = heads.reduce((sum, { length }) => sum + length, 0);
  heads.push({ timestamp, payloadType, length: payload.length - at - older });
  const blocks = heads.map(({ length, ...head }) => {
    at += length;
    return { ...head, octets: payload.toString('hex', at - length, at) };
  });
  expect(at).toBe(payload.length);
  return { sequence: payload.readUInt16BE(2), timestamp, payloadType: payload[1]! & 127, blocks };
}

describe('redundant audio', () => {
  for (const [codec, primary, generations] of [
    ['PCMU', 0, 1],
    ['opus', 111, 3],
  ] as const) {
    it(`repeats the packets before, and brings lost ones back: ${codec}, ${generations} deep`, () => {
      const { truth, bytes } = run({
        ...{ calls: 2, durationMs: 12_000, lossRatio: 0.08, meanLossRun: 2, codecs: [codec] },
        redGenerations: generations,
      });
      for (const stream of truth.streams) {
        const packets = packetsOf(bytes, stream).map(readRed);
        const ticks = stream.clockRate / 50;
        const known = new Map<number, string>();
        for (const { blocks, timestamp, payloadType } of packets) {
          expect([payloadType, ...blocks.map((block) => block.payloadType)]).toEqual([
            121,
            ...blocks.map(() => primary),
          ]);
          expect(blocks.map((block) => block.timestamp)).toEqual(
            blocks.map((_, i) => (timestamp - ticks * (blocks.length - 1 - i)) >>> 0),
          );
          for (const block of blocks) {
            // The same audio has the same octets each time.
            expect(known.get(block.timestamp) ?? block.octets).toBe(block.octets);
            known.set(block.timestamp, block.octets);
          }
        }
        expect(Math.max(...packets.map(({ blocks }) => blocks.length))).toBe(generations + 1);
        const first = packets[0]!.timestamp;
        const span = ((packets.at(-1)!.timestamp - first) >>> 0) / ticks + 1;
        const heard = new Set(packets.map(({ timestamp }) => timestamp));
        const lost = span - heard.size;
        const missing = Array.from({ length: span }, (_, i) => (first + i * ticks) >>> 0);
        const residual = missing.filter((timestamp) => !known.has(timestamp)).length;
        expect(stream.red).toEqual({
          payloadType: 121,
          generations,
          lost,
          recovered: lost - residual,
          residual,
        });
        expect([stream.lost, stream.payloadType, residual > 0, residual < lost]).toEqual([
          lost,
          121,
          true,
          true,
        ]);
      }
    });
  }

  it('leaves comfort noise and telephone events alone', () => {
    const { truth } = run({ calls: 1, durationMs: 20_000, redGenerations: 1, dtx: true, dtmf: true });
    for (const { payloadTypes, comfortNoisePackets, telephoneEventPackets } of truth.streams) {
      expect(payloadTypes).toEqual([13, 101, 121]);
      expect(comfortNoisePackets * telephoneEventPackets).toBeGreaterThan(0);
    }
  });
});

describe('transmission offsets', () => {
  it('are in the header extension, and take the pacing of the sender out of the jitter', () => {
    const { truth, bytes } = run({
      ...{ calls: 1, durationMs: 5000, rampMs: 0, transmissionOffsetId: 3, codecs: ['PCMA'], jitterMs: 0 },
    });
    for (const stream of truth.streams) {
      const samples = packetsOf(bytes, stream).map(({ ns, payload }) => {
        expect([payload[0], payload.readUInt32BE(12), payload[16]]).toEqual([0x90, 0xbede0001, 0x32]);
        expect(payload.length).toBe(12 + 8 + 160);
        return { ns, timestamp: payload.readUInt32BE(4), offset: payload.readIntBE(17, 3) };
      });
      const jitter = (isCorrected: boolean): number => {
        let estimate = 0;
        for (const [i, { ns, timestamp, offset }] of samples.entries()) {
          const before = samples[i - 1];
          if (before === undefined) continue;
          const ticks = ((timestamp - before.timestamp) | 0) + (isCorrected ? offset - before.offset : 0);
          estimate += (Math.abs((Number(ns - before.ns) * 8) / 1e6 - ticks) - estimate) / 16;
        }
        return estimate / 8;
      };
      expect(stream.jitterMs.last).toBeCloseTo(jitter(false), 6);
      expect(stream.transmissionOffset!.id).toBe(3);
      expect(stream.transmissionOffset!.jitterMs.last).toBeCloseTo(jitter(true), 6);
      expect(stream.jitterMs.mean!).toBeGreaterThan(1);
      expect(stream.transmissionOffset!.jitterMs.max!).toBeLessThan(0.01);
      expect(new Set(samples.map(({ offset }) => offset)).size).toBeGreaterThan(20);
    }
  });

  it('tell of video how far a packet is in its frame', () => {
    const { truth, bytes } = run({ calls: 1, durationMs: 2000, transmissionOffsetId: 14, video: true });
    const video = truth.streams.find((stream) => stream.codec === 'H264')!;
    const packets = packetsOf(bytes, video).map(({ payload }) => payload);
    let inFrame = 0;
    for (const [i, payload] of packets.entries()) {
      const isSame = i > 0 && payload.readUInt32BE(4) === packets[i - 1]!.readUInt32BE(4);
      inFrame = isSame ? inFrame + 1 : 0;
      // 200 us at 90 kHz.
      expect(payload.readIntBE(17, 3)).toBe(18 * inFrame);
    }
    expect(packets.length).toBeGreaterThan(100);
  });
});

describe('audio of known level', () => {
  for (const codec of ['PCMA', 'PCMU'] as const satisfies Law[]) {
    it(`is what the samples say: ${codec}`, () => {
      const { truth, bytes } = run({
        calls: 2,
        durationMs: 12_000,
        codecs: [codec],
        audio: true,
        lossRatio: 0.02,
      });
      for (const stream of truth.streams) {
        const { audio } = stream;
        const octets = Buffer.concat(packetsOf(bytes, stream).map(({ payload }) => payload.subarray(12)));
        const clipped = octets.filter((octet) => isClipped(codec, octet)).length;
        expect(audio!.clippedShare).toBeCloseTo(clipped / octets.length, 12);
        expect(clipped).toBeGreaterThan(20);
        // The whole power is that of the bursts and of the silence in their shares.
        const power = octets.reduce((sum, octet) => sum + decode(codec, octet) ** 2, 0) / octets.length;
        const share = audio!.silenceShare!;
        const [signal, noise] = [10 ** (audio!.signalLevelDbm0! / 10), 10 ** (audio!.noiseLevelDbm0! / 10)];
        const whole = 10 * Math.log10((1 - share) * signal + share * noise);
        expect(levelDbm0(codec, power)).toBeCloseTo(whole, 6);
        expect(share > 0.2 && share < 0.7).toBe(true);
        expect(audio!.signalLevelDbm0! > -27 && audio!.signalLevelDbm0! < -10).toBe(true);
        expect(audio!.noiseLevelDbm0! > -66 && audio!.noiseLevelDbm0! < -48).toBe(true);
        // Counted another way: blocks of 4 ms that are as quiet as the noise.
        let quiet = 0;
        let blocks = 0;
        for (let at = 0; at + 32 <= octets.length; at += 32) {
          const block = [...octets.subarray(at, at + 32)].map((octet) => decode(codec, octet) ** 2);
          const level = levelDbm0(codec, block.reduce((sum, square) => sum + square, 0) / 32);
          blocks += 1;
          if (level < audio!.noiseLevelDbm0! + 6) quiet += 1;
        }
        expect(Math.abs(quiet / blocks - share)).toBeLessThan(0.02);
      }
    });
  }
});
