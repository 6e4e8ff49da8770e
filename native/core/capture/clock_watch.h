// Steps of the machine's clock while capturing live, forward or back: the wall clock is
// held against one that nobody sets. Slewing (at most 0.5 ms a second, adjtimex) is none.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace rtpsonde {

class ClockWatch {
 public:
  static constexpr int64_t kStep_ns = 50'000'000;
  // Longer between the readings of the steady clock, and the wall clock may be of any moment between.
  static constexpr int64_t kTogether_ns = 10'000'000;

  // The wall clock, read between two readings of the steady one. To be called once a second or more often.
  void note(int64_t steady_before_ns, int64_t wall_ns, int64_t steady_after_ns) {
    if (steady_after_ns - steady_before_ns > kTogether_ns) return;
    const int64_t apart_ns = wall_ns - steady_after_ns;
    if (known_ && std::llabs(apart_ns - apart_ns_) > kStep_ns) steps_++;
    apart_ns_ = apart_ns;
    known_ = true;
  }

  // Since construction.
  uint64_t steps() const { return steps_; }

 private:
  int64_t apart_ns_ = 0;
  uint64_t steps_ = 0;
  bool known_ = false;
};

}  // namespace rtpsonde
