// Packet time cut into windows aligned to the Unix epoch. It only moves on: a
// step back of the capture clock never reopens a window.
#pragma once

#include <algorithm>
#include <cstdint>

namespace rtpsonde {

class WindowClock {
 public:
  explicit WindowClock(int64_t width_ns) : width_ns_(width_ns) {}

  bool started() const { return started_; }
  int64_t start_ns() const { return start_ns_; }
  int64_t end_ns() const { return end_ns_; }

  // Held inside 1970..2255, so that no difference of two times overflows.
  static int64_t within_range(int64_t ts_ns) { return std::clamp(ts_ns, int64_t{0}, kLatest_ns); }

  // True when `ts_ns`, within range, lies beyond the open window, which is to be sealed first.
  bool passes(int64_t ts_ns) const { return ts_ns >= end_ns_ && started_; }

  // Opens the window that holds `ts_ns`.
  void open(int64_t ts_ns) {
    const int64_t within_ns = within_range(ts_ns);
    start_ns_ = within_ns - within_ns % width_ns_;
    end_ns_ = start_ns_ + width_ns_;
    started_ = true;
  }

 private:
  static constexpr int64_t kLatest_ns = 9'000'000'000'000'000'000;  // year 2255, room for one window above
  int64_t width_ns_;
  int64_t start_ns_ = 0;
  int64_t end_ns_ = 0;
  bool started_ = false;
};

}  // namespace rtpsonde
