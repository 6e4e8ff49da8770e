// See pcap_reader.h.
#include "core/capture/pcap_reader.h"

#include "core/base/prefetch.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr uint32_t kNanoseconds = 0xa1b23c4d;
// Alexey Kuznetzov's variant for old Linux: eight more octets in each record.
constexpr uint32_t kModified = 0xa1b2cd34;

// How far ahead of the record in hand the next lines are asked for. Without it
// the walk is a chain of cache misses.
constexpr size_t kLookAhead = 1536;

bool known(uint32_t magic) { return magic == kMicroseconds || magic == kNanoseconds || magic == kModified; }

}  // namespace

bool PcapReader::recognises(const uint8_t* magic) {
  return known(load_u32<false>(magic)) || known(load_u32<true>(magic));
}

// draft-ietf-opsawg-pcap section 4, in the byte order that the magic tells:
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  0 |                          Magic Number                         |
//  4 |          Major Version        |         Minor Version         |
//  8 |                           Reserved1                           |
// 12 |                           Reserved2                           |
// 16 |                            SnapLen                            |
// 20 | FCS |f|0 0 0 0 0 0 0 0 0 0 0 0|           LinkType            |
PcapReader::PcapReader(const uint8_t* header) : swapped_(!known(load_u32<false>(header))) {
  const uint32_t magic = swapped_ ? load_u32<true>(header) : load_u32<false>(header);
  const uint32_t link = swapped_ ? load_u32<true>(header + 20) : load_u32<false>(header + 20);
  version_major_ = swapped_ ? load_u16<true>(header + 4) : load_u16<false>(header + 4);
  version_minor_ = swapped_ ? load_u16<true>(header + 6) : load_u16<false>(header + 6);
  link_type_ = normal_link_type(link & 0xffff);
  fraction_ns_ = magic == kNanoseconds ? 1 : 1000;
  record_header_ = magic == kModified ? 24 : 16;
}

Step PcapReader::take(ByteReader& in, PacketBatch& batch, int64_t limit_ns) {
  return swapped_ ? take_as<true>(in, batch, limit_ns) : take_as<false>(in, batch, limit_ns);
}

// draft-ietf-opsawg-pcap section 5:
//
//  0 |                      Timestamp (Seconds)                      |
//  4 |            Timestamp (Microseconds or nanoseconds)            |
//  8 |                    Captured Packet Length                     |
// 12 |                    Original Packet Length                     |
// 16 |        Packet Data; in the modified variant 8 octets first    |
template <bool kSwapped>
Step PcapReader::take_as(ByteReader& in, PacketBatch& batch, int64_t limit_ns) {
  const uint8_t* p = in.data();
  const uint8_t* const end = p + in.size();
  const size_t header = record_header_;
  const uint32_t fraction_ns = fraction_ns_;
  const uint16_t link_type = link_type_;
  size_t count = batch.count;

  const auto stop = [&] {
    packets_ += count - batch.count;
    batch.count = count;
    leave(in, p);
  };

  while (count < PacketBatch::kCapacity) {
    const auto there = static_cast<size_t>(end - p);
    if (there < header) {
      stop();
      return more_bytes(header);
    }
    const uint32_t captured = load_u32<kSwapped>(p + 8);
    if (captured > kMaxPacketBytes) {
      stop();
      return broken("the record claims " + std::to_string(captured) + " captured bytes");
    }
    if (there - header < captured) {
      stop();
      return more_bytes(header + captured);
    }
    const uint32_t seconds = load_u32<kSwapped>(p);
    const uint32_t original = load_u32<kSwapped>(p + 12);
    // A file system that lost power leaves zeros, which would read as an
    // endless row of empty packets of 1970.
    if (captured == 0 && original == 0 && seconds == 0) {
      stop();
      return broken("the record is all zeros");
    }
    // At most 2^32 s + 2^32 us: fits.
    const int64_t ts_ns = static_cast<int64_t>(seconds) * 1'000'000'000 +
                          static_cast<int64_t>(load_u32<kSwapped>(p + 4)) * fraction_ns;
    if (ts_ns > limit_ns) {
      stop();
      return later(ts_ns);
    }
    prefetch<128>(p + kLookAhead);
    PacketView& out = batch.packets[count++];
    out.ts_ns = ts_ns;
    out.bytes = {p + header, captured};
    out.wire_len = original > captured ? original : captured;
    out.link_type = link_type;
    out.stripped_vlan = kNoVlan;
    p += header + captured;
  }
  stop();
  return Step::kFull;
}

}  // namespace rtpsonde
