// From a record of the engine, and what stands beside it, to a summary. Each topic
// has its own build-*.ts.
import type { RecordView } from '../native/record.gen.js';
import { DirectedStream } from '../windows/directed-stream.js';
import { Pair } from '../windows/pair.js';
import { damagePart } from './build-damage.js';
import { delayPart } from './build-delay.js';
import { directionPart, legDelays, legsPart } from './build-legs.js';
import { lossPart, networkLossOf } from './build-loss.js';
import { mosPart } from './build-quality.js';
import { endpointPart, rtcpPart } from './build-rtcp.js';
import { basicsOf, measuredFields } from './build-stream.js';
import type { SummaryContext } from './context.js';
import { formatTime, type WindowBounds } from './format.js';
import type { Joined } from './joined.js';
import type { StreamSummary, WindowSummary } from './schema.js';

const END_REASONS = ['stopped', 'idle', 'end-of-capture', 'evicted', 'stopped'] as const;

/** A record of which neither RTCP nor another stream says anything. */
const ALONE: Joined = {
  report: null,
  direction: new DirectedStream(0, 0, 0, Number.NaN, 0, new Pair(0, 0, null), true),
};

/** @param windowMs width of the window; of no matter for a whole stream */
function measuredOf<Kind extends string>(
  kind: Kind,
  idSuffix: string,
  record: RecordView,
  context: SummaryContext,
  joined: Joined,
  windowMs: number,
) {
  const basics = basicsOf(record, context);
  const legs = legDelays(record, joined);
  const network = networkLossOf(record, joined.report);
  return measuredFields(record, basics, {
    kind,
    probe: context.probe,
    idSuffix,
    loss: lossPart(record, network, basics.packetTimeMs, context),
    damage: damagePart(record, joined.report),
    delay: delayPart(record, network, context),
    legs: legsPart(record, joined, legs),
    rtcp: rtcpPart(record, joined.report),
    endpoint: endpointPart(joined.report),
    direction: directionPart(record, joined),
    mos: mosPart(record, network, basics, legs, windowMs, context),
  });
}

export function windowSummary(
  record: RecordView,
  window: WindowBounds,
  context: SummaryContext,
  joined: Joined = ALONE,
): WindowSummary {
  const windowMs = Number(window.windowEndNs - window.windowStartNs) / 1e6;
  const suffix = `/${window.windowStartNs / 1_000_000n}`;
  // The spread stands first, which keeps it cheap.
  return {
    ...measuredOf('window', suffix, record, context, joined, windowMs),
    windowStart: formatTime(window.windowStartNs),
    windowEnd: formatTime(window.windowEndNs),
    recovered: record.recovered,
  };
}

export function streamSummary(
  record: RecordView,
  context: SummaryContext,
  joined: Joined = ALONE,
): StreamSummary {
  return {
    ...measuredOf('stream', '', record, context, joined, Number.NaN),
    endReason: END_REASONS[record.endReason] ?? 'stopped',
  };
}
