// The classic BPF program by which the kernel deals out the packets of an interface to
// several sockets (PACKET_FANOUT_CBPF): a number that is the same for both directions of a
// flow and for RTCP on the next port. docs/decisions/0006-workers.md says what it reaches.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace rtpsonde {

// The number for packets between two IPv4 addresses, or the folded halves of IPv6 ones, in
// host order; `ports` is the sum of both ports without their last bits, 0 when a packet
// shows none. 0..65535; the kernel takes it modulo the number of sockets.
constexpr uint32_t flow_number(uint32_t addresses, uint32_t ports) {
  uint32_t h = addresses * 0x9e3779b1U + ports * 0x85ebca77U;
  h = (h ^ h >> 16) * 0xc2b2ae3dU;
  return h >> 16;
}

// Of the four words of an IPv6 address, as it enters the sum of both.
constexpr uint32_t folded_ipv6(const uint32_t (&words)[4]) {
  uint32_t folded = 0;
  for (const uint32_t word : words) folded = folded * 0x27d4eb2fU + word;
  return folded;
}

// Runs at the network header, as the kernel has it there: behind the outermost tag.
//   plain UDP, also under tags and in up to two tunnels:  addresses and ports of the innermost
//   fragments, and what is not opened:                     addresses of the innermost IP seen
//   no IP:                                                 0
std::vector<sock_filter> flow_program();

}  // namespace rtpsonde
