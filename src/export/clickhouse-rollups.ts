// The roll-ups in ClickHouse: counts, sums and states of quantiles, which can be
// merged over any time and any probes. Never averages, which cannot.
import { columnsFor } from './columns.js';

const NOTICE = '-- Generated from src/export/clickhouse-rollups.ts by `npm run generate`. Do not edit.';

interface Rollup {
  name: string;
  source: 'windows' | 'captures';
  /** Start of the span of a row. */
  bucket: string;
  keptDays: number;
  /** What rows are kept apart by: name, type. */
  keys: readonly (readonly [string, string])[];
  /** Name, type, expression over the rows of the source, meaning. */
  values: readonly (readonly [name: string, type: string, expression: string, text: string])[];
}

const count = (name: string, expression: string, text: string) =>
  [name, 'SimpleAggregateFunction(sum, Int64)', `toInt64(${expression})`, text] as const;
const sum = (name: string, expression: string, text: string) =>
  [name, 'SimpleAggregateFunction(sum, Float64)', `sum(ifNull(${expression}, 0))`, text] as const;
const greatest = (name: string, expression: string, text: string) =>
  [name, 'SimpleAggregateFunction(max, Float64)', `max(ifNull(${expression}, 0))`, text] as const;
const quantiles = (name: string, expression: string, text: string) =>
  [
    name,
    'AggregateFunction(quantilesTDigest(0.05, 0.5, 0.95, 0.99), Nullable(Float64))',
    `quantilesTDigestState(0.05, 0.5, 0.95, 0.99)(${expression})`,
    text,
  ] as const;

/** One scale in a row, as mos_scale is among the keys. */
const MOS = 'coalesce(mos_cq_nb, mos_cq_wb, mos_cq_fb)';

const quality = {
  source: 'windows',
  keys: [
    ['probe', 'LowCardinality(String)'],
    ['interface', 'LowCardinality(Nullable(String))'],
    ['codec', 'LowCardinality(Nullable(String))'],
    ['mos_scale', 'LowCardinality(Nullable(String))'],
  ],
  values: [
    count('windows', 'count()', 'Windows of streams'),
    count('packets', 'sum(packets)', 'RTP packets seen at the tap'),
    count('octets', 'sum(octets)', 'RTP payload octets'),
    count('expected', 'sum(expected)', 'Packets expected'),
    count('lost', 'sum(lost)', 'Packets missing at the tap'),
    count('recovered', 'sum(recovered)', 'Of lost in earlier windows, taken back'),
    count('network_lost', 'sum(network_lost)', 'Lost before the tap, without what the capture lost'),
    count('capture_lost', 'sum(capture_lost)', 'Suspected to be lost by the capture'),
    count('downstream_lost', 'sum(ifNull(downstream_lost, 0))', 'Lost behind the tap, where RTCP told'),
    count(
      'damaged_windows',
      "countIf(damage_side NOT IN ('none', 'upstream-only-known'))",
      'Windows with loss on a known side',
    ),
    count('bad_windows', "countIf(mos_rating IN ('poor', 'bad'))", 'Windows rated poor or bad'),
    count('one_way_windows', 'countIf(one_way_audio = true)', 'Windows with one-way audio'),
    count('mos_windows', `count(${MOS})`, 'Windows with a MOS'),
    sum('mos_cq_sum', MOS, 'Sum of their MOS-CQ; divided by mos_windows the mean of the scale of the row'),
    count('jitter_windows', 'count(jitter_mean_ms)', 'Windows with a jitter'),
    sum('jitter_sum_ms', 'jitter_mean_ms', 'Sum of their mean jitters, ms'),
    greatest('jitter_max_ms', 'jitter_max_ms', 'Largest jitter, ms'),
    quantiles('mos_cq_quantiles', MOS, '5, 50, 95, 99 % of MOS-CQ over windows, of the scale of the row'),
    quantiles('jitter_quantiles_ms', 'jitter_mean_ms', '5, 50, 95, 99 % of the mean jitter over windows, ms'),
    quantiles(
      'loss_ratio_quantiles',
      'network_loss_ratio',
      '5, 50, 95, 99 % of the network loss over windows, 0..1',
    ),
    [
      'pdv_histogram',
      'AggregateFunction(sumForEach, Array(Int64))',
      "sumForEachState(JSONExtract(pdv_histogram, 'Array(Int64)'))",
      'Packets by delay variation; bins as in docs/summary.md',
    ],
  ],
} as const;

const health = {
  source: 'captures',
  keys: [['probe', 'LowCardinality(String)']],
  values: [
    count('windows', 'count()', 'Windows of the capture'),
    count('packets', 'sum(packets)', 'Packets delivered by the source'),
    count('kernel_drops', 'sum(kernel_drops)', 'Packets that the kernel dropped'),
    count('nic_missed', 'sum(nic_missed)', 'Packets that the network card had no room for'),
    count(
      'suspected_capture_loss',
      'sum(suspected_capture_loss)',
      'Packets that the capture is suspected to have lost',
    ),
    count(
      'packets_shed',
      'sum(ifNull(packets_shed, 0))',
      'Packets not measured, as the probe could not keep up',
    ),
    count('capture_outage_ms', 'sum(capture_outage_ms)', 'How long nothing could be captured, ms'),
    count('reduced_windows', "countIf(confidence = 'reduced')", 'Windows of reduced confidence'),
    count('poor_windows', "countIf(confidence = 'poor')", 'Windows of poor confidence'),
    count('missing_windows', 'countIf(blocks_missing)', 'Windows before which some were discarded'),
    greatest('missing_share_max', 'missing_share', 'Largest share of missing packets, 0..1'),
    greatest('worker_load_max', 'worker_load', 'Largest share of a core used by a worker'),
    greatest('streams_active_max', 'streams_active', 'Most streams at the end of a window'),
  ],
} as const;

const rollups: readonly Rollup[] = [
  { name: 'quality_1m', bucket: 'toStartOfMinute', keptDays: 90, ...quality },
  { name: 'quality_1h', bucket: 'toStartOfHour', keptDays: 730, ...quality },
  { name: 'health_1h', bucket: 'toStartOfHour', keptDays: 730, ...health },
];

/** deploy/clickhouse/02-rollups.sql */
export function rollupsSql(): string {
  return `${NOTICE}
-- Filled as rows are inserted. Counts add up: sum(lost) / sum(expected), sum(mos_cq_sum) / sum(mos_windows);
-- quantiles merge: quantilesTDigestMerge(0.05, 0.5, 0.95, 0.99)(mos_cq_quantiles). MOS of different mos_scale never.
-- A block that is inserted twice with the same token counts once. A summary that comes again in another block counts
-- again here (in the *_unique views it does not): rebuild-rollups.sql makes a day anew from the tables.

${rollups.map(rollupSql).join('\n')}`;
}

function rollupSql(rollup: Rollup): string {
  const { name, source, keptDays, keys, values } = rollup;
  const columns = [
    "    bucket DateTime('UTC') COMMENT 'Start of the span'",
    ...keys.map(([key, type]) => `    ${key} ${type}`),
    ...values.map(([value, type, , text]) => `    ${value} ${type} COMMENT '${text}'`),
  ];
  return `CREATE TABLE IF NOT EXISTS rtpsonde.${name}
(
${columns.join(',\n')}
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, ${keys.map(([key]) => key).join(', ')})
TTL bucket + INTERVAL ${keptDays} DAY
SETTINGS allow_nullable_key = 1, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS rtpsonde.${name}_filled TO rtpsonde.${name} AS
${select(rollup, `rtpsonde.${source}`)};
`;
}

function select({ bucket, source, keys, values }: Rollup, from: string): string {
  const names = ['bucket', ...keys.map(([key]) => key)];
  const lines = [
    `    ${bucket}(toDateTime(window_start, 'UTC')) AS bucket`,
    ...keys.map(([key]) => `    t.${key} AS ${key}`),
    ...values.map(([name, , expression]) => `    ${ofSource(expression, source)} AS ${name}`),
  ];
  return `SELECT
${lines.join(',\n')}
FROM ${from} AS t
GROUP BY ${names.join(', ')}`;
}

/** With the columns as those of the source: sums have the same names, and would be summed again. */
function ofSource(expression: string, source: Rollup['source']): string {
  const names = columnsFor(source === 'windows' ? 'window' : 'capture').map(({ name }) => name);
  const column = new RegExp(`'[^']*'|\\b(${names.join('|')})\\b`, 'g');
  return expression.replaceAll(column, (found, name) => (name === undefined ? found : `t.${name}`));
}

/** deploy/clickhouse/rebuild-rollups.sql */
export function rebuildSql(): string {
  const parts = rollups.map((rollup) => {
    const day = 'toDate(window_start) = {day:Date}';
    return `ALTER TABLE rtpsonde.${rollup.name} DELETE WHERE toDate(bucket) = {day:Date} SETTINGS mutations_sync = 1;
INSERT INTO rtpsonde.${rollup.name}
${select(rollup, `(SELECT * FROM rtpsonde.${rollup.source} FINAL WHERE ${day})`)};
`;
  });
  return `${NOTICE}
-- Makes the roll-ups of one day anew, each summary counted once:
--   clickhouse-client --param_day=2026-01-31 --multiquery < rebuild-rollups.sql
-- For a day that is over: what is inserted meanwhile counts twice.

${parts.join('\n')}`;
}
