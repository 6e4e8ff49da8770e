// Where the media begins in an RTP packet: what was captured of its payload.
#pragma once

#include "core/base/bytes.h"
#include "core/rtp/rtp_header.h"

namespace rtpsonde {

// The payload of a packet that parse_rtp() has read into `header`, as far as it was
// captured; whole when its size is header.payload_octets. Empty when the snap length
// cut before it, or inside a header extension, so that its beginning is not known.
inline Bytes rtp_payload(Bytes packet, const RtpHeader& header) {
  size_t begin = 12U + 4U * (packet.u8(0) & 0x0fU);
  if ((packet.u8(0) & 0x10) != 0) {
    if (!packet.has(begin, 4)) return {};
    begin += 4U + 4U * packet.be16(begin + 2);
  }
  return packet.from(begin).first(header.payload_octets);
}

}  // namespace rtpsonde
