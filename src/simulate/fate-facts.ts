// What the truth says of losses by place and of the receiver of a stream.
import type { LossPlaces } from './packet-fates.js';
import type { SimulatedStream } from './stream.js';
import type { StreamFacts } from './truth.js';

/** Losses of all packets that the stream sent, by place. */
export function placesOf({ fates, sent, truth }: SimulatedStream): LossPlaces {
  // Where nobody follows the packets, all that pass are captured.
  if (fates === null)
    return { upstream: sent - (truth.packets - truth.duplicates), capture: 0, downstream: 0 };
  return fates.losses(0, sent);
}

/** Runs of packets missing in the capture. */
export function lossRunsOf(stream: SimulatedStream, captureLost: number): StreamFacts['lossRuns'] {
  if (captureLost > 0 && stream.fates !== null) {
    const runs = stream.fates.missingRuns(stream.sent);
    const packets = runs.reduce((sum, run) => sum + run, 0);
    const meanLength = runs.length === 0 ? null : packets / runs.length;
    return { count: runs.length, packets, meanLength, longest: Math.max(0, ...runs) };
  }
  const { lossRuns: count, lossRunPackets: packets, lossRunLongest: longest } = stream;
  return { count, packets, meanLength: count === 0 ? null : packets / count, longest };
}

/** What the receiver ended with; null when there is none, or no valid source for it. */
export function receiverOf({ far }: SimulatedStream): StreamFacts['receiver'] {
  if (far === null || !far.receiver.isValid) return null;
  const { received, extendedHighest, expected, jitter, beginnings } = far.receiver;
  return {
    received,
    extendedHighestSequence: extendedHighest,
    cumulativeLost: expected - received,
    jitter,
    copies: far.copies,
    beginnings,
  };
}
