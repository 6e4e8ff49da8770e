// Leaves out what the mirror port delivers twice, before anything is counted: a copy
// neither confirms a stream nor shows in its numbers. The first to arrive is measured.
#pragma once

#include "core/base/counters.h"
#include "core/engine/meter_item.h"
#include "core/stream/span_copies.h"
#include "core/stream/table.h"

namespace rtpsonde {

class CopyFilter {
 public:
  CopyFilter(const SpanCopyOptions& options, StreamTable& table, Counters& counters)
      : by_shard_(options.by_shard), copies_(options), table_(table), counters_(counters) {}

  // Makes what is_copy_of_rtp() needs of the packet, and fetches ahead what it will look at.
  [[gnu::always_inline]] void prepare(MeterItem& item) {
    if (!copies_.enabled()) return;
    const PacketMarks seen = marks(item);
    item.place = place_of(item.datagram, item.key.b);
    item.digest = SpanCopies::digest_of(seen, item.place, discriminator(item));
    item.entry = SpanCopies::entry_of(seen, item.digest, item.datagram.ts_ns);
    copies_.prefetch(item.digest);
  }

  // `row` of the stream, StreamTable::kNone when it has none yet.
  [[gnu::always_inline]] bool is_copy_of_rtp(const MeterItem& item, uint32_t row) {
    if (!copies_.enabled()) return false;
    const SpanCopies::Note noted = copies_.note(item.entry, item.digest);
    if (noted == SpanCopies::Note::kFirst) [[likely]]
      return false;
    return check_rtp(item, row, noted);
  }
  bool is_copy_of_rtcp(const MeterItem& item) { return copies_.enabled() && check_rtcp(item); }

 private:
  // Where a flow is kept among the latest packets: the same in every run, unlike the
  // hash of the stream table, so that what is forgotten for want of room is the same too.
  // By shard its upper two bits are the shard.
  uint64_t place_of(const Datagram& d, uint64_t flow) const;
  static PacketMarks marks(const MeterItem& item) {
    const uint64_t content =
        rtp_content(item.datagram.payload, item.datagram.payload_len, item.datagram.udp_checksum);
    return marks_of(item.datagram, content, item.datagram.tunnel.depth);
  }
  static uint32_t discriminator(const MeterItem& item) {
    return rtp_discriminator(item.rtp.header.sequence, item.rtp.header.timestamp);
  }
  bool check_rtp(const MeterItem& item, uint32_t row, SpanCopies::Note noted);
  bool check_rtcp(const MeterItem& item);
  bool count(const CopyVerdict& verdict);

  const bool by_shard_;
  SpanCopies copies_;
  StreamTable& table_;
  Counters& counters_;
};

inline uint64_t CopyFilter::place_of(const Datagram& d, uint64_t flow) const {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  uint64_t way;
  if (d.ip_version == 4 && d.tunnel.identity == 0) [[likely]] {
    way = (static_cast<uint64_t>(load_u32(&d.src[12])) << 32 | load_u32(&d.dst[12])) ^ 0xe7037ed1a0b428db;
  } else {
    way = address_digest(d.src) + 3 * address_digest(d.dst) + d.tunnel.identity;
  }
  const uint64_t place = mix_multiply(way, flow ^ kOdd);
  return by_shard_ ? place >> 2 | uint64_t{shard_of(d.src, d.dst)} << 62 : place;
}

}  // namespace rtpsonde
