// Whether bytes can be an IP packet or an Ethernet frame, where a port or a
// label alone says that they are: so no other datagram is taken for a tunnel.
#pragma once

#include "core/decode/layer.h"

namespace rtpsonde {

// Version and lengths agree with each other and with what there is. What the
// capture cut off is taken on trust, of an empty layer all.
bool plausible_ip(const Layer& layer);

// Behind the addresses and VLAN tags there is a plausible IP packet, ARP, a known
// encapsulation or an 802.3 length that fits.
bool plausible_frame(const Layer& layer);

// The same, and it was captured far enough to see that it is an IP packet.
bool frame_with_ip(const Layer& layer);

}  // namespace rtpsonde
