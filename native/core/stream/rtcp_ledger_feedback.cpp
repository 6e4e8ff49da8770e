// What a receiver asks of a stream, and what it measured of it: feedback and XR.
#include "core/stream/rtcp_ledger.h"

namespace rtpsonde {

namespace {

RtcpCount count_of(FeedbackKind kind) {
  switch (kind) {
    case FeedbackKind::kNack:
      return RtcpCount::kNack;
    case FeedbackKind::kPli:
      return RtcpCount::kPli;
    case FeedbackKind::kSli:
      return RtcpCount::kSli;
    case FeedbackKind::kRpsi:
      return RtcpCount::kRpsi;
    case FeedbackKind::kFir:
      return RtcpCount::kFir;
    case FeedbackKind::kTmmbr:
      return RtcpCount::kTmmbr;
    case FeedbackKind::kRemb:
      return RtcpCount::kRemb;
    case FeedbackKind::kTransportCc:
      return RtcpCount::kTransportCc;
    case FeedbackKind::kCcfb:
      return RtcpCount::kCcfb;
    case FeedbackKind::kEcn:
      return RtcpCount::kEcn;
    default:
      return RtcpCount::kOtherFeedback;
  }
}

}  // namespace

void RtcpLedger::count(uint32_t media_ssrc, RtcpCount what, uint32_t n) {
  if (RtcpRow* row = reported(media_ssrc).row) row->counts.add(what, n);
}

void RtcpLedger::on_feedback(const Feedback& feedback) {
  const RtcpCount what = count_of(feedback.kind);
  switch (feedback.kind) {
    case FeedbackKind::kRemb: {
      ReceiverBitrate remb;
      if (!read_receiver_bitrate(feedback, remb)) return;
      for (uint32_t i = 0; i < remb.ssrc_count; i++) {
        RtcpRow* row = reported(remb.ssrc(i)).row;
        if (row == nullptr) continue;
        row->counts.add(what);
        row->remb_bps = remb.bitrate_bps;
      }
      return;
    }
    case FeedbackKind::kCcfb: {
      CongestionReader reader(feedback);
      CongestionReport report;
      while (reader.next(report)) count(report.ssrc, what);
      return;
    }
    case FeedbackKind::kTmmbr:
      for (uint32_t i = 0; i < feedback.entries; i++) count(read_bitrate_limit(feedback, i).ssrc, what);
      return;
    case FeedbackKind::kFir:
      if (feedback.entries == 0) break;  // RFC 2032
      for (uint32_t i = 0; i < feedback.entries; i++) count(read_codec_command(feedback, i).ssrc, what);
      return;
    default:
      break;
  }
  if (feedback.media_ssrc == 0) return;
  count(feedback.media_ssrc, what);
  if (feedback.kind == FeedbackKind::kNack) {
    count(feedback.media_ssrc, RtcpCount::kNackedPackets, nack_packets(feedback));
  }
  EcnFeedback ecn;
  if (feedback.kind == FeedbackKind::kEcn && read_ecn_feedback(feedback, ecn)) {
    if (EndpointReport* report = endpoint(feedback.media_ssrc)) report->note(ecn);
  }
}

EndpointReport* RtcpLedger::endpoint(uint32_t ssrc) {
  RtcpRow* row = reported(ssrc).row;
  if (row == nullptr) return nullptr;
  row->counts.add(RtcpCount::kXrBlocks);
  if (row->endpoint == nullptr) {
    row->endpoint = rows_.take_endpoint();
    if (row->endpoint == nullptr) return nullptr;
    *row->endpoint = EndpointReport{};
  }
  row->endpoint->reported_ns = datagram_->ts_ns;
  return row->endpoint;
}

void RtcpLedger::on_rle(const XrBlock& block, const RleReport& report) {
  if (EndpointReport* of = endpoint(report.ssrc)) of->note(block, report);
}

void RtcpLedger::on_voip_metrics(const XrBlock& /*block*/, const VoipMetrics& metrics) {
  if (EndpointReport* report = endpoint(metrics.ssrc)) report->note(metrics, datagram_->ts_ns);
}

}  // namespace rtpsonde
