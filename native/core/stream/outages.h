// Times at which nothing could be captured: the interface was down or away. What is
// missing of a stream then is certainly no loss of the network.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/stream/missing_packets.h"

namespace rtpsonde {

class Outages {
 public:
  void note(int64_t from_ns, int64_t to_ns) {
    if (to_ns <= from_ns) return;
    latest_[next_] = {from_ns, to_ns};
    next_ = (next_ + 1) % kKept;
  }

  // How many of the packets that are missing between two arrivals fell into these times.
  uint32_t share(int64_t from_ns, int64_t to_ns, uint32_t missing) const {
    if (missing > kMost || from_ns < 0 || to_ns <= from_ns || to_ns - from_ns > kLongest_ns) return 0;
    uint32_t total = 0;
    for (const Time& time : latest_) {
      total += missing_before(from_ns, to_ns, missing, time.to_ns) -
               missing_before(from_ns, to_ns, missing, time.from_ns);
    }
    return std::min(total, missing);
  }

 private:
  // More than fit between two packets of one stream: those before are long told.
  static constexpr size_t kKept = 8;
  static constexpr uint32_t kMost = 1U << 16;
  static constexpr int64_t kLongest_ns = 3'600'000'000'000;

  struct Time {
    int64_t from_ns = 0, to_ns = 0;
  };
  Time latest_[kKept];
  size_t next_ = 0;
};

}  // namespace rtpsonde
