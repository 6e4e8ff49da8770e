// The summary of the capture: what became of every packet, and how far the other
// numbers can be trusted.
import type { CounterValues } from '../native/block.js';
import { type CounterName, counters } from '../native/counters.gen.js';
import type { CaptureMethod, CaptureState, InterfaceStats } from '../native/engine.js';
import { shedAdmittedShares, shedKeptShares } from '../native/record.gen.js';
import { interfaceParts, liveTimestamps } from './build-interfaces.js';
import type { SummaryContext } from './context.js';
import { formatTime, rounded, type WindowBounds } from './format.js';
import type { CaptureSummary } from './schema.js';
import { SCHEMA_VERSION } from './version.js';

type Group = 'used' | 'pending' | 'reasons' | 'kernel' | 'events';
const GROUP_OF = {
  total: null,
  used: 'used',
  pending: 'pending',
  reason: 'reasons',
  kernel: 'kernel',
  event: 'events',
  gauge: null,
} as const;

/** How the capture is while a window is told. */
export interface CaptureCondition {
  /** Load of the capture thread, 0..1; null for files. */
  workerLoad: number | null;
  state: CaptureState;
  method: CaptureMethod;
  /** Of each network interface, totals since start; none for files. */
  interfaces: readonly InterfaceStats[];
}

/** That of capture files. */
export const OF_FILES: CaptureCondition = {
  workerLoad: null,
  state: 'file',
  method: 'file',
  interfaces: [],
};

/**
 * The probe's own truth for one window: what became of every packet.
 * @param now totals at the end of the window
 * @param before totals at the end of the window before; null for the first
 * @param interfacesBefore those of the condition when the window before was told; none before the first
 */
export function captureSummary(
  now: CounterValues,
  before: CounterValues | null,
  window: WindowBounds & { partial: boolean; gapBefore: boolean },
  { workerLoad, state, method, interfaces }: CaptureCondition,
  context: SummaryContext,
  interfacesBefore: readonly InterfaceStats[] = [],
): CaptureSummary {
  const groups: Record<Group, Record<string, number>> = {
    used: {},
    pending: {},
    reasons: {},
    kernel: {},
    events: {},
  };
  const since = (name: CounterName) => now[name] - (before?.[name] ?? 0);
  for (const { name, fate } of counters) {
    const group = GROUP_OF[fate];
    if (group === null) continue;
    const value = group === 'pending' ? now[name] : since(name);
    if (value !== 0 || group === 'used' || group === 'kernel') groups[group][name] = value;
  }
  return {
    kind: 'capture',
    schema: SCHEMA_VERSION,
    id: `${context.probe}/capture/${context.session ?? 'files'}/${window.windowStartNs / 1_000_000n}`,
    probe: context.probe,
    windowStart: formatTime(window.windowStartNs),
    windowEnd: formatTime(window.windowEndNs),
    partial: window.partial,
    blocksMissing: window.gapBefore,
    packets: since('packets'),
    ...groups,
    confidence: confidencePart(since),
    state: state === 'file' ? null : state,
    method: method === 'file' ? null : method,
    timestamps: state === 'file' ? 'file' : liveTimestamps(since),
    overload: overloadPart(now, since),
    interfaces: interfaceParts(context.interfaces, interfaces, interfacesBefore),
    streamsActive: now.streamsActive,
    workerLoad: workerLoad === null ? null : rounded(workerLoad, 4),
  };
}

function overloadPart(
  { shedLevel, shedSinceMs }: CounterValues,
  since: (name: CounterName) => number,
): CaptureSummary['overload'] {
  const packetsShed = since('shed');
  if (shedLevel === 0 && packetsShed === 0) return null;
  return {
    level: shedLevel,
    admittedShare: shedAdmittedShares[shedLevel] ?? 0,
    keptShare: shedKeptShares[shedLevel] ?? 0,
    since: shedSinceMs === 0 ? null : formatTime(BigInt(shedSinceMs) * 1_000_000n),
    packetsShed,
    streamsShed: since('streamsShed'),
  };
}

/** From this share of missing packets on, loss and everything made of it means little. */
const POOR_FROM = 0.001;

type Confidence = CaptureSummary['confidence'];

function confidencePart(since: (name: CounterName) => number): Confidence {
  const figures = {
    kernelDrops: since('kernelDrops'),
    freezes: since('kernelFreezes'),
    softnetDrops: since('softnetDrops'),
    nicMissed: since('nicMissed'),
    suspectedCaptureLoss: since('suspectedCaptureLoss'),
    commonGaps: since('commonGaps'),
    commonGapMs: since('commonGapMs'),
    clockSteps: since('clockSteps'),
    hostClockSteps: since('hostClockSteps'),
    captureOutages: since('captureOutages'),
    captureOutageMs: since('captureOutageMs'),
    timeSwitches: since('timeSwitches'),
  };
  const { kernelDrops, softnetDrops, nicMissed, suspectedCaptureLoss } = figures;
  // They may tell of the same packets, so they are not added up.
  const missing = Math.max(kernelDrops, softnetDrops, nicMissed, suspectedCaptureLoss);
  const all = since('packets') + missing;
  const missingShare = all > 0 ? missing / all : 0;
  const isClean = Object.values(figures).every((value) => value === 0);
  const level = missingShare >= POOR_FROM ? 'poor' : isClean ? 'full' : 'reduced';
  return { level, ...figures, missingShare: rounded(missingShare, 8), text: confidenceText(level, figures) };
}

const CAUSES = {
  kernelDrops: 'packets dropped as the ring was full',
  freezes: 'freezes of the ring',
  softnetDrops: 'packets dropped by the kernel before any socket',
  nicMissed: 'packets missed by the network interface',
  suspectedCaptureLoss: 'packets found missing that the capture seems to have lost',
  commonGaps: 'gaps of nearly all paths at once',
  clockSteps: 'steps back of the capture clock',
  hostClockSteps: 'steps of the clock of this machine',
  captureOutages: 'outages of the network interface',
  captureOutageMs: 'ms without capture',
  timeSwitches: 'changes of who gives the time stamps',
} as const;

function confidenceText(
  level: Confidence['level'],
  figures: Readonly<Record<keyof typeof CAUSES, number>>,
): string {
  if (level === 'full') return 'Nothing points to packets that the capture missed.';
  const causes = (Object.keys(CAUSES) as (keyof typeof CAUSES)[])
    .filter((name) => figures[name] > 0)
    .map((name) => `${figures[name]} ${CAUSES[name]}`);
  const meaning =
    level === 'poor' ? 'part of the loss told is not in the network' : 'loss may be told that is none';
  return `${causes.join(', ')}: ${meaning}.`;
}
