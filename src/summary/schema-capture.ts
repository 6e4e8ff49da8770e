// The summary of the capture itself: what became of every packet, and how far
// the other numbers can be trusted.
import { z } from 'zod';
import {
  CAPTURE_METHODS,
  CAPTURE_STATES,
  CONFIDENCE_LEVELS,
  LIVE_TIMESTAMP_KINDS,
  TIMESTAMP_KINDS,
} from './names.js';
import { count, known } from './schema-parts.js';

const confidenceSchema = z
  .strictObject({
    level: z
      .enum(CONFIDENCE_LEVELS)
      .describe(
        'full: nothing points to packets that the capture missed. reduced: something does. poor: 0.1 % or more of the packets are missing',
      ),
    kernelDrops: count('Packets that the kernel dropped as the ring was full'),
    freezes: count('Times the ring froze'),
    softnetDrops: count('Packets that the kernel dropped before any socket'),
    nicMissed: count('Packets that the network interface had no room for'),
    suspectedCaptureLoss: count('Packets found missing that, it is suspected, the capture lost'),
    commonGaps: count('Times at which nearly all paths were silent at once'),
    commonGapMs: count('How long these were together, ms'),
    clockSteps: count('Times the capture clock stepped back, or a packet lay alone far ahead'),
    hostClockSteps: count('Live: times the clock of this machine was set forward or back by more than 50 ms'),
    captureOutages: count('Times that nothing could be captured, as the interface was down or away'),
    captureOutageMs: count('How long nothing could be captured, ms'),
    timeSwitches: count('Times that the giver of time stamps changed'),
    missingShare: known('Share of the packets that are missing by the worst of these counts, 0..1'),
    text: z.string().describe('The same in a sentence'),
  })
  .describe('How far the numbers of the window can be trusted: loss seen by a capture that loses is no loss');

const interfaceSchema = z.strictObject({
  name: z.string().describe('Name in the configuration'),
  state: z
    .enum(CAPTURE_STATES)
    .nullable()
    .describe(
      'How it is when the window is told: capturing, noCarrier, down or gone; null when not known yet',
    ),
  timestamps: z
    .enum(LIVE_TIMESTAMP_KINDS)
    .nullable()
    .describe('Who gave its packets their time; null without packets'),
  kernelPackets: count('Packets the kernel offered to the capture sockets, its drops included'),
  kernelDrops: count('Packets that the kernel dropped as the ring was full'),
  kernelFreezes: count('Times the ring froze'),
  nicMissed: count('Packets that the interface had no room for'),
  nicDropped: count('Packets that the kernel dropped at the interface'),
  nicErrors: count('Damaged packets at the interface'),
  captureOutages: count('Times that nothing could be captured on it'),
  captureOutageMs: count('How long these were together, ms'),
  timeSwitches: count('Times that the giver of time stamps changed'),
});

export const captureFields = {
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
  confidence: confidenceSchema,
  state: z
    .enum(CAPTURE_STATES)
    .nullable()
    .describe(
      'How the interface is when the window is told: capturing; noCarrier, down or gone, when nothing can be captured; of several the worst; null for files',
    ),
  method: z
    .enum(CAPTURE_METHODS)
    .nullable()
    .describe(
      'How packets are taken: packet (AF_PACKET), or by AF_XDP behind the driver (xdp-generic), in it (xdp-native) or in it without copying (xdp-zero-copy); null for files',
    ),
  timestamps: z
    .enum(TIMESTAMP_KINDS)
    .nullable()
    .describe(
      'Who gave the packets of the window their time: the network card (hardware), the kernel, the probe when it read them (reader), several of these (mixed) or the file; null without packets',
    ),
  overload: z
    .strictObject({
      level: z
        .number()
        .int()
        .describe('Highest level of shedding in the window, of the worker that shed most; 1..10'),
      admittedShare: known('Share of the flows of which new streams were measured at that level, 0..1'),
      keptShare: known('Share of the flows of which running streams were kept at that level, 0..1'),
      since: z
        .string()
        .nullable()
        .describe(
          'When shedding began: RFC 3339, UTC, nanoseconds (packet time of the capture clock); null when unknown',
        ),
      packetsShed: count('RTP and RTCP packets of streams that were not measured'),
      streamsShed: count('Running streams that were let go; those that were not admitted are not among them'),
    })
    .nullable()
    .describe(
      'How much was measured when the probe could not keep up: a fair sample of the flows, each as a whole; null when everything was',
    ),
  interfaces: z
    .array(interfaceSchema)
    .describe(
      'Each network interface, in the order of the configuration: growth from when the window before was told to when this one is, so that all summaries together give the whole. Empty for files',
    ),
  streamsActive: count('Accepted streams at the end of the window'),
  workerLoad: z
    .number()
    .nullable()
    .describe('Share of one core used by the busiest worker, 0..1; null for files'),
};
