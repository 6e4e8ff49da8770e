// The quality part of summaries.
import { z } from 'zod';

export const mosSchema = z
  .strictObject({
    lq: z.number().nullable().describe('MOS-LQ: listening quality, without delay, 1..4.5'),
    cq: z.number().nullable().describe('MOS-CQ: conversational quality, with delay, 1..4.5'),
    r: z.number().nullable().describe('Transmission rating R behind MOS-CQ, on the scale named'),
    scale: z
      .enum(['NB', 'WB', 'FB'])
      .nullable()
      .describe(
        'Narrowband G.107, wideband G.107.1, fullband G.107.2; values of different scales are not comparable',
      ),
    rating: z.enum(['excellent', 'good', 'fair', 'poor', 'bad']).nullable().describe('MOS-CQ in a word'),
    assumptions: z
      .looseObject({})
      .describe(
        'Everything the MOS rests on: model, codec values and their source, loss after repair, discards and the playout profile that they come from, packets left out as lost by the capture, burst ratio, delay and its parts, what it covers, notes',
      ),
  })
  .describe(
    'Estimated quality (E-model) of loss, discards and delay; null values where the codec or its impairment values are unknown',
  );
