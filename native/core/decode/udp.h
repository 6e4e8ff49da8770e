// UDP (RFC 768), the last layer before RTP.
#pragma once

#include <cstdint>

#include "core/decode/layer.h"

namespace rtpsonde {

constexpr uint32_t kUdpHeaderLen = 8;

// What of the payload must have been captured to tell RTP, RTCP and others
// apart; the rest a snap length may cut.
constexpr uint32_t kNeededPayload = 8;

struct Udp {
  uint16_t src_port;
  uint16_t dst_port;
  uint16_t checksum;  // 0 when the sender computed none
  Layer payload;
};

// Ends in malformedUdp when the length is below 8 or beyond the IP payload, in
// truncatedUdp when header or needed payload were cut.
End open_udp(const Layer& transport, Udp& udp);

}  // namespace rtpsonde
