#include "core/stream/endpoint_report.h"

#include <cmath>

namespace rtpsonde {

namespace {

uint8_t width_of(XrSpan span) {
  if (span == XrSpan::kCumulative) return 3;
  if (span == XrSpan::kInterval) return 2;
  return span == XrSpan::kSampled ? 1 : 0;
}

void mark(EndpointReport::FigureBits& bits, size_t figure, bool is_of) {
  const uint32_t bit = 1U << (figure % 32);
  bits[figure / 32] = is_of ? bits[figure / 32] | bit : bits[figure / 32] & ~bit;
}

}  // namespace

bool EndpointReport::begin(uint32_t reporter_ssrc, int64_t seen_ns) {
  FollowedReporter followed = reporter_;
  if (!followed.follow(reporter_ssrc, seen_ns)) return false;
  if (reporter_.any() && reporter_ssrc != reporter_.ssrc()) *this = EndpointReport{};
  reporter_ = followed;
  return true;
}

bool EndpointReport::replaces(Group group, XrSpan span, double main_figure) {
  uint8_t& held = widths_[static_cast<size_t>(group)];
  const uint8_t width = width_of(span);
  if (width < held) return false;
  const bool is_known = !std::isnan(main_figure);
  // What is not available does not take the place of what is.
  if (!is_known && width > held && held > 0) return false;
  held = is_known ? width : 0;
  return true;
}

void EndpointReport::put(float& figure, double value, XrSpan span) {
  const auto index = static_cast<size_t>(&figure - &figures.loss_rate);
  figure = static_cast<float>(value);  // ample for what comes in 8 to 36 bits
  mark(interval_, index, span == XrSpan::kInterval && !std::isnan(value));
  mark(sampled_, index, span == XrSpan::kSampled && !std::isnan(value));
}

void EndpointReport::note(const VoipMetrics& m) {
  voip_ns = reporter_.last_ns();
  gmin = m.gmin;
  plc = static_cast<uint8_t>(m.plc);
  buffer_kind = static_cast<uint8_t>(m.buffer);
  buffer_rate = m.buffer_rate;
  put(figures.loss_rate, m.loss_rate);
  put(figures.discard_rate, m.discard_rate);
  put(figures.burst_density, m.burst_density);
  put(figures.gap_density, m.gap_density);
  put(figures.burst_duration_ms, m.burst_duration_ms);
  put(figures.gap_duration_ms, m.gap_duration_ms);
  put(figures.round_trip_delay_ms, m.round_trip_delay_ms);
  put(figures.end_system_delay_ms, m.end_system_delay_ms);
  put(figures.signal_level_dbm0, m.signal_level_dbm0);
  put(figures.noise_level_dbm0, m.noise_level_dbm0);
  put(figures.rerl_db, m.rerl_db);
  put(figures.r_factor, m.r_factor);
  put(figures.ext_r_factor, m.ext_r_factor);
  put(figures.mos_lq, m.mos_lq);
  put(figures.mos_cq, m.mos_cq);
  put(figures.buffer_nominal_ms, m.buffer_nominal_ms);
  put(figures.buffer_max_ms, m.buffer_max_ms);
  put(figures.buffer_abs_max_ms, m.buffer_abs_max_ms);
}

void EndpointReport::note(const StatisticsSummary& m) {
  put(figures.summary_lost_packets, m.lost_packets);
  put(figures.summary_duplicate_packets, m.duplicate_packets);
  put(figures.summary_jitter_min_ticks, m.jitter_min_ticks);
  put(figures.summary_jitter_max_ticks, m.jitter_max_ticks);
  put(figures.summary_jitter_mean_ticks, m.jitter_mean_ticks);
  put(figures.summary_jitter_deviation_ticks, m.jitter_deviation_ticks);
  put(figures.summary_ttl_min, m.ttl_min);
  put(figures.summary_ttl_max, m.ttl_max);
  put(figures.summary_ttl_mean, m.ttl_mean);
  put(figures.summary_ttl_deviation, m.ttl_deviation);
}

void EndpointReport::note(XrSpan span, const PdvMetrics& m) {
  if (!replaces(Group::kPdv, span, m.mean_ms)) return;
  pdv_kind = static_cast<uint8_t>(m.kind);
  put(figures.pdv_positive_ms, m.positive_ms, span);
  put(figures.pdv_positive_percentile, m.positive_percentile, span);
  put(figures.pdv_negative_ms, m.negative_ms, span);
  put(figures.pdv_negative_percentile, m.negative_percentile, span);
  put(figures.pdv_mean_ms, m.mean_ms, span);
}

void EndpointReport::note(XrSpan span, const DelayMetrics& m) {
  if (!replaces(Group::kDelay, span, m.round_trip_mean_ms)) return;
  put(figures.round_trip_mean_ms, m.round_trip_mean_ms, span);
  put(figures.round_trip_min_ms, m.round_trip_min_ms, span);
  put(figures.round_trip_max_ms, m.round_trip_max_ms, span);
  put(figures.end_system_ms, m.end_system_ms, span);
}

void EndpointReport::note(XrSpan span, const DejitterBuffer& m) {
  if (!replaces(Group::kDejitter, span, m.nominal_ms)) return;
  dejitter_kind = m.adaptive ? 1 : 0;
  put(figures.dejitter_nominal_ms, m.nominal_ms, span);
  put(figures.dejitter_max_ms, m.max_ms, span);
  put(figures.dejitter_high_water_ms, m.high_water_ms, span);
  put(figures.dejitter_low_water_ms, m.low_water_ms, span);
}

void EndpointReport::note(XrSpan span, const MosSegment& m) {
  if (m.channel != 0 || !replaces(Group::kMos, span, m.mos)) return;
  put(figures.mos, m.mos, span);
  mos_algorithm = m.algorithm;
  mos_payload_type = m.payload_type;
}

void EndpointReport::note(XrSpan span, const LossConcealment& m) {
  if (!replaces(Group::kConcealment, span, m.on_time_ticks)) return;
  concealment_plc = m.plc;
  put(figures.on_time_ticks, m.on_time_ticks, span);
  put(figures.interruptions, m.interruptions, span);
  put(figures.interruption_mean_ticks, m.interruption_mean_ticks, span);
  put(figures.concealed_loss_ticks, m.loss_concealed_ticks, span);
  put(figures.concealed_adjustment_ticks, m.adjustment_concealed_ticks, span);
}

void EndpointReport::note(XrSpan span, const ConcealedSeconds& m) {
  if (!replaces(Group::kConcealedSeconds, span, m.unimpaired_s)) return;
  concealment_plc = m.plc;
  put(figures.unimpaired_s, m.unimpaired_s, span);
  put(figures.concealed_s, m.concealed_s, span);
  put(figures.severely_concealed_s, m.severely_concealed_s, span);
  put(figures.severely_concealed_threshold, m.threshold, span);
}

void EndpointReport::note(XrSpan span, const VideoConcealment& m) {
  if (!replaces(Group::kVideo, span, m.impaired_ticks)) return;
  put(figures.video_impaired_ticks, m.impaired_ticks, span);
  put(figures.video_concealed_ticks, m.concealed_ticks, span);
  put(figures.video_freeze_mean_ticks, m.freeze_mean_ticks, span);
  put(figures.video_impaired_proportion, m.impaired_proportion, span);
  put(figures.video_concealed_proportion, m.concealed_proportion, span);
  put(figures.video_concealed_frames, m.concealed_frames, span);
}

void EndpointReport::note(const FrameImpairment& m) {
  put(m.derived ? figures.lost_derived_frames : figures.lost_key_frames, m.lost_frames);
  put(m.derived ? figures.partly_lost_derived_frames : figures.partly_lost_key_frames, m.partly_lost_frames);
  put(m.derived ? figures.discarded_derived_frames : figures.discarded_key_frames, m.discarded_frames);
  put(m.derived ? figures.duplicate_derived_frames : figures.duplicate_key_frames, m.duplicate_frames);
}

void EndpointReport::note(const InitialSyncDelay& m) { put(figures.initial_sync_delay_ms, m.delay_ms); }

void EndpointReport::note(XrSpan span, const SyncOffset& m) {
  if (replaces(Group::kSyncOffset, span, m.offset_ms)) put(figures.sync_offset_ms, m.offset_ms, span);
}

void EndpointReport::note(const IdmsReport& m) {
  if (!m.has_presented) return;
  // Both are of one clock; the middle 32 bits wrap every 18 hours.
  const auto wait = static_cast<int32_t>(m.presented_ntp - static_cast<uint32_t>(m.received_ntp >> 16));
  put(figures.presentation_delay_ms, wait * (1000.0 / 65536.0));
}

void EndpointReport::note(const MulticastAcquisition& m) {
  put(figures.multicast_method, m.method);
  put(figures.multicast_status, m.status);
}

void EndpointReport::note(const MeasurementInfo& m) {
  info_ns_ = reporter_.last_ns();
  put(figures.interval_ms, m.interval_ms);
  put(figures.cumulative_ms, m.cumulative_ms);
}

void EndpointReport::note(const XnqMetrics& m) {
  put(figures.xnq_delay_variation_cycle_max, m.vmaxdiff);
  put(figures.xnq_delay_variation_range, m.vrange);
  put(figures.xnq_delay_variation_sum, m.vsum);
  put(figures.xnq_cycles, m.cycles);
  put(figures.xnq_buffer_events, m.buffer_events);
  put(figures.xnq_degraded_network, m.degraded_network);
  put(figures.xnq_degraded_buffer, m.degraded_buffer);
  put(figures.xnq_errored_s, m.errored_seconds);
  put(figures.xnq_severely_errored_s, m.severely_errored_seconds);
}

}  // namespace rtpsonde
