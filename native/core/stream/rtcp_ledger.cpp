#include "core/stream/rtcp_ledger.h"

#include <algorithm>
#include <cstring>

#include "core/base/fnv.h"

namespace rtpsonde {

namespace {

constexpr uint8_t kSenderReport = 200, kReceiverReport = 201;

// Packet types whose content is read; of the others only the length is known.
bool is_read(uint8_t type) {
  return type == 192 || type == 193 || type == 195 || (type >= kSenderReport && type <= 207);
}

// FNV-1a. Never 0, which stands for no name.
uint64_t digest(Bytes text) {
  const uint64_t h = fnv1a(text.data, text.size);
  return h == 0 ? 1 : h;
}

}  // namespace

Counter RtcpLedger::take(const Datagram& datagram, Bytes payload, uint32_t payload_len) {
  datagram_ = &datagram;
  reported_count_ = 0;
  packets_ = 0;
  looks_ = 0;
  block_count_ = 0;
  unnamed_ = {};
  has_memo_ = false;
  const RtcpRead read = read_rtcp(payload, payload_len, *this);
  settle_unnamed();
  const Counter fate = count_compound(read);
  datagram_ = nullptr;
  return fate;
}

namespace {

// What cannot be read is taken for encrypted beside a stream of its sender, or when
// it ends as SRTCP does; elsewhere it may be anything.
Counter fate_of(const RtcpRead& read, bool has_stream) {
  switch (read.end) {
    case RtcpEnd::kWhole:
    case RtcpEnd::kCut:
      return Counter::kRtcp;
    case RtcpEnd::kEncrypted:
      return has_stream || read.judgement.has_index ? Counter::kEncryptedRtcp : Counter::kMalformedRtcp;
    case RtcpEnd::kDamaged:
      return Counter::kMalformedRtcp;
    case RtcpEnd::kMalformed:
      break;
  }
  return has_stream ? Counter::kEncryptedRtcp : Counter::kMalformedRtcp;
}

}  // namespace

// What is of the whole compound counts for its sender's stream; of one that only
// receives, for the first stream that it speaks of.
Counter RtcpLedger::count_compound(const RtcpRead& read) {
  Found of;
  looks_ = 0;
  if (read.judgement.has_sender) of = own(read.judgement.sender_ssrc);
  const bool has_stream = of.stream != StreamTable::kNone;
  const Counter fate = fate_of(read, has_stream);
  if (has_stream && fate == Counter::kRtcp) {
    table_.parts().incidents_of(table_.cold(of.stream)).events.add(Event::kRtcp);
  }
  RtcpRow* row = of.row;
  if (row == nullptr && reported_count_ > 0) row = reported_rows_[0];
  if (row == nullptr) return fate;
  if (fate == Counter::kEncryptedRtcp) {
    row->counts.add(RtcpCount::kSrtcp);
  } else if (fate == Counter::kMalformedRtcp) {
    row->counts.add(RtcpCount::kMalformed);
  } else if (packets_ > 0 && first_type_ != kSenderReport && first_type_ != kReceiverReport) {
    row->counts.add(RtcpCount::kReducedSize);
  }
  row->counts.add(RtcpCount::kApp, unnamed_.apps);
  row->counts.add(RtcpCount::kOtherPackets, unnamed_.other_packets);
  return fate;
}

RtcpLedger::Found RtcpLedger::found(uint32_t stream) {
  Found result{stream, nullptr};
  if (stream == StreamTable::kNone || table_.hot(stream).status != StreamStatus::kAccepted) return result;
  result.row = &rows_.row_of(stream);
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
  if (packet.type == kSenderReport || packet.type == kReceiverReport) block_count_ = 0;
  if (!is_read(packet.type)) unnamed_.other_packets++;
}

void RtcpLedger::on_app(const App& /*app*/) { unnamed_.apps++; }

void RtcpLedger::on_sender_info(uint32_t sender_ssrc, const SenderInfo& info) {
  const Found of = own(sender_ssrc);
  if (of.row == nullptr) return;
  of.row->counts.add(RtcpCount::kSenderReports);
  of.row->sender_stamps.remember(info.ntp_middle(), datagram_->ts_ns);
  of.row->sender.report(info, datagram_->ts_ns, table_.hot(of.stream), table_.cold(of.stream));
}

void RtcpLedger::on_report_block(uint32_t sender_ssrc, const ReportBlock& block) {
  const Found of = reported(block.ssrc);
  // Extended jitter reports name no streams, but follow the order of the blocks.
  RtcpRow** const place = block_count_ < kReported ? &block_rows_[block_count_++] : nullptr;
  if (place != nullptr) *place = nullptr;
  if (of.row == nullptr) return;
  RtcpRow& row = *of.row;
  row.counts.add(RtcpCount::kReportBlocks);
  if (const auto stamped_ns = row.sender_stamps.find(block.lsr)) {
    row.downstream.echo(*stamped_ns, datagram_->ts_ns, block.dlsr);
  } else if (block.lsr != 0) {
    row.counts.add(RtcpCount::kUnknownLsr);
  }
  if (!row.reception.report(sender_ssrc, block, datagram_->ts_ns)) return;
  if (place != nullptr) *place = &row;
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

// The block does not say which streams its sender receives: these are the ones that
// the report blocks of the same datagram speak of, wherever in it they stand.
void RtcpLedger::on_receiver_reference_time(const XrBlock& /*block*/, const ReceiverReferenceTime& time) {
  unnamed_.reference_key = time.ntp_middle();
}

void RtcpLedger::on_extended_jitter(const ExtendedJitter& jitter) {
  for (uint32_t i = 0; i < std::min(jitter.present, block_count_); i++) {
    if (block_rows_[i] != nullptr) block_rows_[i]->reception.report_offset_jitter(jitter.jitter_ticks(i));
  }
}

void RtcpLedger::settle_unnamed() {
  const Unnamed& u = unnamed_;
  for (uint32_t i = 0; i < reported_count_; i++) {
    RtcpRow& row = *reported_rows_[i];
    if (u.reference_key != 0) row.receiver_stamps.remember(u.reference_key, datagram_->ts_ns);
    row.counts.add(RtcpCount::kTransportCc, u.transport_ccs);
  }
  // Metrics of several streams together are those of none; what is not read is counted once.
  if (u.has_xnq && reported_count_ == 1) {
    if (EndpointReport* report = endpoint_of(*reported_rows_[0], u.xnq_reporter_ssrc)) report->note(u.xnq);
  } else if (u.has_xnq) {
    unmatched_++;
  }
  if (reported_count_ == 0) {
    unmatched_ += u.transport_ccs + u.xr_skipped + u.xr_dropped;
    return;
  }
  reported_rows_[0]->counts.add(RtcpCount::kXrSkipped, u.xr_skipped);
  reported_rows_[0]->counts.add(RtcpCount::kXrDropped, u.xr_dropped);
}

void RtcpLedger::on_dlrr(const XrBlock& block, const DlrrItem& item) {
  RtcpRow* row = own(block.sender_ssrc).row;
  if (row == nullptr) return;
  if (const auto stamped_ns = row->receiver_stamps.find(item.lrr)) {
    row->upstream.echo(*stamped_ns, datagram_->ts_ns, item.dlrr);
  } else if (item.lrr != 0) {
    row->counts.add(RtcpCount::kUnknownLrr);
  }
}

}  // namespace rtpsonde
