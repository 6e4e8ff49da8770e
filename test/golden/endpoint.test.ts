// What the summaries say that RTCP said: reports, senders, feedback and extended reports of
// simulated ends, against the octets of the capture read by other means.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SimulateRequest } from '../../src/simulate/index.js';
import { allXrTypes } from '../../src/simulate/index.js';
import { readPackets } from '../unit/simulate/capture-reader.js';
import { type RtcpPacket, readRtcp, readXr, type XrBlock } from '../unit/simulate/rtcp-reader.js';
import { endpointFields } from './endpoint-fields.js';
import { head, measured, type Pair } from './simulation.js';

const rtcpOf = (file: string) => readRtcp(readPackets(readFileSync(file)));

/** Single precision of what came in up to 32 bits, and six digits of summaries. */
function isNear(value: unknown, exact: unknown): boolean {
  if (typeof value !== 'number' || typeof exact !== 'number') return value === exact;
  return Math.abs(value - exact) <= Math.max(1e-6, 1e-7 * Math.abs(exact));
}

const bufferFigures = [
  ...['dejitterNominalMs', 'dejitterMaxMs', 'dejitterHighWaterMs', 'dejitterLowWaterMs'],
];

/** Who sent the VoIP metrics about a stream. */
function reporterOf(blocks: readonly XrBlock[], ssrc: number): string {
  const { from } = blocks.find(({ type, body }) => type === 7 && body.readUInt32BE(0) === ssrc)!;
  return `0x${from.toString(16).padStart(8, '0')}`;
}

/** Blocks that are stepped over: those of transport streams, and of the type that nobody knows. */
const skippedIn = (blocks: readonly XrBlock[], ssrc: number) =>
  blocks.filter(
    ({ type, body, from }) =>
      ((type === 22 || type === 32) && body.readUInt32BE(0) === ssrc) ||
      (type === 200 && Number(reporterOf(blocks, ssrc)) === from),
  ).length;

describe('extended reports: every value of the summary is what was sent', () => {
  const calls: Record<string, SimulateRequest> = {
    'losses, discards and copies': {
      lossRatio: 0.03,
      downstreamLossRatio: 0.03,
      downstreamJitterMs: 20,
      downstreamDuplicateRatio: 0.02,
    },
    'nothing wrong': {},
    'in bursts': { gilbert: { p: 0.02, q: 0.2 }, downstreamJitterMs: 10 },
    'reduced size, on the port of the media': { lossRatio: 0.02, rtcpReduced: true, rtcpMux: true },
    padded: { lossRatio: 0.02, rtcpPadding: 12, rtcpExtras: true },
    'in IPv6, opus': { lossRatio: 0.02, ipv6Share: 1, codecs: ['opus'], downstreamJitterMs: 15 },
  };
  for (const [name, request] of Object.entries(calls)) {
    it(name, async () => {
      const { file, pairs } = await measured({
        ...{
          calls: 2,
          durationMs: 20_000,
          rtcpIntervalMs: 2000,
          xr: [...allXrTypes],
          jitterMs: 3,
          seed: 111,
        },
        ...request,
      });
      const blocks = readXr(rtcpOf(file));
      const rows = pairs.map((pair) => {
        const { fields, used } = endpointFields(blocks, Number(pair.facts.ssrc));
        const { reportedAt, voipReportedAt, reporterSsrc, intervalFigures, sampledFigures, ...told } =
          pair.found.endpoint!;
        const got = Object.entries(told).map(([field, value]) => [
          field,
          isNear(value, fields[field]) ? fields[field] : value,
        ]);
        expect(used).toBeGreaterThan(100);
        expect(reportedAt).toBe(voipReportedAt);
        expect(reporterSsrc).toBe(reporterOf(blocks, Number(pair.facts.ssrc)));
        // The simulation gives I 10 to delay variation, 01 to the buffer and 11 to the score.
        expect(intervalFigures).toContain('pdvMeanMs');
        expect(sampledFigures).toEqual(bufferFigures);
        expect(pair.found.rtcp!.xrWithoutInterval).toBe(0);
        expect(pair.found.rtcp!.xrSkipped).toBe(skippedIn(blocks, Number(pair.facts.ssrc)));
        expect(pair.found.rtcp!.xrDropped).toBe(0);
        return {
          wanted: { stream: head(pair), ...fields },
          got: { stream: head(pair), ...Object.fromEntries(got) },
        };
      });
      expect(rows.map(({ got }) => got)).toEqual(rows.map(({ wanted }) => wanted));
    });
  }
});

/** FNV-1a, 64 bits. */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const octet of Buffer.from(text))
    hash = ((hash ^ BigInt(octet)) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn;
  return hash.toString(16).padStart(16, '0');
}

/** What the packets of a capture say of one SSRC. */
function said(packets: readonly RtcpPacket[], ssrc: number) {
  const about = (wanted: number, format: number) =>
    packets.filter(
      ({ type, count, bytes }) => type === wanted && count === format && bytes.readUInt32BE(8) === ssrc,
    );
  const feedback = (format: number) => about(206, format);
  const entries = (list: readonly RtcpPacket[], from: number) =>
    list.flatMap(({ bytes }) => {
      const all: number[] = [];
      for (let at = from; at + 4 <= bytes.length; at += 4) all.push(bytes.readUInt32BE(at));
      return all;
    });
  const nacks = about(205, 1);
  const bits = (value: number) => value.toString(2).replaceAll('0', '').length;
  const isRemb = ({ bytes }: RtcpPacket) => bytes.toString('latin1', 12, 16) === 'REMB';
  // FIR and REMB name their streams in entries, and 0 in the header.
  const firs = packets.filter(
    ({ type, count, bytes }) => type === 206 && count === 4 && bytes.readUInt32BE(12) === ssrc,
  );
  const rembs = packets.filter(
    (packet) =>
      packet.type === 206 && packet.count === 15 && isRemb(packet) && entries([packet], 20).includes(ssrc),
  );
  const last = rembs.at(-1)?.bytes.readUInt32BE(16);
  const cname = packets
    .filter(({ type }) => type === 202)
    .map(({ bytes }) => cnameIn(bytes, ssrc))
    .findLast((text) => text !== null);
  const bye = packets.find(
    ({ type, count, bytes }) =>
      type === 203 && Array.from({ length: count }, (_, i) => bytes.readUInt32BE(4 + 4 * i)).includes(ssrc),
  );
  const reasonAt = bye === undefined ? 0 : 4 + 4 * bye.count;
  const reason =
    bye === undefined || bye.bytes.length <= reasonAt
      ? ''
      : bye.bytes.toString('utf8', reasonAt + 1, reasonAt + 1 + bye.bytes[reasonAt]!);
  return {
    feedback: {
      nacks: nacks.length,
      nackedPackets: entries(nacks, 12).reduce((sum, entry) => sum + 1 + bits(entry & 0xffff), 0),
      plis: feedback(1).length,
      firs: firs.length,
      rembs: rembs.length,
      rembBps: last === undefined ? null : (last & 0x3_ffff) * 2 ** ((last >>> 18) & 63),
      transportCcs: about(205, 15).length,
    },
    cnameDigest: cname == null ? null : fnv1a(cname),
    bye: bye === undefined ? null : reason,
  };
}

/** The CNAME of a source in an SDES packet (RFC 3550 6.5); null when it is not there. */
function cnameIn(bytes: Buffer, ssrc: number): string | null {
  for (let at = 4; at + 8 <= bytes.length; ) {
    const source = bytes.readUInt32BE(at);
    at += 4;
    for (; at < bytes.length && bytes[at] !== 0; at += 2 + bytes[at + 1]!) {
      if (source === ssrc && bytes[at] === 1) return bytes.toString('utf8', at + 2, at + 2 + bytes[at + 1]!);
    }
    at = 4 * Math.floor(at / 4) + 4;
  }
  return null;
}

describe('feedback, names, goodbyes and reports', () => {
  it('are counted as the octets of the capture have them', async () => {
    const { file, pairs } = await measured({ profile: 'reports', srtp: false, seed: 38 });
    const packets = rtcpOf(file).flatMap((datagram) => datagram.packets);
    const got = ({ found }: Pair) => {
      const { nacks, nackedPackets, plis, firs, rembs, rembBps, transportCcs } = found.rtcp!.feedback;
      return {
        feedback: { nacks, nackedPackets, plis, firs, rembs, rembBps, transportCcs },
        cnameDigest: found.rtcp!.cnameDigest,
        bye: found.rtcp!.bye?.reason ?? null,
      };
    };
    expect(pairs.map((pair) => ({ stream: head(pair), ...got(pair) }))).toEqual(
      pairs.map((pair) => ({ stream: head(pair), ...said(packets, Number(pair.facts.ssrc)) })),
    );
    const all = pairs.map(({ found }) => found.rtcp!.feedback);
    for (const kind of ['nacks', 'plis', 'firs', 'rembs', 'transportCcs'] as const)
      expect(
        all.reduce((sum, feedback) => sum + feedback[kind], 0),
        kind,
      ).toBeGreaterThan(5);
    for (const { found } of pairs) {
      const { slis, rpsis, tmmbrs, ccfbs, ecnFeedbacks, otherFeedbacks } = found.rtcp!.feedback;
      expect([slis, rpsis, tmmbrs, ccfbs, ecnFeedbacks, otherFeedbacks]).toEqual([0, 0, 0, 0, 0, 0]);
      expect(found.rtcp!.malformedPackets).toBe(0);
    }
  });

  for (const profile of ['two-legs', 'reports'] as const) {
    it(`reports and senders of the profile ${profile} as the truth has them`, async () => {
      const { pairs } = await measured({ profile, srtp: false, seed: 39 });
      const rows = pairs.map((pair) => {
        const { rtcp, sent, clockRate } = pair.facts;
        const { reports, sender } = pair.found.rtcp!;
        const stream = head(pair);
        return {
          wanted: {
            ...{ stream, reports: rtcp.reports, cumulativeLost: rtcp.lastReport!.cumulativeLost },
            highest: rtcp.lastReport!.extendedHighestSequence,
            ...{ jitter: rtcp.lastReport!.jitter, fraction: rtcp.lastReport!.fractionLost / 256 },
            ...{ senderReports: rtcp.senderReports, clock: true, sent: true },
          },
          got: {
            ...{ stream, reports: reports!.count, cumulativeLost: reports!.cumulativeLost },
            ...{ highest: reports!.highestSequence, jitter: reports!.jitterTicks.last },
            fraction: reports!.fractionLost.last,
            senderReports: sender!.reports,
            // Ticks of the sampling clock in seconds of the sender's own wall clock.
            clock: Math.abs(sender!.clockHz! / clockRate - 1) < 3e-4,
            sent: sender!.packets! <= sent && sender!.packets! > 0.8 * sent,
          },
        };
      });
      expect(rows.map(({ got }) => got)).toEqual(rows.map(({ wanted }) => wanted));
    });
  }

  it('what the senders say to have sent and the tap did not see, was lost upstream', async () => {
    const { pairs } = await measured({
      ...{
        calls: 4,
        lossRatio: 0.03,
        downstreamLossRatio: 0.03,
        rtcpIntervalMs: 2000,
        durationMs: 30_000,
        seed: 112,
      },
    });
    for (const { facts, found } of pairs) {
      const { packets, tapPackets } = found.rtcp!.sender!;
      // From the first sender report to the last, which are not where the receiver's are.
      expect(packets! - tapPackets!).toBeLessThanOrEqual(facts.upstreamLost);
      expect(packets! - tapPackets!).toBeGreaterThan(0.7 * facts.upstreamLost);
    }
  });
});

describe('encrypted RTCP', () => {
  it('is counted, and nothing in it taken for a report', async () => {
    const { pairs, windows, truth } = await measured({
      ...{
        calls: 6,
        srtp: true,
        xr: [...allXrTypes],
        rtcpIntervalMs: 1000,
        lossRatio: 0.02,
        downstreamLossRatio: 0.03,
      },
      ...{ durationMs: 20_000, seed: 113 },
    });
    const encrypted = windows.reduce((sum, { reasons }) => sum + (reasons.encryptedRtcp ?? 0), 0);
    expect(encrypted).toBe(truth.totals.byKind.rtcp);
    for (const { facts, found } of pairs) {
      const { srtcpPackets, xrBlocks, malformedPackets, bye, cnameDigest, reports, sender, feedback } =
        found.rtcp!;
      expect(srtcpPackets).toBe(facts.rtcp.packets);
      expect({ xrBlocks, malformedPackets, bye, cnameDigest, reports, sender }).toEqual({
        ...{ xrBlocks: 0, malformedPackets: 0, bye: null, cnameDigest: null, reports: null, sender: null },
      });
      expect(Object.values(feedback).every((value) => value === 0 || value === null)).toBe(true);
      expect([found.endpoint, found.legs.downstream, found.legs.upstream]).toEqual([null, null, null]);
      const { side, basis, upstreamLost, downstreamLost } = found.damage;
      expect({ side, basis, upstreamLost, downstreamLost }).toEqual({
        ...{ side: 'upstream', basis: 'tap', upstreamLost: facts.lost, downstreamLost: null },
      });
    }
  });
});
