// The quality part of summaries.
import { z } from 'zod';
import { count, known, ms, share } from './schema-parts.js';

const delaySchema = z
  .strictObject({
    networkMs: z.number().describe('One way through the network, ms'),
    networkSource: z
      .enum(['both-legs', 'downstream-leg', 'upstream-leg', 'assumed'])
      .describe('Which round-trip times it is half of, or that it was assumed'),
    packetizationMs: ms('Packet time'),
    packetizationSource: z.enum(['measured', 'assumed']).nullable().describe('Where the packet time is from'),
    lookAheadMs: ms('Look-ahead of the codec'),
    jitterBufferMs: ms('Mean playout delay of the profile that quality uses'),
    jitterBufferSource: z.enum(['playout', 'assumed']).nullable().describe('Where the playout delay is from'),
    jitterMs: ms('Interarrival jitter; in the simplified model only'),
  })
  .nullable()
  .describe('The parts of the delay; null when it was given as a whole');

const coverageSchema = z
  .strictObject({
    mediaShare: share('Share of the time in which media came: packets times packet time'),
    codecChanges: count('Changes of the media payload type; the MOS is that of the last codec'),
    comfortNoisePackets: count('Comfort noise packets; silence is rated as if it were speech'),
  })
  .nullable()
  .describe('What part of the stream or window the MOS speaks of');

const assumptionsSchema = z
  .strictObject({
    model: z
      .enum(['G.107', 'G.107.1', 'G.107.2', 'simplified'])
      .nullable()
      .describe('The E-model of the scale (ITU-T), or the simplified one; null without a MOS'),
    codec: z
      .string()
      .nullable()
      .describe('As the codec table names it; the given name when it does not know it'),
    codecBitrateKbps: known('Mode of a codec with several, kbit/s; null when it has one'),
    ie: known('Equipment impairment factor (G.113); null without a MOS'),
    bpl: known('Packet-loss robustness factor (G.113); null without a MOS'),
    ieSource: z.string().nullable().describe('Where Ie and Bpl are from'),
    confidence: z
      .enum(['high', 'medium', 'low', 'proxy', 'provisional', 'configured', 'none'])
      .nullable()
      .describe('How far Ie and Bpl can be trusted; null where the model uses none'),
    lossPercent: known('Ppl, what the model took for loss: lossRatio plus discardRatio, percent (G.107 3.5)'),
    lossRatio: share('Lost in the network and not repaired, of those expected'),
    discardRatio: share('Discarded by the jitter buffer, of those expected (RFC 3611 4.7.1)'),
    playoutProfile: z.string().nullable().describe('The emulated jitter buffer; null when none was played'),
    captureLost: count('Packets left out of the loss as lost by the capture itself: an estimate'),
    repaired: count('Packets left out of the loss as repaired by redundant audio (RFC 2198)'),
    burstRatio: known('BurstR (G.107 3.5), 1 for random loss; null where the model has none'),
    delayMs: ms('Mouth-to-ear delay Ta (G.107), to a tenth; the effective latency of the simplified model'),
    delay: delaySchema,
    echo: z
      .enum(['probe', 'full', 'none'])
      .describe('What was assumed of the echo path; none where the model has none'),
    packetLossConcealment: z.boolean().describe('Whether the decoder was taken to conceal losses (G.113)'),
    advantageFactor: z.number().describe('Advantage factor A (G.107), 0..20'),
    covers: coverageSchema,
    notes: z.array(z.string()).describe('What a reader should know before trusting the number'),
  })
  .describe('Everything the MOS rests on');

export const mosSchema = z
  .strictObject({
    lq: z
      .number()
      .nullable()
      .describe('MOS-LQ: listening quality, without delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1)'),
    cq: z
      .number()
      .nullable()
      .describe('MOS-CQ: conversational quality, with delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1)'),
    r: z
      .number()
      .nullable()
      .describe(
        'Transmission rating R behind MOS-CQ (G.107), on the scale named: 0..93.2 NB, 0..129 WB, 0..148 FB',
      ),
    scale: z
      .enum(['NB', 'WB', 'FB'])
      .nullable()
      .describe(
        'Narrowband G.107, wideband G.107.1, fullband G.107.2; values of different scales are not comparable',
      ),
    rating: z.enum(['excellent', 'good', 'fair', 'poor', 'bad']).nullable().describe('MOS-CQ in a word'),
    assumptions: assumptionsSchema,
  })
  .describe(
    'Estimated quality (E-model) of loss, discards and delay; null values where the codec or its impairment values are unknown',
  );
