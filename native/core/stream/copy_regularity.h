// Whether identical frames of a stream come as a mirror port's copies do: for nearly
// every packet. A switch loop, or an endpoint that sends again, does so now and then.
//
// Only repeated packets touch this memory. What share of the packets was repeated
// is known all the same, as the sequence numbers tell how many came in between.
#pragma once

#include <cstdint>

#include "core/stream/arena.h"
#include "core/stream/key.h"

namespace rtpsonde {

class CopyRegularity {
 public:
  explicit CopyRegularity(bool by_shard);

  // A frame came again, nothing in it changed: true when that is a mirror's copy.
  // `young`: the stream has only begun, so its first repetition tells nothing.
  bool covers(uint64_t flow_hash, uint16_t sequence, bool young, int64_t ts_ns, int64_t delay_ns);

  // The same for RTCP, which has no numbers: it goes with the RTP of its flow.
  bool covers_unnumbered(uint64_t flow_hash, int64_t delay_ns) const;

 private:
  static constexpr uint32_t kSets = 4096;  // of one cache line, 256 KiB in all
  struct Slot {
    uint32_t tag;  // 0: empty
    uint16_t last_seq;
    uint16_t ratio;  // share of packets that were repeated, 65535 for all of them
    int64_t last_ns;
  };
  struct alignas(64) Set {
    Slot slots[4];
  };
  size_t set_of(uint64_t flow_hash) const {
    return by_shard_ ? (flow_hash & (kSets / kShards - 1)) | (flow_hash >> 62) * (kSets / kShards)
                     : flow_hash % kSets;
  }
  static uint32_t tag_of(uint64_t flow_hash) { return static_cast<uint32_t>(flow_hash >> 32) | 1; }

  bool by_shard_;  // as in SpanCopyOptions
  Arena memory_;   // taken as it is used
  Set* sets_;
};

}  // namespace rtpsonde
