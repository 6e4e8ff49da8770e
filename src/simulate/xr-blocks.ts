// Which extended report blocks can be sent, and who writes them.
import type { RtcpWire } from './rtcp-wire.js';
import * as classic from './xr-classic-blocks.js';
import * as delay from './xr-delay-blocks.js';
import type { XrFacts } from './xr-facts.js';
import * as loss from './xr-loss-blocks.js';
import * as video from './xr-video-blocks.js';

export type WriteBlock = (wire: RtcpWire, facts: XrFacts) => void;

/** Receiver reference time and the answer to it (RFC 3611 4.4, 4.5) are about the reporter and not about a stream. */
export const referenceType = 4;
export const answerType = 5;

/** Blocks about one stream, by type. */
export const streamBlocks: Readonly<Record<number, WriteBlock>> = {
  1: (wire, facts) => classic.writeLossTrace(wire, facts, 1),
  2: classic.writeDuplicateTrace,
  3: classic.writeReceipts,
  6: classic.writeSummary,
  7: classic.writeVoipMetrics,
  8: classic.writeNetworkQuality,
  10: (wire, facts) => classic.writeLossTrace(wire, facts, 10),
  11: delay.writeAcquisition,
  12: delay.writeSynchronization,
  13: delay.writeEcnSummary,
  14: delay.writeMeasurement,
  15: delay.writeDelayVariation,
  16: delay.writeDelay,
  17: loss.writeLossSummary,
  18: loss.writeDiscardSummary,
  19: loss.writeFrameImpairment,
  20: loss.writeBurstLoss,
  21: loss.writeBurstDiscard,
  22: video.writeDecodability,
  23: delay.writeBuffer,
  24: loss.writeDiscardCount,
  25: classic.writeDiscardTrace,
  26: loss.writeOctetsDiscarded,
  27: delay.writeInitialSync,
  28: delay.writeSyncOffset,
  29: delay.writeScore,
  30: loss.writeConcealment,
  31: loss.writeConcealedSeconds,
  32: video.writePsiDecodability,
  33: loss.writePostRepair,
  34: video.writeVideoConcealment,
  35: loss.writeIndependentDiscard,
};

/** Types from here on are assigned to nobody. */
const firstUnknown = 64;
/** A type that nobody knows, to be stepped over. */
const unknownType = 200;

/** Wireshark 4.0 steps too far over it, so that it is best sent behind all others. */
const synchronizationType = 12;

/** All types: measurement information before the metrics that lean on it, one unknown type among them. */
export const allXrTypes: readonly number[] = [
  ...[referenceType, answerType, 14],
  ...Object.keys(streamBlocks)
    .map(Number)
    .filter((type) => type !== 14 && type !== synchronizationType),
  unknownType,
  synchronizationType,
];

/** Whether blocks of that type can be simulated. */
export function canSend(type: number): boolean {
  return Number.isInteger(type) && type <= 255 && (allXrTypes.includes(type) || type >= firstUnknown);
}

/** A block of a type without meaning: three words of its own. */
export function writeUnknown(wire: RtcpWire, type: number): void {
  wire.block(type, 0x5a, () => wire.u32(0x01020304).u32(0x05060708).u32(0x090a0b0c));
}
