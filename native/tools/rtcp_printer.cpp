// RtcpPrinter: everything but the blocks of XR.
#include "tools/rtcp_printer.h"

#include <string>

namespace tools {

using namespace rtpsonde;

JsonLine RtcpPrinter::line(const char* what) const {
  return JsonLine().add("frame", frame_).add("packet", packet_).add("what", what);
}

void RtcpPrinter::print_end(const RtcpRead& read, uint32_t payload_len, uint16_t src_port,
                            uint16_t dst_port) {
  constexpr const char* kVerdicts[] = {"clear", "authenticated", "encrypted", "damaged", "malformed"};
  constexpr const char* kEnds[] = {"whole", "cut", "damaged", "encrypted", "malformed"};
  const RtcpJudgement& judgement = read.judgement;
  JsonLine text;
  text.add("frame", frame_).add("what", "datagram").add("length", payload_len);
  text.add("srcPort", src_port).add("dstPort", dst_port);
  text.add("verdict", kVerdicts[static_cast<int>(judgement.verdict)]);
  text.add("end", kEnds[static_cast<int>(read.end)]);
  text.add("firstType", judgement.first_type);
  if (judgement.has_sender) text.ssrc("sender", judgement.sender_ssrc);
  if (judgement.has_index) text.add("index", judgement.index).add("tagOctets", judgement.tag_octets);
  text.add("packets", read.packets).add("damagedPackets", read.damaged_packets);
  text.add("skippedBlocks", read.skipped_blocks).add("droppedBlocks", read.dropped_blocks);
  print(text);
}

void RtcpPrinter::on_packet(const RtcpPacket& packet) {
  packet_++;
  JsonLine text = line("packet");
  text.add("type", packet.type).add("count", packet.count).add("octets", packet.body_len);
  if (packet.body.has(0, 4)) text.ssrc("ssrc", packet.body.be32(0));
  print(text.add("padding", packet.padding));
}

void RtcpPrinter::on_sender_info(uint32_t sender_ssrc, const SenderInfo& info) {
  JsonLine text = line("sender-info");
  text.ssrc("sender", sender_ssrc).ntp("ntp", info.ntp).add("rtpTimestamp", info.rtp_timestamp);
  print(text.add("packets", info.packets).add("octets", info.octets));
}

void RtcpPrinter::on_report_block(uint32_t sender_ssrc, const ReportBlock& block) {
  JsonLine text = line("report-block");
  text.ssrc("sender", sender_ssrc).ssrc("ssrc", block.ssrc).add("fractionLost", block.fraction_lost);
  text.add("cumulativeLost", block.cumulative_lost).add("highestSequence", block.highest_sequence);
  print(text.add("jitter", block.jitter_ticks).add("lsr", block.lsr).add("dlsr", block.dlsr));
}

void RtcpPrinter::on_sdes_item(const SdesItem& item) {
  JsonLine text = line("sdes-item");
  text.ssrc("ssrc", item.ssrc).add("type", static_cast<int>(item.type)).hex("text", item.text);
  if (item.type == SdesType::kPriv) text.hex("prefix", item.prefix);
  print(text);
}

void RtcpPrinter::on_bye(uint32_t ssrc, Bytes reason) {
  print(line("bye").ssrc("ssrc", ssrc).hex("reason", reason));
}

void RtcpPrinter::on_app(const App& app) {
  const Bytes name{reinterpret_cast<const uint8_t*>(app.name), sizeof app.name};
  JsonLine text = line("app");
  print(text.ssrc("ssrc", app.ssrc).add("subtype", app.subtype).hex("name", name).hex("data", app.data));
}

namespace {

constexpr const char* kKinds[] = {"nack", "tmmbr", "tmmbn", "ecn",  "ccfb", "transport-cc", "pli", "sli",
                                  "rpsi", "fir",   "tstr",  "tstn", "vbcm", "remb",         "afb", "?"};

std::string entry_of(const Feedback& feedback, uint32_t index) {
  switch (feedback.kind) {
    case FeedbackKind::kNack: {
      const NackEntry nack = read_nack(feedback, index);
      return JsonLine().add("pid", nack.packet_id).add("blp", nack.bitmask).object();
    }
    case FeedbackKind::kTmmbr:
    case FeedbackKind::kTmmbn: {
      const BitrateLimit limit = read_bitrate_limit(feedback, index);
      JsonLine text;
      text.ssrc("ssrc", limit.ssrc).add("bitrate", limit.bitrate_bps);
      return text.add("overhead", limit.overhead_octets).object();
    }
    case FeedbackKind::kSli: {
      const SliceLoss slice = read_slice_loss(feedback, index);
      JsonLine text;
      text.add("first", slice.first).add("number", slice.number);
      return text.add("pictureId", slice.picture_id).object();
    }
    default: {
      const CodecCommand command = read_codec_command(feedback, index);
      JsonLine text;
      text.ssrc("ssrc", command.ssrc).add("sequence", command.sequence);
      return text.add("tradeOff", command.trade_off).object();
    }
  }
}

void add_ecn(const Feedback& feedback, JsonLine& text) {
  EcnFeedback ecn;
  if (!read_ecn_feedback(feedback, ecn)) return;
  text.add("highestSequence", ecn.highest_sequence).add("ect0", ecn.ect0_packets);
  text.add("ect1", ecn.ect1_packets).add("ce", ecn.ce_packets).add("notEct", ecn.not_ect_packets);
  text.add("lost", ecn.lost_packets).add("duplicates", ecn.duplicate_packets);
}

void add_transport(const Feedback& feedback, JsonLine& text) {
  TransportFeedback transport;
  if (!read_transport_feedback(feedback, transport)) return;
  text.add("baseSequence", transport.base_sequence).add("packets", transport.packets);
  text.add("present", transport.present).add("received", transport.received);
  text.add("referenceTimeMs", transport.reference_time_ms).add("feedbackCount", transport.feedback_count);
}

void add_remb(const Feedback& feedback, JsonLine& text) {
  ReceiverBitrate bitrate;
  if (!read_receiver_bitrate(feedback, bitrate)) return;
  std::string ssrcs;
  for (uint32_t i = 0; i < bitrate.ssrc_count; i++) {
    ssrcs += (i > 0 ? "," : "") + JsonLine().ssrc("ssrc", bitrate.ssrc(i)).object();
  }
  text.add("bitrate", bitrate.bitrate_bps).list("entries", ssrcs);
}

void add_congestion(const Feedback& feedback, JsonLine& text) {
  CongestionReader reader(feedback);
  CongestionReport report;
  std::string reports;
  while (reader.next(report)) {
    JsonLine entry;
    entry.ssrc("ssrc", report.ssrc).add("beginSequence", report.begin_sequence);
    entry.add("reports", report.reports).add("received", report.received).add("ce", report.ce_marked);
    reports += (reports.empty() ? "" : ",") + entry.object();
  }
  text.list("entries", reports);
}

}  // namespace

void RtcpPrinter::on_feedback(const Feedback& feedback) {
  JsonLine text = line("feedback");
  text.add("kind", kKinds[static_cast<int>(feedback.kind)]);
  text.add("type", feedback.packet_type).add("format", feedback.format);
  if (feedback.has_sender) text.ssrc("sender", feedback.sender_ssrc);
  text.ssrc("media", feedback.media_ssrc).add("fciOctets", feedback.fci_len);
  if (feedback.entries > 0) {
    std::string entries = entry_of(feedback, 0);
    for (uint32_t i = 1; i < feedback.entries; i++) entries += "," + entry_of(feedback, i);
    text.list("entries", entries);
  }
  if (feedback.kind == FeedbackKind::kNack) text.add("packetsAsked", nack_packets(feedback));
  if (feedback.kind == FeedbackKind::kEcn) add_ecn(feedback, text);
  if (feedback.kind == FeedbackKind::kTransportCc) add_transport(feedback, text);
  if (feedback.kind == FeedbackKind::kRemb) add_remb(feedback, text);
  if (feedback.kind == FeedbackKind::kCcfb) add_congestion(feedback, text);
  print(text);
}

void RtcpPrinter::on_extended_jitter(const ExtendedJitter& jitter) {
  for (uint32_t i = 0; i < jitter.present; i++) {
    print(line("extended-jitter").add("jitter", jitter.jitter_ticks(i)));
  }
}

}  // namespace tools
