// TaZmen Sniffer Protocol, as its public description and Wireshark have it: no
// standard defines it.
#include "core/decode/tzsp.h"

#include "core/decode/plausible.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kHeaderLen = 4;
constexpr uint8_t kVersion = 1;
constexpr uint8_t kReceived = 0;
constexpr uint8_t kForTransmission = 1;
constexpr uint16_t kEthernet = 1;
constexpr uint8_t kPadding = 0;
constexpr uint8_t kEnd = 1;

}  // namespace

// Header, then tags of type, length and content until the one that says end;
// padding and end are a type alone.
//
//    0                   1                   2                   3
//   +---------------+---------------+-------------------------------+
//   |   Version 1   |     Type      |     Encapsulated protocol     |
//   +---------------+---------------+-------------------------------+
//   |   Tag type    |  Tag length   |  Content ...
//   +---------------+---------------+
Opening open_tzsp(const Layer& layer, Carried& carried) {
  const Bytes& bytes = layer.bytes;
  if (bytes.size < kHeaderLen || bytes.u8(0) != kVersion) return Opening::kNotThis;
  if (bytes.u8(1) != kReceived && bytes.u8(1) != kForTransmission) return Opening::kNotThis;
  if (bytes.be16(2) != kEthernet) return Opening::kNotThis;

  Layer rest = layer.after(kHeaderLen);
  for (bool end = false; !end;) {
    if (rest.wire_len == 0) return Opening::kMalformed;
    if (rest.bytes.size == 0) return Opening::kTruncated;
    const uint8_t tag = rest.bytes.u8(0);
    end = tag == kEnd;
    uint32_t tag_len = 1;
    if (tag != kPadding && !end) {
      if (rest.wire_len < 2) return Opening::kMalformed;
      if (rest.bytes.size < 2) return Opening::kTruncated;
      tag_len = 2u + rest.bytes.u8(1);
    }
    if (rest.wire_len < tag_len) return Opening::kMalformed;
    if (rest.bytes.size < tag_len) return Opening::kTruncated;
    rest = rest.after(tag_len);
  }
  if (!plausible_frame(rest)) return Opening::kNotThis;
  carried = {rest, kTypeEthernet, TunnelKind::kTzsp};
  return Opening::kOpened;
}

}  // namespace rtpsonde
