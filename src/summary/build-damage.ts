// The verdict on where packets were lost: before the tap, after it, or in the capture.
import type { RecordView, ReportView } from '../native/record.gen.js';
import { jsonKeys } from './json-text.js';
import type { StreamSummary } from './schema.js';
import type { SummaryWriter } from './summary-writer.js';

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

const captureSentence = (n: number) => ` The capture itself is suspected to have missed ${packets(n)}.`;

/**
 * Receivers count copies as received (RFC 3550 A.3). Those that passed the tap explain as much of a negative figure;
 * a positive one is left as it is, as not every receiver does so.
 */
function withoutCopies({ downstreamLost, sideTapDuplicates }: ReportView): number {
  return downstreamLost < 0 ? Math.min(0, downstreamLost + sideTapDuplicates) : downstreamLost;
}

/** Where packets were lost, and how many. */
export interface DamageFigures {
  side: Side;
  basis: Damage['basis'];
  /** Packets that loss is counted of. */
  expected: number;
  upstreamLost: number;
  /** NaN when not known. */
  downstreamLost: number;
  captureSuspected: number;
}

export function damageOf(record: RecordView, report: ReportView | null): DamageFigures {
  const withReports = report !== null && report.sideIntervals > 0;
  const expected = Math.max(0, withReports ? report.sideExpected : record.expected);
  const unseen = Math.max(0, withReports ? report.upstreamLost : record.lost);
  // What the receiver got and the tap did not see is no loss of the network. What lies
  // outside of the reports may hold all else that the capture is suspected to have missed.
  const missed = withReports ? report.captureMissed : 0;
  const within = record.captureLost - Math.max(0, record.lost - unseen);
  const captureSuspected = Math.round(Math.min(unseen, Math.max(missed, within, 0)));
  const upstreamLost = unseen - captureSuspected;
  const downstreamLost = withReports ? withoutCopies(report) : Number.NaN;
  const found = sideOf(
    isDamage(upstreamLost, expected),
    isDamage(downstreamLost, expected),
    isDamage(captureSuspected, expected),
  );
  return {
    side: !withReports && found === 'none' ? 'upstream-only-known' : found,
    basis: withReports ? 'rtcp' : 'tap',
    expected,
    upstreamLost,
    downstreamLost,
    captureSuspected,
  };
}

const keys = jsonKeys<'damage' | keyof Damage>(
  'damage',
  'side',
  'basis',
  'expected',
  'upstreamLost',
  'downstreamLost',
  'captureSuspected',
  'farJitterMs',
  'nearJitterMs',
  'text',
);

export function writeDamage(out: SummaryWriter, record: RecordView, report: ReportView | null): void {
  const { side, basis, expected, upstreamLost, downstreamLost, captureSuspected } = damageOf(record, report);
  const { clockRate } = record;
  const far = report === null || clockRate === 0 ? Number.NaN : report.reportedJitterMeanTicks;
  out.open(keys.damage);
  out.string(keys.side, side);
  out.string(keys.basis, basis);
  out.number(keys.expected, expected);
  out.fixed(keys.upstreamLost, upstreamLost, 0);
  out.fixed(keys.downstreamLost, downstreamLost, 0);
  out.number(keys.captureSuspected, captureSuspected);
  out.fixed(keys.farJitterMs, (far * 1000) / clockRate, 6);
  out.fixed(keys.nearJitterMs, record.jitterMeanMs, 6);
  const said = sentence(side, basis, upstreamLost, Math.max(0, downstreamLost), expected);
  out.string(keys.text, captureSuspected > 0 ? said + captureSentence(captureSuspected) : said);
  out.close();
}
