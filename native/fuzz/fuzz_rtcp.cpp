// Any octets as RTCP: every packet lies within the datagram, the lengths of a whole
// compound add up, and a cut by the snap length does not make it malformed. Whatever
// is handed out lies within what was captured, and nothing is of what is encrypted.
//
// Input: octets cut off by the snap length (1), then the datagram as it was sent.
#include <algorithm>
#include <cmath>

#include "core/rtp/rtcp.h"
#include "core/rtp/rtcp_visitor.h"
#include "fuzz_support.h"

namespace {

using namespace rtpsonde;
using fuzz::check;
using fuzz::Exact;

struct Walk {
  RtcpStep end;
  uint32_t packets = 0;
};

Walk walk(Bytes bytes, uint32_t wire_len) {
  RtcpReader reader(bytes, wire_len);
  RtcpPacket packet;
  Walk result{};
  uint64_t accounted = 0;
  for (;;) {
    result.end = reader.next(packet);
    if (result.end != RtcpStep::kPacket) break;
    result.packets++;
    accounted += 4 + packet.body_len;
    check(accounted <= wire_len);
    check(packet.body.size <= packet.body_len);
    check(packet.body.data + packet.body.size <= bytes.data + bytes.size);
    check(packet.body.size == packet.body_len || packet.padding == 0);
    check(packet.padding <= packet.body_len && packet.padding % 4 == 0);
    check(packet.type >= 192 && packet.type <= 223 && packet.count < 32);
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < packet.body.size; i++) sum = static_cast<uint8_t>(sum + packet.body.u8(i));
  }
  if (result.end == RtcpStep::kEnd) check(accounted == wire_len);
  if (result.end == RtcpStep::kCut) check(bytes.size < wire_len);
  return result;
}

// Reads every octet that a view gives, and every entry behind it.
class Reader : public RtcpVisitor {
 public:
  explicit Reader(Bytes datagram) : datagram_(datagram) {}

  uint64_t things = 0;
  uint64_t packets = 0;
  uint64_t skipped = 0;
  uint64_t dropped = 0;

  void on_packet(const RtcpPacket& packet) override {
    packets++;
    touch(packet.body);
  }
  void on_report_block(uint32_t /*sender_ssrc*/, const ReportBlock& block) override {
    things++;
    check(block.cumulative_lost >= -0x800000 && block.cumulative_lost <= 0x7fffff);
  }
  void on_sdes_item(const SdesItem& item) override {
    check(item.text.size + item.prefix.size <= 255 && item.type != SdesType::kEnd);
    touch(item.text);
    touch(item.prefix);
  }
  void on_bye(uint32_t /*ssrc*/, Bytes reason) override { touch(reason); }
  void on_app(const App& app) override {
    check(app.subtype < 32);
    touch(app.data);
  }
  void on_feedback(const Feedback& feedback) override {
    check(feedback.fci.size <= feedback.fci_len);
    touch(feedback.fci);
    for (uint32_t i = 0; i < feedback.entries; i++) read_entry(feedback, i);
    if (feedback.kind == FeedbackKind::kNack) check(nack_packets(feedback) <= 17 * feedback.entries);
    EcnFeedback ecn;
    if (feedback.kind == FeedbackKind::kEcn) read_ecn_feedback(feedback, ecn);
    TransportFeedback transport;
    if (feedback.kind == FeedbackKind::kTransportCc && read_transport_feedback(feedback, transport)) {
      check(transport.present <= transport.packets && transport.received <= transport.present);
    }
    ReceiverBitrate bitrate;
    if (read_receiver_bitrate(feedback, bitrate)) {
      check(std::isfinite(bitrate.bitrate_bps) && bitrate.ssrc_count <= 255);
      touch(bitrate.ssrcs);
    }
    CongestionReader congestion(feedback);
    CongestionReport report;
    while (feedback.kind == FeedbackKind::kCcfb && congestion.next(report)) {
      check(report.present <= report.reports && report.received <= report.present);
      check(report.ce_marked <= report.received);
    }
  }
  void on_extended_jitter(const ExtendedJitter& jitter) override {
    check(jitter.present <= jitter.count);
    touch(jitter.jitters);
  }
  void on_rle(const XrBlock& block, const RleReport& report) override {
    touch(report.chunks);
    const RleSummary sum = summarize_rle(block, report);
    check(sum.packets < 65536 && sum.told <= sum.packets && sum.marked <= sum.told);
    check(sum.longest <= sum.marked && sum.runs <= sum.marked && (sum.runs == 0) == (sum.marked == 0));
  }
  void on_receipt_times(const XrBlock& block, const ReceiptTimes& times) override {
    check(times.count <= block.length_words);
    touch(times.times);
  }
  void on_voip_metrics(const XrBlock& block, const VoipMetrics& metrics) override {
    check(block.whole() && metrics.loss_rate < 1);
    check(std::isnan(metrics.mos_lq) || (metrics.mos_lq >= 1 && metrics.mos_lq <= 5));
    check(std::isnan(metrics.r_factor) || (metrics.r_factor >= 0 && metrics.r_factor <= 100));
  }
  void on_burst_gap_loss(const XrBlock& /*block*/, const BurstGapLoss& loss) override {
    check(std::isnan(loss.bursts) || loss.bursts <= 0xffe);
  }
  void on_mos(const XrBlock& /*block*/, const MosSegment& segment) override {
    check(std::isnan(segment.mos) || (segment.mos >= 0 && segment.mos < 128));
  }
  void on_multicast_acquisition(const XrBlock& /*block*/, const MulticastAcquisition& report) override {
    touch(report.elements);
  }
  void on_skipped_block(const XrBlock& block) override {
    skipped++;
    check(xr_type_name(block.type) != nullptr);
    touch(block.body);
  }
  void on_dropped_block(const XrBlock& block) override {
    dropped++;
    touch(block.body);
  }

 private:
  void touch(Bytes view) {
    things++;
    if (view.size == 0) return;
    check(view.data >= datagram_.data && view.data + view.size <= datagram_.data + datagram_.size);
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < view.size; i++) sum = static_cast<uint8_t>(sum + view.u8(i));
  }
  static void read_entry(const Feedback& feedback, uint32_t index) {
    switch (feedback.kind) {
      case FeedbackKind::kNack:
        check(read_nack(feedback, index).packets() <= 17);
        break;
      case FeedbackKind::kTmmbr:
      case FeedbackKind::kTmmbn:
        check(std::isfinite(read_bitrate_limit(feedback, index).bitrate_bps));
        break;
      case FeedbackKind::kSli:
        check(read_slice_loss(feedback, index).picture_id < 64);
        break;
      default:
        check(read_codec_command(feedback, index).trade_off < 32);
        break;
    }
  }

  Bytes datagram_;
};

RtcpRead read_all(Bytes bytes, uint32_t wire_len) {
  Reader reader(bytes);
  const RtcpRead read = read_rtcp(bytes, wire_len, reader);
  check(read.packets == reader.packets);
  check(read.skipped_blocks == reader.skipped && read.dropped_blocks == reader.dropped);
  check(read.damaged_packets <= read.packets);
  check(read.judgement.clear_octets <= wire_len);
  const bool readable = read.end != RtcpEnd::kEncrypted && read.end != RtcpEnd::kMalformed;
  check(readable == (read.judgement.clear_octets > 0));
  if (!readable) check(reader.packets == 0 && reader.things == 0);
  if (bytes.size == wire_len) check(read.end != RtcpEnd::kCut);
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1 || size > 65536) return 0;
  const auto wire_len = static_cast<uint32_t>(size - 1);
  const size_t cut_len = wire_len - std::min<size_t>(data[0], wire_len);
  const Exact whole(data + 1, wire_len), cut(data + 1, cut_len);

  const Walk w = walk(whole.bytes(), wire_len), c = walk(cut.bytes(), wire_len);
  check(w.end != RtcpStep::kCut);
  check(c.packets <= w.packets || w.end == RtcpStep::kMalformed);
  if (w.end == RtcpStep::kEnd) check(c.end != RtcpStep::kMalformed);

  const RtcpRead whole_read = read_all(whole.bytes(), wire_len);
  const RtcpRead cut_read = read_all(cut.bytes(), wire_len);
  // What adds up is never called encrypted, cut or not.
  if (w.end == RtcpStep::kEnd && w.packets > 0) {
    check(whole_read.end == RtcpEnd::kWhole && whole_read.packets == w.packets);
    check(cut_read.end != RtcpEnd::kEncrypted && cut_read.packets <= w.packets);
  }
  return 0;
}
