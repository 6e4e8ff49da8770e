// How the golden tests look at streams: by their addresses, and as the sum of their windows.
import type { StreamSummary, Summary, WindowSummary } from '../../src/summary/schema.js';

type Addressed = Pick<StreamSummary, 'src' | 'srcPort' | 'dst' | 'dstPort' | 'ssrc'>;

/** What makes a stream another one. */
export const keyOf = ({ src, srcPort, dst, dstPort, ssrc }: Addressed) =>
  `${src}:${srcPort} > ${dst}:${dstPort} ${ssrc}`;

export const streamsOf = (summaries: readonly Summary[]): StreamSummary[] =>
  summaries.filter((summary) => summary.kind === 'stream');

/** The final records by address; a stream that was told twice is an error. */
export function streamsByKey(summaries: readonly Summary[]): Map<string, StreamSummary> {
  const streams = new Map<string, StreamSummary>();
  for (const stream of streamsOf(summaries)) {
    if (streams.has(keyOf(stream))) throw new Error(`two records of ${keyOf(stream)}`);
    streams.set(keyOf(stream), stream);
  }
  return streams;
}

/** Counts that windows tell one after the other. */
export const additive = [
  'packets',
  'octets',
  'expected',
  'duplicates',
  'reordered',
  'late',
  'restarts',
  'sequenceErrors',
  'timestampJumps',
  'dtxResumptions',
  'comfortNoisePackets',
  'telephoneEventPackets',
  'payloadTypeChanges',
  'markers',
  'rtcpPackets',
] as const;

/** What the windows of a stream add up to, in the form of `totalsOf`. */
export function sumOfWindows(windows: readonly WindowSummary[]): Record<string, number | null> {
  const sum = (value: (window: WindowSummary) => number) =>
    windows.reduce((total, window) => total + value(window), 0);
  const largest = (value: (window: WindowSummary) => number | null) =>
    windows.reduce<number | null>((most, window) => {
      const one = value(window);
      return one === null || (most !== null && most >= one) ? most : one;
    }, null);
  return {
    ...Object.fromEntries(additive.map((name) => [name, sum((window) => window[name])])),
    lost: sum((window) => window.lost - window.recovered),
    lossRuns: sum((window) => window.lossRuns.count),
    longestLossRun: largest((window) => window.lossRuns.longest),
    reorderExtentMax: largest((window) => window.reorderExtentMax),
    jitterMaxMs: largest((window) => window.jitterMs.max),
    jitterLastMs: windows.findLast((window) => window.jitterMs.last !== null)?.jitterMs.last ?? null,
    deltaMaxMs: largest((window) => window.deltaMs.max),
  };
}

export function totalsOf(stream: StreamSummary): Record<string, number | null> {
  return {
    ...Object.fromEntries(additive.map((name) => [name, stream[name]])),
    lost: stream.lost,
    lossRuns: stream.lossRuns.count,
    longestLossRun: stream.lossRuns.longest,
    reorderExtentMax: stream.reorderExtentMax,
    jitterMaxMs: stream.jitterMs.max,
    jitterLastMs: stream.jitterMs.last,
    deltaMaxMs: stream.deltaMs.max,
  };
}
