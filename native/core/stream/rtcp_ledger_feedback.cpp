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
    case FeedbackKind::kTmmbn:
      return RtcpCount::kTmmbn;
    case FeedbackKind::kTstr:
      return RtcpCount::kTstr;
    case FeedbackKind::kTstn:
      return RtcpCount::kTstn;
    case FeedbackKind::kVbcm:
      return RtcpCount::kVbcm;
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

// Feedback whose entries name the streams.
void RtcpLedger::count_entries(const Feedback& feedback, RtcpCount what) {
  if (feedback.kind == FeedbackKind::kCcfb) {
    CongestionReader reader(feedback);
    CongestionReport report;
    while (reader.next(report)) count(report.ssrc, what);
  } else if (feedback.kind == FeedbackKind::kVbcm) {
    BackChannelReader reader(feedback);
    BackChannelMessage message;
    while (reader.next(message)) count(message.ssrc, what);
  } else if (feedback.kind == FeedbackKind::kRemb) {
    ReceiverBitrate remb;
    if (!read_receiver_bitrate(feedback, remb)) return;
    for (uint32_t i = 0; i < remb.ssrc_count; i++) {
      RtcpRow* row = reported(remb.ssrc(i)).row;
      if (row == nullptr) continue;
      row->counts.add(what);
      row->remb_bps = remb.bitrate_bps;
    }
  } else if (feedback.kind == FeedbackKind::kTmmbr) {
    for (uint32_t i = 0; i < feedback.entries; i++) count(read_bitrate_limit(feedback, i).ssrc, what);
  } else {
    for (uint32_t i = 0; i < feedback.entries; i++) count(read_codec_command(feedback, i).ssrc, what);
  }
}

void RtcpLedger::on_feedback(const Feedback& feedback) {
  const RtcpCount what = count_of(feedback.kind);
  switch (feedback.kind) {
    case FeedbackKind::kFir:
      if (feedback.entries == 0) break;  // RFC 2032
      [[fallthrough]];
    case FeedbackKind::kCcfb:
    case FeedbackKind::kRemb:
    case FeedbackKind::kTmmbr:
    case FeedbackKind::kTstr:
    case FeedbackKind::kVbcm:
      count_entries(feedback, what);
      return;
    case FeedbackKind::kTmmbn:
    case FeedbackKind::kTstn:
      // The sender of the stream answers, and the entries name those that asked.
      if (RtcpRow* row = own(feedback.sender_ssrc).row) {
        row->counts.add(what);
      } else {
        unmatched_++;
      }
      return;
    case FeedbackKind::kTransportCc:
      if (feedback.media_ssrc != 0) break;
      unnamed_.transport_ccs++;
      return;
    default:
      break;
  }
  if (feedback.media_ssrc == 0) {
    unmatched_++;
    return;
  }
  count(feedback.media_ssrc, what);
  if (feedback.kind == FeedbackKind::kNack) {
    count(feedback.media_ssrc, RtcpCount::kNackedPackets, nack_packets(feedback));
  }
  EcnFeedback ecn;
  if (feedback.kind == FeedbackKind::kEcn && read_ecn_feedback(feedback, ecn)) {
    if (EndpointReport* report = endpoint(feedback.sender_ssrc, feedback.media_ssrc)) report->note(ecn);
  }
}

EndpointReport* RtcpLedger::endpoint(uint32_t reporter_ssrc, uint32_t ssrc) {
  RtcpRow* row = reported(ssrc).row;
  return row == nullptr ? nullptr : endpoint_of(*row, reporter_ssrc);
}

EndpointReport* RtcpLedger::endpoint_of(RtcpRow& row, uint32_t reporter_ssrc) {
  row.counts.add(RtcpCount::kXrBlocks);
  if (row.endpoint == nullptr) {
    row.endpoint = &rows_.take_endpoint();
    *row.endpoint = EndpointReport{};
  }
  return row.endpoint->begin(reporter_ssrc, datagram_->ts_ns) ? row.endpoint : nullptr;
}

void RtcpLedger::on_rle(const XrBlock& block, const RleReport& report) {
  if (EndpointReport* of = endpoint(block.sender_ssrc, report.ssrc)) of->note(block, report);
}

void RtcpLedger::on_idms(const XrBlock& block, const IdmsReport& report) {
  if (EndpointReport* of = endpoint(block.sender_ssrc, report.source_ssrc)) of->note(report);
}

void RtcpLedger::on_xnq(const XrBlock& block, const XnqMetrics& metrics) {
  unnamed_.has_xnq = true;
  unnamed_.xnq_reporter_ssrc = block.sender_ssrc;
  unnamed_.xnq = metrics;
}

void RtcpLedger::count_block(const XrBlock& block, RtcpCount what) {
  if (block.has_ssrc) {
    count(block.ssrc, what);
  } else {
    (what == RtcpCount::kXrSkipped ? unnamed_.xr_skipped : unnamed_.xr_dropped)++;
  }
}

}  // namespace rtpsonde
