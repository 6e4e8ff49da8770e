// The frame that nearly every packet of a mirror port is, decoded in one straight piece.
#pragma once

#include "core/decode/datagram.h"
#include "core/decode/ip.h"
#include "core/decode/link.h"
#include "core/decode/udp.h"

namespace rtpsonde {

// Ethernet with at most one VLAN tag, IPv4 without options and not fragmented, UDP, enough
// of it captured. False says nothing about a packet but that it must take the general way,
// which gives the same datagram for those that could have come through here.
[[gnu::always_inline]] inline bool open_common(const PacketView& packet, Datagram& out) {
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
  out.payload = Bytes{udp + kUdpHeaderLen, bytes.size - ip_offset - kHeaders}.first(out.payload_len);
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
  out.tunnel = Tunnel{};
  return true;
}

}  // namespace rtpsonde
