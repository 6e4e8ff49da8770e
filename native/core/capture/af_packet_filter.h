// The classic BPF program that the kernel runs on each frame of a live capture:
// how much of it is kept, and whether anything but UDP is wanted.
#pragma once

#include <cstdint>

#include "core/capture/filter_program.h"

namespace rtpsonde {

// Kept of what looks like RTCP or HEP: all of it, as its end matters too.
constexpr uint32_t kWholeDatagram = 2048;
// Kept in addition of what may be a tunnel.
constexpr uint32_t kTunnelHeaders = 64;

// snap_length: bytes kept of each frame, 0 for all. RTCP and HEP in UDP are kept
// to kWholeDatagram, tunnels to kTunnelHeaders more; under at most two VLAN tags
// (a third may have been taken out by the network card).
//
// udp_only: frames pass only if they carry UDP or a fragment of it over IPv4 or
// IPv6, or a tunnel: MPLS, PPPoE, 802.1ah, IP in IP, GRE, EtherIP. What a tunnel
// carries is not looked for, nor what lies behind a hop-by-hop, routing or
// destination header of IPv6.
//
// incoming_only: what this machine sends is dropped.
FilterProgram capture_filter(uint32_t snap_length, bool udp_only, bool incoming_only = false);

}  // namespace rtpsonde
