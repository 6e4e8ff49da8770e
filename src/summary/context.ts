// From configuration to what summaries are built with: rating settings, codec
// overrides, names of payload types.
import { interfacesOf } from '../config/interfaces.js';
import type { Config, QualityConfig } from '../config/schema.js';
import type { PayloadTypeOptions } from '../native/engine.js';
import { buildCodecTable, type CodecOverride, type Scale } from '../quality/codecs.js';
import { RatingContext, type RatingSettings } from '../quality/mos-values.js';
import { staticPayloadTypes } from '../quality/static-payload-types.js';
import type { DirectionLimits } from '../windows/direction-facts.js';

/** The emulated jitter buffers. */
export interface PlayoutContext {
  profiles: readonly { name: string; kind: 'fixed' | 'adaptive'; delayMs: number }[];
  /** Position of the one whose discards and delay go into the MOS. */
  usedByQuality: number;
}

/** What turns records into summaries; constant between reloads. */
export interface SummaryContext extends DirectionLimits {
  /** Name of the probe. */
  probe: string;
  /** Tells runs of a live capture apart, so that the two halves of a window that a restart cut keep ids of their own; null for capture files. */
  session: string | null;
  rating: RatingContext;
  /** Encoding names of configured payload types. */
  encodingNames: ReadonlyMap<number, string>;
  playout: PlayoutContext;
  burstGap: { method: 'rfc3611-4.7.2' | 'rfc3611-A.2'; gmin: number };
  /** Names of the network interfaces, in the order of the engine; none for files. */
  interfaces: readonly string[];
}

const SCALES = { narrowband: 'NB', wideband: 'WB', fullband: 'FB' } as const satisfies Record<string, Scale>;

/** RFC 3551 as the engine takes it. */
export const staticPayloadTypeOptions: readonly PayloadTypeOptions[] = staticPayloadTypes.map(
  ({ payloadType, encodingName, clockRate, kind }) => ({
    payloadType,
    name: encodingName,
    clockRate,
    kind,
    source: 'static',
  }),
);

function ratingSettings(quality: QualityConfig): RatingSettings {
  const overrides = Object.entries(quality.codecs).map(([name, codec]): [string, CodecOverride] => [
    name,
    {
      ie: codec.ie,
      bpl: codec.bpl,
      scale: SCALES[codec.scale],
      ...(codec.clockRate !== undefined && { clockRate: codec.clockRate }),
      ...(codec.frameMs !== undefined && { packetMs: codec.frameMs }),
      ...(codec.lookAheadMs !== undefined && { lookAheadMs: codec.lookAheadMs }),
    },
  ]);
  return {
    model: quality.model,
    echo: quality.echo,
    packetLossConcealment: quality.packetLossConcealment,
    assumedNetworkDelayMs: quality.assumedNetworkDelayMs,
    jitterBufferMs: quality.jitterBufferMs,
    advantageFactor: quality.advantageFactor,
    // The same bands on every scale; a MOS keeps the name of its scale beside it.
    bands: { NB: quality.ratings, WB: quality.ratings, FB: quality.ratings },
    codecs: buildCodecTable(Object.fromEntries(overrides)),
  };
}

/** @param session tells runs of a live capture apart in ids; null for capture files, where a replay gives the same ids */
export function summaryContext(
  { probe, capture, measure, quality }: Pick<Config, 'probe' | 'capture' | 'measure' | 'quality'>,
  session: string | null,
): SummaryContext {
  return {
    probe: probe.name,
    session,
    rating: new RatingContext(ratingSettings(quality)),
    encodingNames: new Map(measure.payloadTypes.map(({ payloadType, name }) => [payloadType, name])),
    playout: {
      profiles: measure.playout.profiles,
      usedByQuality: measure.playout.profiles.findIndex(({ name }) => name === measure.playout.quality),
    },
    burstGap: measure.burstGap,
    interfaces: session === null ? [] : interfacesOf(capture),
    oneWayAudioMs: measure.oneWayAudioSeconds * 1000,
    idleMs: measure.idleTimeoutSeconds * 1000,
  };
}
