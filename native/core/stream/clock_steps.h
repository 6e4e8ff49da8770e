// Steps back of the capture clock: packet time that falls behind the packet before.
// A link delivers in order, give or take some ms between queues, so 50 ms and more is
// the clock that was set, files put together wrongly, or one packet with a wild
// time: its way back is the step. Steps forward look like silence and are not told, but
// for that of a packet that lay alone far ahead.
#pragma once

#include <algorithm>
#include <cstdint>

namespace rtpsonde {

class ClockSteps {
 public:
  static constexpr int64_t kStep_ns = 50'000'000;

  // Each packet of the source, in order of capture; true when its time is a step back.
  // Times are those of WindowClock::within_range, so that differences hold.
  bool note(int64_t ts_ns) {
    const int64_t back_ns = last_ns_ - ts_ns;
    last_ns_ = ts_ns;
    if (back_ns <= kStep_ns) [[likely]]
      return false;
    largest_ns_ = std::max(largest_ns_, back_ns);
    return true;
  }

  // A packet with a time of its own, far ahead of those around it, was taken as one at `ts_ns`.
  void note_alone(int64_t alone_ns, int64_t ts_ns) {
    last_ns_ = ts_ns;
    largest_ns_ = std::max(largest_ns_, alone_ns - ts_ns);
  }

  // Time of the packet before, 0 before the first.
  int64_t last_ns() const { return last_ns_; }

  // The largest step since this was asked before, ms, 0 when there was none.
  int64_t take_largest_ms() {
    const int64_t largest_ms = largest_ns_ / 1'000'000;
    largest_ns_ = 0;
    return largest_ms;
  }

 private:
  int64_t last_ns_ = 0;
  int64_t largest_ns_ = 0;
};

}  // namespace rtpsonde
