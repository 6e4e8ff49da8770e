// Which flows a worker measures while it cannot keep up: a fair sample, by a hash that is
// the same for both directions and for RTCP on the next port. By level of shedding (record.yaml):
//
//   place < admitted share:                       measured, new streams too
//   place < kept share, and measured already:     goes on, with all streams of the flow
//   any other:                                    shed
//
// The hash has no secret, as in RFC 5475 6.2: probes along a path sample the same calls. That of
// the kernel's fan-out is another one, so that each worker has a sample of its own.
#pragma once

#include <cstdint>

#include "core/base/constants.gen.h"
#include "core/decode/tunnel.h"
#include "core/decode/udp.h"
#include "core/stream/arena.h"
#include "core/stream/key.h"

namespace rtpsonde {

class FlowSampler {
 public:
  static constexpr uint32_t kLevels = sizeof kShedAdmittedShares / sizeof(float);

  // max_streams: of the table, whose flows are marked.
  explicit FlowSampler(uint32_t max_streams);

  // False as long as everything is measured.
  bool on() const { return level_ != 0; }
  uint32_t level() const { return level_; }
  // level: below kLevels. Marks stay; what is to be marked at one level need not be at a lower one.
  void set_level(uint32_t level);

  // Of a flow, evenly spread over all 64 bits. The addresses are those of the innermost IP.
  static uint64_t place_of(const Address& src, const Address& dst, uint16_t src_port, uint16_t dst_port) {
    const uint64_t addresses = address_digest(src) + address_digest(dst);
    const uint64_t ports = uint64_t{src_port} / 2 + dst_port / 2;
    return mix_multiply(mix_multiply(addresses ^ 0x2d358dccaa6c78a5, ports ^ 0x8bb84b93962eacc9),
                        0x4b33a62ed433d4a3);
  }

  // The streams of this flow are to be let go.
  bool gives_up(uint64_t place) const { return place > last_kept_; }
  // A stream of this flow is measured; so are its others, as long as it is not given up.
  void mark(uint64_t place) {
    if (place > last_admitted_ && place <= last_kept_) words_[place & mask_] |= bits_of(place);
  }
  void clear_marks();

  // Whether a datagram of this flow is measured.
  bool takes(uint64_t place) const {
    if (place <= last_admitted_) return true;
    const uint64_t bits = bits_of(place);
    return place <= last_kept_ && (words_[place & mask_] & bits) == bits;
  }
  bool takes(const Datagram& d) const { return takes(place_of(d.src, d.dst, d.src_port, d.dst_port)); }

  // The same before a frame is decoded. Certain for RTP and RTCP in plain Ethernet, IPv4 and UDP; of any
  // other false, as it has to be decoded first.
  bool sheds_frame(const PacketView& packet) const {
    const Bytes& bytes = packet.bytes;
    if (packet.link_type != static_cast<uint16_t>(LinkType::kEthernet)) return false;
    if (bytes.size < 18 + kIpLen + kUdpHeaderLen + kNeededPayload) return false;
    const size_t ip_at = bytes.be16(12) == kTypeVlan ? 18 : 14;
    const uint8_t* const ip = bytes.data + ip_at;
    if (bytes.be16(ip_at - 2) != kTypeIpv4 || ip[0] != 0x45 || ip[9] != kProtocolUdp) return false;
    if ((load_be16(ip + 6) & 0x3fff) != 0 || is_tunnel_octet(ip[kIpLen + kUdpHeaderLen])) return false;
    return !takes(
        place_of(map_ipv4(ip + 12), map_ipv4(ip + 16), load_be16(ip + kIpLen), load_be16(ip + kIpLen + 2)));
  }

 private:
  static constexpr size_t kIpLen = 20;
  static constexpr uint16_t kTypeVlan = 0x8100;

  // Two bits of one word, so that hardly a flow is taken for a marked one: 0.5 % of them with a full table.
  static uint64_t bits_of(uint64_t place) {
    return uint64_t{1} << (place >> 26 & 63) | uint64_t{1} << (place >> 32 & 63);
  }

  uint32_t level_ = 0;
  uint64_t last_admitted_ = UINT64_MAX;
  uint64_t last_kept_ = UINT64_MAX;
  uint64_t mask_;
  Arena memory_;  // 4 octets a stream, taken when first used
  uint64_t* words_;
};

}  // namespace rtpsonde
