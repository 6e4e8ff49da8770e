// What the blocks of extended reports say, read straight from the diagrams of their
// RFCs, under the names of our summaries. Nothing here is shared with the program.
import type { XrBlock } from '../unit/simulate/rtcp-reader.js';

type Fields = Record<string, number | string | boolean | null>;

const share256 = (value: number) => value / 256;
const signed8 = (value: number) => (value === 127 ? null : (value << 24) >> 24);
const known127 = (value: number) => (value === 127 ? null : value);
const limited16 = (value: number) => (value >= 0xfffe ? null : value);
const seconds16 = (value: number) => (value === 0xffff_ffff ? null : (value * 1000) / 65_536);
/** S11:4, two's complement in sixteenths (RFC 6798 3.2); 0x7ffe, 0x7fff and 0x8000 are no values. */
const s11 = (value: number) =>
  value === 0x7ffe || value === 0x7fff || value === 0x8000 ? null : ((value << 16) >> 16) / 16;
/** 15 bits behind the point (RFC 7004). */
const share15 = (value: number) => (value >= 0xfffe ? null : value / 0x8000);

/** Sequence numbers that a run length block speaks of. */
const countOf = (body: Buffer) => (body.readUInt16BE(6) - body.readUInt16BE(4)) & 0xffff;

/** Packets that a loss RLE (RFC 3611 4.1) says are lost, and the longest run of them. */
function losses(body: Buffer): { lost: number; longest: number; runs: number } {
  const length = countOf(body);
  const bits: number[] = [];
  for (let at = 8; at < body.length; at += 2) {
    const chunk = body.readUInt16BE(at);
    if (chunk & 0x8000) for (let bit = 14; bit >= 0; bit -= 1) bits.push((chunk >> bit) & 1);
    else for (let i = 0; i < (chunk & 0x3fff); i += 1) bits.push(chunk >> 14);
  }
  const received = bits.slice(0, length).join('');
  const runs = received.split(/1+/).map((run) => run.length);
  return {
    lost: runs.reduce((sum, run) => sum + run, 0),
    longest: Math.max(0, ...runs),
    runs: runs.filter((run) => run > 0).length,
  };
}

/** Loss concealment (RFC 7294 3.2). */
const concealments = ['unspecified', 'silence', 'simple', 'enhanced'];

const readers: Readonly<Record<number, (body: Buffer, specific: number) => Fields>> = {
  1: (body) => {
    const { lost, longest, runs } = losses(body);
    return { rleLostPackets: lost, rleLongestLossPackets: longest, rleLossRuns: runs };
  },
  2: (body) => ({ rleDuplicatePackets: losses(body).lost }),
  3: (body) => ({ receiptTimes: (body.length - 8) / 4 }),
  10: (body) => ({
    postRepairLostPackets: losses(body).lost,
    postRepairLongestLossPackets: losses(body).longest,
  }),
  8: (body) => ({
    xnqDelayVariationCycleMax: body.readUInt16BE(4),
    xnqDelayVariationRange: body.readUInt16BE(6),
    xnqDelayVariationSum: body.readUInt32BE(8),
    xnqCycles: body.readUInt16BE(12),
    xnqBufferEvents: body.readUInt16BE(14),
    xnqDegradedNetwork: body.readUIntBE(17, 3),
    xnqDegradedBuffer: body.readUIntBE(21, 3),
    xnqErroredS: body.readUIntBE(25, 3),
    xnqSeverelyErroredS: body.readUIntBE(29, 3),
  }),
  11: (body, method) => ({ multicastMethod: method, multicastStatus: body.readUInt16BE(4) }),
  // From the arrival of the packet to its playing, in 1/65536 s.
  12: (body, specific) =>
    specific & 1
      ? { presentationDelayMs: ((body.readUInt32BE(24) - body.readUInt32BE(14)) * 1000) / 65_536 }
      : {},
  25: (body, specific) => {
    const packets = countOf(body) - losses(body).lost;
    return specific & 0x10 ? { rleDiscardedEarlyPackets: packets } : { rleDiscardedLatePackets: packets };
  },
  6: (body, flags) => ({
    ...(flags & 0x80 && { summaryLostPackets: body.readUInt32BE(8) }),
    ...(flags & 0x40 && { summaryDuplicatePackets: body.readUInt32BE(12) }),
    ...(flags & 0x20 && {
      summaryJitterMinTicks: body.readUInt32BE(16),
      summaryJitterMaxTicks: body.readUInt32BE(20),
      summaryJitterMeanTicks: body.readUInt32BE(24),
      summaryJitterDeviationTicks: body.readUInt32BE(28),
    }),
    ...(flags & 0x18 && {
      summaryTtlMin: body[32]!,
      summaryTtlMax: body[33]!,
      summaryTtlMean: body[34]!,
      summaryTtlDeviation: body[35]!,
    }),
  }),
  7: (body) => ({
    lossRate: share256(body[4]!),
    discardRate: share256(body[5]!),
    burstDensity: share256(body[6]!),
    gapDensity: share256(body[7]!),
    burstDurationMs: body.readUInt16BE(8),
    gapDurationMs: body.readUInt16BE(10),
    // 0 is for not known yet (4.7.3).
    roundTripDelayMs: body.readUInt16BE(12) || null,
    endSystemDelayMs: body.readUInt16BE(14) || null,
    signalLevelDbm0: signed8(body[16]!),
    noiseLevelDbm0: signed8(body[17]!),
    rerlDb: known127(body[18]!),
    gmin: body[19]!,
    rFactor: known127(body[20]!),
    extRFactor: known127(body[21]!),
    mosLq: body[22] === 127 ? null : body[22]! / 10,
    mosCq: body[23] === 127 ? null : body[23]! / 10,
    lossConcealment: ['unspecified', 'disabled', 'enhanced', 'standard'][body[24]! >> 6]!,
    bufferKind: ['unknown', 'reserved', 'fixed', 'adaptive'][(body[24]! >> 4) & 3]!,
    bufferRate: body[24]! & 15,
    bufferNominalMs: body.readUInt16BE(26),
    bufferMaxMs: body.readUInt16BE(28),
    bufferAbsMaxMs: body.readUInt16BE(30),
  }),
  13: (body) => ({
    ect0Packets: body.readUInt32BE(4),
    ect1Packets: body.readUInt32BE(8),
    cePackets: body.readUInt16BE(12),
    notEctPackets: body.readUInt16BE(14),
    ecnLostPackets: body.readUInt16BE(16),
    ecnDuplicatePackets: body.readUInt16BE(18),
  }),
  14: (body) => ({
    intervalMs: seconds16(body.readUInt32BE(16)),
    cumulativeMs: 1000 * body.readUInt32BE(20) + (1000 * body.readUInt32BE(24)) / 2 ** 32,
  }),
  15: (body, flags) => {
    const percent = (value: number) => (value === 0xffff ? null : value / 256);
    return {
      pdvKind: ['mapdv2', 'two-point'][(flags >> 2) & 15] ?? null,
      pdvPositiveMs: s11(body.readUInt16BE(4)),
      pdvPositivePercentile: percent(body.readUInt16BE(6)),
      pdvNegativeMs: s11(body.readUInt16BE(8)),
      pdvNegativePercentile: percent(body.readUInt16BE(10)),
      pdvMeanMs: s11(body.readUInt16BE(12)),
    };
  },
  16: (body) => ({
    roundTripMeanMs: seconds16(body.readUInt32BE(4)),
    roundTripMinMs: seconds16(body.readUInt32BE(8)),
    roundTripMaxMs: seconds16(body.readUInt32BE(12)),
    endSystemMs: 1000 * body.readUInt32BE(16) + (1000 * body.readUInt32BE(20)) / 2 ** 32,
  }),
  17: (body) => ({
    burstLossRate: share15(body.readUInt16BE(4)),
    gapLossRate: share15(body.readUInt16BE(6)),
    burstMeanMs: limited16(body.readUInt16BE(8)),
    // What is over range stands for the largest value that can be written.
    burstVarianceMs2: body.readUInt16BE(10) === 0xffff ? null : body.readUInt16BE(10),
  }),
  18: (body) => ({
    burstDiscardRate: share15(body.readUInt16BE(4)),
    gapDiscardRate: share15(body.readUInt16BE(6)),
  }),
  19: (body, flags) => {
    const kind = flags & 0x80 ? 'Derived' : 'Key';
    return {
      [`discarded${kind}Frames`]: body.readUInt32BE(8),
      [`duplicate${kind}Frames`]: body.readUInt32BE(12),
      [`lost${kind}Frames`]: body.readUInt32BE(16),
      [`partlyLost${kind}Frames`]: body.readUInt32BE(20),
    };
  },
  20: (body, flags) => ({
    burstThresholdPackets: body[4]!,
    burstsCombined: (flags & 0x20) !== 0,
    burstSquaresMs2: 2 ** 32 * (body[15]! & 15) + body.readUInt32BE(16),
    burstSumMs: body.readUIntBE(5, 3),
    burstLostPackets: body.readUIntBE(8, 3),
    burstExpectedPackets: body.readUIntBE(11, 3),
    bursts: body.readUInt16BE(14) >> 4,
  }),
  21: (body) => ({
    burstDiscardThresholdPackets: body[4]!,
    burstDiscardedPackets: body.readUIntBE(5, 3),
    burstDiscardExpectedPackets: body.readUIntBE(8, 3),
  }),
  23: (body, flags) => ({
    dejitterKind: flags & 0x20 ? 'adaptive' : 'fixed',
    dejitterNominalMs: limited16(body.readUInt16BE(4)),
    dejitterMaxMs: limited16(body.readUInt16BE(6)),
    dejitterHighWaterMs: limited16(body.readUInt16BE(8)),
    dejitterLowWaterMs: limited16(body.readUInt16BE(10)),
  }),
  24: (body, flags) => {
    const name = ['discardedDuplicatePackets', 'discardedEarlyPackets', 'discardedLatePackets'][
      (flags >> 4) & 3
    ];
    return name === undefined ? {} : { [name]: body.readUInt32BE(4) };
  },
  26: (body, flags) => ({
    [flags & 0x20 ? 'discardedEarlyOctets' : 'discardedLateOctets']: body.readUInt32BE(4),
  }),
  28: (body) => ({ syncOffsetMs: 1000 * body.readInt32BE(4) + (1000 * body.readUInt32BE(8)) / 2 ** 32 }),
  29: (body) => ({
    mos: body.readUInt16BE(6) / 512,
    mosAlgorithm: body.readUInt16BE(4) >> 7,
    mosPayloadType: body.readUInt16BE(4) & 127,
  }),
  30: (body, flags) => ({
    concealmentMethod: concealments[(flags >> 4) & 3]!,
    onTimeTicks: body.readUInt32BE(4),
    concealedLossTicks: body.readUInt32BE(8),
    concealedAdjustmentTicks: body.readUInt32BE(12),
    interruptions: body.readUInt16BE(16),
    interruptionMeanTicks: body.readUInt32BE(20),
  }),
  31: (body, flags) => ({
    concealmentMethod: concealments[(flags >> 4) & 3]!,
    severelyConcealedThreshold: share256(body[15]!),
    unimpairedS: body.readUInt32BE(4),
    concealedS: body.readUInt32BE(8),
    severelyConcealedS: body.readUInt16BE(12),
  }),
  33: (body) => ({ postRepairLostPackets: body.readUInt16BE(8), repairedPackets: body.readUInt16BE(10) }),
  34: (body) => ({
    videoImpairedTicks: body.readUInt32BE(4),
    videoConcealedTicks: body.readUInt32BE(8),
    videoFreezeMeanTicks: body.readUInt32BE(12),
    videoImpairedProportion: share256(body[16]!),
    videoConcealedProportion: share256(body[17]!),
    videoConcealedFrames: share256(body[18]!),
  }),
  35: (body) => ({
    discardBurstThresholdPackets: body[4]!,
    discardBurstSumMs: body.readUIntBE(5, 3),
    discardBurstDiscardedPackets: body.readUIntBE(8, 3),
    discardBursts: body.readUInt16BE(11),
    discardBurstExpectedPackets: body.readUIntBE(13, 3),
    discardedPackets: body.readUInt32BE(16),
  }),
};

/** Blocks that say nothing about the quality of a stream: times for other members, and what is not known. */
const without = new Set([4, 5, 22, 27, 32, 200]);

/**
 * The stream that a block is about. In that of RFC 7272 it comes third; that of RFC 5093
 * names none, and is of the one that its reporter's other blocks are about.
 */
function aboutOf({ type, body, from }: XrBlock, blocks: readonly XrBlock[]): number {
  if (type === 12) return body.readUInt32BE(8);
  if (type !== 8) return body.readUInt32BE(0);
  return blocks.find((block) => block.type === 7 && block.from === from)!.body.readUInt32BE(0);
}

/** What all blocks about a stream amount to: the last value of each, unknown ones left out. */
export function endpointFields(blocks: readonly XrBlock[], ssrc: number): { fields: Fields; used: number } {
  let fields: Fields = {};
  let used = 0;
  for (const block of blocks) {
    const { type, specific, body } = block;
    const read = readers[type];
    if (read === undefined && !without.has(type)) throw new Error(`block type ${type} is not read`);
    if (read === undefined || aboutOf(block, blocks) !== ssrc) continue;
    fields = { ...fields, ...read(body, specific) };
    used += 1;
  }
  return { fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)), used };
}
