// RFC 768. The checksum is not verified: hosts leave it to their network card,
// and it cannot be computed over what a snap length left.
#include "core/decode/udp.h"

#include <algorithm>

namespace rtpsonde {

//    0                   1                   2                   3
//   +-------------------------------+-------------------------------+
//   |          Source port          |       Destination port        |
//   +-------------------------------+-------------------------------+
//   |     Length (header included)  |           Checksum            |
//   +-------------------------------+-------------------------------+
End open_udp(const Layer& transport, Udp& udp) {
  const Bytes& bytes = transport.bytes;
  if (transport.wire_len < kUdpHeaderLen) return Counter::kMalformedUdp;
  if (bytes.size < kUdpHeaderLen) return Counter::kTruncatedUdp;
  // 0 would be a jumbogram (RFC 2675 4), far too long to be RTP.
  const uint32_t udp_len = bytes.be16(4);
  if (udp_len < kUdpHeaderLen || udp_len > transport.wire_len) return Counter::kMalformedUdp;

  udp.src_port = bytes.be16(0);
  udp.dst_port = bytes.be16(2);
  udp.checksum = bytes.be16(6);
  udp.payload = transport.after(kUdpHeaderLen, udp_len - kUdpHeaderLen);
  if (udp.payload.bytes.size < std::min(kNeededPayload, udp.payload.wire_len)) return Counter::kTruncatedUdp;
  return {};
}

}  // namespace rtpsonde
