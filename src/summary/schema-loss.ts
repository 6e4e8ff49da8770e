// Loss in summaries: what is left after repair, what the capture itself lost,
// bursts and gaps, and on which side of the tap it happened.
import { z } from 'zod';
import { DAMAGE_SIDES } from './names.js';
import { count, known, ms, share } from './schema-parts.js';

const lossSchema = {
  captureLost: count(
    'Of the lost: packets that the capture itself is suspected to have missed, by gaps of all paths at once or because a receiver reports to have got them (estimate); no loss of the network',
  ),
  networkLoss: z
    .strictObject({
      lost: count('lost less captureLost, 0 or more'),
      ratio: known('That / (expected less captureLost), 0..1; null when nothing was expected'),
    })
    .describe('Loss in the network before the tap'),
  lossAfterRepair: z
    .strictObject({
      redPackets: count('Packets with redundant audio (RFC 2198)'),
      repaired: count('Lost packets whose media came in a redundant block of another packet (RFC 2198 3)'),
      lost: count('lost less repaired, 0 or more'),
      ratio: known('That / expected, 0..1; null when nothing was expected'),
    })
    .nullable()
    .describe('Loss that redundant audio left; null when none was seen'),
};

const burstGapSchema = z
  .strictObject({
    method: z
      .enum(['rfc3611-4.7.2', 'rfc3611-A.2'])
      .describe(
        'Definition of RFC 3611 4.7.2, or the approximation of A.2: then densities and durations are since the start of the stream',
      ),
    gmin: count('Good packets in a row that end a burst (RFC 3611 4.7.2)'),
    decided: count('Sequence numbers that have left the reordering window of 128, whether lost or not'),
    badPackets: count('Of these: lost, or discarded by the playout profile that quality uses'),
    badRuns: count('Runs of consecutive bad packets'),
    bursts: count('Bursts: from bad packet to bad packet without Gmin good ones between'),
    burstPackets: count('Sequence numbers inside bursts'),
    burstBadPackets: count('Bad packets inside bursts'),
    burstSquares: count('Sum of the squared lengths of bursts, in packets (RFC 6958 3.2)'),
    burstDensity: known('Share of bad packets inside bursts, 0..1; null without bursts'),
    burstDurationMs: ms('Mean duration of a burst: mean packets times packet time'),
    gapDensity: known('Share of bad packets outside bursts, 0..1; null when nothing lies outside'),
    gapDurationMs: ms('Mean duration of a gap: mean packets times packet time'),
  })
  .describe('Bursts and gaps of lost and discarded packets (RFC 3611 4.7.2)');

const damageSchema = z
  .strictObject({
    side: z
      .enum(DAMAGE_SIDES)
      .describe(
        'Where packets were lost. upstream: between sender and tap. downstream: between tap and receiver. capture: by the capture itself. upstream-only-known: none before the tap, and without RTCP what comes after it is unseen. A side counts from 2 packets and 0.1 % on',
      ),
    basis: z
      .enum(['rtcp', 'tap'])
      .describe('rtcp: receiver reports held against the tap (RFC 3550 6.4.4). tap: what the tap saw, alone'),
    expected: count('Sequence numbers that the losses are out of'),
    upstreamLost: known('Lost between sender and tap, packets'),
    downstreamLost: known(
      'Lost between tap and receiver, packets; null without RTCP; negative when the receiver got more than passed the tap',
    ),
    captureSuspected: count('Packets that the capture is suspected to have missed (estimate)'),
    farJitterMs: ms('Mean interarrival jitter at the receiver, by its reports (RFC 3550 6.4.1)'),
    nearJitterMs: ms('Mean interarrival jitter at the tap (RFC 3550 A.8)'),
    text: z.string().describe('The verdict in a sentence'),
  })
  .describe('On which side of the tap packets were lost');

export const lossFields = {
  ...lossSchema,
  burstGap: burstGapSchema,
  damage: damageSchema,
};

export const discardShare = share(
  'lateDiscards plus earlyDiscards / (expected less captureLost) (RFC 3611 4.7.1)',
);
