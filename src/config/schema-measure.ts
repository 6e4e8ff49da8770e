// The sections `measure` and `quality`: how streams are counted, and how the
// counts become R and MOS.
import { z } from 'zod';
import { payloadTypesSchema } from './payload-types.js';
import { playoutSchema } from './schema-playout.js';

/** Seconds with a resolution of 1 ms, which is what the engine takes. */
const seconds = (min: number, max: number) =>
  z
    .number()
    .min(min)
    .max(max)
    .refine((value) => Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6, 'the resolution is 0.001 s');

const spanCopiesSchema = z.strictObject({
  mode: z
    .enum(['auto', 'off', 'strict', 'all'])
    .default('auto')
    .describe(
      'Which repeated packets are copies. `auto`: those that took another way (TTL, MAC addresses, VLAN, tunnel), and identical frames when nearly every packet of the stream comes twice. `strict`: only those that took another way. `all`: every packet that is the same. `off`: none; they count as RTP duplicates.',
    ),
  windowMs: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(50)
    .describe(
      'Most time in ms between a packet and its copy. Later ones are RTP duplicates. Above 50, more than a million packets a second find no room in the memory; `copyCacheOverwrites` tells.',
    ),
});

export const measureSchema = z.strictObject({
  windowSeconds: seconds(0.1, 900)
    .default(10)
    .describe(
      'Width of a window in seconds of packet time, aligned to the Unix epoch. Each stream gives one summary a window.',
    ),
  idleTimeoutSeconds: seconds(1, 86_400)
    .default(60)
    .describe('A stream ends after this many seconds of packet time without a packet.'),
  maxStreams: z
    .number()
    .int()
    .min(1)
    .max(4_000_000)
    .default(200_000)
    .describe(
      'Most streams held at once, 300 to 2,700 bytes each. Above it the least active are ended early and counted.',
    ),
  fragmentDatagrams: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .default(64)
    .describe('Fragmented datagrams under reassembly at once.'),
  fragmentTimeoutSeconds: seconds(0.1, 120)
    .default(5)
    .describe('Seconds of packet time after which an incomplete datagram is given up.'),
  queueBlocks: z
    .number()
    .int()
    .min(2)
    .max(1024)
    .default(8)
    .describe(
      'Sealed windows that may wait for the control layer. When full, a live capture drops the oldest and counts it; files wait.',
    ),
  playout: playoutSchema
    .prefault({})
    .describe(
      'Emulated jitter buffers that every audio stream is played through: which packets a receiver would have discarded.',
    ),
  burstGap: z
    .strictObject({
      gmin: z
        .number()
        .int()
        .min(1)
        .max(255)
        .default(16)
        .describe('Good packets in a row that end a burst (RFC 3611 4.7.2, Gmin).'),
      method: z
        .enum(['rfc3611-4.7.2', 'rfc3611-A.2'])
        .default('rfc3611-4.7.2')
        .describe(
          'The definition in RFC 3611 4.7.2, or for comparison with devices that use it the approximation in Appendix A.2, which is counted since the start of the stream.',
        ),
    })
    .prefault({})
    .describe('Burst and gap metrics of lost and discarded packets.'),
  speechLevel: z
    .boolean()
    .default(false)
    .describe(
      'Whether signal and noise level, silence and clipping of G.711 are measured. Needs the payload: `capture.snapLength` 0 or large enough.',
    ),
  transmissionOffsetExtension: z
    .number()
    .int()
    .min(0)
    .max(255)
    .default(0)
    .describe(
      'Id of the RTP header extension with transmission time offsets (RFC 5450), as SDP gives it in `a=extmap`; 0: none. Then a jitter without the delays of the sender is given beside that of RFC 3550.',
    ),
  stallSeconds: seconds(0.05, 60)
    .default(0.5)
    .describe('A longer pause within a stream is a stall, unless the sender was silent.'),
  oneWayAudioSeconds: seconds(1, 3600)
    .default(10)
    .describe(
      'One direction of a call is silent or absent for so long while the other is heard: one-way audio.',
    ),
  spanCopies: spanCopiesSchema
    .prefault({})
    .describe(
      'Packets that the mirror port delivers more than once. The first is measured; the others count as `spanCopies`.',
    ),
  payloadTypes: payloadTypesSchema
    .prefault({})
    .describe(
      'What dynamic payload types mean: number 0..127 to NAME/CLOCK as in SDP, for example `96: opus/48000`. Goes before RFC 3551. Types not named here are inferred from the traffic and marked so.',
    ),
});

const mos = (value: number) => z.number().min(1).max(5).default(value);

const ratingsSchema = z
  .strictObject({
    excellent: mos(4.3).describe('Least MOS that is excellent (R 90: users very satisfied).'),
    good: mos(4).describe('Least MOS that is good (R 80: satisfied).'),
    fair: mos(3.6).describe('Least MOS that is fair (R 70: some users dissatisfied).'),
    poor: mos(3.1).describe('Least MOS that is poor (R 60: many users dissatisfied); below it is bad.'),
  })
  .superRefine((ratings, context) => {
    const order = ['excellent', 'good', 'fair', 'poor'] as const;
    order.slice(1).forEach((name, index) => {
      const above = order[index]!;
      if (ratings[name] >= ratings[above])
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `must be lower than ${above} (${ratings[above]}), is ${ratings[name]}`,
          input: ratings,
        });
    });
  });

// Ie is subtracted from 95 in G.107 7.5 and G.107.1 7.4, from 132 in G.107.2.
const LARGEST_IE = { narrowband: 95, wideband: 95, fullband: 132 } as const;

// Ie, Bpl, scale and clock rate mean something only together, so none has a default.
const codecSchema = z
  .strictObject({
    ie: z
      .number()
      .min(0)
      .max(132)
      .describe(
        'Equipment impairment factor Ie without loss (ITU-T G.113); at most 95 on the narrowband and wideband scale.',
      ),
    bpl: z
      .number()
      .gt(0)
      .max(1000)
      .describe('Packet-loss robustness factor Bpl (ITU-T G.113); larger is more robust.'),
    scale: z
      .enum(['narrowband', 'wideband', 'fullband'])
      .describe(
        'Scale that Ie and Bpl are given on: G.107, G.107.1 or G.107.2. MOS of different scales cannot be compared.',
      ),
    clockRate: z.number().int().min(1000).max(1_000_000).describe('RTP clock rate in Hz.'),
    frameMs: z
      .number()
      .gt(0)
      .max(1000)
      .exactOptional()
      .describe(
        'Media in one packet in ms, where it is not measured; part of the delay. Default: the built-in table, else 20.',
      ),
    lookAheadMs: z
      .number()
      .min(0)
      .max(1000)
      .exactOptional()
      .describe('Look-ahead of the encoder in ms; part of the delay. Default: the built-in table, else 0.'),
  })
  .superRefine((codec, context) => {
    const largest = LARGEST_IE[codec.scale];
    if (codec.ie > largest)
      context.addIssue({
        code: 'custom',
        path: ['ie'],
        message: `must be at most ${largest} on the ${codec.scale} scale, is ${codec.ie}`,
        input: codec,
      });
  });

export const qualitySchema = z.strictObject({
  model: z
    .enum(['g107', 'simplified'])
    .default('g107')
    .describe(
      'Quality model: the whole E-model of ITU-T G.107, or the simplified one (R from loss and delay alone).',
    ),
  echo: z
    .enum(['probe', 'full'])
    .default('probe')
    .describe(
      'What G.107 assumes of the echo path, which a probe cannot see: none (`probe`), or T = Ta and Tr = 2 Ta with the default losses (`full`).',
    ),
  packetLossConcealment: z
    .boolean()
    .default(true)
    .describe(
      'Whether G.711 receivers conceal losses (G.711 Appendix I): Bpl 25.1 instead of 4.3. Cannot be seen on a mirror port.',
    ),
  assumedNetworkDelayMs: z
    .number()
    .min(0)
    .max(5000)
    .default(0)
    .describe(
      'One-way network delay in ms to assume where RTCP does not tell. Without RTCP it is unknown; 0 leaves the network out of MOS-CQ, and the summary says so.',
    ),
  jitterBufferMs: z
    .number()
    .min(0)
    .max(2000)
    .default(40)
    .describe(
      'Delay of the jitter buffer in ms to assume where no packet can be played through the emulated one (`measure.playout`), as with an unknown clock; part of the delay in MOS-CQ.',
    ),
  advantageFactor: z
    .number()
    .min(0)
    .max(20)
    .default(0)
    .describe(
      'Advantage factor A of G.107: how much users forgive for the advantage of access. A monitor should use 0.',
    ),
  ratings: ratingsSchema
    .prefault({})
    .describe(
      'MOS bands of the ratings, descending, on the scale of each MOS. Defaults: ITU-T G.107 Table B.1, the upper two rounded down to one decimal.',
    ),
  codecs: z
    .record(z.string().min(1).max(64), codecSchema)
    .default({})
    .describe('Impairment values by encoding name, before the built-in table; names compare without case.'),
});
