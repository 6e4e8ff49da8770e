// What the endpoint tells, as families of metrics: the probe's own, then quality
// by group, the latest window, and single streams where they are asked for.
import type { MetricsSnapshot } from '../../ops/metrics.js';
import { CONFIDENCE_LEVELS } from '../../summary/names.js';
import type { CaptureSummary } from '../../summary/schema.js';
import type { Group, Groups } from '../groups/groups.js';
import type { Histogram } from '../groups/histogram.js';
import { distributions, RATINGS, ratedWindows, totals } from '../groups/measures.js';
import type { StreamFigures, WindowFigures } from './latest.js';
import { boundText, type Family, type Sample } from './text.js';

const PREFIX = 'rtpsonde_';

/** Samples that are made at a stretch. */
const PIECE = 64;

export interface Told {
  version: string;
  /** Of the probe itself; empty where there is none. */
  metrics: MetricsSnapshot;
  groups: Groups;
  latest: WindowFigures | null;
  capture: CaptureSummary | null;
  /** Whether single streams are asked for. */
  streams: boolean;
}

export function* families(told: Told): Generator<Family> {
  yield gauge('build_info', 'Version of rtpsonde', [{ labels: { version: told.version }, value: 1 }]);
  yield* probeFamilies(told.metrics);
  yield* groupFamilies(told.groups);
  if (told.capture !== null) yield* captureFamilies(told.capture);
  if (told.latest === null) return;
  yield gauge(
    'window_streams',
    'Streams of the latest window by rating of MOS-CQ',
    ratedStreams(told.latest),
  );
  if (told.streams) yield* streamFamilies(told.latest);
}

/** The metrics of the probe, as they are in the log, with the prefix. */
function* probeFamilies(metrics: MetricsSnapshot): Generator<Family> {
  for (const [name, { kind, unit, help, series }] of Object.entries(metrics)) {
    const samples = series.flatMap(({ labels, value }) => known(labels, value));
    if (samples.length === 0) continue;
    yield { name: PREFIX + name.replace(/_total$/, ''), kind, unit, help, pieces: [samples] };
  }
}

function* groupFamilies(groups: Groups): Generator<Family> {
  yield {
    name: `${PREFIX}${ratedWindows.prometheus}`,
    kind: 'counter',
    help: ratedWindows.help,
    unit: '',
    pieces: pieces(groups.all(), ({ key, ratings }) =>
      RATINGS.map((rating, i) => ({ labels: key, extra: ['rating', rating], value: ratings[i] ?? 0 })),
    ),
  };
  for (const [i, { prometheus, help, unit }] of totals.entries())
    yield {
      name: PREFIX + prometheus,
      kind: 'counter',
      help,
      unit,
      pieces: pieces(groups.all(), ({ key, totals: values }) => [{ labels: key, value: values[i] ?? 0 }]),
    };
  for (const [i, { prometheus, help, unit }] of distributions.entries())
    yield {
      name: PREFIX + prometheus,
      kind: 'histogram',
      help,
      unit,
      pieces: pieces(groups.all(), ({ key, histograms }) => bucketSamples(key, histograms[i])),
    };
  yield {
    name: `${PREFIX}windows_in_other_group`,
    kind: 'counter',
    help: 'Stream windows told as group `other`, since there were more groups than maxGroups',
    unit: '',
    pieces: [[{ labels: {}, value: groups.windowsInOther }]],
  };
}

function bucketSamples(key: Group['key'], histogram: Histogram | undefined): Sample[] {
  if (histogram === undefined || histogram.count === 0) return [];
  let below = 0;
  const buckets = histogram.counts.map((count, i): Sample => {
    const bound = histogram.bounds[i];
    const exemplar = histogram.exemplars[i] ?? null;
    below += count;
    return {
      suffix: '_bucket',
      labels: key,
      extra: ['le', bound === undefined ? '+Inf' : boundText(bound)],
      value: below,
      exemplar: exemplar && { ...exemplar, labels: { stream_id: exemplar.streamId } },
    };
  });
  return [
    ...buckets,
    { suffix: '_sum', labels: key, value: histogram.sum },
    { suffix: '_count', labels: key, value: histogram.count },
  ];
}

function* captureFamilies({ windowEnd, confidence }: CaptureSummary): Generator<Family> {
  const end = { labels: {}, value: Date.parse(windowEnd) / 1000 };
  const help = 'End of the latest window, packet time of the capture clock';
  yield { ...gauge('window_end_timestamp_seconds', help, [end]), unit: 'seconds' };
  yield gauge(
    'capture_confidence',
    'How far the numbers of the latest window can be trusted: 1 for the level that holds (confidence.level)',
    CONFIDENCE_LEVELS.map((level) => ({ labels: { level }, value: Number(level === confidence.level) })),
  );
}

function ratedStreams({ ratings }: WindowFigures): Sample[] {
  return [...ratings].flatMap(([{ key }, counts]) =>
    RATINGS.map((rating, i) => ({ labels: key, extra: ['rating', rating], value: counts[i] ?? 0 })),
  );
}

const streamGauges: readonly {
  name: string;
  unit: string;
  help: string;
  of(stream: StreamFigures): number | null;
}[] = [
  { name: 'stream_mos_cq', unit: '', help: 'MOS-CQ of a stream in the latest window', of: (s) => s.mosCq },
  {
    name: 'stream_network_loss_ratio',
    unit: 'ratio',
    help: 'Loss in the network before the tap, of a stream in the latest window',
    of: (s) => s.lossRatio,
  },
  {
    name: 'stream_jitter_seconds',
    unit: 'seconds',
    help: 'Mean interarrival jitter of a stream in the latest window',
    of: (s) => s.jitterSeconds,
  },
  {
    name: 'stream_packets',
    unit: '',
    help: 'Packets of a stream in the latest window',
    of: (s) => s.packets,
  },
];

function* streamFamilies({ streams, streamsLeftOut }: WindowFigures): Generator<Family> {
  for (const { name, unit, help, of } of streamGauges)
    yield {
      ...gauge(name, help, []),
      unit,
      pieces: pieces(streams, (stream) => known(stream.labels, of(stream))),
    };
  yield gauge('streams_left_out', 'Streams of the latest window that are not shown, by maxStreams', [
    { labels: {}, value: streamsLeftOut },
  ]);
}

/** The samples of several items, a piece for some of them. */
function* pieces<T>(items: readonly T[], of: (item: T) => readonly Sample[]): Generator<readonly Sample[]> {
  let piece: Sample[] = [];
  for (const item of items) {
    piece.push(...of(item));
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
  }
  yield piece;
}

/** Unknown values are left out. */
function known(labels: Sample['labels'], value: number | null): Sample[] {
  return value === null || Number.isNaN(value) ? [] : [{ labels, value }];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name: PREFIX + name, kind: 'gauge', help, unit: '', pieces: [samples] };
}
