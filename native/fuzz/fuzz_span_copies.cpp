// The detector of copies on any packets, with a memory so small that it is always
// full: held against a plain list of what it was asked before.
//
// Input: mode (1), window in ms (1), then packets of 12 octets:
//   flow (1)   sequence number (2)   time step in 0.1 ms, signed (2)   IP id (1)
//   checksum (1)   TTL (1)   link (1)   numbered and young (1)   payload (2)
#include <vector>

#include "core/stream/span_copies.h"
#include "fuzz_support.h"

namespace {

using namespace rtpsonde;
using fuzz::check;

constexpr size_t kPacketLen = 12;
constexpr uint32_t kEntries = 64;

struct Seen {
  PacketMarks marks;
  uint64_t flow;
  uint32_t discriminator;
  int64_t ts_ns;
};

bool same_way(const PacketMarks& a, const PacketMarks& b) {
  return a.link_digest == b.link_digest && a.ttl == b.ttl;
}

// What any copy and its first have in common, in every mode.
bool may_be_copies(const Seen& a, const Seen& b) {
  return a.flow == b.flow && a.discriminator == b.discriminator && a.marks.content == b.marks.content &&
         a.marks.ip_id == b.marks.ip_id &&
         (a.marks.udp_checksum == b.marks.udp_checksum ||
          (a.marks.ip_id != 0 && !same_way(a.marks, b.marks)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const auto mode = static_cast<SpanCopyMode>(data[0] & 3);
  const int64_t window_ns = data[1] * int64_t{1'000'000};
  SpanCopies copies({mode, window_ns}, kEntries);
  std::vector<Seen> all;
  int64_t ts_ns = 1'000'000'000;
  uint64_t overwrites = 0, kept = 0;
  for (Bytes in = Bytes{data, size}.from(2); in.size >= kPacketLen && all.size() < 2000;
       in = in.from(kPacketLen)) {
    ts_ns += static_cast<int16_t>(in.be16(3)) * int64_t{100'000};
    const uint16_t sum = in.u8(6);
    const uint8_t rtp[14] = {0x80, 0, in.u8(1), in.u8(2), 0, 0, 0, 0, 0, 0, 0, 0, in.u8(10), in.u8(11)};
    Seen seen{};
    seen.flow = (in.u8(0) + 1U) * 0x9e3779b97f4a7c15;
    seen.discriminator = rtp_discriminator(in.be16(1), 0);
    seen.ts_ns = ts_ns;
    seen.marks.content = rtp_content({rtp, sizeof rtp}, sizeof rtp, sum);
    seen.marks.udp_checksum = sum;
    seen.marks.ip_id = in.u8(5);
    seen.marks.ttl = in.u8(7);
    seen.marks.link_digest = in.u8(8);
    seen.marks.numbered = (in.u8(9) & 1) != 0;
    seen.marks.young = (in.u8(9) & 2) != 0;
    copies.prefetch(SpanCopies::digest_of(seen.marks, seen.flow, seen.discriminator));
    const CopyVerdict verdict = copies.check(seen.marks, seen.flow, seen.discriminator, ts_ns);
    check(!(verdict.copy && verdict.overwrote));
    check(verdict.delay_ns >= 0 && verdict.delay_ns <= window_ns);
    check(verdict.copy || verdict.delay_ns == 0);
    if (verdict.overwrote) overwrites++;
    if (!verdict.copy) kept++;
    check(!verdict.copy || mode != SpanCopyMode::kOff);
    if (verdict.copy) {
      // There is a packet that it is a copy of, as long ago as the verdict says.
      bool found = false;
      for (const Seen& first : all) {
        const int64_t apart_ns = ts_ns > first.ts_ns ? ts_ns - first.ts_ns : first.ts_ns - ts_ns;
        if (apart_ns != verdict.delay_ns || !may_be_copies(first, seen)) continue;
        found = found || mode != SpanCopyMode::kStrict || !same_way(first.marks, seen.marks);
      }
      check(found);
    } else {
      all.push_back(seen);
    }
  }
  check(overwrites == 0 || kept > 4);
  return 0;
}
