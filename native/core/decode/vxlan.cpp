// Reserved bits are held against 0, though a receiver would ignore them: the port
// alone does not make a datagram a tunnel.
#include "core/decode/vxlan.h"

#include "core/decode/plausible.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kHeaderLen = 8;

enum Flag : uint8_t {
  kGroupPolicy = 0x80,
  kHasVni = 0x08,
  kHasProtocol = 0x04,  // GPE from here on
  kBroadcast = 0x02,
};

constexpr uint8_t kPolicyBits = 0x48;  // of the second octet: do not learn, policy applied

Opening carries(const Layer& layer, uint16_t type, Carried& carried) {
  const Layer content = layer.after(kHeaderLen);
  const bool plausible =
      type == kTypeMpls || (type == kTypeEthernet ? plausible_frame(content) : plausible_ip(content));
  if (!plausible) return Opening::kNotThis;
  carried = {content, type, TunnelKind::kVxlan, layer.bytes.be32(4) >> 8, true};
  return Opening::kOpened;
}

bool has_header(const Layer& layer) {
  return layer.bytes.size >= kHeaderLen && (layer.bytes.u8(0) & kHasVni) != 0 && layer.bytes.u8(7) == 0;
}

}  // namespace

// RFC 7348 5; G, the second octet and the group are of draft-smith-vxlan-group-policy,
// without G they are reserved
//
//    0                   1                   2                   3
//   +-+-+-+-+-+-+-+-+---------------+-------------------------------+
//   |G|     |I|     |  D     A      |       Group policy id         |
//   +-+-+-+-+-+-+-+-+---------------+---------------+---------------+
//   |                      VNI                      |   Reserved    |
//   +-----------------------------------------------+---------------+
Opening open_vxlan(const Layer& layer, Carried& carried) {
  if (!has_header(layer)) return Opening::kNotThis;
  const Bytes& bytes = layer.bytes;
  const bool valid = bytes.u8(0) == kHasVni
                         ? (bytes.be32(0) & 0xffffffu) == 0
                         : bytes.u8(0) == (kGroupPolicy | kHasVni) && (bytes.u8(1) & ~kPolicyBits) == 0;
  return valid ? carries(layer, kTypeEthernet, carried) : Opening::kNotThis;
}

// draft-ietf-nvo3-vxlan-gpe 3; O marks what is for the operator, not for users
//
//    0                   1                   2                   3
//   +---+---+-+-+-+-+-------------------------------+---------------+
//   |   |Ver|I|P|B|O|           Reserved            | Next protocol |
//   +---+---+-+-+-+-+-------------------------------+---------------+
//   |                      VNI                      |   Reserved    |
//   +-----------------------------------------------+---------------+
Opening open_vxlan_gpe(const Layer& layer, Carried& carried) {
  if (!has_header(layer)) return Opening::kNotThis;
  const Bytes& bytes = layer.bytes;
  const bool flags_valid = (bytes.u8(0) & ~(kHasVni | kHasProtocol | kBroadcast)) == 0;
  if (!flags_valid || bytes.be16(1) != 0) return Opening::kNotThis;
  const uint8_t protocol = bytes.u8(3);
  if ((bytes.u8(0) & kHasProtocol) == 0) {
    return protocol == 0 ? carries(layer, kTypeEthernet, carried) : Opening::kNotThis;
  }
  switch (protocol) {
    case 1:
      return carries(layer, kTypeIpv4, carried);
    case 2:
      return carries(layer, kTypeIpv6, carried);
    case 3:
      return carries(layer, kTypeEthernet, carried);
    case 5:
      return carries(layer, kTypeMpls, carried);
    default:
      return Opening::kNotThis;
  }
}

}  // namespace rtpsonde
