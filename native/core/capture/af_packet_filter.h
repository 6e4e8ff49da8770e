// The classic BPF program that the kernel runs on each frame of a live capture:
// how much of it is kept, and whether anything but UDP is wanted.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace rtpsonde {

// snap_length: bytes kept of each frame, 0 for all. udp_only: frames pass only
// if they carry UDP or a fragment over IPv4 or IPv6, under at most two VLAN
// tags (a third may have been taken out by the network card). IPv6 with a
// hop-by-hop, routing or destination header first passes too, as what lies
// behind it is not looked for.
std::vector<sock_filter> capture_filter(uint32_t snap_length, bool udp_only);

}  // namespace rtpsonde
