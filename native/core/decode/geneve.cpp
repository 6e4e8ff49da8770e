// Options are stepped over whole: none of them changes what is carried.
#include "core/decode/geneve.h"

#include "core/decode/plausible.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kHeaderLen = 8;
constexpr uint8_t kVersion = 0xc0;             // of the first octet; 0 is the only one there is
constexpr uint8_t kControlAndReserved = 0xbf;  // of the second octet: all but C, critical options

}  // namespace

// RFC 8926 3.4; the length is that of the options in units of 4 bytes
//
//    0                   1                   2                   3
//   +---+-----------+-+-+-----------+-------------------------------+
//   |Ver|  Length   |O|C| Reserved  |         Protocol type         |
//   +---+-----------+-+-+-----------+---------------+---------------+
//   |                      VNI                      |   Reserved    |
//   +-----------------------------------------------+---------------+
Opening open_geneve(const Layer& layer, Carried& carried) {
  const Bytes& bytes = layer.bytes;
  if (bytes.size < kHeaderLen) return Opening::kNotThis;
  if ((bytes.u8(0) & kVersion) != 0 || (bytes.u8(1) & kControlAndReserved) != 0 || bytes.u8(7) != 0) {
    return Opening::kNotThis;
  }
  const uint16_t type = bytes.be16(2);
  if (type != kTypeEthernet && type != kTypeIpv4 && type != kTypeIpv6) return Opening::kNotThis;
  const uint32_t header_len = kHeaderLen + bytes.u8(0) * 4u;
  if (layer.wire_len < header_len) return Opening::kNotThis;
  if (bytes.size < header_len) return Opening::kTruncated;
  const Layer content = layer.after(header_len);
  if (type == kTypeEthernet ? !plausible_frame(content) : !plausible_ip(content)) return Opening::kNotThis;
  carried = {content, type, TunnelKind::kGeneve, bytes.be32(4) >> 8, true};
  return Opening::kOpened;
}

}  // namespace rtpsonde
