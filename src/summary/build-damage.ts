// The verdict on where packets were lost: before the tap, after it, or in the capture.
import type { RecordView, ReportView } from '../native/record.gen.js';
import { rounded } from './format.js';
import type { StreamSummary } from './schema.js';

type Damage = StreamSummary['damage'];
type Side = Damage['side'];

/** From here on a side counts as damaged; below it is noise of reports that lie a packet apart. */
export const DAMAGE_FROM = { packets: 2, ratio: 0.001 };

const isDamage = (lost: number, of: number) => lost >= DAMAGE_FROM.packets && lost >= DAMAGE_FROM.ratio * of;

function sideOf(upstream: boolean, downstream: boolean, capture: boolean): Side {
  if (upstream) return downstream ? 'both' : 'upstream';
  if (downstream) return 'downstream';
  return capture ? 'capture' : 'none';
}

const packets = (n: number) => `${n} packet${n === 1 ? '' : 's'}`;

function amount(lost: number, of: number): string {
  return of > 0 ? `${packets(lost)} of ${of} (${((lost / of) * 100).toFixed(2)} %)` : packets(lost);
}

function sentence(side: Side, basis: Damage['basis'], upstream: number, downstream: number, of: number) {
  if (basis === 'tap') {
    const unseen = 'what was lost after it, only receiver reports could tell';
    if (side === 'upstream') return `${amount(upstream, of)} lost before the tap; ${unseen}.`;
    return `No loss to speak of before the tap; ${unseen}.`;
  }
  switch (side) {
    case 'upstream':
      return `${amount(upstream, of)} lost before the tap, none to speak of after it.`;
    case 'downstream':
      return `${amount(downstream, of)} lost after the tap, none to speak of before it.`;
    case 'both':
      return `${amount(upstream, of)} lost before the tap, and ${packets(downstream)} after it.`;
    default:
      return 'No loss to speak of on either side of the tap.';
  }
}

const captureSentence = (n: number) =>
  n > 0 ? ` The capture itself is suspected to have missed ${packets(n)}.` : '';

export function damagePart(record: RecordView, report: ReportView | null): Damage {
  const { clockRate } = record;
  const withReports = report !== null && report.sideIntervals > 0;
  const seen = Math.max(0, withReports ? report.upstreamLost : record.lost);
  // What the receiver got and the tap did not see is no loss of the network. A receiver that
  // gets copies reports too little lost as well, so it is at most what the tap misses.
  const missed = withReports ? Math.max(report.captureMissed, -report.downstreamLost) : 0;
  const captureSuspected = Math.round(Math.max(0, Math.min(seen, Math.max(missed, record.captureLost))));
  const expected = Math.max(0, withReports ? report.sideExpected : record.expected);
  const upstreamLost = seen - captureSuspected;
  const downstreamLost = withReports ? report.downstreamLost : Number.NaN;
  const basis = withReports ? 'rtcp' : 'tap';
  const found = sideOf(
    isDamage(upstreamLost, expected),
    isDamage(downstreamLost, expected),
    isDamage(captureSuspected, expected),
  );
  const side = basis === 'tap' && found === 'none' ? 'upstream-only-known' : found;
  const far = report === null || clockRate === 0 ? Number.NaN : report.reportedJitterMeanTicks;
  return {
    side,
    basis,
    expected,
    upstreamLost: rounded(upstreamLost, 0),
    downstreamLost: rounded(downstreamLost, 0),
    captureSuspected,
    farJitterMs: rounded((far * 1000) / clockRate, 6),
    nearJitterMs: rounded(record.jitterMeanMs, 6),
    text:
      sentence(side, basis, upstreamLost, Math.max(0, downstreamLost), expected) +
      captureSentence(captureSuspected),
  };
}
