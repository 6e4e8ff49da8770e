// Strings the layers together: link, IP, fragments, UDP.
#include "core/decode/decode.h"

#include <algorithm>

#include "core/decode/link.h"
#include "core/decode/udp.h"

namespace rtpsonde {
namespace {

// Nearly every packet of a mirror port: Ethernet with at most one VLAN tag, IPv4
// without options and not fragmented, UDP, enough of it captured. False says
// nothing about a packet but that it must take the general way, which gives the
// same datagram for those that could have come through here.
inline bool open_common(const PacketView& packet, Datagram& out) {
  constexpr uint32_t kIpLen = 20;
  constexpr size_t kHeaders = kIpLen + kUdpHeaderLen;
  const Bytes& bytes = packet.bytes;
  if (packet.link_type != static_cast<uint16_t>(LinkType::kEthernet)) return false;
  if (bytes.size < 18 + kHeaders + kNeededPayload) return false;
  const bool tagged = bytes.be16(12) == 0x8100;
  const size_t ip_offset = tagged ? 18 : 14;
  if (bytes.be16(ip_offset - 2) != 0x0800) return false;

  const uint8_t* const ip = bytes.data + ip_offset;
  const uint8_t* const udp = ip + kIpLen;
  if (ip[0] != 0x45 || ip[9] != kProtocolUdp || (load_be16(ip + 6) & 0x3fff) != 0) return false;
  const uint32_t total_len = load_be16(ip + 2);
  const uint32_t udp_len = load_be16(udp + 4);
  if (udp_len < kUdpHeaderLen + kNeededPayload || kIpLen + udp_len > total_len) return false;

  out.ts_ns = packet.ts_ns;
  out.src = map_ipv4(ip + 12);
  out.dst = map_ipv4(ip + 16);
  out.src_port = load_be16(udp);
  out.dst_port = load_be16(udp + 2);
  out.payload_len = udp_len - kUdpHeaderLen;
  out.payload = bytes.from(ip_offset + kHeaders).first(out.payload_len);
  out.vlan = packet.stripped_vlan != kNoVlan ? packet.stripped_vlan & 0x0fff
             : tagged                        ? bytes.be16(14) & 0x0fff
                                             : kNoVlan;
  out.link_digest = digest_of_link(bytes.data, 12);
  out.ip_id = load_be16(ip + 4);
  out.udp_checksum = load_be16(udp + 6);
  out.ip_version = 4;
  out.dscp = ip[1] >> 2;
  out.ttl = ip[8];
  out.reassembled = false;
  return true;
}

}  // namespace

bool Decoder::decode(const PacketView& packet, Counters& counters, Datagram& out) {
  if (open_common(packet, out)) return true;
  const End end = open(packet, counters, out);
  if (!end) return true;
  counters.add(*end);
  return false;
}

// A layer that ends the packet says under which counter. A tunnel, once it is
// opened, makes its inner packet the next `frame.network` and starts over at IP.
End Decoder::open(const PacketView& packet, Counters& counters, Datagram& out) {
  Frame frame;
  if (const End end = open_link(packet, frame)) return end;
  IpPacket ip;
  if (const End end = open_ip(frame.network, frame.ip_version, ip)) return end;
  out.reassembled = ip.is_fragment;
  if (ip.is_fragment) {
    if (const End end = reassemble(packet, frame.vlan, ip, counters)) return end;
  }
  if (const End end = end_of_protocol(ip.protocol)) return end;
  Udp udp;
  if (const End end = open_udp(ip.payload, udp)) return end;

  out.ts_ns = packet.ts_ns;
  out.src = ip.src;
  out.dst = ip.dst;
  out.src_port = udp.src_port;
  out.dst_port = udp.dst_port;
  out.payload = udp.payload.bytes;
  out.payload_len = udp.payload.wire_len;
  out.vlan = frame.vlan;
  out.link_digest = frame.link_digest;
  out.ip_id = static_cast<uint16_t>(ip.fragment_id);
  out.udp_checksum = udp.checksum;
  out.ip_version = ip.version;
  out.dscp = ip.dscp;
  out.ttl = ip.ttl;
  return {};
}

// Replaces a fragment by the whole that it completes. Only what may hold UDP
// takes room in the table; in IPv6 that may stand behind another header.
End Decoder::reassemble(const PacketView& packet, uint16_t vlan, IpPacket& ip, Counters& counters) {
  const bool may_hold_udp = ip.protocol == kProtocolUdp || (ip.version == 6 && is_extension(ip.protocol));
  if (!may_hold_udp) return end_of_protocol(ip.protocol);
  Fragment fragment;
  fragment.key = {ip.src, ip.dst, ip.fragment_id, vlan, ip.version, ip.protocol};
  fragment.ts_ns = packet.ts_ns;
  fragment.content = ip.payload;
  fragment.offset = ip.fragment_offset;
  fragment.more = ip.more_fragments;
  fragment.dscp = ip.dscp;
  fragment.ttl = ip.ttl;
  Reassembled whole;
  if (const End end = fragments_.insert(fragment, counters, whole)) return end;
  ip.payload = whole.content;
  ip.dscp = whole.dscp;
  ip.ttl = whole.ttl;
  return ip.version == 6 ? open_extensions(ip) : End{};
}

}  // namespace rtpsonde
