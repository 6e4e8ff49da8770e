// From configuration to what summaries are built with: rating settings, codec
// overrides, names of payload types.
import type { Config, QualityConfig } from '../config/schema.js';
import type { PayloadTypeOptions } from '../native/engine.js';
import { buildCodecTable, type CodecOverride, type Scale } from '../quality/codecs.js';
import { RatingContext, type RatingSettings } from '../quality/mos-values.js';
import { staticPayloadTypes } from '../quality/static-payload-types.js';
import type { SummaryContext } from './build.js';

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
  { probe, measure, quality }: Pick<Config, 'probe' | 'measure' | 'quality'>,
  session: string | null,
): SummaryContext {
  return {
    probe: probe.name,
    session,
    rating: new RatingContext(ratingSettings(quality)),
    encodingNames: new Map(measure.payloadTypes.map(({ payloadType, name }) => [payloadType, name])),
  };
}
