// The timeline of one stream: a row a window, with a bar for what was lost or
// discarded and words for what happened.
import type { WindowSummary } from '../summary/schema.js';
import { fixed } from './story-words.js';

/** Percent of lost and discarded packets from which on the bar gets another mark. */
const MARKS = [0.05, 0.3, 1, 2, 5, 10, 20, 50];

function usedProfile(window: WindowSummary) {
  return window.playout?.profiles.find(({ usedByQuality }) => usedByQuality) ?? null;
}

/** Lost and discarded packets in percent; null when nothing was expected. */
function badPercent(window: WindowSummary): number | null {
  const { lossRatio } = window;
  return lossRatio === null ? null : 100 * (lossRatio + (usedProfile(window)?.discardRatio ?? 0));
}

const bar = (percent: number | null) =>
  '#'.repeat(percent === null ? 0 : MARKS.filter((from) => percent >= from).length).padEnd(MARKS.length);

const times = (count: number, what: string) =>
  count === 0 ? [] : [count === 1 ? what : `${count} x ${what}`];

/** What happened in a window, in words. */
export function eventsOf(window: WindowSummary, before: WindowSummary | null): string[] {
  const changed = <T>(name: string, now: T, then: T | undefined) =>
    before === null || now === then ? [] : [`${name} ${then ?? 'none'} -> ${now ?? 'none'}`];
  return [
    ...(before === null && window.previousStreamId !== null
      ? [`new SSRC after stream ${window.previousStreamId}`]
      : []),
    ...times(window.restarts, 'restart'),
    ...times(window.stalls, 'stall'),
    ...changed('payload type', window.payloadType, before?.payloadType),
    ...changed('DSCP', window.dscp, before?.dscp),
    ...changed('VLAN', window.vlan, before?.vlan),
    ...times(window.timestampJumps, 'timestamp jump'),
    ...times(window.dtxResumptions, 'talk spurt'),
    ...(window.comfortNoisePackets > 0 ? [`comfort noise ${window.comfortNoisePackets}`] : []),
    ...(window.telephoneEventPackets > 0 ? [`telephone events ${window.telephoneEventPackets}`] : []),
    ...(window.reordered > 0 ? [`reordered ${window.reordered}`] : []),
    ...(window.duplicates > 0 ? [`duplicates ${window.duplicates}`] : []),
    ...(window.spanCopies.count > 0 ? [`SPAN copies ${window.spanCopies.count}`] : []),
    ...(window.recovered > 0 ? [`${window.recovered} losses taken back`] : []),
    ...(window.captureLost > 0 ? [`${window.captureLost} perhaps lost by the capture`] : []),
    ...(window.oneWayAudio === true && before?.oneWayAudio !== true ? ['one-way audio from here on'] : []),
    ...(window.oneWayAudio !== true && before?.oneWayAudio === true ? ['heard both ways again'] : []),
    ...(window.ssrcCollision ? ['SSRC collision'] : []),
    ...(window.rtcp?.bye ? ['BYE'] : []),
  ];
}

const HEAD = ['time', 'packets', 'loss %', 'disc %', '', 'jitter ms', 'PDV p95', 'MOS', 'what happened'];
const LEFT = new Set(['time', '', 'what happened']);

function cellsOf(window: WindowSummary, before: WindowSummary | null): string[] {
  const { lossRatio, mos } = window;
  const discards = usedProfile(window)?.discardRatio ?? null;
  return [
    window.windowStart.slice(11, window.windowStart.endsWith('.000000000Z') ? 19 : 23),
    `${window.packets}`,
    fixed(lossRatio === null ? null : lossRatio * 100, 2),
    fixed(discards === null ? null : discards * 100, 2),
    bar(badPercent(window)),
    fixed(window.jitterMs.mean, 2),
    fixed(window.delayVariationMs.pdvP95, 1),
    mos.cq === null ? '-' : mos.cq.toFixed(2),
    eventsOf(window, before).join(', '),
  ];
}

/** A row for a stretch without packets. */
function pauseOf(window: WindowSummary, before: WindowSummary | null): string[] | null {
  if (before === null) return null;
  const ms = Date.parse(window.windowStart) - Date.parse(before.windowEnd);
  return ms > 0 ? ['...', '', '', '', '', '', '', '', `nothing for ${(ms / 1000).toFixed(1)} s`] : null;
}

/** The rows, with a head. */
export function timeline(windows: readonly WindowSummary[]): string[] {
  const rows: string[][] = [HEAD];
  for (const [i, window] of windows.entries()) {
    const before = windows[i - 1] ?? null;
    const pause = pauseOf(window, before);
    if (pause !== null) rows.push(pause);
    rows.push(cellsOf(window, before));
  }
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (LEFT.has(HEAD[i]!) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}
