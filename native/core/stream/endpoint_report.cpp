#include "core/stream/endpoint_report.h"

namespace rtpsonde {

namespace {

// Single precision is ample for what comes in 8 to 32 bits.
template <typename T>
float brief(T value) {
  return static_cast<float>(value);
}

}  // namespace

void EndpointReport::note(const VoipMetrics& m, int64_t seen_ns) {
  voip_ns = seen_ns;
  gmin = m.gmin;
  plc = static_cast<uint8_t>(m.plc);
  buffer_kind = static_cast<uint8_t>(m.buffer);
  buffer_rate = m.buffer_rate;
  loss_rate = brief(m.loss_rate);
  discard_rate = brief(m.discard_rate);
  burst_density = brief(m.burst_density);
  gap_density = brief(m.gap_density);
  burst_duration_ms = brief(m.burst_duration_ms);
  gap_duration_ms = brief(m.gap_duration_ms);
  round_trip_delay_ms = brief(m.round_trip_delay_ms);
  end_system_delay_ms = brief(m.end_system_delay_ms);
  signal_level_dbm0 = brief(m.signal_level_dbm0);
  noise_level_dbm0 = brief(m.noise_level_dbm0);
  rerl_db = brief(m.rerl_db);
  r_factor = brief(m.r_factor);
  ext_r_factor = brief(m.ext_r_factor);
  mos_lq = brief(m.mos_lq);
  mos_cq = brief(m.mos_cq);
  buffer_nominal_ms = brief(m.buffer_nominal_ms);
  buffer_max_ms = brief(m.buffer_max_ms);
  buffer_abs_max_ms = brief(m.buffer_abs_max_ms);
}

void EndpointReport::note(const StatisticsSummary& m) {
  summary_lost_packets = brief(m.lost_packets);
  summary_duplicate_packets = brief(m.duplicate_packets);
  summary_jitter_min_ticks = brief(m.jitter_min_ticks);
  summary_jitter_max_ticks = brief(m.jitter_max_ticks);
  summary_jitter_mean_ticks = brief(m.jitter_mean_ticks);
  summary_jitter_deviation_ticks = brief(m.jitter_deviation_ticks);
  summary_ttl_min = brief(m.ttl_min);
  summary_ttl_max = brief(m.ttl_max);
  summary_ttl_mean = brief(m.ttl_mean);
}

void EndpointReport::note(const PdvMetrics& m) {
  pdv_kind = static_cast<uint8_t>(m.kind);
  pdv_positive_ms = brief(m.positive_ms);
  pdv_positive_percentile = brief(m.positive_percentile);
  pdv_negative_ms = brief(m.negative_ms);
  pdv_negative_percentile = brief(m.negative_percentile);
  pdv_mean_ms = brief(m.mean_ms);
}

void EndpointReport::note(const DelayMetrics& m) {
  round_trip_mean_ms = brief(m.round_trip_mean_ms);
  round_trip_min_ms = brief(m.round_trip_min_ms);
  round_trip_max_ms = brief(m.round_trip_max_ms);
  end_system_ms = brief(m.end_system_ms);
}

void EndpointReport::note(const BurstGapLoss& m) {
  bursts = brief(m.bursts);
  burst_sum_ms = brief(m.burst_sum_ms);
  burst_lost_packets = brief(m.lost_packets);
  burst_expected_packets = brief(m.expected_packets);
}

void EndpointReport::note(const BurstGapLossSummary& m) {
  burst_loss_rate = brief(m.burst_loss_rate);
  gap_loss_rate = brief(m.gap_loss_rate);
  burst_mean_ms = brief(m.burst_mean_ms);
}

void EndpointReport::note(const BurstGapDiscard& m) { burst_discarded_packets = brief(m.discarded_packets); }

void EndpointReport::note(const BurstGapDiscardSummary& m) {
  burst_discard_rate = brief(m.burst_discard_rate);
  gap_discard_rate = brief(m.gap_discard_rate);
}

void EndpointReport::note(const IndependentBurstGapDiscard& m) {
  burst_discarded_packets = brief(m.burst_discarded_packets);
}

void EndpointReport::note(const DejitterBuffer& m) {
  dejitter_nominal_ms = brief(m.nominal_ms);
  dejitter_max_ms = brief(m.max_ms);
  dejitter_high_water_ms = brief(m.high_water_ms);
  dejitter_low_water_ms = brief(m.low_water_ms);
}

void EndpointReport::note(const DiscardCount& m) {
  switch (m.why) {
    case DiscardCount::Why::kDuplicate:
      discarded_duplicate_packets = brief(m.packets);
      return;
    case DiscardCount::Why::kEarly:
      discarded_early_packets = brief(m.packets);
      return;
    case DiscardCount::Why::kLate:
      discarded_late_packets = brief(m.packets);
      return;
  }
}

void EndpointReport::note(const BytesDiscarded& m) {
  (m.early ? discarded_early_octets : discarded_late_octets) = brief(m.octets);
}

void EndpointReport::note(const XrBlock& block, const RleReport& m) {
  const bool before_repair = block.type == static_cast<uint8_t>(XrType::kLossRle);
  const bool after_repair = block.type == static_cast<uint8_t>(XrType::kPostRepairLossRle);
  if (!before_repair && !after_repair) return;
  const RleSummary summary = summarize_rle(block, m);
  if (after_repair) {
    post_repair_lost_packets = brief(summary.marked);
  } else {
    rle_lost_packets = brief(summary.marked);
    rle_longest_loss_packets = brief(summary.longest);
  }
}

void EndpointReport::note(const PostRepairLossCount& m) {
  repaired_packets = brief(m.repaired_packets);
  post_repair_lost_packets = brief(m.lost_packets);
}

void EndpointReport::note(const MosSegment& m) {
  if (m.channel != 0) return;
  mos = brief(m.mos);
  mos_algorithm = m.algorithm;
  mos_payload_type = m.payload_type;
}

void EndpointReport::note(const LossConcealment& m) {
  interruptions = brief(m.interruptions);
  interruption_mean_ticks = brief(m.interruption_mean_ticks);
  concealed_loss_ticks = brief(m.loss_concealed_ticks);
  concealed_adjustment_ticks = brief(m.adjustment_concealed_ticks);
}

void EndpointReport::note(const ConcealedSeconds& m) {
  unimpaired_s = brief(m.unimpaired_s);
  concealed_s = brief(m.concealed_s);
  severely_concealed_s = brief(m.severely_concealed_s);
}

void EndpointReport::note(const VideoConcealment& m) {
  video_impaired_ticks = brief(m.impaired_ticks);
  video_concealed_ticks = brief(m.concealed_ticks);
  video_freeze_mean_ticks = brief(m.freeze_mean_ticks);
}

void EndpointReport::note(const FrameImpairment& m) {
  lost_frames = brief(m.lost_frames);
  partly_lost_frames = brief(m.partly_lost_frames);
  discarded_frames = brief(m.discarded_frames);
  duplicate_frames = brief(m.duplicate_frames);
}

void EndpointReport::note(const EcnCounts& m) {
  ect0_packets = brief(m.ect0_packets);
  ect1_packets = brief(m.ect1_packets);
  ce_packets = brief(m.ce_packets);
  not_ect_packets = brief(m.not_ect_packets);
}

void EndpointReport::note(const InitialSyncDelay& m) { initial_sync_delay_ms = brief(m.delay_ms); }

void EndpointReport::note(const SyncOffset& m) { sync_offset_ms = brief(m.offset_ms); }

void EndpointReport::note(const MeasurementInfo& m) { interval_ms = brief(m.interval_ms); }

}  // namespace rtpsonde
