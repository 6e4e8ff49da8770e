// What RTCP said of a stream: reports, sender, feedback; and apart from it, what the
// receiving endpoint measured itself.
import { z } from 'zod';
import { endpointMetrics } from '../native/record.gen.js';
import { BUFFER_KINDS, CONCEALMENT_PLC, DEJITTER_KINDS, FEEDBACKS, PDV_KINDS, PLC } from './names.js';
import { count, known, time } from './schema-parts.js';

const figures = (what: string, text: string) =>
  z
    .strictObject({
      last: known(`By the last report, ${what}`),
      mean: known(`Mean of the reports, ${what}`),
      max: known(`Largest reported, ${what}`),
    })
    .describe(text);

const reportsSchema = z
  .strictObject({
    count: count('Report blocks of the reporter (RFC 3550 6.4.1)'),
    last: time('The last one'),
    reporter: z.string().describe('SSRC of the reporter, hex with 0x'),
    fractionLost: z
      .strictObject({
        last: known('By the last report, 0..1'),
        max: known('Largest reported, 0..1'),
      })
      .describe('Fraction lost (RFC 3550 6.4.1)'),
    cumulativeLost: known('Cumulative number of packets lost by the last report, may be negative'),
    highestSequence: count('Extended highest sequence number received, by the last report'),
    jitterMs: figures('ms; null when the clock is unknown', 'Interarrival jitter at the receiver'),
    jitterTicks: figures(
      'RTP clock ticks',
      'The same in ticks of the clock that the stream runs on now: as reported, unless the clock changed (RFC 7160)',
    ),
    offsetJitterMs: figures(
      'ms; null without such reports or a known clock',
      'Interarrival jitter at the receiver with the transmission offsets taken out (RFC 5450 4)',
    ),
    offsetJitterTicks: figures('RTP clock ticks; null without such reports', 'The same in ticks'),
  })
  .nullable()
  .describe('Report blocks about the stream; null when there were none');

const senderSchema = z
  .strictObject({
    reports: count('Sender reports (RFC 3550 6.4.1)'),
    last: time('The last one'),
    packets: known('Packets that the sender says to have sent between its reports'),
    octets: known('Payload octets that it says to have sent meanwhile'),
    tapPackets: known('Distinct packets seen at the tap meanwhile; the difference was lost before it'),
    tapOctets: known('Payload octets seen at the tap meanwhile, copies included'),
    clockHz: known('RTP clock against the wallclock of the sender, Hz; null with less than 1 s of reports'),
  })
  .nullable()
  .describe('What the sender says of its stream; null without sender reports');

const feedbackSchema = z
  .strictObject({
    ...(Object.fromEntries(FEEDBACKS.map(([name, text]) => [name, count(text)])) as Record<
      (typeof FEEDBACKS)[number][0],
      ReturnType<typeof count>
    >),
    rembBps: known('Bit rate of the last REMB, bit/s; null when there was none'),
  })
  .describe('Feedback of the receiver');

const rtcpSchema = z
  .strictObject({
    reports: reportsSchema,
    sender: senderSchema,
    cnameDigest: z
      .string()
      .nullable()
      .describe('FNV-1a of the CNAME of the sender (RFC 3550 6.5.1), 16 hex digits; the text is not kept'),
    bye: z
      .strictObject({
        time: time('BYE of the sender (RFC 3550 6.6)'),
        reason: z.string().describe('The reason given, cut at 32 octets; empty when none was'),
      })
      .nullable()
      .describe('How the sender left; null when it did not say'),
    feedback: feedbackSchema,
    xrBlocks: count('Metrics about the stream in extended reports, of any reporter (RFC 3611 3)'),
    xrWithoutInterval: count(
      'Of these, interval metrics without the measurement information that tells their interval; kept all the same (RFC 6776 4)',
    ),
    xrSkipped: count('Blocks stepped over: of types not read (9, 22, 32) or not known (RFC 3611 3)'),
    xrDropped: count('Blocks dropped: a reserved I flag, or a length that cannot be'),
    unknownEchoes: count(
      'Report blocks that echo a sender report which the tap did not see, or too long ago',
    ),
    unknownReferenceEchoes: count(
      'DLRR of the sender that echo a reference time which the tap did not see, or too long ago (RFC 3611 4.5)',
    ),
    appPackets: count('Application-defined packets of the sender (RFC 3550 6.7)'),
    otherPackets: count(
      'RTCP packets of the sender known by their length alone: types 194, 208..211 and unassigned ones',
    ),
    reducedSize: count('Compounds of the sender without a report at their head (RFC 5506)'),
    srtcpPackets: count('Encrypted compounds of the sender, which tell nothing (RFC 3711 3.4)'),
    malformedPackets: count('Compounds of the sender whose lengths do not add up (RFC 3550 A.2)'),
  })
  .nullable()
  .describe('What RTCP said of the stream; null when nothing');

type MetricName = (typeof endpointMetrics)[number]['name'];

const metrics = Object.fromEntries(
  endpointMetrics.map(({ name, doc }) => [name, z.number().describe(doc).optional()]),
) as Record<MetricName, z.ZodOptional<z.ZodNumber>>;

const endpointSchema = z
  .strictObject({
    reportedAt: time('The last extended report with metrics'),
    reporterSsrc: z
      .string()
      .describe('SSRC of the reporter that is followed, hex with 0x; another is when it was silent for 30 s'),
    voipReportedAt: time('The last VoIP metrics block (RFC 3611 4.7)').optional(),
    intervalFigures: z
      .array(z.string())
      .describe(
        'Of the following, those about the last interval alone (I flag 10); one that was reported cumulatively is not replaced by them',
      )
      .optional(),
    sampledFigures: z
      .array(z.string())
      .describe('Of the following, those of one instant (I flag 01)')
      .optional(),
    ...metrics,
    gmin: z.number().int().describe('Received packets that end a burst (RFC 3611 4.7.2)').optional(),
    lossConcealment: z.enum(PLC).describe('Loss concealment (RFC 3611 4.7.6)').optional(),
    bufferKind: z.enum(BUFFER_KINDS).describe('Kind of the jitter buffer (RFC 3611 4.7.6)').optional(),
    bufferRate: z.number().int().describe('Its adaptation rate, 0..15 (RFC 3611 4.7.6)').optional(),
    pdvKind: z.enum(PDV_KINDS).describe('Kind of the delay variation reported (RFC 6798 3)').optional(),
    mosAlgorithm: z.number().int().describe('Algorithm of mos, as SDP maps it (RFC 7266 3)').optional(),
    mosPayloadType: z.number().int().describe('Payload type of mos (RFC 7266 3)').optional(),
    dejitterKind: z.enum(DEJITTER_KINDS).describe('Kind of the de-jitter buffer (RFC 7005 4)').optional(),
    concealmentMethod: z.enum(CONCEALMENT_PLC).describe('Loss concealment (RFC 7294 3)').optional(),
    burstsCombined: z
      .boolean()
      .describe('Whether bursts are of loss and discard together, or of loss alone (RFC 6958 3)')
      .optional(),
  })
  .nullable()
  .describe(
    'Reported by the endpoint that receives the stream, not measured here: only what it reported, the last values (RFC 3611 and its later blocks); null when nothing',
  );

export const rtcpFields = { rtcp: rtcpSchema, endpoint: endpointSchema };
