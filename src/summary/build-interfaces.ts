// What a capture summary says of each network interface.
import type { InterfaceStats } from '../native/engine.js';
import type { CaptureSummary } from './schema.js';

type Interface = CaptureSummary['interfaces'][number];

/** Who gave packets their time; null without packets. */
export function liveTimestamps(hardware: number, kernel: number): Interface['timestamps'] {
  if (hardware > 0) return kernel > 0 ? 'mixed' : 'hardware';
  return kernel > 0 ? 'kernel' : null;
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
    const since = (key: Exclude<keyof InterfaceStats, 'state'>) =>
      (now[i]?.[key] ?? 0) - (before[i]?.[key] ?? 0);
    const state = now[i]?.state ?? 'file';
    return {
      name,
      state: state === 'file' ? null : state,
      timestamps: liveTimestamps(since('hardwareTimes'), since('kernelTimes')),
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
