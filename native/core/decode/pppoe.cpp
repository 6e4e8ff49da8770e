// Only the session stage: discovery has an EtherType of its own and no IP.
#include "core/decode/pppoe.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kHeaderLen = 6;
constexpr uint8_t kVersionAndType = 0x11;
constexpr uint8_t kSessionData = 0;

}  // namespace

// RFC 2516 4, followed by the protocol of PPP (RFC 1661 2), which may be
// compressed to its last octet, as only that is odd.
//
//    0                   1                   2                   3
//   +-------+-------+---------------+-------------------------------+
//   | Ver 1 | Type 1|     Code      |          Session id           |
//   +-------+-------+---------------+-------------------------------+
//   |            Length             |         PPP protocol          |
//   +-------------------------------+-------------------------------+
Opening open_pppoe(const Layer& layer, Carried& carried) {
  const Bytes& bytes = layer.bytes;
  if (layer.wire_len < kHeaderLen) return Opening::kMalformed;
  if (bytes.size < kHeaderLen) return Opening::kTruncated;
  if (bytes.u8(0) != kVersionAndType || bytes.u8(1) != kSessionData) return Opening::kMalformed;
  const Layer ppp = layer.after(kHeaderLen, bytes.be16(4));
  if (ppp.wire_len < 2) return Opening::kMalformed;
  if (ppp.bytes.size < 2) return Opening::kTruncated;
  const bool compressed = (ppp.bytes.u8(0) & 1) != 0;

  carried = {};
  carried.kind = TunnelKind::kPppoe;
  carried.id = bytes.be16(2);
  carried.content = ppp.after(compressed ? 1 : 2);
  switch (compressed ? ppp.bytes.u8(0) : ppp.bytes.be16(0)) {
    case 0x0021:
      carried.type = kTypeIpv4;
      return Opening::kOpened;
    case 0x0057:
      carried.type = kTypeIpv6;
      return Opening::kOpened;
    case 0x0281:  // RFC 3032 4.3
      carried.type = kTypeMpls;
      return Opening::kOpened;
    default:
      return Opening::kUnopened;
  }
}

}  // namespace rtpsonde
