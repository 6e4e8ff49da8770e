// The link layer: finds where the packet begins in a frame, captured or tunnelled.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/capture/packet_source.h"
#include "core/decode/ethertype.h"
#include "core/decode/layer.h"

namespace rtpsonde {

// A frame without its link layer header.
struct Frame {
  Layer network;               // begins with the header that `type` names
  uint16_t type = kTypeAnyIp;  // IP, or an encapsulation (is_encapsulation)
  uint16_t vlan = kNoVlan;     // outermost VLAN id; 0 for a priority tag (802.1Q 9.6), kNoVlan without a tag
  uint32_t link_digest =
      0;  // both addresses of Ethernet; direction, interface and address of a cooked capture
};

// Two packets that crossed the same link between the same two stations have the
// same; never 0. `count`: 8..16 octets.
inline uint32_t digest_of_link(const uint8_t* octets, size_t count) {
  uint64_t head, tail;  // they overlap
  std::memcpy(&head, octets, sizeof head);
  std::memcpy(&tail, octets + count - sizeof tail, sizeof tail);
  const uint64_t mixed = (head ^ (tail << 29 | tail >> 35)) * 0x9e3779b97f4a7c15;
  return static_cast<uint32_t>(mixed >> 32) | 1;
}

// Opens Ethernet with stacked VLAN tags, Linux cooked v1 and v2, BSD null and
// loop, and raw IP. Ends in truncatedLink, unsupportedLinkType, notIp or, with too
// many tags, unopenedEncapsulation.
End open_link(const PacketView& packet, Frame& frame);

// The same for an Ethernet frame within a tunnel.
End open_ethernet(const Layer& ethernet, Frame& frame);

}  // namespace rtpsonde
