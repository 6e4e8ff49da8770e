// IPv4 and IPv6 headers. Checksums are not verified: a mirror port sees packets
// of hosts that leave the checksum to their network card.
#include "core/decode/ip.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kIpv4Len = 20;
constexpr uint32_t kIpv6Len = 40;
constexpr int kMaxExtensions = 8;  // RFC 8200 4.1 names six

enum Protocol : uint8_t {
  kHopByHop = 0,
  kIcmp = 1,
  kIpInIp = 4,
  kTcp = 6,
  kIpv6InIp = 41,
  kRouting = 43,
  kFragment = 44,
  kGre = 47,
  kEsp = 50,
  kAuthentication = 51,
  kMinimalEncapsulation = 55,
  kIcmpv6 = 58,
  kDestinationOptions = 60,
  kEtherIp = 97,
  kL2tp = 115,
  kMplsInIp = 137,
  kEthernet = 143,
};

// RFC 791 3.1
//
//    0                   1                   2                   3
//   +-------+-------+---------------+-------------------------------+
//   |Version|  IHL  |Type of service|         Total length          |
//   +-------+-------+---------------+-----+-------------------------+
//   |        Identification         |0 D M|    Fragment offset      |
//   +---------------+---------------+-----+-------------------------+
//   | Time to live  |   Protocol    |        Header checksum        |
//   +---------------+---------------+-------------------------------+
//   |                         Source address                        |
//   |                       Destination address                     |
//   |                   Options, (IHL - 5) * 4 bytes                |
//   +---------------------------------------------------------------+
End open_ipv4(const Layer& network, IpPacket& ip) {
  const Bytes& bytes = network.bytes;
  const uint32_t header_len = (bytes.u8(0) & 0x0fu) * 4u;
  if (header_len < kIpv4Len) return Counter::kMalformedIp;
  if (bytes.size < header_len) return Counter::kTruncatedIp;
  // 0 is written by cards that segment for the host: the frame tells the length.
  const uint32_t total_len = bytes.be16(2) == 0 ? network.wire_len : bytes.be16(2);
  if (total_len < header_len) return Counter::kMalformedIp;

  const uint16_t fragment = bytes.be16(6);
  ip.src = map_ipv4(bytes.data + 12);
  ip.dst = map_ipv4(bytes.data + 16);
  ip.dscp = bytes.u8(1) >> 2;
  ip.ttl = bytes.u8(8);
  ip.protocol = bytes.u8(9);
  ip.payload = network.after(header_len, total_len - header_len);
  ip.more_fragments = (fragment & 0x2000) != 0;
  ip.fragment_offset = (fragment & 0x1fffu) * 8u;
  ip.fragment_id = bytes.be16(4);
  ip.is_fragment = ip.more_fragments || ip.fragment_offset != 0;
  return {};
}

// RFC 8200 3
//
//    0                   1                   2                   3
//   +-------+---------------+---------------------------------------+
//   |Version| Traffic class |              Flow label               |
//   +-------+-----------+---+-----------+---------------------------+
//   |      Payload length           |  Next header  |   Hop limit   |
//   +-------------------------------+---------------+---------------+
//   |                   Source address (16 bytes)                   |
//   |                 Destination address (16 bytes)                |
//   +---------------------------------------------------------------+
End open_ipv6(const Layer& network, IpPacket& ip) {
  const Bytes& bytes = network.bytes;
  if (bytes.size < kIpv6Len) return Counter::kTruncatedIp;
  ip.src = load_ipv6(bytes.data + 8);
  ip.dst = load_ipv6(bytes.data + 24);
  ip.dscp = static_cast<uint8_t>((bytes.be16(0) >> 6) & 0x3f);
  ip.ttl = bytes.u8(7);
  ip.protocol = bytes.u8(6);
  // 0 stands for a jumbogram (RFC 2675) or segmentation by the network card.
  const uint16_t payload_len = bytes.be16(4);
  ip.payload = payload_len == 0 ? network.after(kIpv6Len) : network.after(kIpv6Len, payload_len);
  ip.is_fragment = false;
  ip.fragment_id = 0;
  return open_extensions(ip);
}

}  // namespace

End open_ip(const Layer& network, uint8_t version, IpPacket& ip) {
  if (network.bytes.size == 0) return Counter::kTruncatedIp;
  ip.version = network.bytes.u8(0) >> 4;
  if (version != 0 && version != ip.version) return Counter::kMalformedIp;
  if (ip.version == 4) return open_ipv4(network, ip);
  if (ip.version == 6) return open_ipv6(network, ip);
  return Counter::kMalformedIp;
}

// RFC 8200 4.3 (hop-by-hop), 4.4 (routing), 4.6 (destination options), and with
// another unit of length RFC 4302 2 (authentication):
//
//   +---------------+---------------+-------------------------------+
//   |  Next header  |    Length     |  first bytes of the content   |
//   +---------------+---------------+-------------------------------+
//
// RFC 8200 4.5 (fragment):
//
//   +---------------+---------------+-------------------------+---+-+
//   |  Next header  |   Reserved    |     Fragment offset     |Res|M|
//   +---------------+---------------+-------------------------+---+-+
//   |                         Identification                        |
//   +---------------------------------------------------------------+
End open_extensions(IpPacket& ip) {
  bool seen_fragment = ip.is_fragment;
  ip.is_fragment = false;
  for (int count = 0; is_extension(ip.protocol); ++count) {
    if (count == kMaxExtensions) return Counter::kMalformedIp;
    const Bytes& bytes = ip.payload.bytes;
    if (ip.payload.wire_len < 8) return Counter::kMalformedIp;
    if (bytes.size < 8) return Counter::kTruncatedIp;

    uint32_t header_len = 8;
    if (ip.protocol == kFragment) {
      if (seen_fragment) return Counter::kMalformedIp;
      seen_fragment = true;
      ip.more_fragments = (bytes.u8(3) & 1) != 0;
      ip.fragment_offset = bytes.be16(2) & 0xfff8u;
      ip.fragment_id = bytes.be32(4);
      // An atomic fragment is whole (RFC 6946): only its header is in the way.
      ip.is_fragment = ip.more_fragments || ip.fragment_offset != 0;
    } else if (ip.protocol == kAuthentication) {
      header_len = (bytes.u8(1) + 2u) * 4u;
    } else {
      header_len = (bytes.u8(1) + 1u) * 8u;
    }
    if (ip.payload.wire_len < header_len) return Counter::kMalformedIp;
    if (bytes.size < header_len) return Counter::kTruncatedIp;

    ip.protocol = bytes.u8(0);
    ip.payload = ip.payload.after(header_len);
    if (ip.is_fragment) return {};  // what follows is a piece of something
  }
  return {};
}

bool is_extension(uint8_t protocol) {
  return protocol == kHopByHop || protocol == kRouting || protocol == kFragment ||
         protocol == kDestinationOptions || protocol == kAuthentication;
}

End end_of_protocol(uint8_t protocol) {
  switch (protocol) {
    case kProtocolUdp:
      return {};
    case kTcp:
      return Counter::kTcp;
    case kIcmp:
    case kIcmpv6:
      return Counter::kIcmp;
    case kIpInIp:
    case kIpv6InIp:
    case kGre:
    case kEsp:
    case kAuthentication:
    case kMinimalEncapsulation:
    case kEtherIp:
    case kL2tp:
    case kMplsInIp:
    case kEthernet:
      return Counter::kUnopenedEncapsulation;
    default:
      return Counter::kOtherIpProtocol;
  }
}

}  // namespace rtpsonde
