// IPv4 (RFC 791) and IPv6 (RFC 8200): from the IP header to the transport
// protocol, or to a fragment of it.
#pragma once

#include <cstdint>

#include "core/decode/address.h"
#include "core/decode/layer.h"

namespace rtpsonde {

constexpr uint8_t kProtocolUdp = 17;

// An IP packet whose headers have been read.
struct IpPacket {
  Address src;
  Address dst;
  uint8_t version;   // 4 or 6
  uint8_t dscp;      // 0..63 (RFC 2474)
  uint8_t ttl;       // TTL or hop limit
  uint8_t protocol;  // of the payload; in a fragment that of the whole datagram's payload
  Layer payload;
  uint32_t fragment_id;  // IPv4: always there; IPv6: 0 without a fragment header

  // The rest has a meaning only in a fragment.
  bool is_fragment;
  bool more_fragments;       // the M flag
  uint32_t fragment_offset;  // bytes, a multiple of 8
};

// Reads the IP header and, in IPv6, the extension headers up to the transport or
// fragment header. `version` is what the link layer said, 0 when it said
// nothing. Ends in truncatedIp or malformedIp.
End open_ip(const Layer& network, uint8_t version, IpPacket& ip);

// Steps over IPv6 extension headers from ip.protocol on. After reassembly it
// goes on where open_ip stopped at the fragment header.
End open_extensions(IpPacket& ip);

// True for IPv6 extension headers that open_extensions steps over.
bool is_extension(uint8_t protocol);

// The fate of a packet with this protocol number, when it is no tunnel that is
// opened (tunnel.h); nothing for UDP.
End end_of_protocol(uint8_t protocol);

}  // namespace rtpsonde
