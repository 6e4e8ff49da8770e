// Vectors of round trips, losses by side and clock skew, each made into a capture of
// RTP, sender and receiver reports as the tap would see it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { present, vectors } from '../support/rtp-vectors.js';
import { analyzeCapture } from './analyze-capture.js';
import { captureOfDatagrams, type Datagram, rtpPacket, SSRC } from './capture-writer.js';
import { receiverReport, senderReport } from './rtcp-writer.js';
import { streamsOf } from './streams.js';

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-path-vectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function measure(name: string, datagrams: readonly Datagram[]) {
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.pcap`);
  const inOrder = datagrams.toSorted((a, b) => a.seconds - b.seconds);
  writeFileSync(file, captureOfDatagrams(inOrder));
  const streams = streamsOf(await analyzeCapture(file));
  expect(streams.length).toBe(1);
  return streams[0]!;
}

const RECEIVER = 0x5ca1ab1e;
const PCMA = 8;

/** 20 ms packets of PCMA whose numbers are extended ones, from `from` on, but for those left out. */
const media = (
  from: number,
  to: number,
  startS: number,
  missing: ReadonlySet<number> = new Set(),
): Datagram[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)
    .filter((number) => !missing.has(number))
    .map((number) => ({
      seconds: startS + 0.02 * (number - from),
      payload: rtpPacket({
        ...{ seconds: 0, sequence: number & 0xffff, timestamp: 160 * (number - from) },
        ...{ payloadType: PCMA, marker: false, octets: 160 },
      }),
    }));

const rtcp = (seconds: number, payload: Buffer, isBack: boolean): Datagram => ({
  seconds,
  payload,
  isBack,
  portOffset: 1,
});

describe.skipIf(!present)('round trips of the vectors, as the tap sees them', () => {
  const echo = async (name: string, sentS: number, backS: number, lsr: number, dlsr: number) => {
    const block = { ssrc: SSRC, cumulativeLost: 0, extendedHighest: 100, lsr, dlsr };
    const { legs } = await measure(name, [
      ...media(100, 800, sentS - 1),
      rtcp(sentS, senderReport(SSRC, lsr, 8000, 50, 8000), false),
      rtcp(backS, receiverReport(RECEIVER, block), true),
    ]);
    expect(legs.downstream).toMatchObject({ from: 'this-stream', rejected: 0, rttMs: { count: 1 } });
    return legs.downstream!.rttMs!.mean;
  };

  it('there are vectors of each kind', () => {
    expect([vectors.rtt.length, vectors.rtt_split.length, vectors.loss_attribution.length]).toEqual([
      1, 3, 5,
    ]);
  });

  // A tap beside the sender sees the report leave at LSR and come back at A.
  for (const { name, A, LSR, DLSR, rtt_s } of vectors.rtt) {
    it(`${name}: ${rtt_s} s`, async () => {
      const elapsedS = ((Number(A) - Number(LSR)) >>> 0) / 65_536;
      const ms = await echo(name, 10, 10 + elapsedS, Number(LSR), Number(DLSR));
      expect(ms).toBeCloseTo(1000 * rtt_s, 3);
    });
  }

  for (const vector of vectors.rtt_split) {
    it(`${vector.name}: ${vector.rtt_O_B} s`, async () => {
      const { o_SR_from_A: sentS, o_RR_from_B: backS, DLSR_units } = vector;
      const ms = await echo(vector.name, sentS - 90, backS - 90, 0x1234_5678, DLSR_units);
      // DLSR is in 1/65536 s, and the vector has microseconds.
      expect(Math.abs(ms - 1000 * vector.rtt_O_B)).toBeLessThanOrEqual(0.016);
    });
  }
});

describe.skipIf(!present)('losses by side of the vectors', () => {
  /** By our rules: what the receiver got and the tap missed is no loss, and copies behind the tap are none either. */
  const verdicts: Record<string, object> = {
    'all upstream': { side: 'upstream', upstreamLost: 3, downstreamLost: 0, captureSuspected: 0 },
    'all downstream': { side: 'downstream', upstreamLost: 0, downstreamLost: 3, captureSuspected: 0 },
    'split 2/4': { side: 'both', upstreamLost: 2, downstreamLost: 4, captureSuspected: 0 },
    'span drop': { side: 'capture', upstreamLost: 0, downstreamLost: -4, captureSuspected: 4 },
    'duplicates at B': { side: 'none', upstreamLost: 0, downstreamLost: -2, captureSuspected: 0 },
  };

  it('none is without an expectation', () => {
    expect(Object.keys(verdicts)).toEqual(vectors.loss_attribution.map(({ name }) => name));
  });

  for (const vector of vectors.loss_attribution) {
    it(vector.name, async () => {
      const { H1, H2, cum1, cum2, unique_seen_at_O } = vector;
      const unseen = H2 - H1 - unique_seen_at_O;
      const missing = new Set(Array.from({ length: unseen }, (_, i) => H1 + 10 + 7 * i));
      const report = (extendedHighest: number, cumulativeLost: number, seconds: number) =>
        rtcp(
          seconds,
          receiverReport(RECEIVER, { ssrc: SSRC, cumulativeLost, extendedHighest, lsr: 0, dlsr: 0 }),
          true,
        );
      // The tap runs 10 packets ahead of what the receiver reports.
      const at = (number: number) => 1 + 0.02 * (number - (H1 - 50) + 10) + 0.001;
      const stream = await measure(vector.name, [
        ...media(H1 - 50, H2 + 50, 1, missing),
        report(H1, cum1, at(H1)),
        report(H2, cum2, at(H2)),
      ]);
      expect(stream.damage).toMatchObject({ basis: 'rtcp', expected: H2 - H1, ...verdicts[vector.name] });
      // The vector's own figures, before the verdict makes sense of them.
      const { upstreamLost, captureSuspected, downstreamLost } = stream.damage;
      expect([upstreamLost! + captureSuspected, downstreamLost]).toEqual([
        vector.upstream,
        vector.downstream,
      ]);
    });
  }
});

// The vectors name the seed of a generator, but not the generator. So the queueing is
// drawn anew, from the same distribution: exponential of 3 ms mean.
function* uniform(seed: number): Generator<number, never> {
  for (let state = BigInt(seed); ; ) {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    yield (Number(state >> 11n) + 0.5) / 2 ** 53;
  }
}

describe.skipIf(!present)('clock skew of the vectors within 1 ppm', () => {
  for (const { true_ppm, n, interval_ms, lcg_seed, hull_ppm } of vectors.skew) {
    it(`${true_ppm} ppm over ${(n * interval_ms) / 1000} s`, async () => {
      const random = uniform(lcg_seed);
      const ticks = 8 * interval_ms;
      const packets = Array.from(
        { length: n },
        (_, i): Datagram => ({
          seconds: (interval_ms * i * (1 + true_ppm * 1e-6) - 3 * Math.log(random.next().value)) / 1000,
          payload: rtpPacket({
            ...{ seconds: 0, sequence: i, timestamp: ticks * i, payloadType: PCMA },
            ...{ marker: false, octets: 160 },
          }),
        }),
      );
      const { skewPpm } = await measure(`skew ${true_ppm}`, packets);
      expect(Math.abs(skewPpm! - hull_ppm)).toBeLessThanOrEqual(1);
    });
  }
});
