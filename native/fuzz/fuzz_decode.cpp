// Any packets through one decoder, with a small fragment table so that it fills
// up: nothing is read beyond the bytes, every packet is counted exactly once, and a
// datagram says where it came from. The census of frames counts each as well.
//
// Input: packets of the form
//   link type (1, index into kLinkTypes)   time step (1, units of 0.1 s)
//   VLAN from the network card (1, 255 for none)   cut off (1, bytes not captured)
//   captured length (2, big-endian)   that many bytes, or what is left
#include <algorithm>

#include "core/decode/decode.h"
#include "core/decode/frame_census.h"
#include "fuzz_support.h"

namespace {

using fuzz::check;
using fuzz::sum_of;
using rtpsonde::Bytes;
using rtpsonde::Counter;
using rtpsonde::Counters;
using rtpsonde::Fate;

constexpr uint16_t kLinkTypes[] = {1, 0, 101, 108, 113, 228, 229, 276, 147};
constexpr size_t kHeaderLen = 6;

uint8_t touch(const Bytes& bytes) {
  uint8_t sum = 0;
  for (size_t i = 0; i < bytes.size; ++i) sum = static_cast<uint8_t>(sum + bytes.u8(i));
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // One for all inputs: expire() at the end of each leaves it as new.
  static rtpsonde::Decoder decoder({.max_datagrams = 4, .timeout_ns = 5'000'000'000});
  Counters counters;
  rtpsonde::FrameCensus census;
  uint64_t datagrams = 0;
  rtpsonde::PacketView packet;
  for (Bytes input{data, size}; input.size > kHeaderLen;) {
    packet.link_type = kLinkTypes[input.u8(0) % std::size(kLinkTypes)];
    packet.ts_ns += input.u8(1) * int64_t{100'000'000};
    packet.stripped_vlan = input.u8(2) == 255 ? rtpsonde::kNoVlan : input.u8(2);
    const size_t len = std::min<size_t>(input.be16(4), input.size - kHeaderLen);
    packet.wire_len = static_cast<uint32_t>(len) + input.u8(3);
    const fuzz::Exact exact(input.data + kHeaderLen, len);
    packet.bytes = exact.bytes();
    input = input.from(kHeaderLen + len);

    counters.add(Counter::kPackets);
    census.take(packet);
    rtpsonde::Datagram datagram;
    if (decoder.decode(packet, counters, datagram)) {
      ++datagrams;
      check(datagram.payload.size <= datagram.payload_len);
      check(datagram.payload.size >= std::min<size_t>(datagram.payload_len, 8));
      check(datagram.ip_version == 4 || datagram.ip_version == 6);
      const rtpsonde::Tunnel& tunnel = datagram.tunnel;
      check((tunnel.depth > 0) == (tunnel.kind != rtpsonde::TunnelKind::kNone));
      check(tunnel.depth <= rtpsonde::kMaxTunnels && tunnel.kind <= rtpsonde::TunnelKind::kHep);
      check(tunnel.depth > 0 || (tunnel.id == 0 && tunnel.identity == 0));
      for (int i = 0; i + 1 < tunnel.depth; i++) {
        const rtpsonde::TunnelKind kind = datagram.outer.kinds[i];
        check(kind > rtpsonde::TunnelKind::kNone && kind <= rtpsonde::TunnelKind::kHep);
      }
      check(tunnel.inner_vlan < 4096 || tunnel.inner_vlan == rtpsonde::kNoVlan);
      check(datagram.dscp < 64 && (datagram.vlan < 4096 || datagram.vlan == rtpsonde::kNoVlan));
      volatile uint8_t sum = touch(datagram.payload);
      static_cast<void>(sum);
    }
    check(counters.get(Counter::kPackets) == datagrams + sum_of(counters, Fate::kUsed) +
                                                 sum_of(counters, Fate::kPending) +
                                                 sum_of(counters, Fate::kReason));
  }
  check(census.frames() == counters.get(Counter::kPackets) && census.group() <= census.frames());
  decoder.expire(INT64_MAX, counters);
  check(sum_of(counters, Fate::kPending) == 0);
  check(counters.get(Counter::kPackets) ==
        datagrams + sum_of(counters, Fate::kUsed) + sum_of(counters, Fate::kReason));
  return 0;
}
