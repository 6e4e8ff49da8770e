// The summaries that leave the probe: one definition for types, validation and
// the published JSON Schema.
import { z } from 'zod';
import { SCHEMA_VERSION } from './version.js';

const count = (text: string) => z.number().int().nonnegative().describe(text);
const ms = (text: string) => z.number().nullable().describe(`${text}, ms; null when there is none`);
const time = (text: string) =>
  z.string().describe(`${text}: RFC 3339, UTC, nanoseconds (packet time of the capture clock)`);

const head = {
  schema: z.literal(SCHEMA_VERSION).describe('Version of this schema'),
  id: z.string().describe('Stable id: the same summary delivered twice has the same id'),
  probe: z.string().describe('Name of the probe'),
};

const mosSchema = z
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
        'Everything the MOS rests on: model, codec values and their source, loss, burst ratio, delay and its parts, notes',
      ),
  })
  .describe('Estimated quality (E-model); null values where the codec or its impairment values are unknown');

const measured = {
  streamId: z
    .string()
    .describe('Id of the stream: hash of addresses, ports, SSRC and first packet time, 16 hex digits'),
  ssrc: z.string().describe('Synchronisation source (RFC 3550 5.1), hex with 0x'),
  src: z.string().describe('Source address'),
  srcPort: count('Source UDP port'),
  dst: z.string().describe('Destination address'),
  dstPort: count('Destination UDP port'),
  payloadTypes: z
    .array(z.number().int())
    .describe('Payload types seen since the start of the stream, ascending'),
  payloadType: z.number().int().describe('Media payload type seen last'),
  codec: z
    .string()
    .nullable()
    .describe('RTP encoding name, from RFC 3551 or configuration; null when unknown'),
  media: z.enum(['audio', 'video']).nullable().describe('Kind of media; null when unknown'),
  clockRate: z.number().int().nullable().describe('RTP clock rate, Hz; null when unknown'),
  clockRateSource: z
    .enum(['static', 'config', 'inferred'])
    .nullable()
    .describe(
      'static: RFC 3551. config: configuration. inferred: estimated from timestamps and arrival, then snapped to a known rate',
    ),
  start: time('First packet of the stream'),
  end: time('Last packet'),
  durationMs: z.number().describe('From the first to the last packet of this summary, ms'),
  packets: count('RTP packets seen at the tap, duplicates included'),
  octets: count('RTP payload octets, without header and padding (RFC 3550 6.4.1)'),
  bitrateKbps: z
    .number()
    .nullable()
    .describe(
      'Payload bit rate while sending: octets per packet over the packet time, kbit/s; null when the packet time is unknown',
    ),
  packetTimeMs: z
    .number()
    .nullable()
    .describe('Usual media time per packet (for video per frame), from timestamps, ms; null when unknown'),
  expected: count(
    'Highest minus lowest extended sequence number plus 1, over segments that a restart separates',
  ),
  lost: count('Expected minus distinct packets; in a window: newly missing in it'),
  lossRatio: z.number().nullable().describe('lost / expected, 0..1; null when nothing was expected'),
  cumulativeLost: z
    .number()
    .int()
    .describe(
      'Expected minus all packets (RFC 3550 A.3): duplicates make it negative; to hold against receiver reports',
    ),
  duplicates: count('Packets whose extended sequence number was seen before'),
  reordered: count('Packets below the highest sequence number seen, and not seen before'),
  reorderExtentMax: count('Largest distance of a reordered packet from the highest sequence number seen'),
  late: count('Packets that came after the reordering window of 128; their loss is taken back'),
  restarts: count('Sequence restarts (RFC 3550 A.1)'),
  sequenceErrors: count('Packets with a wild sequence number that nothing confirmed'),
  lossRuns: z
    .strictObject({
      count: count('Runs of consecutive lost packets'),
      meanLength: z.number().nullable().describe('Their mean length, packets; null when there are none'),
      longest: count('The longest, packets'),
    })
    .describe('Loss runs, decided when they leave the reordering window of 128 packets'),
  jitterMs: z
    .strictObject({
      mean: ms('Arithmetic mean of the running estimate'),
      max: ms('Largest running estimate'),
      last: ms('Running estimate at the end'),
    })
    .describe('Interarrival jitter (RFC 3550 A.8)'),
  jitterTicks: z
    .strictObject({
      mean: z.number().nullable(),
      max: z.number().nullable(),
      last: z.number().nullable(),
    })
    .describe('The same in RTP clock ticks, as receiver reports carry it'),
  deltaMs: z
    .strictObject({ mean: ms('Mean'), max: ms('Longest') })
    .describe('Time between consecutive packets'),
  timestampJumps: count('Steps of more than 1 s between RTP timestamp and arrival'),
  dtxResumptions: count('Talk spurts resumed after silence'),
  comfortNoisePackets: count('Comfort noise packets (RFC 3389)'),
  telephoneEventPackets: count('Telephone-event packets (RFC 4733)'),
  payloadTypeChanges: count('Changes of the media payload type'),
  markers: count('Packets with the marker bit'),
  rtcpPackets: count('RTCP datagrams of this SSRC on the same or the next port'),
  dscp: z.number().int().describe('DSCP seen last (RFC 2474)'),
  dscpSeen: z.array(z.number().int()).describe('All DSCP values seen since the start of the stream'),
  vlan: z.number().int().nullable().describe('VLAN id seen last (outer tag); null when untagged'),
  vlanOther: z.number().int().nullable().describe('Another VLAN id seen before; null when none'),
  firstSequence: count('Sequence number of the first packet'),
  lastSequence: count('Sequence number of the last packet'),
  mos: mosSchema,
};

export const windowSummarySchema = z.strictObject({
  kind: z.literal('window'),
  ...head,
  windowStart: time('Start of the window'),
  windowEnd: time('End of the window'),
  ...measured,
  recovered: count('Losses told by earlier windows that are taken back'),
});

export const streamSummarySchema = z.strictObject({
  kind: z.literal('stream'),
  ...head,
  endReason: z.enum(['idle', 'end-of-capture', 'evicted', 'stopped']).describe('Why the stream was closed'),
  ...measured,
});

export const captureSummarySchema = z.strictObject({
  kind: z.literal('capture'),
  ...head,
  windowStart: time('Start of the window'),
  windowEnd: time('End of the window'),
  partial: z.boolean().describe('The window was closed before its end'),
  blocksMissing: z.boolean().describe('Windows before this one were discarded for want of room'),
  packets: count('Packets delivered by the source in the window'),
  used: z.record(z.string(), z.number()).describe('Packets that were measured, by counter'),
  pending: z.record(z.string(), z.number()).describe('Packets not decided at the end of the window'),
  reasons: z
    .record(z.string(), z.number())
    .describe('Packets not used, by reason; reasons that did not occur are left out'),
  kernel: z.record(z.string(), z.number()).describe('What the kernel never delivered'),
  events: z.record(z.string(), z.number()).describe('What happened in the window, by counter'),
  streamsActive: count('Accepted streams at the end of the window'),
  workerLoad: z
    .number()
    .nullable()
    .describe('Share of one core used by the capture thread, 0..1; null for files'),
});

export const summarySchema = z.discriminatedUnion('kind', [
  windowSummarySchema,
  streamSummarySchema,
  captureSummarySchema,
]);

export type WindowSummary = z.infer<typeof windowSummarySchema>;
export type StreamSummary = z.infer<typeof streamSummarySchema>;
export type CaptureSummary = z.infer<typeof captureSummarySchema>;
export type Summary = z.infer<typeof summarySchema>;

/** The published schema as a document. */
export function summaryJsonSchema(): string {
  const schema = z.toJSONSchema(summarySchema, { target: 'draft-2020-12' });
  return `${JSON.stringify({ ...schema, title: 'rtpsonde summaries' }, null, 2)}\n`;
}
