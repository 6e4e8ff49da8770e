// From the time that an XDP program can read, CLOCK_MONOTONIC, to the wall clock. Both are slewed alike
// (adjtimex), so that they are apart by a number that changes only when the wall clock is set.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace rtpsonde {

class StampClock {
 public:
  // Longer between the readings, and the wall clock may be of any moment between.
  static constexpr int64_t kTogether_ns = 1'000;
  // What reading the clocks may make of the same distance.
  static constexpr int64_t kNoise_ns = 2 * kTogether_ns;

  // The wall clock, read between two readings of the monotonic one.
  void note(int64_t before_ns, int64_t wall_ns, int64_t after_ns) {
    const int64_t between_ns = after_ns - before_ns;
    const int64_t apart_ns = wall_ns - before_ns - between_ns / 2;
    const bool better = between_ns < between_ns_;  // until one reading was good enough
    const bool moved = std::llabs(apart_ns - apart_ns_) > kNoise_ns + between_ns;
    if (!better && !moved) return;
    apart_ns_ = apart_ns;
    between_ns_ = between_ns < kTogether_ns ? 0 : between_ns;
  }
  // Reads the clocks and notes them; gives the wall clock.
  int64_t follow() {
    const int64_t before_ns = read(CLOCK_MONOTONIC), now_ns = read(CLOCK_REALTIME);
    note(before_ns, now_ns, read(CLOCK_MONOTONIC));
    return now_ns;
  }

  int64_t wall_ns(uint64_t monotonic_ns) const { return static_cast<int64_t>(monotonic_ns) + apart_ns_; }

 private:
  static int64_t read(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }

  int64_t apart_ns_ = 0;
  int64_t between_ns_ = INT64_MAX;  // the readings that apart_ns_ is from; 0: good enough
};

}  // namespace rtpsonde
