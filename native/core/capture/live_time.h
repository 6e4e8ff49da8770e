// The clock of live capture.
#pragma once

#include <cstdint>
#include <ctime>

namespace rtpsonde {

// How far behind the clock the packets surely are that an empty ring has not
// shown yet: a block that is not full is kept for the retire time, which the
// kernel's timer may double, and the soft interrupt takes its time as well.
constexpr int64_t kBehind_ns = 50'000'000;

inline int64_t wall_clock_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace rtpsonde
