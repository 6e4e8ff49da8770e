// The link layer: finds where the IP packet begins in a captured frame.
#pragma once

#include <cstdint>

#include "core/capture/packet_source.h"
#include "core/decode/layer.h"

namespace rtpsonde {

// A frame without its link layer header.
struct Frame {
  Layer network;            // begins with the IP header
  uint8_t ip_version = 0;   // 4 or 6 as the link layer says; 0 when only the packet tells
  uint16_t vlan = kNoVlan;  // outermost VLAN id; 0 for a priority tag (802.1Q 9.6), kNoVlan without a tag
};

// Opens Ethernet with stacked VLAN tags, Linux cooked v1 and v2, BSD null and
// loop, and raw IP. Ends in truncatedLink, unsupportedLinkType, notIp or
// unopenedEncapsulation.
End open_link(const PacketView& packet, Frame& frame);

}  // namespace rtpsonde
