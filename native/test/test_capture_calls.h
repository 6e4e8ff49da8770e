// Calls for the live tests: RTP and RTCP both ways, over IPv4 and IPv6, with and without VLAN tags.
#pragma once

#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "test_engine_support.h"

namespace capture_test {

using engine_test::Flow;
using engine_test::Octets;

// One end of a cable.
class Wire {
 public:
  explicit Wire(const char* interface = "far0") : socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
    to_.sll_family = AF_PACKET;
    point_at(interface);
  }
  // Another interface, or one that was made anew.
  void point_at(const char* interface) { to_.sll_ifindex = static_cast<int>(::if_nametoindex(interface)); }
  ~Wire() { ::close(socket_); }
  void send(const Octets& frame) {
    sent += ::sendto(socket_, frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&to_),
                     sizeof to_) == static_cast<ssize_t>(frame.size());
  }
  size_t sent = 0;

 private:
  int socket_;
  sockaddr_ll to_{};
};

inline Octets tagged(const Octets& frame, uint64_t tag) {
  Octets out(frame.begin(), frame.begin() + 12);
  engine_test::put(out, tag, 4);
  out.insert(out.end(), frame.begin() + 12, frame.end());
  return out;
}

// Packet `n` of a call: RTP there and back, now and then RTCP there and back.
inline void send_call(Wire& there_wire, Wire& back_wire, uint8_t call, uint16_t n) {
  const bool ipv6 = call % 3 == 0;
  const auto low = static_cast<uint16_t>(10'000 + 4 * call), high = static_cast<uint16_t>(20'000 + 6 * call);
  const Flow there{call, 200, low, high, ipv6};
  // Octets 3 of both addresses differ by side, so the way back is made by exchange.
  const auto turned = [&](Octets frame) {
    const size_t at = ipv6 ? 14 + 8 : 14 + 12, size = ipv6 ? 16 : 4;
    std::swap_ranges(frame.begin() + static_cast<ptrdiff_t>(at),
                     frame.begin() + static_cast<ptrdiff_t>(at + size),
                     frame.begin() + static_cast<ptrdiff_t>(at + size));
    return frame;
  };
  const auto send = [&](Wire& wire, Octets frame) {
    if (call % 4 == 1) frame = tagged(frame, 0x81000064);
    if (call % 4 == 2) frame = tagged(tagged(frame, 0x81000065), 0x88a80064);
    wire.send(frame);
  };
  const Flow back{call, 200, high, low, ipv6};
  const Flow there_rtcp{call, 200, static_cast<uint16_t>(low + 1), static_cast<uint16_t>(high + 1), ipv6};
  const Flow back_rtcp{call, 200, static_cast<uint16_t>(high + 1), static_cast<uint16_t>(low + 1), ipv6};
  send(there_wire, engine_test::udp_frame(there, engine_test::rtp({n, n * 160U, 2U * call})));
  send(back_wire, turned(engine_test::udp_frame(back, engine_test::rtp({n, n * 160U, 2U * call + 1}))));
  if (n % 10 != 9) return;
  send(there_wire, engine_test::udp_frame(there_rtcp, engine_test::rtcp(2U * call)));
  send(back_wire, turned(engine_test::udp_frame(back_rtcp, engine_test::rtcp(2U * call + 1))));
}

inline void send_call(Wire& wire, uint8_t call, uint16_t n) { send_call(wire, wire, call, n); }

}  // namespace capture_test
