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
  CopyFilter(const SpanCopyOptions& options, StreamTable& table, const HashSeed& seed, Counters& counters)
      : copies_(options), table_(table), seed_(seed), counters_(counters) {}

  // Fetches ahead what is_copy_of_rtp() will look at.
  void prepare(MeterItem& item) {
    if (!copies_.enabled()) return;
    item.content =
        rtp_content(item.classified.payload, item.classified.payload_len, item.datagram.udp_checksum);
    copies_.prefetch(item.hash, rtp_discriminator(item.rtp.sequence, item.rtp.timestamp));
  }

  // `row` of the stream, StreamTable::kNone when it has none yet.
  bool is_copy_of_rtp(const MeterItem& item, uint32_t row) {
    return copies_.enabled() && check_rtp(item, row);
  }
  bool is_copy_of_rtcp(const MeterItem& item) { return copies_.enabled() && check_rtcp(item); }

 private:
  bool check_rtp(const MeterItem& item, uint32_t row);
  bool check_rtcp(const MeterItem& item);
  bool count(const CopyVerdict& verdict);

  SpanCopies copies_;
  StreamTable& table_;
  const HashSeed& seed_;
  Counters& counters_;
};

}  // namespace rtpsonde
