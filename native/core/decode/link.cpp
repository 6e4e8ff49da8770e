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
constexpr uint16_t kSnapSaps = 0xaaaa;           // DSAP and SSAP of SNAP (802.2)
constexpr uint32_t kSnapEthertype = 0x03000000;  // unnumbered information, OUI 0: an EtherType follows

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
  if (type <= kMaxFrameLength) {
    if (rest.bytes.size < 2) return Counter::kTruncatedLink;
    if (rest.bytes.be16(0) != kSnapSaps) return Counter::kNotIp;
    if (rest.bytes.size < kSnapLen) return Counter::kTruncatedLink;
    if (rest.bytes.be32(2) != kSnapEthertype) return Counter::kNotIp;
    type = rest.bytes.be16(6);
    rest = rest.after(kSnapLen);
  }
  if (type != kTypeIpv4 && type != kTypeIpv6 && !is_encapsulation(type)) return Counter::kNotIp;
  frame.network = rest;
  frame.type = type;
  return {};
}

// Address families as BSD systems and Linux number them; only Internet
// families matter. `family` is already in the order of this machine.
End open_family(const Layer& rest, uint32_t family, Frame& frame) {
  switch (family) {
    case 2:
      frame.type = kTypeIpv4;
      break;
    case 10:  // Linux
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:  // Darwin
      frame.type = kTypeIpv6;
      break;
    default:
      return Counter::kNotIp;
  }
  frame.network = rest;
  return {};
}

}  // namespace

// Destination (6 bytes), source (6), type (2).
End open_ethernet(const Layer& ethernet, Frame& frame) {
  if (ethernet.bytes.size < kEthernetLen) return Counter::kTruncatedLink;
  return open_type(ethernet.after(kEthernetLen), ethernet.bytes.be16(12), frame);
}

End open_link(const PacketView& packet, Frame& frame) {
  const Layer link{packet.bytes, std::max(packet.wire_len, static_cast<uint32_t>(packet.bytes.size))};
  const Bytes& bytes = link.bytes;
  if (packet.stripped_vlan != kNoVlan) frame.vlan = packet.stripped_vlan & 0x0fff;

  switch (static_cast<LinkType>(packet.link_type)) {
    case LinkType::kEthernet:
      if (bytes.size >= kEthernetLen) frame.link_digest = digest_of_link(bytes.data, 12);
      return open_ethernet(link, frame);

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
      frame.type = kTypeIpv4;
      return {};

    case LinkType::kIpv6:
      frame.network = link;
      frame.type = kTypeIpv6;
      return {};
  }
  return Counter::kUnsupportedLinkType;
}

}  // namespace rtpsonde
