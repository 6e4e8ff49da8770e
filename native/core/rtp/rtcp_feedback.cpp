#include "core/rtp/rtcp_feedback.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kRembId = 0x52454d42;  // "REMB"

FeedbackKind transport_kind(uint8_t format) {
  switch (format) {
    case 1:
      return FeedbackKind::kNack;
    case 3:
      return FeedbackKind::kTmmbr;
    case 4:
      return FeedbackKind::kTmmbn;
    case 8:
      return FeedbackKind::kEcn;
    case 11:
      return FeedbackKind::kCcfb;
    case 15:
      return FeedbackKind::kTransportCc;
    default:
      return FeedbackKind::kUnknown;
  }
}

FeedbackKind payload_kind(uint8_t format, Bytes fci) {
  switch (format) {
    case 1:
      return FeedbackKind::kPli;
    case 2:
      return FeedbackKind::kSli;
    case 3:
      return FeedbackKind::kRpsi;
    case 4:
      return FeedbackKind::kFir;
    case 5:
      return FeedbackKind::kTstr;
    case 6:
      return FeedbackKind::kTstn;
    case 7:
      return FeedbackKind::kVbcm;
    case 15:
      return fci.has(0, 4) && fci.be32(0) == kRembId ? FeedbackKind::kRemb : FeedbackKind::kApplication;
    default:
      return FeedbackKind::kUnknown;
  }
}

// Octets of one entry; 0 for the kinds without entries of one size.
uint32_t entry_octets(FeedbackKind kind) {
  switch (kind) {
    case FeedbackKind::kNack:
    case FeedbackKind::kSli:
      return 4;
    case FeedbackKind::kTmmbr:
    case FeedbackKind::kTmmbn:
    case FeedbackKind::kFir:
    case FeedbackKind::kTstr:
    case FeedbackKind::kTstn:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

// RFC 4585 6.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P|   FMT   | PT=205 or 206 |          length               |
// |                  SSRC of packet sender                        |
// |                  SSRC of media source                         |  not in CCFB (RFC 8888)
// :            Feedback Control Information (FCI)                 :
//
// RFC 2032 5.2: the packets 192 (FIR) and 193 (NACK) of H.261 have one SSRC, that
// of the source asked; a NACK adds first sequence number and bit mask.
bool read_feedback(const RtcpPacket& packet, Feedback& out) {
  const uint32_t content_len = packet.body_len - packet.padding;
  const Bytes content = packet.body.first(content_len);
  out = {};
  out.packet_type = packet.type;
  out.format = packet.count;
  const bool is_h261 = packet.type == 192 || packet.type == 193;
  const bool is_ccfb = packet.type == 205 && packet.count == 11;
  const uint32_t fci_at = is_h261 || is_ccfb ? 4 : 8;
  if (!content.has(0, fci_at)) return false;
  out.fci = content.from(fci_at);
  out.fci_len = content_len - fci_at;
  if (is_h261) {
    out.kind = packet.type == 192 ? FeedbackKind::kFir : FeedbackKind::kNack;
    out.media_ssrc = content.be32(0);
    out.entries = packet.type == 193 && out.fci.has(0, 4) ? 1 : 0;
    return packet.type == 192 || out.fci_len >= 4;
  }
  out.has_sender = true;
  out.sender_ssrc = content.be32(0);
  out.media_ssrc = is_ccfb ? 0 : content.be32(4);
  out.kind = packet.type == 205 ? transport_kind(packet.count) : payload_kind(packet.count, out.fci);
  const uint32_t octets = entry_octets(out.kind);
  if (octets != 0) out.entries = static_cast<uint32_t>(out.fci.size / octets);
  return true;
}

// RFC 4585 6.2.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |            PID                |             BLP               |
NackEntry read_nack(const Feedback& feedback, uint32_t index) {
  const Bytes entry = feedback.fci.from(4UL * index);
  return {entry.be16(0), entry.be16(2)};
}

uint32_t nack_packets(const Feedback& feedback) {
  uint32_t packets = 0;
  for (uint32_t i = 0; i < feedback.entries; i++) packets += read_nack(feedback, i).packets();
  return packets;
}

// RFC 6679 5.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// | Extended Highest Sequence Number                              |
// | ECT (0) Counter                                               |
// | ECT (1) Counter                                               |
// | ECN-CE Counter                | not-ECT Counter               |
// | Lost Packets Counter          | Duplication Counter           |
bool read_ecn_feedback(const Feedback& feedback, EcnFeedback& out) {
  const Bytes fci = feedback.fci;
  if (!fci.has(0, 20)) return false;
  out = {read_ecn_counts(fci.from(4)), fci.be32(0)};
  return true;
}

// RFC 5450 4
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P|    RC   |   PT=IJ=195   |             length            |
// |                      inter-arrival jitter                     |
bool read_extended_jitter(const RtcpPacket& packet, ExtendedJitter& out) {
  const uint32_t content_len = packet.body_len - packet.padding;
  if (content_len < 4U * packet.count) return false;
  out.count = packet.count;
  out.jitters = packet.body.first(4UL * packet.count);
  out.present = static_cast<uint32_t>(out.jitters.size / 4);
  out.jitters = out.jitters.first(4UL * out.present);
  return true;
}

}  // namespace rtpsonde
