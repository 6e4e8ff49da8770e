// The simplified rating that many PBXs and ping tools show: loss and latency only, no codec, no bursts.
// It is no ITU model; it is here so that figures stay comparable where such a tool is in use.

/** R without any impairment. */
export const SIMPLIFIED_R0 = 93.2;

/** Effective latency, ms: one-way network delay + 2 · jitter + 10 for the codec. */
export function effectiveLatency(networkDelayMs: number, jitterMs: number): number {
  return networkDelayMs + 2 * jitterMs + 10;
}

/**
 * R = 93.2 - latency penalty - 2.5 per percent of loss, where the penalty is latency / 40 below 160 ms
 * and (latency - 120) / 10 from there on. Not clamped; the MOS is `rToMos` of it.
 */
export function simplifiedR(effectiveLatencyMs: number, lossPercent: number): number {
  const penalty = effectiveLatencyMs < 160 ? effectiveLatencyMs / 40 : (effectiveLatencyMs - 120) / 10;
  return SIMPLIFIED_R0 - penalty - 2.5 * lossPercent;
}
