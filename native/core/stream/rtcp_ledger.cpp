#include "core/stream/rtcp_ledger.h"

#include <algorithm>
#include <cstring>

namespace rtpsonde {

namespace {

constexpr uint8_t kSenderReport = 200, kReceiverReport = 201;

// FNV-1a. Never 0, which stands for no name.
uint64_t digest(Bytes text) {
  uint64_t h = 0xcbf29ce484222325;
  for (size_t i = 0; i < text.size; i++) h = (h ^ text.u8(i)) * 0x100000001b3;
  return h == 0 ? 1 : h;
}

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

Counter RtcpLedger::take(const Datagram& datagram, Bytes payload, uint32_t payload_len) {
  datagram_ = &datagram;
  reported_count_ = 0;
  packets_ = 0;
  looks_ = 0;
  reference_key_ = 0;
  has_memo_ = false;
  const RtcpRead read = read_rtcp(payload, payload_len, *this);
  pass_reference_time();
  count_compound(read);
  datagram_ = nullptr;
  switch (read.end) {
    case RtcpEnd::kWhole:
    case RtcpEnd::kCut:
      return Counter::kRtcp;
    case RtcpEnd::kEncrypted:
      return Counter::kEncryptedRtcp;
    default:
      return Counter::kMalformedRtcp;
  }
}

// What is of the whole compound counts for its sender's stream; of one that only
// receives, for the first stream that it reports on.
void RtcpLedger::count_compound(const RtcpRead& read) {
  Found of;
  if (read.judgement.has_sender) of = own(read.judgement.sender_ssrc);
  const bool clear = read.end == RtcpEnd::kWhole || read.end == RtcpEnd::kCut;
  if (clear && of.stream != StreamTable::kNone) table_.cold(of.stream).events.add(Event::kRtcp);
  RtcpRow* row = of.row;
  if (row == nullptr && reported_count_ > 0) row = reported_rows_[0];
  if (row == nullptr) return;
  if (read.end == RtcpEnd::kEncrypted) {
    row->counts.add(RtcpCount::kSrtcp);
  } else if (read.end == RtcpEnd::kDamaged || read.end == RtcpEnd::kMalformed) {
    row->counts.add(RtcpCount::kMalformed);
  } else if (packets_ > 0 && first_type_ != kSenderReport && first_type_ != kReceiverReport) {
    row->counts.add(RtcpCount::kReducedSize);
  }
}

RtcpLedger::Found RtcpLedger::found(uint32_t stream) {
  Found result{stream, nullptr};
  if (stream == StreamTable::kNone || table_.hot(stream).status != StreamStatus::kAccepted) return result;
  result.row = rows_.row_of(stream);
  if (result.row == nullptr) rows_refused_++;
  return result;
}

bool RtcpLedger::may_look() { return looks_++ < kLooks; }

RtcpLedger::Found RtcpLedger::own(uint32_t ssrc) {
  return may_look() ? found(join_.sent_along(*datagram_, ssrc)) : Found{};
}

RtcpLedger::Found RtcpLedger::reported(uint32_t ssrc) {
  if (!has_memo_ || memo_ssrc_ != ssrc) {
    memo_ = may_look() ? found(join_.sent_against(*datagram_, ssrc)) : Found{};
    memo_ssrc_ = ssrc;
    has_memo_ = true;
  }
  if (memo_.stream == StreamTable::kNone) unmatched_++;
  if (memo_.row == nullptr) return memo_;
  RtcpRow** const end = reported_rows_ + reported_count_;
  if (reported_count_ < kReported && std::find(reported_rows_, end, memo_.row) == end) {
    reported_rows_[reported_count_++] = memo_.row;
  }
  return memo_;
}

void RtcpLedger::on_packet(const RtcpPacket& packet) {
  if (packets_++ == 0) first_type_ = packet.type;
}

void RtcpLedger::on_sender_info(uint32_t sender_ssrc, const SenderInfo& info) {
  const Found of = own(sender_ssrc);
  if (of.row == nullptr) return;
  of.row->counts.add(RtcpCount::kSenderReports);
  of.row->sender_stamps.remember(info.ntp_middle(), datagram_->ts_ns);
  of.row->sender.report(info, datagram_->ts_ns, table_.hot(of.stream), table_.cold(of.stream));
}

void RtcpLedger::on_report_block(uint32_t sender_ssrc, const ReportBlock& block) {
  const Found of = reported(block.ssrc);
  if (of.row == nullptr) return;
  RtcpRow& row = *of.row;
  row.counts.add(RtcpCount::kReportBlocks);
  if (const auto stamped_ns = row.sender_stamps.find(block.lsr)) {
    row.downstream.echo(*stamped_ns, datagram_->ts_ns, block.dlsr);
  } else if (block.lsr != 0) {
    row.counts.add(RtcpCount::kUnknownLsr);
  }
  if (!row.reception.report(sender_ssrc, block, datagram_->ts_ns)) return;
  row.loss.report({sender_ssrc, block.highest_sequence, block.cumulative_lost}, table_.hot(of.stream),
                  table_.cold(of.stream), row.history);
}

void RtcpLedger::on_sdes_item(const SdesItem& item) {
  if (item.type != SdesType::kCname) return;
  if (RtcpRow* row = own(item.ssrc).row) row->cname_digest = digest(item.text);
}

void RtcpLedger::on_bye(uint32_t ssrc, Bytes reason) {
  RtcpRow* row = own(ssrc).row;
  if (row == nullptr) return;
  const Bytes kept = reason.first(kByeReasonOctets);
  row->bye_ns = datagram_->ts_ns;
  row->bye_reason_octets = static_cast<uint8_t>(kept.size);
  std::memset(row->bye_reason, 0, sizeof row->bye_reason);
  if (kept.size > 0) std::memcpy(row->bye_reason, kept.data, kept.size);
}

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

// The block does not say which streams its sender receives: these are the ones that
// the report blocks of the same datagram speak of, wherever in it they stand.
void RtcpLedger::on_receiver_reference_time(const XrBlock& /*block*/, const ReceiverReferenceTime& time) {
  reference_key_ = time.ntp_middle();
}

void RtcpLedger::pass_reference_time() {
  if (reference_key_ == 0) return;
  for (uint32_t i = 0; i < reported_count_; i++) {
    reported_rows_[i]->receiver_stamps.remember(reference_key_, datagram_->ts_ns);
  }
}

void RtcpLedger::on_dlrr(const XrBlock& block, const DlrrItem& item) {
  RtcpRow* row = own(block.sender_ssrc).row;
  if (row == nullptr) return;
  if (const auto stamped_ns = row->receiver_stamps.find(item.lrr)) {
    row->upstream.echo(*stamped_ns, datagram_->ts_ns, item.dlrr);
  }
}

}  // namespace rtpsonde
