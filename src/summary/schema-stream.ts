// What a summary says of a stream by itself: who sends it, its counts and its times.
import { z } from 'zod';
import { count, known, ms, time } from './schema-parts.js';

export const streamFields = {
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
      'Payload bit rate while sending: octets per packet over the packet time, kbit/s; redundant audio with all its blocks; null when the packet time is unknown',
    ),
  packetTimeMs: z
    .number()
    .nullable()
    .describe('Usual media time per packet (for video per frame), from timestamps, ms; null when unknown'),
  redPrimary: z
    .strictObject({
      payloadType: count('Payload type of the primary block, last seen'),
      codec: z.string().nullable().describe('RTP encoding name of that; null when unknown'),
      bitrateKbps: known(
        'Bit rate of the primary blocks while sending, without headers and redundant blocks, kbit/s; null when the packet time is unknown',
      ),
    })
    .nullable()
    .describe(
      'What redundant audio carries (RFC 2198 3), which is what the MOS rates; null when the last media came outside of it',
    ),
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
      mean: known('Arithmetic mean of the running estimate, ticks'),
      max: known('Largest running estimate, ticks'),
      last: known('Running estimate at the end, ticks'),
    })
    .describe('The same in RTP clock ticks, as receiver reports carry it'),
  deltaMs: z
    .strictObject({ mean: ms('Mean'), max: ms('Longest') })
    .describe('Time between consecutive packets'),
  timestampJumps: count('Steps of more than 1 s between RTP timestamp and arrival'),
  dtxResumptions: count('Talk spurts resumed after silence'),
  comfortNoisePackets: count('Comfort noise packets (RFC 3389)'),
  telephoneEventPackets: count('Telephone-event packets (RFC 4733)'),
  payloadTypeChanges: count(
    'Changes of the media payload type, inside redundant audio of that of the primary block',
  ),
  markers: count('Packets with the marker bit'),
  rtcpPackets: count('RTCP datagrams of this SSRC on the same or the next port'),
  dscp: z.number().int().describe('DSCP seen last (RFC 2474)'),
  dscpSeen: z.array(z.number().int()).describe('All DSCP values seen since the start of the stream'),
  vlan: z.number().int().nullable().describe('VLAN id seen last (outer tag); null when untagged'),
  vlanOther: z.number().int().nullable().describe('Another VLAN id seen before; null when none'),
  interface: z
    .string()
    .nullable()
    .describe('Network interface that the last packet came from; null for files'),
  interfaceOther: z
    .string()
    .nullable()
    .describe('Another interface that packets of the stream came from before; null when none'),
  firstSequence: count('Sequence number of the first packet'),
  lastSequence: count('Sequence number of the last packet'),
};
