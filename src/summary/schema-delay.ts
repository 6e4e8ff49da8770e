// Delay in summaries: variation, playout, clock skew, pauses, copies, tunnels and
// the legs on either side of the tap; and the levels of speech.
import { z } from 'zod';
import { pdvBinEndsMs, tunnelKinds } from '../native/record.gen.js';
import { discardShare } from './schema-loss.js';
import { count, known, ms } from './schema-parts.js';

const tunnelKind = z.enum(tunnelKinds.slice(1));

const profileSchema = z.strictObject({
  profile: z.string().describe('Name of the profile (measure.playout.profiles)'),
  kind: z.enum(['fixed', 'adaptive']).describe('Kind of the jitter buffer'),
  lateDiscards: count('Packets that came too late to be played'),
  earlyDiscards: count('Packets that came too early for the buffer to hold'),
  discardRatio: discardShare,
  delayMs: ms('Mean playout delay above the least transit'),
  usedByQuality: z.boolean().describe('Its discards and its delay go into the MOS'),
});

const playoutSchema = z
  .strictObject({
    packets: count('Packets played through the emulated jitter buffers'),
    bufferMeanMs: ms('Mean wait of played packets in the buffer that quality uses'),
    profiles: z.array(profileSchema).describe('The configured profiles, side by side'),
  })
  .nullable()
  .describe(
    'What emulated jitter buffers would have done (RFC 3611 4.7.1); null for video, an unknown clock, or without samples',
  );

const percentile = (text: string) => ms(`${text}, interpolated inside its bin: right within the bin's width`);

const delayVariationSchema = z
  .strictObject({
    pdvMean: ms(
      'Mean packet delay variation: transit above the least of the last 5 to 10 s, clock skew removed (RFC 5481 4.2)',
    ),
    pdvMax: ms('Largest (RFC 5481 4.2)'),
    pdvP50: percentile('Median of pdvHistogram'),
    pdvP95: percentile('95 % of the packets stay within'),
    pdvP99: percentile('99 % of the packets stay within'),
    pdvP999: percentile('99.9 % of the packets stay within'),
    ipdvMean: ms('Mean absolute delay variation between consecutive packets (RFC 5481 4.1)'),
    ipdvMax: ms('Largest of these (RFC 5481 4.1)'),
    mapdv2: ms('Mean absolute packet delay variation 2, at the end (ITU-T G.1020 6.2.3.2)'),
  })
  .describe('Packet delay variation');

const legSchema = (who: string) =>
  z
    .strictObject({
      from: z
        .enum(['this-stream', 'reverse-stream'])
        .describe('Whose RTCP it comes from: reports on this stream, or on the reverse one'),
      rttMs: z
        .strictObject({
          min: z.number().describe('Least, ms'),
          mean: z.number().describe('Mean, ms'),
          max: z.number().describe('Largest, ms'),
          count: count('How many'),
        })
        .nullable()
        .describe(`Round-trip times between the tap and the ${who}, ms; null when every echo was impossible`),
      rejected: count('Echoes that gave no time that can be: negative, above 60 s, delay in a wrong unit'),
    })
    .nullable();

const legsSchema = z
  .strictObject({
    downstream: legSchema('receiver').describe(
      'Tap to receiver and back: a sender report passes, and its echo in a report block comes back (RFC 3550 6.4.1); null when unknown',
    ),
    upstream: legSchema('sender').describe(
      'Tap to sender and back: the downstream leg of the reverse stream, or RRTR and DLRR (RFC 3611 4.5); null when unknown',
    ),
    oneWayDelayMs: ms(
      'Estimate of the one-way delay from sender to receiver: half the sum of both legs, as if each were symmetric',
    ),
  })
  .describe('The two legs of the path, on either side of the tap');

const speechSchema = z
  .strictObject({
    signalLevelDbm0: known('Level of speech, dBm0 (RFC 3611 4.7.4)'),
    noiseLevelDbm0: known('Level of the pauses, dBm0 (RFC 3611 4.7.4)'),
    silenceShare: known('Share of frames without speech, 0..1'),
    clippingShare: known('Share of samples at the largest amplitude in runs, 0..1'),
  })
  .nullable()
  .describe('Levels of G.711; null when they are not measured');

/** Of a whole stream alone. */
export const skewDriftSchema = z
  .strictObject({
    firstPpm: z.number().describe('skewPpm of the first five minutes'),
    lastPpm: z.number().describe('skewPpm of the last window'),
    minPpm: z.number().describe('Least of all windows from the first five minutes on'),
    maxPpm: z.number().describe('Largest of these'),
    ppmPerHour: known(
      'Slope of the line of least squares through them, ppm per hour; null until they span twenty minutes: then three of them have no packet in common',
    ),
  })
  .nullable()
  .describe(
    'How the clock skew changed over the life of the stream; null for one that told none for five minutes',
  );

export const delayFields = {
  playout: playoutSchema,
  delayVariationMs: delayVariationSchema,
  pdvHistogram: z
    .array(z.number().int().nonnegative())
    .length(pdvBinEndsMs.length + 1)
    .describe(
      `Packets by delay variation; the bins end at ${pdvBinEndsMs.join(', ')} ms, the last is open. Histograms of several windows add up`,
    ),
  skewPpm: known(
    "Clock skew, ppm: positive when the sender's clock runs slow against the capture clock; null until 20 s were seen",
  ),
  stalls: count('Pauses longer than measure.stallSeconds that are not silence of the sender'),
  jitterTransmissionMs: ms("Jitter at the end with the sender's transmission offsets taken out (RFC 5450 3)"),
  speech: speechSchema,
  spanCopies: z
    .strictObject({
      count: count('Copies of packets that the mirror port delivered twice; in no other number'),
      delayMeanMs: ms('Mean delay of a copy'),
      delayMaxMs: ms('Largest delay of a copy'),
    })
    .describe('Second deliveries by the mirror port'),
  tunnel: z
    .strictObject({
      kind: tunnelKind.describe('Kind of the innermost tunnel'),
      id: count('Its identifier: VNI, TEID, session id, key or label; 0 when it has none'),
      depth: count('Number of tunnels around the packets'),
      innerVlan: z.number().int().nullable().describe('VLAN id inside the tunnel; null when untagged'),
      outer: z
        .array(
          z.strictObject({
            kind: tunnelKind.describe('Kind of the tunnel'),
            id: count('Its identifier; 0 when it has none'),
          }),
        )
        .describe('The tunnels around the innermost one, outermost first; empty when there is one alone'),
    })
    .nullable()
    .describe('The tunnel that the packets came in; null when none'),
  legs: legsSchema,
};
