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

constexpr uint32_t kLlcLen = 3;  // 802.2

enum class Found : uint8_t { kNothing, kIp, kOther, kCut };

Found ip_packet(const Layer& layer, uint8_t version) {
  if (layer.bytes.size > 0 && layer.bytes.u8(0) >> 4 != version) return Found::kNothing;
  if (!plausible_ip(layer)) return Found::kNothing;
  return layer.bytes.size >= kIpv4Len ? Found::kIp : Found::kCut;
}

Found in_frame(const Layer& layer) {
  Layer rest = layer.after(kAddressesLen);
  if (layer.wire_len < kAddressesLen + kTypeLen) return Found::kNothing;
  for (int tags = 0; tags <= kMaxTags; ++tags) {
    if (rest.bytes.size < kTypeLen) return Found::kCut;
    const uint16_t type = rest.bytes.be16(0);
    if (is_vlan_tag(type)) {
      if (rest.wire_len < kTagLen + kTypeLen) return Found::kNothing;
      rest = rest.after(kTagLen);
      continue;
    }
    rest = rest.after(kTypeLen);
    if (type == kTypeIpv4) return ip_packet(rest, 4);
    if (type == kTypeIpv6) return ip_packet(rest, 6);
    if (type == kTypeArp || is_encapsulation(type)) return Found::kOther;
    const bool is_length = type >= kLlcLen && type <= kMaxFrameLength && type <= rest.wire_len;
    return is_length ? Found::kOther : Found::kNothing;
  }
  return Found::kNothing;
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

bool plausible_frame(const Layer& layer) { return in_frame(layer) != Found::kNothing; }

bool frame_with_ip(const Layer& layer) { return in_frame(layer) == Found::kIp; }

}  // namespace rtpsonde
