// The one-way delay that a rating works with, and the parts that it is put together from (G.114).

import type { Codec } from './codecs.js';
import { type RatingSettings, roundDelay } from './mos-values.js';
import { effectiveLatency } from './simplified.js';

/** What is known of the delay of a stream, ms. null, NaN and negative stand for "not known". */
export interface DelayInput {
  /** One-way network delay. */
  networkDelayMs: number | null;
  /** Media time in a packet. */
  packetizationMs: number | null;
  /** Delay of the jitter buffer; when not known that of the settings. */
  jitterBufferMs: number | null;
  /** Interarrival jitter, for the simplified model only. */
  jitterMs: number | null;
}

/** What a mouth-to-ear delay is made of, in ms; null for a part that the model does not use. */
export interface DelayParts {
  networkMs: number;
  networkSource: 'measured' | 'assumed';
  packetizationMs: number | null;
  packetizationSource: 'measured' | 'assumed' | null;
  lookAheadMs: number | null;
  jitterBufferMs: number | null;
  /** Interarrival jitter; simplified model only. */
  jitterMs: number | null;
}

/**
 * The delay that the model of the settings works with, ms: mouth-to-ear = network + packetization +
 * look-ahead + jitter buffer, or the effective latency of the simplified model.
 */
export function ratingDelayMs(codec: Codec, input: DelayInput, settings: RatingSettings): number {
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
    networkSource: isKnown(input.networkDelayMs) ? 'measured' : 'assumed',
    packetizationMs: simplified ? null : packetization(codec, input),
    packetizationSource: simplified ? null : packetized ? 'measured' : 'assumed',
    lookAheadMs: simplified ? null : codec.lookAheadMs,
    jitterBufferMs: simplified ? null : known(input.jitterBufferMs, settings.jitterBufferMs),
    jitterMs: simplified ? known(input.jitterMs, 0) : null,
  };
}

/** That of the stream, else the usual one of the codec. */
function packetization(codec: Codec, { packetizationMs }: DelayInput): number {
  return isKnown(packetizationMs) && packetizationMs > 0 ? packetizationMs : codec.packetMs;
}

/** Neither null nor NaN nor negative. */
export function isKnown(value: number | null): value is number {
  return value !== null && value >= 0;
}

function known(value: number | null, otherwise: number): number {
  return isKnown(value) ? value : otherwise;
}
