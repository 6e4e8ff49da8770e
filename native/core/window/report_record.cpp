#include "core/window/report_record.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace rtpsonde {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double mean(double sum, uint32_t count) { return count > 0 ? sum / count : kUnknown; }

double when(uint32_t count, double value) { return count > 0 ? value : kUnknown; }

void fill_endpoint(ReportRecord& r, const EndpointReport& endpoint) {
  r.endpoint_ns = endpoint.reporter().last_ns();
  r.endpoint_voip_ns = endpoint.voip_ns;
  r.endpoint_reporter_ssrc = endpoint.reporter().ssrc();
  std::memcpy(r.endpoint_interval_bits, endpoint.interval_bits(), sizeof r.endpoint_interval_bits);
  std::memcpy(r.endpoint_sampled_bits, endpoint.sampled_bits(), sizeof r.endpoint_sampled_bits);
  r.endpoint = endpoint.figures;
  r.endpoint_gmin = endpoint.gmin;
  r.endpoint_plc = endpoint.plc;
  r.endpoint_buffer_kind = endpoint.buffer_kind;
  r.endpoint_buffer_rate = endpoint.buffer_rate;
  r.endpoint_pdv_kind = endpoint.pdv_kind;
  r.endpoint_mos_algorithm = endpoint.mos_algorithm;
  r.endpoint_mos_payload_type = endpoint.mos_payload_type;
  r.endpoint_dejitter_kind = endpoint.dejitter_kind;
  r.endpoint_concealment_plc = endpoint.concealment_plc;
  r.endpoint_burst_combined = endpoint.burst_combined;
}

}  // namespace

ReportRecord report_record(const RtcpRow& row, ReportSpan span, uint64_t stream_id, uint32_t stream_row) {
  const bool whole = span == ReportSpan::kWhole;
  const ReceptionReports::Figures& figures = whole ? row.reception.whole() : row.reception.window();
  const bool any = row.reception.whole().jitter.reports > 0;
  const bool any_offset = row.reception.whole().offset_jitter.reports > 0;
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
  r.reports = figures.jitter.reports;
  r.reported_jitter_max_ticks =
      static_cast<uint32_t>(std::llround(std::min<double>(figures.jitter.max_ticks, UINT32_MAX)));
  r.reported_cumulative_lost = any ? row.reception.cumulative_lost() : kUnknown;
  r.reported_fraction_lost = any ? row.reception.fraction_lost() / 256.0 : kUnknown;
  r.reported_fraction_lost_max = figures.jitter.reports > 0 ? figures.fraction_lost_max / 256.0 : kUnknown;
  r.reported_jitter_ticks = any ? row.reception.jitter_ticks() : kUnknown;
  r.reported_jitter_mean_ticks = mean(figures.jitter.sum_ticks, figures.jitter.reports);
  r.reported_offset_jitter_ticks = any_offset ? row.reception.offset_jitter_ticks() : kUnknown;
  r.reported_offset_jitter_mean_ticks = mean(figures.offset_jitter.sum_ticks, figures.offset_jitter.reports);
  r.reported_offset_jitter_max_ticks = when(figures.offset_jitter.reports, figures.offset_jitter.max_ticks);
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
  r.unknown_lrrs = count(RtcpCount::kUnknownLrr);
  r.nacks = count(RtcpCount::kNack);
  r.nacked_packets = count(RtcpCount::kNackedPackets);
  r.plis = count(RtcpCount::kPli);
  r.slis = count(RtcpCount::kSli);
  r.rpsis = count(RtcpCount::kRpsi);
  r.firs = count(RtcpCount::kFir);
  r.tmmbrs = count(RtcpCount::kTmmbr);
  r.tmmbns = count(RtcpCount::kTmmbn);
  r.tstrs = count(RtcpCount::kTstr);
  r.tstns = count(RtcpCount::kTstn);
  r.vbcms = count(RtcpCount::kVbcm);
  r.rembs = count(RtcpCount::kRemb);
  r.transport_ccs = count(RtcpCount::kTransportCc);
  r.ccfbs = count(RtcpCount::kCcfb);
  r.ecn_feedbacks = count(RtcpCount::kEcn);
  r.other_feedbacks = count(RtcpCount::kOtherFeedback);
  r.xr_blocks = count(RtcpCount::kXrBlocks);
  r.xr_without_interval = count(RtcpCount::kXrWithoutInterval);
  r.xr_skipped = count(RtcpCount::kXrSkipped);
  r.xr_dropped = count(RtcpCount::kXrDropped);
  r.reduced_size = count(RtcpCount::kReducedSize);
  r.srtcp_packets = count(RtcpCount::kSrtcp);
  r.malformed_rtcp = count(RtcpCount::kMalformed);
  r.app_packets = count(RtcpCount::kApp);
  r.other_rtcp_packets = count(RtcpCount::kOtherPackets);
  fill_endpoint(r, row.endpoint != nullptr ? *row.endpoint : EndpointReport{});
  return r;
}

}  // namespace rtpsonde
