// Which sequence numbers passed the tap, further back than the 128 that every
// stream keeps: 1024 more, for streams with RTCP alone. A receiver report of a fast
// video stream speaks of a number that lies hundreds of packets back.
#pragma once

#include <cstdint>
#include <optional>

#include "core/stream/state.h"

namespace rtpsonde {

class SeenHistory {
 public:
  static constexpr uint32_t kWords = 16;  // of 64 sequence numbers each

  // To be called after a packet that took hot.max_seq into another word of 64:
  // (hot.max_seq >> 6) changed. A call left out makes the past unknown, not wrong.
  void note(const StreamHot& hot);

  // Packets with a number of their own above `sequence` (extended as hot.max_seq
  // is), which lies behind the newest 128; nothing when that is not known.
  std::optional<uint32_t> seen_above(const StreamHot& hot, uint32_t sequence) const;

 private:
  uint64_t words_[kWords] = {};
  uint32_t next_ = 0;   // the word after the newest one kept, by number (sequence >> 6)
  uint32_t count_ = 0;  // how many are kept
};

// Distinct packets of the stream up to and including `sequence` (extended as
// hot.max_seq is), all segments before it included. Exact while `sequence` is among
// the newest 128 and not before the segment; otherwise nothing. One that lies
// ahead, by 128 at most, counts what is there.
std::optional<uint64_t> distinct_up_to(const StreamHot& hot, const StreamCold& cold, uint32_t sequence);

// The same with 1024 more of them. A packet that came more than 64 late is not in it.
std::optional<uint64_t> distinct_up_to(const StreamHot& hot, const StreamCold& cold,
                                       const SeenHistory& history, uint32_t sequence);

}  // namespace rtpsonde
