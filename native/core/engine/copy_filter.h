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
      : copies_(options), table_(table), counters_(counters) {}

  // Fetches ahead what is_copy_of_rtp() will look at.
  void prepare(MeterItem& item) {
    if (!copies_.enabled()) return;
    item.content =
        rtp_content(item.classified.payload, item.classified.payload_len, item.datagram.udp_checksum);
    item.place = place_of(item.datagram, item.key.b);
    copies_.prefetch(item.place, rtp_discriminator(item.rtp.sequence, item.rtp.timestamp));
  }

  // `row` of the stream, StreamTable::kNone when it has none yet.
  bool is_copy_of_rtp(const MeterItem& item, uint32_t row) {
    return copies_.enabled() && check_rtp(item, row);
  }
  bool is_copy_of_rtcp(const MeterItem& item) { return copies_.enabled() && check_rtcp(item); }

 private:
  // Where a flow is kept among the latest packets: the same in every run, unlike the
  // hash of the stream table, so that what is forgotten for want of room is the same too.
  // The upper two bits are the shard.
  static uint64_t place_of(const Datagram& d, uint64_t flow);
  bool check_rtp(const MeterItem& item, uint32_t row);
  bool check_rtcp(const MeterItem& item);
  bool count(const CopyVerdict& verdict);

  SpanCopies copies_;
  StreamTable& table_;
  Counters& counters_;
};

inline uint64_t CopyFilter::place_of(const Datagram& d, uint64_t flow) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  const uint64_t way = address_digest(d.src) + 3 * address_digest(d.dst) + d.tunnel.identity;
  return mix_multiply(way, flow ^ kOdd) >> 2 | uint64_t{shard_of(d.src, d.dst)} << 62;
}

}  // namespace rtpsonde
