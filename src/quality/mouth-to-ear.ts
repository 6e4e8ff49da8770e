// The one-way delay that a rating works with, and the parts that it is put together from (G.114).

import type { Codec } from './codecs.js';
import { type RatingSettings, roundDelay } from './mos-values.js';
import { effectiveLatency } from './simplified.js';

/**
 * Where a network delay comes from: half the round-trip times of both legs of the path; of one leg alone, the
 * other taken as nothing; or the configured assumption.
 */
export type NetworkDelaySource = 'both-legs' | 'downstream-leg' | 'upstream-leg' | 'assumed';

/** What is known of the delay of a stream, ms. null, NaN and negative stand for "not known". */
export interface DelayInput {
  /** One-way network delay. */
  networkDelayMs: number | null;
  /** Where that comes from. */
  networkDelaySource: NetworkDelaySource;
  /** Media time in a packet. */
  packetizationMs: number | null;
  /** Playout delay of the emulated jitter buffer; when not known that of the settings. */
  jitterBufferMs: number | null;
  /** Interarrival jitter, for the simplified model only. */
  jitterMs: number | null;
}

/** What a mouth-to-ear delay is made of, in ms; null for a part that the model does not use. */
export interface DelayParts {
  networkMs: number;
  networkSource: NetworkDelaySource;
  packetizationMs: number | null;
  packetizationSource: 'measured' | 'assumed' | null;
  lookAheadMs: number | null;
  jitterBufferMs: number | null;
  jitterBufferSource: 'playout' | 'assumed' | null;
  /** Interarrival jitter; simplified model only. */
  jitterMs: number | null;
}

/**
 * The delay that the model of the settings works with, ms: mouth-to-ear = network + packetization +
 * look-ahead + jitter buffer, or the effective latency of the simplified model.
 */
export function ratingDelayMs(
  codec: Codec,
  input: Omit<DelayInput, 'networkDelaySource'>,
  settings: RatingSettings,
): number {
  const network = known(input.networkDelayMs, settings.assumedNetworkDelayMs);
  if (settings.model === 'simplified') return roundDelay(effectiveLatency(network, known(input.jitterMs, 0)));
  const jitterBuffer = known(input.jitterBufferMs, settings.jitterBufferMs);
  return roundDelay(network + packetization(codec, input) + codec.lookAheadMs + jitterBuffer);
}

/** The same delay, part by part. (Fields written out: a spread costs a microsecond here.) */
export function delayParts(codec: Codec, input: DelayInput, settings: RatingSettings): DelayParts {
  const simplified = settings.model === 'simplified';
  const packetized = isKnown(input.packetizationMs) && input.packetizationMs > 0;
  return {
    networkMs: known(input.networkDelayMs, settings.assumedNetworkDelayMs),
    networkSource: isKnown(input.networkDelayMs) ? input.networkDelaySource : 'assumed',
    packetizationMs: simplified ? null : packetization(codec, input),
    packetizationSource: simplified ? null : packetized ? 'measured' : 'assumed',
    lookAheadMs: simplified ? null : codec.lookAheadMs,
    jitterBufferMs: simplified ? null : known(input.jitterBufferMs, settings.jitterBufferMs),
    jitterBufferSource: simplified ? null : isKnown(input.jitterBufferMs) ? 'playout' : 'assumed',
    jitterMs: simplified ? known(input.jitterMs, 0) : null,
  };
}

/** That of the stream, else the usual one of the codec. */
function packetization(codec: Codec, { packetizationMs }: Pick<DelayInput, 'packetizationMs'>): number {
  return isKnown(packetizationMs) && packetizationMs > 0 ? packetizationMs : codec.packetMs;
}

/** Neither null nor NaN nor negative. */
export function isKnown(value: number | null): value is number {
  return value !== null && value >= 0;
}

function known(value: number | null, otherwise: number): number {
  return isKnown(value) ? value : otherwise;
}
