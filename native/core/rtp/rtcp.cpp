#include "core/rtp/rtcp.h"

namespace rtpsonde {

//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P|  count  |      PT       |   length (32-bit words - 1)   |
RtcpStep RtcpReader::next(RtcpPacket& out) {
  if (offset_ == payload_len_) return RtcpStep::kEnd;
  if (padded_ || payload_len_ - offset_ < 4) return RtcpStep::kMalformed;  // only the last may be padded
  if (!payload_.has(offset_, 4)) return RtcpStep::kCut;
  const uint8_t first = payload_.u8(offset_);
  const uint8_t type = payload_.u8(offset_ + 1);
  const uint32_t body_len = 4U * payload_.be16(offset_ + 2);
  if ((first >> 6) != 2 || type < 192 || type > 223) return RtcpStep::kMalformed;
  if (body_len > payload_len_ - offset_ - 4) return RtcpStep::kMalformed;
  out.type = type;
  out.count = first & 0x1f;
  out.body = payload_.from(offset_ + 4).first(body_len);
  out.body_len = body_len;
  out.padding = 0;
  padded_ = (first & 0x20) != 0;
  if (padded_ && out.body.size == body_len) {
    if (body_len == 0) return RtcpStep::kMalformed;
    out.padding = out.body.u8(body_len - 1);
    if (out.padding == 0 || out.padding > body_len || out.padding % 4 != 0) return RtcpStep::kMalformed;
  }
  offset_ += 4 + body_len;
  return RtcpStep::kPacket;
}

}  // namespace rtpsonde
