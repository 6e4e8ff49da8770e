#include "core/window/report_record.h"

#include <cstring>
#include <limits>

namespace rtpsonde {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double mean(double sum, uint32_t count) { return count > 0 ? sum / count : kUnknown; }

double when(uint32_t count, double value) { return count > 0 ? value : kUnknown; }

void fill_endpoint(ReportRecord& r, const EndpointReport& endpoint) {
  r.endpoint_ns = endpoint.reported_ns;
  r.endpoint_voip_ns = endpoint.voip_ns;
  r.endpoint_loss_rate = endpoint.loss_rate;
  r.endpoint_discard_rate = endpoint.discard_rate;
  r.endpoint_burst_density = endpoint.burst_density;
  r.endpoint_gap_density = endpoint.gap_density;
  r.endpoint_burst_duration_ms = endpoint.burst_duration_ms;
  r.endpoint_gap_duration_ms = endpoint.gap_duration_ms;
  r.endpoint_round_trip_delay_ms = endpoint.round_trip_delay_ms;
  r.endpoint_end_system_delay_ms = endpoint.end_system_delay_ms;
  r.endpoint_signal_level_dbm0 = endpoint.signal_level_dbm0;
  r.endpoint_noise_level_dbm0 = endpoint.noise_level_dbm0;
  r.endpoint_rerl_db = endpoint.rerl_db;
  r.endpoint_r_factor = endpoint.r_factor;
  r.endpoint_ext_r_factor = endpoint.ext_r_factor;
  r.endpoint_mos_lq = endpoint.mos_lq;
  r.endpoint_mos_cq = endpoint.mos_cq;
  r.endpoint_buffer_nominal_ms = endpoint.buffer_nominal_ms;
  r.endpoint_buffer_max_ms = endpoint.buffer_max_ms;
  r.endpoint_buffer_abs_max_ms = endpoint.buffer_abs_max_ms;
  r.endpoint_summary_lost_packets = endpoint.summary_lost_packets;
  r.endpoint_summary_duplicate_packets = endpoint.summary_duplicate_packets;
  r.endpoint_summary_jitter_min_ticks = endpoint.summary_jitter_min_ticks;
  r.endpoint_summary_jitter_max_ticks = endpoint.summary_jitter_max_ticks;
  r.endpoint_summary_jitter_mean_ticks = endpoint.summary_jitter_mean_ticks;
  r.endpoint_summary_jitter_deviation_ticks = endpoint.summary_jitter_deviation_ticks;
  r.endpoint_summary_ttl_min = endpoint.summary_ttl_min;
  r.endpoint_summary_ttl_max = endpoint.summary_ttl_max;
  r.endpoint_summary_ttl_mean = endpoint.summary_ttl_mean;
  r.endpoint_pdv_positive_ms = endpoint.pdv_positive_ms;
  r.endpoint_pdv_positive_percentile = endpoint.pdv_positive_percentile;
  r.endpoint_pdv_negative_ms = endpoint.pdv_negative_ms;
  r.endpoint_pdv_negative_percentile = endpoint.pdv_negative_percentile;
  r.endpoint_pdv_mean_ms = endpoint.pdv_mean_ms;
  r.endpoint_round_trip_mean_ms = endpoint.round_trip_mean_ms;
  r.endpoint_round_trip_min_ms = endpoint.round_trip_min_ms;
  r.endpoint_round_trip_max_ms = endpoint.round_trip_max_ms;
  r.endpoint_end_system_ms = endpoint.end_system_ms;
  r.endpoint_bursts = endpoint.bursts;
  r.endpoint_burst_lost_packets = endpoint.burst_lost_packets;
  r.endpoint_burst_expected_packets = endpoint.burst_expected_packets;
  r.endpoint_burst_sum_ms = endpoint.burst_sum_ms;
  r.endpoint_burst_mean_ms = endpoint.burst_mean_ms;
  r.endpoint_burst_loss_rate = endpoint.burst_loss_rate;
  r.endpoint_gap_loss_rate = endpoint.gap_loss_rate;
  r.endpoint_burst_discarded_packets = endpoint.burst_discarded_packets;
  r.endpoint_burst_discard_rate = endpoint.burst_discard_rate;
  r.endpoint_gap_discard_rate = endpoint.gap_discard_rate;
  r.endpoint_dejitter_nominal_ms = endpoint.dejitter_nominal_ms;
  r.endpoint_dejitter_max_ms = endpoint.dejitter_max_ms;
  r.endpoint_dejitter_high_water_ms = endpoint.dejitter_high_water_ms;
  r.endpoint_dejitter_low_water_ms = endpoint.dejitter_low_water_ms;
  r.endpoint_discarded_duplicate_packets = endpoint.discarded_duplicate_packets;
  r.endpoint_discarded_early_packets = endpoint.discarded_early_packets;
  r.endpoint_discarded_late_packets = endpoint.discarded_late_packets;
  r.endpoint_discarded_early_octets = endpoint.discarded_early_octets;
  r.endpoint_discarded_late_octets = endpoint.discarded_late_octets;
  r.endpoint_rle_lost_packets = endpoint.rle_lost_packets;
  r.endpoint_rle_longest_loss_packets = endpoint.rle_longest_loss_packets;
  r.endpoint_post_repair_lost_packets = endpoint.post_repair_lost_packets;
  r.endpoint_repaired_packets = endpoint.repaired_packets;
  r.endpoint_mos = endpoint.mos;
  r.endpoint_concealed_loss_ticks = endpoint.concealed_loss_ticks;
  r.endpoint_concealed_adjustment_ticks = endpoint.concealed_adjustment_ticks;
  r.endpoint_interruptions = endpoint.interruptions;
  r.endpoint_interruption_mean_ticks = endpoint.interruption_mean_ticks;
  r.endpoint_unimpaired_s = endpoint.unimpaired_s;
  r.endpoint_concealed_s = endpoint.concealed_s;
  r.endpoint_severely_concealed_s = endpoint.severely_concealed_s;
  r.endpoint_video_impaired_ticks = endpoint.video_impaired_ticks;
  r.endpoint_video_concealed_ticks = endpoint.video_concealed_ticks;
  r.endpoint_video_freeze_mean_ticks = endpoint.video_freeze_mean_ticks;
  r.endpoint_lost_frames = endpoint.lost_frames;
  r.endpoint_partly_lost_frames = endpoint.partly_lost_frames;
  r.endpoint_discarded_frames = endpoint.discarded_frames;
  r.endpoint_duplicate_frames = endpoint.duplicate_frames;
  r.endpoint_ect0_packets = endpoint.ect0_packets;
  r.endpoint_ect1_packets = endpoint.ect1_packets;
  r.endpoint_ce_packets = endpoint.ce_packets;
  r.endpoint_not_ect_packets = endpoint.not_ect_packets;
  r.endpoint_initial_sync_delay_ms = endpoint.initial_sync_delay_ms;
  r.endpoint_sync_offset_ms = endpoint.sync_offset_ms;
  r.endpoint_interval_ms = endpoint.interval_ms;
  r.endpoint_gmin = endpoint.gmin;
  r.endpoint_plc = endpoint.plc;
  r.endpoint_buffer_kind = endpoint.buffer_kind;
  r.endpoint_buffer_rate = endpoint.buffer_rate;
  r.endpoint_pdv_kind = endpoint.pdv_kind;
  r.endpoint_mos_algorithm = endpoint.mos_algorithm;
  r.endpoint_mos_payload_type = endpoint.mos_payload_type;
}

}  // namespace

ReportRecord report_record(const RtcpRow& row, ReportSpan span, uint64_t stream_id, uint32_t stream_row) {
  const bool whole = span == ReportSpan::kWhole;
  const ReceptionReports::Figures& figures = whole ? row.reception.whole() : row.reception.window();
  const bool any = row.reception.whole().reports > 0;
  const RoundTrips& downstream = whole ? row.downstream.whole : row.downstream.window;
  const RoundTrips& upstream = whole ? row.upstream.whole : row.upstream.window;
  const LossInterval loss = whole ? row.loss.whole() : row.loss.window();
  const SentInterval sent = whole ? row.sender.whole() : row.sender.window();
  const auto count = [&](RtcpCount what) {
    return whole ? row.counts.whole(what) : row.counts.in_window(what);
  };
  ReportRecord r{};
  r.stream_id = stream_id;
  r.stream_row = stream_row;
  r.kind = whole ? 2 : 1;
  r.bye_reason_octets = row.bye_reason_octets;
  r.bye_ns = row.bye_ns;
  r.cname_digest = row.cname_digest;
  std::memcpy(r.bye_reason, row.bye_reason, sizeof r.bye_reason);
  r.last_report_ns = row.reception.last_ns();
  r.reporter_ssrc = row.reception.reporter_ssrc();
  r.reported_highest_sequence = row.reception.highest_sequence();
  r.reports = figures.reports;
  r.reported_jitter_max_ticks = figures.jitter_max_ticks;
  r.reported_cumulative_lost = any ? row.reception.cumulative_lost() : kUnknown;
  r.reported_fraction_lost = any ? row.reception.fraction_lost() / 256.0 : kUnknown;
  r.reported_fraction_lost_max = figures.reports > 0 ? figures.fraction_lost_max / 256.0 : kUnknown;
  r.reported_jitter_ticks = any ? row.reception.jitter_ticks() : kUnknown;
  r.reported_jitter_mean_ticks = mean(static_cast<double>(figures.jitter_sum_ticks), figures.reports);
  r.downstream_rtt_mean_ms = mean(static_cast<double>(downstream.sum_us) / 1e3, downstream.count);
  r.downstream_rtt_min_ms = when(downstream.count, downstream.min_us / 1e3);
  r.downstream_rtt_max_ms = when(downstream.count, downstream.max_us / 1e3);
  r.downstream_rtt_last_ms = when(row.downstream.whole.count, row.downstream.last_us / 1e3);
  r.downstream_rtt_count = downstream.count;
  r.downstream_rtt_rejected = downstream.rejected;
  r.upstream_rtt_mean_ms = mean(static_cast<double>(upstream.sum_us) / 1e3, upstream.count);
  r.upstream_rtt_min_ms = when(upstream.count, upstream.min_us / 1e3);
  r.upstream_rtt_max_ms = when(upstream.count, upstream.max_us / 1e3);
  r.upstream_rtt_last_ms = when(row.upstream.whole.count, row.upstream.last_us / 1e3);
  r.upstream_rtt_count = upstream.count;
  r.upstream_rtt_rejected = upstream.rejected;
  r.side_expected = static_cast<double>(loss.expected);
  r.side_seen = static_cast<double>(loss.seen);
  r.side_reported_lost = static_cast<double>(loss.reported_lost);
  r.side_tap_duplicates = static_cast<double>(loss.tap_duplicates);
  r.upstream_lost = static_cast<double>(loss.upstream());
  r.downstream_lost = static_cast<double>(loss.downstream());
  r.capture_missed = static_cast<double>(loss.missed_by_capture());
  r.side_intervals = whole ? row.loss.intervals() : row.loss.window_intervals();
  r.side_unaligned = row.loss.unaligned();
  r.side_rebased = row.loss.rebased();
  r.sender_reports = count(RtcpCount::kSenderReports);
  r.last_sender_report_ns = row.sender.last_ns();
  r.sender_ntp = row.sender.last_ntp();
  r.sender_packets = static_cast<double>(sent.sender_packets);
  r.sender_octets = static_cast<double>(sent.sender_octets);
  r.tap_packets = static_cast<double>(sent.tap_packets);
  r.tap_octets = static_cast<double>(sent.tap_octets);
  r.sender_clock_hz = row.sender.clock_hz();
  r.remb_bps = row.counts.whole(RtcpCount::kRemb) > 0 ? row.remb_bps : kUnknown;
  r.sender_rtp_timestamp = row.sender.last_rtp_timestamp();
  r.report_blocks = count(RtcpCount::kReportBlocks);
  r.unknown_lsrs = count(RtcpCount::kUnknownLsr);
  r.nacks = count(RtcpCount::kNack);
  r.nacked_packets = count(RtcpCount::kNackedPackets);
  r.plis = count(RtcpCount::kPli);
  r.slis = count(RtcpCount::kSli);
  r.rpsis = count(RtcpCount::kRpsi);
  r.firs = count(RtcpCount::kFir);
  r.tmmbrs = count(RtcpCount::kTmmbr);
  r.rembs = count(RtcpCount::kRemb);
  r.transport_ccs = count(RtcpCount::kTransportCc);
  r.ccfbs = count(RtcpCount::kCcfb);
  r.ecn_feedbacks = count(RtcpCount::kEcn);
  r.other_feedbacks = count(RtcpCount::kOtherFeedback);
  r.xr_blocks = count(RtcpCount::kXrBlocks);
  r.reduced_size = count(RtcpCount::kReducedSize);
  r.srtcp_packets = count(RtcpCount::kSrtcp);
  r.malformed_rtcp = count(RtcpCount::kMalformed);
  fill_endpoint(r, row.endpoint != nullptr ? *row.endpoint : EndpointReport{});
  return r;
}

}  // namespace rtpsonde
