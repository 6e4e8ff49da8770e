// What collectors of metrics get of the windows of streams: each measure with
// its names, unit and source, once for Prometheus and OpenTelemetry.
import type { WindowSummary } from '../../summary/schema.js';

interface Measure {
  /** Name for Prometheus, behind `rtpsonde_`; a counter gets `_total` at its end. */
  prometheus: string;
  /** Unit as Prometheus names it; the name ends with it. Empty for a plain number. */
  unit: string;
  /** Name for OpenTelemetry. */
  otel: string;
  /** Unit for OpenTelemetry (UCUM). */
  ucum: string;
  /** One sentence, with the field of the summary. */
  help: string;
}

/** A distribution: each window of each stream is one observation. */
export interface Distribution extends Measure {
  /** Upper bounds of the buckets, inclusive, ascending; one more bucket is open. */
  bounds: readonly number[];
  /** Null when unknown: then the window is not counted in it. */
  of(window: WindowSummary): number | null;
}

/** A sum over the windows of all streams. */
export interface Total extends Measure {
  of(window: WindowSummary): number;
}

/** Limits of the classes of user satisfaction (G.107 Table B.1) and steps between. */
const MOS_BOUNDS = [1.5, 2.0, 2.58, 3.1, 3.6, 4.03, 4.34];
const LOSS_BOUNDS = [0.0, 0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2];
const JITTER_BOUNDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2];

export const distributions: readonly Distribution[] = [
  {
    prometheus: 'window_mos_cq',
    unit: '',
    otel: 'rtp.mos.cq',
    ucum: '1',
    help: 'MOS-CQ of stream windows, conversational quality by the E-model, on the scale named (mos.cq)',
    bounds: MOS_BOUNDS,
    of: ({ mos }) => mos.cq,
  },
  {
    prometheus: 'window_mos_lq',
    unit: '',
    otel: 'rtp.mos.lq',
    ucum: '1',
    help: 'MOS-LQ of stream windows, listening quality by the E-model, on the scale named (mos.lq)',
    bounds: MOS_BOUNDS,
    of: ({ mos }) => mos.lq,
  },
  {
    prometheus: 'window_network_loss_ratio',
    unit: 'ratio',
    otel: 'rtp.network_loss.ratio',
    ucum: '1',
    help: 'Loss in the network before the tap, of stream windows (networkLoss.ratio)',
    bounds: LOSS_BOUNDS,
    of: ({ networkLoss }) => networkLoss.ratio,
  },
  {
    prometheus: 'window_jitter_seconds',
    unit: 'seconds',
    otel: 'rtp.jitter',
    ucum: 's',
    help: 'Mean interarrival jitter of stream windows, RFC 3550 A.8 (jitterMs.mean)',
    bounds: JITTER_BOUNDS,
    of: ({ jitterMs }) => (jitterMs.mean === null ? null : jitterMs.mean / 1000),
  },
];

export const totals: readonly Total[] = [
  {
    prometheus: 'rtp_packets',
    unit: '',
    otel: 'rtp.packets',
    ucum: '{packet}',
    help: 'RTP packets seen at the tap, duplicates included (packets)',
    of: ({ packets }) => packets,
  },
  {
    prometheus: 'rtp_packets_expected',
    unit: '',
    otel: 'rtp.packets.expected',
    ucum: '{packet}',
    help: 'RTP packets expected by sequence numbers (expected)',
    of: ({ expected }) => expected,
  },
  {
    prometheus: 'rtp_packets_lost',
    unit: '',
    otel: 'rtp.packets.lost',
    ucum: '{packet}',
    help: 'RTP packets missing at the tap (lost)',
    of: ({ lost }) => lost,
  },
  {
    prometheus: 'rtp_packets_recovered',
    unit: '',
    otel: 'rtp.packets.recovered',
    ucum: '{packet}',
    help: 'Losses of earlier windows that are taken back, as the packets came late (recovered)',
    of: ({ recovered }) => recovered,
  },
  {
    prometheus: 'rtp_packets_capture_lost',
    unit: '',
    otel: 'rtp.packets.capture_lost',
    ucum: '{packet}',
    help: 'Of the lost: packets that the capture itself is suspected to have missed (captureLost)',
    of: ({ captureLost }) => captureLost,
  },
  {
    prometheus: 'one_way_audio_windows',
    unit: '',
    otel: 'rtp.windows.one_way_audio',
    ucum: '{window}',
    help: 'Stream windows that look like one-way audio (oneWayAudio)',
    of: ({ oneWayAudio }) => (oneWayAudio === true ? 1 : 0),
  },
];

/** Stream windows by rating; the rating is a label of its own. */
export const ratedWindows: Measure = {
  prometheus: 'stream_windows',
  unit: '',
  otel: 'rtp.windows',
  ucum: '{window}',
  help: 'Stream windows by rating of MOS-CQ (mos.rating); none: without a MOS',
};

/** `none` for a window without a MOS. */
export const RATINGS = ['excellent', 'good', 'fair', 'poor', 'bad', 'none'] as const;

/** Index of the rating of a window. */
export function ratingIndex({ mos }: WindowSummary): number {
  return RATINGS.indexOf(mos.rating ?? 'none');
}
