// From captured bytes to a UDP datagram: link layer, VLAN tags, tunnels, IPv4 and
// IPv6, fragments, UDP. A packet that ends here is counted under a named reason.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/counters.h"
#include "core/capture/packet_source.h"
#include "core/decode/common_frame.h"
#include "core/decode/datagram.h"
#include "core/decode/fragments.h"
#include "core/decode/ip.h"
#include "core/decode/layer.h"
#include "core/decode/link.h"
#include "core/decode/tunnel.h"

namespace rtpsonde {

class Decoder {
 public:
  explicit Decoder(const FragmentOptions& options) : fragments_(options) {}

  // True: `out` is a datagram and the caller owes the packet a fate. False: the
  // packet was counted here (a reason, or held as a fragment).
  // Inlined: what is read is used at once. The calls come last.
  [[gnu::always_inline]] bool decode(const PacketView& packet, Counters& counters, Datagram& out) {
    if (!open_common(packet, out)) [[unlikely]]
      return decode_any(packet, counters, out);
    if (!is_tunnel_octet(out.payload.u8(0))) [[likely]]
      return true;
    return decode_other(packet, counters, out);
  }

  // Gives up fragments that have waited too long; packet time, called when
  // windows close and when the capture ends (with INT64_MAX).
  void expire(int64_t now_ns, Counters& counters) { fragments_.expire(now_ns, counters); }

 private:
  [[gnu::noinline]] bool decode_other(const PacketView& packet, Counters& counters, Datagram& out);
  [[gnu::noinline]] bool decode_any(const PacketView& packet, Counters& counters, Datagram& out);
  End open(const PacketView& packet, Counters& counters, Datagram& out);
  End open_packet(const Frame& frame, uint64_t path, Counters& counters, Datagram& out, Carried& carried,
                  Opening& opening);
  End reassemble(const Datagram& out, uint64_t path, IpPacket& ip, Counters& counters);

  FragmentTable fragments_;
};

}  // namespace rtpsonde
