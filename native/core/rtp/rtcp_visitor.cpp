#include "core/rtp/rtcp_visitor.h"

#include "core/rtp/rtcp_xr_visit.h"

namespace rtpsonde {
namespace {

// Each returns whether the content of the packet holds, as far as it was captured.

bool visit_report(const RtcpPacket& packet, RtcpVisitor& visitor) {
  Report report;
  if (!read_report(packet, report)) return false;
  if (report.has_sender_info) visitor.on_sender_info(report.sender_ssrc, report.sender_info);
  for (uint32_t i = 0; i < report.blocks_present; i++) {
    visitor.on_report_block(report.sender_ssrc, read_report_block(report, i));
  }
  return true;
}

bool visit_sdes(const RtcpPacket& packet, RtcpVisitor& visitor) {
  SdesReader reader(packet);
  SdesItem item;
  RtcpStep step;
  while ((step = reader.next(item)) == RtcpStep::kPacket) visitor.on_sdes_item(item);
  return step != RtcpStep::kMalformed;
}

bool visit_bye(const RtcpPacket& packet, RtcpVisitor& visitor) {
  Bye bye;
  if (!read_bye(packet, bye)) return false;
  for (uint32_t i = 0; i < bye.present; i++) visitor.on_bye(bye.ssrc(i), bye.reason);
  return true;
}

bool visit_app(const RtcpPacket& packet, RtcpVisitor& visitor) {
  App app;
  if (!read_app(packet, app)) return false;
  visitor.on_app(app);
  return true;
}

bool visit_feedback(const RtcpPacket& packet, RtcpVisitor& visitor) {
  Feedback feedback;
  if (!read_feedback(packet, feedback)) return false;
  visitor.on_feedback(feedback);
  return true;
}

bool visit_extended_jitter(const RtcpPacket& packet, RtcpVisitor& visitor) {
  ExtendedJitter jitter;
  if (!read_extended_jitter(packet, jitter)) return false;
  visitor.on_extended_jitter(jitter);
  return true;
}

bool visit_xr(const RtcpPacket& packet, RtcpVisitor& visitor, RtcpRead& read) {
  XrReader reader(packet);
  XrBlock block;
  RtcpStep step;
  while ((step = reader.next(block)) == RtcpStep::kPacket) {
    const XrOutcome outcome = visit_xr_block(block, visitor);
    if (outcome == XrOutcome::kSkipped) read.skipped_blocks++;
    if (outcome == XrOutcome::kDropped) read.dropped_blocks++;
  }
  return step != RtcpStep::kMalformed;
}

bool visit_content(const RtcpPacket& packet, RtcpVisitor& visitor, RtcpRead& read) {
  switch (packet.type) {
    case 192:
    case 193:
    case 205:
    case 206:
      return visit_feedback(packet, visitor);
    case 195:
      return visit_extended_jitter(packet, visitor);
    case 200:
    case 201:
      return visit_report(packet, visitor);
    case 202:
      return visit_sdes(packet, visitor);
    case 203:
      return visit_bye(packet, visitor);
    case 204:
      return visit_app(packet, visitor);
    case 207:
      return visit_xr(packet, visitor, read);
    default:
      return true;  // known by its length alone
  }
}

}  // namespace

RtcpRead read_rtcp(Bytes payload, uint32_t payload_len, RtcpVisitor& visitor) {
  RtcpRead read;
  read.judgement = judge_rtcp(payload, payload_len);
  switch (read.judgement.verdict) {
    case RtcpVerdict::kEncrypted:
      read.end = RtcpEnd::kEncrypted;
      return read;
    case RtcpVerdict::kMalformed:
      return read;
    case RtcpVerdict::kClear:
    case RtcpVerdict::kAuthenticated:
      read.end = RtcpEnd::kWhole;
      break;
    case RtcpVerdict::kDamaged:
      read.end = RtcpEnd::kDamaged;
      break;
  }
  RtcpReader reader(payload.first(read.judgement.clear_octets), read.judgement.clear_octets);
  RtcpPacket packet;
  RtcpStep step;
  while ((step = reader.next(packet)) == RtcpStep::kPacket) {
    read.packets++;
    visitor.on_packet(packet);
    const bool cut = packet.body.size < packet.body_len;
    if (!visit_content(packet, visitor, read) && !cut) read.damaged_packets++;
    if (cut && read.end == RtcpEnd::kWhole) read.end = RtcpEnd::kCut;
  }
  if (step == RtcpStep::kCut && read.end == RtcpEnd::kWhole) read.end = RtcpEnd::kCut;
  return read;
}

}  // namespace rtpsonde
