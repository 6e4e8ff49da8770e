// Few fields, but each of them is 16 bits that would have to fit by chance.
#include "core/decode/plausible.h"

#include "core/decode/ethertype.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kAddressesLen = 12;
constexpr uint32_t kTypeLen = 2;
constexpr uint32_t kTagLen = 4;
constexpr int kMaxTags = 4;
constexpr uint32_t kIpv4Len = 20;
constexpr uint32_t kIpv6Len = 40;

bool is_version(const Layer& layer, uint8_t version) {
  return layer.bytes.size == 0 || layer.bytes.u8(0) >> 4 == version;
}

}  // namespace

bool plausible_ip(const Layer& layer) {
  const Bytes& bytes = layer.bytes;
  if (bytes.size == 0) return layer.wire_len >= kIpv4Len;
  if (bytes.u8(0) >> 4 == 4) {
    const uint32_t header_len = (bytes.u8(0) & 0x0fu) * 4u;
    if (header_len < kIpv4Len || layer.wire_len < header_len) return false;
    if (bytes.size < 4) return true;
    const uint16_t total_len = bytes.be16(2);
    return total_len >= header_len && total_len <= layer.wire_len;
  }
  if (bytes.u8(0) >> 4 != 6 || layer.wire_len < kIpv6Len) return false;
  return bytes.size < 6 || kIpv6Len + bytes.be16(4) <= layer.wire_len;
}

bool plausible_frame(const Layer& layer) {
  Layer rest = layer.after(kAddressesLen);
  if (layer.wire_len < kAddressesLen + kTypeLen) return false;
  for (int tags = 0; tags <= kMaxTags; ++tags) {
    if (rest.bytes.size < kTypeLen) return true;
    const uint16_t type = rest.bytes.be16(0);
    if (is_vlan_tag(type)) {
      if (rest.wire_len < kTagLen + kTypeLen) return false;
      rest = rest.after(kTagLen);
      continue;
    }
    rest = rest.after(kTypeLen);
    if (type == kTypeIpv4) return is_version(rest, 4) && plausible_ip(rest);
    if (type == kTypeIpv6) return is_version(rest, 6) && plausible_ip(rest);
    if (type <= kMaxFrameLength) return type <= rest.wire_len;
    return type == kTypeArp || is_encapsulation(type);
  }
  return false;
}

}  // namespace rtpsonde
