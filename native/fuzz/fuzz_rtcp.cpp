// Any octets as RTCP: every packet lies within the datagram, the lengths of a whole
// compound add up, and a cut by the snap length does not make it malformed.
//
// Input: octets cut off by the snap length (1), then the datagram as it was sent.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/rtp/rtcp.h"

namespace {

using namespace rtpsonde;

void check(bool holds, int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "line %d does not hold\n", line);
  std::abort();
}

struct Walk {
  RtcpStep end;
  uint32_t packets = 0;
};

Walk walk(Bytes bytes, uint32_t wire_len) {
  RtcpReader reader(bytes, wire_len);
  RtcpPacket packet;
  Walk result{};
  uint64_t accounted = 0;
  for (;;) {
    result.end = reader.next(packet);
    if (result.end != RtcpStep::kPacket) break;
    result.packets++;
    accounted += 4 + packet.body_len;
    check(accounted <= wire_len);
    check(packet.body.size <= packet.body_len);
    check(packet.body.data + packet.body.size <= bytes.data + bytes.size);
    check(packet.body.size == packet.body_len || packet.padding == 0);
    check(packet.padding <= packet.body_len && packet.padding % 4 == 0);
    check(packet.type >= 192 && packet.type <= 223 && packet.count < 32);
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < packet.body.size; i++) sum = static_cast<uint8_t>(sum + packet.body.u8(i));
  }
  if (result.end == RtcpStep::kEnd) check(accounted == wire_len);
  if (result.end == RtcpStep::kCut) check(bytes.size < wire_len);
  const RtcpCompound compound = inspect_rtcp(bytes, wire_len);
  check(compound.packets == result.packets);
  check(compound.well_formed == (result.packets > 0 && result.end != RtcpStep::kMalformed));
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1 || size > 65536) return 0;
  const auto wire_len = static_cast<uint32_t>(size - 1);
  const size_t cut_len = wire_len - std::min<size_t>(data[0], wire_len);
  // Blocks of the exact size: the sanitizer sees any read beyond them.
  const std::unique_ptr<uint8_t[]> whole(new uint8_t[wire_len]), cut(new uint8_t[cut_len]);
  if (wire_len > 0) std::memcpy(whole.get(), data + 1, wire_len);
  if (cut_len > 0) std::memcpy(cut.get(), data + 1, cut_len);

  const Walk w = walk({whole.get(), wire_len}, wire_len), c = walk({cut.get(), cut_len}, wire_len);
  check(w.end != RtcpStep::kCut);
  check(c.packets <= w.packets || w.end == RtcpStep::kMalformed);
  if (w.end == RtcpStep::kEnd) check(c.end != RtcpStep::kMalformed);
  return 0;
}
