// Link layer headers of LinkType, as libpcap describes them at
// https://www.tcpdump.org/linktypes.html.
#include "core/decode/link.h"

#include <algorithm>

namespace rtpsonde {
namespace {

constexpr uint32_t kEthernetLen = 14;
constexpr uint32_t kTagLen = 4;
constexpr uint32_t kSnapLen = 8;
constexpr uint32_t kSllLen = 16;
constexpr uint32_t kSll2Len = 20;
constexpr uint32_t kFamilyLen = 4;

constexpr int kMaxTags = 4;                      // two are common, nobody stacks more than three
constexpr uint16_t kMaxLength = 1500;            // up to here the type field is a length (802.3 3.2.6)
constexpr uint16_t kSnapSaps = 0xaaaa;           // DSAP and SSAP of SNAP (802.2)
constexpr uint32_t kSnapEthertype = 0x03000000;  // unnumbered information, OUI 0: an EtherType follows

bool is_vlan_tag(uint16_t type) {
  return type == 0x8100      // 802.1Q
         || type == 0x88a8   // 802.1ad
         || type == 0x9100;  // 802.1ad as written before the standard
}

bool is_encapsulation(uint16_t type) {
  switch (type) {
    case 0x22f3:  // TRILL
    case 0x6558:  // transparent Ethernet bridging
    case 0x8847:  // MPLS
    case 0x8848:  // MPLS, upstream label
    case 0x8864:  // PPPoE session
    case 0x88e5:  // MACsec
    case 0x88e7:  // 802.1ah provider backbone bridge
    case 0x8909:  // Cisco metadata
    case 0x8926:  // VN-tag
    case 0x893f:  // 802.1BR
    case 0x894f:  // network service header
      return true;
    default:
      return false;
  }
}

// What follows an EtherType or an 802.3 length:
//
//   tag (802.1Q 9.6)   +---------------+---------------+
//                      | PCP, DEI, VID |     type      |   as often as tags are stacked
//                      +-------+-------+---------------+
//   SNAP (802.2)       | AA AA | 03 00 00 00 |  type   |   when the type is a length
//                      +-------+-------------+---------+
End open_type(Layer rest, uint16_t type, Frame& frame) {
  for (int tags = 0; is_vlan_tag(type); ++tags) {
    if (tags == kMaxTags) return Counter::kUnopenedEncapsulation;
    if (rest.bytes.size < kTagLen) return Counter::kTruncatedLink;
    if (frame.vlan == kNoVlan) frame.vlan = rest.bytes.be16(0) & 0x0fff;
    type = rest.bytes.be16(2);
    rest = rest.after(kTagLen);
  }
  if (type <= kMaxLength) {
    if (rest.bytes.size < 2) return Counter::kTruncatedLink;
    if (rest.bytes.be16(0) != kSnapSaps) return Counter::kNotIp;
    if (rest.bytes.size < kSnapLen) return Counter::kTruncatedLink;
    if (rest.bytes.be32(2) != kSnapEthertype) return Counter::kNotIp;
    type = rest.bytes.be16(6);
    rest = rest.after(kSnapLen);
  }
  if (type == 0x0800) {
    frame.ip_version = 4;
  } else if (type == 0x86dd) {
    frame.ip_version = 6;
  } else {
    return is_encapsulation(type) ? Counter::kUnopenedEncapsulation : Counter::kNotIp;
  }
  frame.network = rest;
  return {};
}

// Address families as BSD systems and Linux number them; only Internet
// families matter. `family` is already in the order of this machine.
End open_family(const Layer& rest, uint32_t family, Frame& frame) {
  switch (family) {
    case 2:
      frame.ip_version = 4;
      break;
    case 10:  // Linux
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:  // Darwin
      frame.ip_version = 6;
      break;
    default:
      return Counter::kNotIp;
  }
  frame.network = rest;
  return {};
}

}  // namespace

End open_link(const PacketView& packet, Frame& frame) {
  const Layer link{packet.bytes, std::max(packet.wire_len, static_cast<uint32_t>(packet.bytes.size))};
  const Bytes& bytes = link.bytes;
  if (packet.stripped_vlan != kNoVlan) frame.vlan = packet.stripped_vlan & 0x0fff;

  switch (static_cast<LinkType>(packet.link_type)) {
    // Destination (6 bytes), source (6), type (2).
    case LinkType::kEthernet:
      if (bytes.size < kEthernetLen) return Counter::kTruncatedLink;
      frame.link_digest = digest_of_link(bytes.data, 12);
      return open_type(link.after(kEthernetLen), bytes.be16(12), frame);

    // Packet type (2), ARPHRD (2), address length (2), address (8), protocol (2).
    case LinkType::kLinuxSll:
      if (bytes.size < kSllLen) return Counter::kTruncatedLink;
      frame.link_digest = digest_of_link(bytes.data, 14);
      return open_type(link.after(kSllLen), bytes.be16(14), frame);

    // Protocol (2), reserved (2), interface (4), ARPHRD (2), packet type (1),
    // address length (1), address (8).
    case LinkType::kLinuxSll2:
      if (bytes.size < kSll2Len) return Counter::kTruncatedLink;
      frame.link_digest = digest_of_link(bytes.data + 4, 16);
      return open_type(link.after(kSll2Len), bytes.be16(0), frame);

    // Family (4) in the byte order of the writer: families are small numbers, so
    // the order is the one that makes the number small.
    case LinkType::kNull: {
      if (bytes.size < kFamilyLen) return Counter::kTruncatedLink;
      const uint32_t family = bytes.be32(0);
      return open_family(link.after(kFamilyLen), family > 0xffff ? __builtin_bswap32(family) : family, frame);
    }

    case LinkType::kLoop:
      if (bytes.size < kFamilyLen) return Counter::kTruncatedLink;
      return open_family(link.after(kFamilyLen), bytes.be32(0), frame);

    case LinkType::kRawIp:
      frame.network = link;
      return {};

    case LinkType::kIpv4:
      frame.network = link;
      frame.ip_version = 4;
      return {};

    case LinkType::kIpv6:
      frame.network = link;
      frame.ip_version = 6;
      return {};
  }
  return Counter::kUnsupportedLinkType;
}

}  // namespace rtpsonde
