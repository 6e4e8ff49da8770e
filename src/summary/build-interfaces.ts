// What a capture summary says of each network interface.
import type { InterfaceStats } from '../native/engine.js';
import type { CaptureSummary } from './schema.js';

type Interface = CaptureSummary['interfaces'][number];

/** Who gave packets their time, by the counter of such packets. */
export const TIME_GIVERS = {
  hardwareTimes: 'hardware',
  kernelTimes: 'kernel',
  readerTimes: 'reader',
} as const;

/** Who gave packets their time; null without packets. */
export function liveTimestamps(since: (name: keyof typeof TIME_GIVERS) => number): Interface['timestamps'] {
  const givers = (Object.keys(TIME_GIVERS) as (keyof typeof TIME_GIVERS)[]).filter((name) => since(name) > 0);
  return givers.length > 1 ? 'mixed' : givers[0] === undefined ? null : TIME_GIVERS[givers[0]];
}

/**
 * Growth of each interface since the window before was told.
 * @param now totals of each interface, in their order; fewer when not all is known yet
 * @param before the same as the window before was told
 */
export function interfaceParts(
  names: readonly string[],
  now: readonly InterfaceStats[],
  before: readonly InterfaceStats[],
): Interface[] {
  return names.map((name, i) => {
    const since = (key: Exclude<keyof InterfaceStats, 'state' | 'method'>) =>
      (now[i]?.[key] ?? 0) - (before[i]?.[key] ?? 0);
    const state = now[i]?.state ?? 'file';
    return {
      name,
      state: state === 'file' ? null : state,
      timestamps: liveTimestamps(since),
      kernelPackets: since('kernelPackets'),
      kernelDrops: since('kernelDrops'),
      kernelFreezes: since('kernelFreezes'),
      nicMissed: since('nicMissed'),
      nicDropped: since('nicDropped'),
      nicErrors: since('nicErrors'),
      captureOutages: since('captureOutages'),
      captureOutageMs: since('captureOutageMs'),
      timeSwitches: since('timeSwitches'),
    };
  });
}
