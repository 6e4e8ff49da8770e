// What decoding makes of a packet.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/decode/address.h"
#include "core/decode/tunnel.h"

namespace rtpsonde {

// One UDP datagram, in a tunnel the innermost one. `payload` points into the packet, or into the fragment
// table when it was reassembled, and is valid until the packet's batch is done.
struct Datagram {
  int64_t ts_ns;  // capture time; of the packet that completed it when reassembled
  Address src;
  Address dst;
  uint16_t src_port;
  uint16_t dst_port;
  Bytes payload;          // what was captured of it
  uint32_t payload_len;   // what the UDP header says: payload.size or more when cut
  uint32_t link_digest;   // of what the outer link layer says of the hop, see Frame; 0 when it says nothing
  uint16_t ip_id;         // IPv4 identification; lower half of that of an IPv6 fragment, else 0
  uint16_t udp_checksum;  // as sent, 0 when none was computed (RFC 768)
  uint16_t vlan;          // outermost VLAN id of the outer frame, kNoVlan when untagged
  uint8_t ip_version;     // 4 or 6
  uint8_t dscp;           // 0..63 (RFC 2474), of the innermost IP packet
  uint8_t ttl;            // TTL or hop limit of it; 0 in HEP, which does not tell it
  bool reassembled;       // of fragments, its own or those of a packet around it
  Tunnel tunnel;          // what it came in
  OuterTunnels outer;     // of these, only the first tunnel.depth - 1 are set
};

}  // namespace rtpsonde
