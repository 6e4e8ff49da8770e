// As much of a summary as a table shows, straight from a record.
import { KIND_STREAM } from '../native/block.js';
import type { RecordView } from '../native/record.gen.js';
import { damageOf } from './build-damage.js';
import { legsOf } from './build-legs.js';
import { networkLossOf } from './build-loss.js';
import { ratingOf } from './build-quality.js';
import { basicsOf, durationMsOf } from './build-stream.js';
import type { SummaryContext } from './context.js';
import {
  formatAddress,
  formatTime,
  hexSsrc,
  hexStreamId,
  ratioOf,
  rounded,
  type WindowBounds,
} from './format.js';
import type { Joined } from './joined.js';
import type { StreamSummary } from './schema.js';

type Same = Pick<
  StreamSummary,
  | 'streamId'
  | 'ssrc'
  | 'src'
  | 'srcPort'
  | 'dst'
  | 'dstPort'
  | 'payloadType'
  | 'codec'
  | 'clockRate'
  | 'durationMs'
  | 'packets'
  | 'lost'
  | 'lossRatio'
  | 'duplicates'
  | 'reordered'
>;

/** Every summary of a stream or window is one; fields mean what they mean there. */
export interface StreamRow extends Same {
  /** Start of the window; a whole stream has none. */
  windowStart?: string;
  lossRuns: Pick<StreamSummary['lossRuns'], 'count'>;
  jitterMs: Pick<StreamSummary['jitterMs'], 'mean' | 'max'>;
  deltaMs: Pick<StreamSummary['deltaMs'], 'max'>;
  damage: Pick<StreamSummary['damage'], 'side' | 'basis'>;
  mos: Pick<StreamSummary['mos'], 'cq' | 'scale' | 'rating'>;
}

export function streamRow(
  record: RecordView,
  joined: Joined,
  window: WindowBounds,
  context: SummaryContext,
): StreamRow {
  const { clockRate, lost, expected } = record;
  const isWindow = record.kind !== KIND_STREAM;
  const windowMs = isWindow ? Number(window.windowEndNs - window.windowStartNs) / 1e6 : Number.NaN;
  const basics = basicsOf(record, context);
  const network = networkLossOf(record, joined.report);
  const { cq, scale, rating } = ratingOf(record, network, basics, legsOf(record, joined), windowMs, context);
  return {
    streamId: hexStreamId(record),
    ssrc: hexSsrc(record.ssrc),
    src: formatAddress(record.src, record.ipVersion),
    srcPort: record.srcPort,
    dst: formatAddress(record.dst, record.ipVersion),
    dstPort: record.dstPort,
    payloadType: record.payloadType,
    codec: basics.codec,
    clockRate: clockRate > 0 ? clockRate : null,
    durationMs: durationMsOf(record),
    packets: record.packets,
    lost,
    lossRatio: rounded(ratioOf(lost, expected), 8),
    duplicates: record.duplicates,
    reordered: record.reordered,
    lossRuns: { count: record.lossRuns },
    jitterMs: { mean: rounded(record.jitterMeanMs, 6), max: rounded(record.jitterMaxMs, 6) },
    deltaMs: { max: rounded(record.deltaMaxMs, 6) },
    damage: damageOf(record, joined.report),
    mos: { cq: rounded(cq ?? Number.NaN, 3), scale, rating },
    ...(isWindow && { windowStart: formatTime(window.windowStartNs) }),
  };
}
