-- Generated from src/export/clickhouse-rollups.ts by `npm run generate`. Do not edit.
-- Makes the roll-ups of one day anew, each summary counted once:
--   clickhouse-client --param_day=2026-01-31 --multiquery < rebuild-rollups.sql
-- For a day that is over: what is inserted meanwhile counts twice.

ALTER TABLE rtpsonde.quality_1m DELETE WHERE toDate(bucket) = {day:Date} SETTINGS mutations_sync = 1;
INSERT INTO rtpsonde.quality_1m
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
FROM (SELECT * FROM rtpsonde.windows FINAL WHERE toDate(window_start) = {day:Date}) AS t
GROUP BY bucket, probe, interface, codec, mos_scale;

ALTER TABLE rtpsonde.quality_1h DELETE WHERE toDate(bucket) = {day:Date} SETTINGS mutations_sync = 1;
INSERT INTO rtpsonde.quality_1h
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
FROM (SELECT * FROM rtpsonde.windows FINAL WHERE toDate(window_start) = {day:Date}) AS t
GROUP BY bucket, probe, interface, codec, mos_scale;

ALTER TABLE rtpsonde.health_1h DELETE WHERE toDate(bucket) = {day:Date} SETTINGS mutations_sync = 1;
INSERT INTO rtpsonde.health_1h
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
FROM (SELECT * FROM rtpsonde.captures FINAL WHERE toDate(window_start) = {day:Date}) AS t
GROUP BY bucket, probe;
