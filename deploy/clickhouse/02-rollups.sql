-- Generated from src/export/clickhouse-rollups.ts by `npm run generate`. Do not edit.
-- Filled as rows are inserted. Counts add up: sum(lost) / sum(expected), sum(mos_cq_sum) / sum(mos_windows);
-- quantiles merge: quantilesTDigestMerge(0.05, 0.5, 0.95, 0.99)(mos_cq_quantiles). MOS of different mos_scale never.
-- A block that is inserted twice with the same token counts once. A summary that comes again in another block counts
-- again here (in the *_unique views it does not): rebuild-rollups.sql makes a day anew from the tables.

CREATE TABLE IF NOT EXISTS rtpsonde.quality_1m
(
    bucket DateTime('UTC') COMMENT 'Start of the span',
    probe LowCardinality(String),
    interface LowCardinality(Nullable(String)),
    codec LowCardinality(Nullable(String)),
    mos_scale LowCardinality(Nullable(String)),
    windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows of streams',
    packets SimpleAggregateFunction(sum, Int64) COMMENT 'RTP packets seen at the tap',
    octets SimpleAggregateFunction(sum, Int64) COMMENT 'RTP payload octets',
    expected SimpleAggregateFunction(sum, Int64) COMMENT 'Packets expected',
    lost SimpleAggregateFunction(sum, Int64) COMMENT 'Packets missing at the tap',
    recovered SimpleAggregateFunction(sum, Int64) COMMENT 'Of lost in earlier windows, taken back',
    network_lost SimpleAggregateFunction(sum, Int64) COMMENT 'Lost before the tap, without what the capture lost',
    capture_lost SimpleAggregateFunction(sum, Int64) COMMENT 'Suspected to be lost by the capture',
    downstream_lost SimpleAggregateFunction(sum, Int64) COMMENT 'Lost behind the tap, where RTCP told',
    damaged_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows with loss on a known side',
    bad_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows rated poor or bad',
    one_way_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows with one-way audio',
    mos_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows with a MOS',
    mos_cq_sum SimpleAggregateFunction(sum, Float64) COMMENT 'Sum of their MOS-CQ; divided by mos_windows the mean of the scale of the row',
    jitter_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows with a jitter',
    jitter_sum_ms SimpleAggregateFunction(sum, Float64) COMMENT 'Sum of their mean jitters, ms',
    jitter_max_ms SimpleAggregateFunction(max, Float64) COMMENT 'Largest jitter, ms',
    mos_cq_quantiles AggregateFunction(quantilesTDigest(0.05, 0.5, 0.95, 0.99), Nullable(Float64)) COMMENT '5, 50, 95, 99 % of MOS-CQ over windows, of the scale of the row',
    jitter_quantiles_ms AggregateFunction(quantilesTDigest(0.05, 0.5, 0.95, 0.99), Nullable(Float64)) COMMENT '5, 50, 95, 99 % of the mean jitter over windows, ms',
    loss_ratio_quantiles AggregateFunction(quantilesTDigest(0.05, 0.5, 0.95, 0.99), Nullable(Float64)) COMMENT '5, 50, 95, 99 % of the network loss over windows, 0..1',
    pdv_histogram AggregateFunction(sumForEach, Array(Int64)) COMMENT 'Packets by delay variation; bins as in docs/summary.md'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, probe, interface, codec, mos_scale)
TTL bucket + INTERVAL 90 DAY
SETTINGS allow_nullable_key = 1, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS rtpsonde.quality_1m_filled TO rtpsonde.quality_1m AS
SELECT
    toStartOfMinute(toDateTime(window_start, 'UTC')) AS bucket,
    t.probe AS probe,
    t.interface AS interface,
    t.codec AS codec,
    t.mos_scale AS mos_scale,
    toInt64(count()) AS windows,
    toInt64(sum(t.packets)) AS packets,
    toInt64(sum(t.octets)) AS octets,
    toInt64(sum(t.expected)) AS expected,
    toInt64(sum(t.lost)) AS lost,
    toInt64(sum(t.recovered)) AS recovered,
    toInt64(sum(t.network_lost)) AS network_lost,
    toInt64(sum(t.capture_lost)) AS capture_lost,
    toInt64(sum(ifNull(t.downstream_lost, 0))) AS downstream_lost,
    toInt64(countIf(t.damage_side NOT IN ('none', 'upstream-only-known'))) AS damaged_windows,
    toInt64(countIf(t.mos_rating IN ('poor', 'bad'))) AS bad_windows,
    toInt64(countIf(t.one_way_audio = true)) AS one_way_windows,
    toInt64(count(coalesce(t.mos_cq_nb, t.mos_cq_wb, t.mos_cq_fb))) AS mos_windows,
    sum(ifNull(coalesce(t.mos_cq_nb, t.mos_cq_wb, t.mos_cq_fb), 0)) AS mos_cq_sum,
    toInt64(count(t.jitter_mean_ms)) AS jitter_windows,
    sum(ifNull(t.jitter_mean_ms, 0)) AS jitter_sum_ms,
    max(ifNull(t.jitter_max_ms, 0)) AS jitter_max_ms,
    quantilesTDigestState(0.05, 0.5, 0.95, 0.99)(coalesce(t.mos_cq_nb, t.mos_cq_wb, t.mos_cq_fb)) AS mos_cq_quantiles,
    quantilesTDigestState(0.05, 0.5, 0.95, 0.99)(t.jitter_mean_ms) AS jitter_quantiles_ms,
    quantilesTDigestState(0.05, 0.5, 0.95, 0.99)(t.network_loss_ratio) AS loss_ratio_quantiles,
    sumForEachState(JSONExtract(t.pdv_histogram, 'Array(Int64)')) AS pdv_histogram
FROM rtpsonde.windows AS t
GROUP BY bucket, probe, interface, codec, mos_scale;

CREATE TABLE IF NOT EXISTS rtpsonde.quality_1h
(
    bucket DateTime('UTC') COMMENT 'Start of the span',
    probe LowCardinality(String),
    interface LowCardinality(Nullable(String)),
    codec LowCardinality(Nullable(String)),
    mos_scale LowCardinality(Nullable(String)),
    windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows of streams',
    packets SimpleAggregateFunction(sum, Int64) COMMENT 'RTP packets seen at the tap',
    octets SimpleAggregateFunction(sum, Int64) COMMENT 'RTP payload octets',
    expected SimpleAggregateFunction(sum, Int64) COMMENT 'Packets expected',
    lost SimpleAggregateFunction(sum, Int64) COMMENT 'Packets missing at the tap',
    recovered SimpleAggregateFunction(sum, Int64) COMMENT 'Of lost in earlier windows, taken back',
    network_lost SimpleAggregateFunction(sum, Int64) COMMENT 'Lost before the tap, without what the capture lost',
    capture_lost SimpleAggregateFunction(sum, Int64) COMMENT 'Suspected to be lost by the capture',
    downstream_lost SimpleAggregateFunction(sum, Int64) COMMENT 'Lost behind the tap, where RTCP told',
    damaged_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows with loss on a known side',
    bad_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows rated poor or bad',
    one_way_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows with one-way audio',
    mos_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows with a MOS',
    mos_cq_sum SimpleAggregateFunction(sum, Float64) COMMENT 'Sum of their MOS-CQ; divided by mos_windows the mean of the scale of the row',
    jitter_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows with a jitter',
    jitter_sum_ms SimpleAggregateFunction(sum, Float64) COMMENT 'Sum of their mean jitters, ms',
    jitter_max_ms SimpleAggregateFunction(max, Float64) COMMENT 'Largest jitter, ms',
    mos_cq_quantiles AggregateFunction(quantilesTDigest(0.05, 0.5, 0.95, 0.99), Nullable(Float64)) COMMENT '5, 50, 95, 99 % of MOS-CQ over windows, of the scale of the row',
    jitter_quantiles_ms AggregateFunction(quantilesTDigest(0.05, 0.5, 0.95, 0.99), Nullable(Float64)) COMMENT '5, 50, 95, 99 % of the mean jitter over windows, ms',
    loss_ratio_quantiles AggregateFunction(quantilesTDigest(0.05, 0.5, 0.95, 0.99), Nullable(Float64)) COMMENT '5, 50, 95, 99 % of the network loss over windows, 0..1',
    pdv_histogram AggregateFunction(sumForEach, Array(Int64)) COMMENT 'Packets by delay variation; bins as in docs/summary.md'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, probe, interface, codec, mos_scale)
TTL bucket + INTERVAL 730 DAY
SETTINGS allow_nullable_key = 1, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS rtpsonde.quality_1h_filled TO rtpsonde.quality_1h AS
SELECT
    toStartOfHour(toDateTime(window_start, 'UTC')) AS bucket,
    t.probe AS probe,
    t.interface AS interface,
    t.codec AS codec,
    t.mos_scale AS mos_scale,
    toInt64(count()) AS windows,
    toInt64(sum(t.packets)) AS packets,
    toInt64(sum(t.octets)) AS octets,
    toInt64(sum(t.expected)) AS expected,
    toInt64(sum(t.lost)) AS lost,
    toInt64(sum(t.recovered)) AS recovered,
    toInt64(sum(t.network_lost)) AS network_lost,
    toInt64(sum(t.capture_lost)) AS capture_lost,
    toInt64(sum(ifNull(t.downstream_lost, 0))) AS downstream_lost,
    toInt64(countIf(t.damage_side NOT IN ('none', 'upstream-only-known'))) AS damaged_windows,
    toInt64(countIf(t.mos_rating IN ('poor', 'bad'))) AS bad_windows,
    toInt64(countIf(t.one_way_audio = true)) AS one_way_windows,
    toInt64(count(coalesce(t.mos_cq_nb, t.mos_cq_wb, t.mos_cq_fb))) AS mos_windows,
    sum(ifNull(coalesce(t.mos_cq_nb, t.mos_cq_wb, t.mos_cq_fb), 0)) AS mos_cq_sum,
    toInt64(count(t.jitter_mean_ms)) AS jitter_windows,
    sum(ifNull(t.jitter_mean_ms, 0)) AS jitter_sum_ms,
    max(ifNull(t.jitter_max_ms, 0)) AS jitter_max_ms,
    quantilesTDigestState(0.05, 0.5, 0.95, 0.99)(coalesce(t.mos_cq_nb, t.mos_cq_wb, t.mos_cq_fb)) AS mos_cq_quantiles,
    quantilesTDigestState(0.05, 0.5, 0.95, 0.99)(t.jitter_mean_ms) AS jitter_quantiles_ms,
    quantilesTDigestState(0.05, 0.5, 0.95, 0.99)(t.network_loss_ratio) AS loss_ratio_quantiles,
    sumForEachState(JSONExtract(t.pdv_histogram, 'Array(Int64)')) AS pdv_histogram
FROM rtpsonde.windows AS t
GROUP BY bucket, probe, interface, codec, mos_scale;

CREATE TABLE IF NOT EXISTS rtpsonde.health_1h
(
    bucket DateTime('UTC') COMMENT 'Start of the span',
    probe LowCardinality(String),
    windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows of the capture',
    packets SimpleAggregateFunction(sum, Int64) COMMENT 'Packets delivered by the source',
    kernel_drops SimpleAggregateFunction(sum, Int64) COMMENT 'Packets that the kernel dropped',
    nic_missed SimpleAggregateFunction(sum, Int64) COMMENT 'Packets that the network card had no room for',
    suspected_capture_loss SimpleAggregateFunction(sum, Int64) COMMENT 'Packets that the capture is suspected to have lost',
    packets_shed SimpleAggregateFunction(sum, Int64) COMMENT 'Packets not measured, as the probe could not keep up',
    capture_outage_ms SimpleAggregateFunction(sum, Int64) COMMENT 'How long nothing could be captured, ms',
    reduced_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows of reduced confidence',
    poor_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows of poor confidence',
    missing_windows SimpleAggregateFunction(sum, Int64) COMMENT 'Windows before which some were discarded',
    missing_share_max SimpleAggregateFunction(max, Float64) COMMENT 'Largest share of missing packets, 0..1',
    worker_load_max SimpleAggregateFunction(max, Float64) COMMENT 'Largest share of a core used by a worker',
    streams_active_max SimpleAggregateFunction(max, Float64) COMMENT 'Most streams at the end of a window'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, probe)
TTL bucket + INTERVAL 730 DAY
SETTINGS allow_nullable_key = 1, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS rtpsonde.health_1h_filled TO rtpsonde.health_1h AS
SELECT
    toStartOfHour(toDateTime(window_start, 'UTC')) AS bucket,
    t.probe AS probe,
    toInt64(count()) AS windows,
    toInt64(sum(t.packets)) AS packets,
    toInt64(sum(t.kernel_drops)) AS kernel_drops,
    toInt64(sum(t.nic_missed)) AS nic_missed,
    toInt64(sum(t.suspected_capture_loss)) AS suspected_capture_loss,
    toInt64(sum(ifNull(t.packets_shed, 0))) AS packets_shed,
    toInt64(sum(t.capture_outage_ms)) AS capture_outage_ms,
    toInt64(countIf(t.confidence = 'reduced')) AS reduced_windows,
    toInt64(countIf(t.confidence = 'poor')) AS poor_windows,
    toInt64(countIf(t.blocks_missing)) AS missing_windows,
    max(ifNull(t.missing_share, 0)) AS missing_share_max,
    max(ifNull(t.worker_load, 0)) AS worker_load_max,
    max(ifNull(t.streams_active, 0)) AS streams_active_max
FROM rtpsonde.captures AS t
GROUP BY bucket, probe;
