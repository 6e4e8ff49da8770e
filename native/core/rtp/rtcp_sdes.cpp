#include "core/rtp/rtcp_sdes.h"

#include <cstring>

namespace rtpsonde {

// RFC 3550 6.5: each chunk begins on a 32-bit boundary and ends with 1..4 zeros
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P|    SC   |  PT=SDES=202  |             length            |
// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
// |                          SSRC/CSRC_1                          |
// |     type      |    octets     |  text ...
// |                              ...                              |
RtcpStep SdesReader::enter_chunk() {
  if (chunks_left_ == 0) return RtcpStep::kEnd;
  if (body_len_ - offset_ < 4) return RtcpStep::kMalformed;
  if (!body_.has(offset_, 4)) return RtcpStep::kCut;
  ssrc_ = body_.be32(offset_);
  offset_ += 4;
  chunks_left_--;
  in_chunk_ = true;
  return RtcpStep::kPacket;
}

RtcpStep SdesReader::next(SdesItem& out) {
  for (;;) {
    if (!in_chunk_) {
      const RtcpStep step = enter_chunk();
      if (step != RtcpStep::kPacket) return step;
    }
    if (offset_ == body_len_) {
      // Some senders leave out the zeros when the last item fills the word.
      in_chunk_ = false;
      continue;
    }
    if (!body_.has(offset_, 1)) return RtcpStep::kCut;
    const uint8_t type = body_.u8(offset_);
    if (type == 0) {
      offset_ = (offset_ & ~3U) + 4;
      if (offset_ > body_len_) return RtcpStep::kMalformed;
      in_chunk_ = false;
      continue;
    }
    if (body_len_ - offset_ < 2) return RtcpStep::kMalformed;
    if (!body_.has(offset_, 2)) return RtcpStep::kCut;
    const uint32_t octets = body_.u8(offset_ + 1);
    if (octets > body_len_ - offset_ - 2) return RtcpStep::kMalformed;
    if (!body_.has(offset_ + 2, octets)) return RtcpStep::kCut;
    out.ssrc = ssrc_;
    out.type = SdesType{type};
    out.text = body_.from(offset_ + 2).first(octets);
    out.prefix = {};
    // RFC 3550 6.5.8: | PRIV=8 | length | prefix length | prefix ... | value ... |
    if (out.type == SdesType::kPriv && octets > 0 && out.text.u8(0) < octets) {
      const uint32_t prefix_len = out.text.u8(0);
      out.prefix = out.text.from(1).first(prefix_len);
      out.text = out.text.from(1 + prefix_len);
    }
    offset_ += 2 + octets;
    return RtcpStep::kPacket;
  }
}

// RFC 3550 6.6
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P|    SC   |   PT=BYE=203  |             length            |
// |                      SC times SSRC/CSRC                       |
// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
// |    octets     |  reason for leaving (optional) ...
bool read_bye(const RtcpPacket& packet, Bye& out) {
  const uint32_t content_len = packet.body_len - packet.padding;
  const uint32_t sources_len = 4U * packet.count;
  if (content_len < sources_len) return false;
  const Bytes content = packet.body.first(content_len);
  out.count = packet.count;
  out.sources = content.first(sources_len);
  out.present = static_cast<uint32_t>(out.sources.size / 4);
  out.sources = out.sources.first(4UL * out.present);
  out.reason = {};
  if (content.has(sources_len, 1)) {
    const uint32_t octets = content.u8(sources_len);
    if (octets <= content_len - sources_len - 1) out.reason = content.from(sources_len + 1).first(octets);
  }
  return true;
}

// RFC 3550 6.7
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P| subtype |   PT=APP=204  |             length            |
// |                           SSRC/CSRC                           |
// |                          name (ASCII)                         |
// |                   application-dependent data                  |
bool read_app(const RtcpPacket& packet, App& out) {
  const Bytes content = packet.body.first(packet.body_len - packet.padding);
  if (!content.has(0, 8)) return false;
  out.ssrc = content.be32(0);
  out.subtype = packet.count;
  std::memcpy(out.name, content.data + 4, sizeof out.name);
  out.data = content.from(8);
  return true;
}

}  // namespace rtpsonde
