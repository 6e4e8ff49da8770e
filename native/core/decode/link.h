// The link layer: finds where the packet begins in a frame, captured or tunnelled.
#pragma once

#include <cstdint>

#include "core/capture/packet_source.h"
#include "core/decode/ethertype.h"
#include "core/decode/layer.h"

namespace rtpsonde {

// A frame without its link layer header.
struct Frame {
  Layer network;               // begins with the header that `type` names
  uint16_t type = kTypeAnyIp;  // IP, or an encapsulation (is_encapsulation)
  uint16_t vlan = kNoVlan;     // outermost VLAN id; 0 for a priority tag (802.1Q 9.6), kNoVlan without a tag
};

// Opens Ethernet with stacked VLAN tags, Linux cooked v1 and v2, BSD null and
// loop, and raw IP. Ends in truncatedLink, unsupportedLinkType, notIp or, with too
// many tags, unopenedEncapsulation.
End open_link(const PacketView& packet, Frame& frame);

// The same for an Ethernet frame within a tunnel.
End open_ethernet(const Layer& ethernet, Frame& frame);

}  // namespace rtpsonde
